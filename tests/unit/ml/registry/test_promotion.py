"""The rule of promotion where it is exact: what counts, what is refused, and when it looks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.registry.promotion import GROUPS, LEVEL, MIN_GAIN, Outcome, PromotionVerdict, block_minutes, judge, takes_over

MINUTE = 60_000
BLOCK = 60 * MINUTE
BEGUN = 1_767_225_600_000

Array = NDArray[np.float64]


def forecasts(blocks: int, *, each: int = 8) -> NDArray[np.int64]:
    """When they were made: so many in each block, and one in the block after the last."""
    within = np.arange(each) * (BLOCK // each)
    times = (BEGUN + np.arange(blocks)[:, None] * BLOCK + within).ravel()
    return np.append(times, BEGUN + blocks * BLOCK).astype(np.int64)


def losses(made_at: NDArray[np.int64], gain: float = 0.0, *, seed: int = 1, noise: float = 0.02) -> tuple[Array, Array]:
    """The champion's are about 1, the challenger's about as much less as the gain."""
    rng = np.random.default_rng(seed)
    champion = 1 + rng.uniform(0, 0.5, len(made_at))
    return champion, champion * (1 - gain) + noise * rng.uniform(-1, 1, len(made_at))


def verdict(blocks: int, gain: float = 0.0, **more: float) -> PromotionVerdict:
    made_at = forecasts(blocks)
    return judge(made_at, *losses(made_at, gain, **more), 5)  # type: ignore[arg-type]


def test_a_clear_win_promotes_and_says_by_how_much() -> None:
    won = verdict(GROUPS, 0.1)
    assert won.promote
    assert won.p < 1e-6
    assert won.gain == pytest.approx(0.1, abs=0.005)
    assert (won.blocks, won.minutes, won.following) == (12, 60, 24)
    assert won.words().startswith("wins: +9.9") or won.words().startswith("wins: +10.")
    assert won.words().endswith("at level 0.025, 12 blocks of 60 minutes")


def test_a_clear_loss_does_not_promote() -> None:
    lost = verdict(GROUPS, -0.1)
    assert lost.outcome is Outcome.LOSES
    assert not lost.promote


def test_equal_forecasts_leave_the_question_open() -> None:
    made_at = forecasts(GROUPS)
    champion, _ = losses(made_at)
    same = judge(made_at, champion, champion.copy(), 5)
    assert (same.outcome, same.p, same.gain) == (Outcome.OPEN, 0.5, 0.0)


def test_the_same_small_gain_everywhere_is_still_too_small() -> None:
    sure = verdict(GROUPS, 0.8 * MIN_GAIN, noise=0.0)
    assert sure.outcome is Outcome.SMALL
    assert not sure.promote
    assert verdict(GROUPS, 1.2 * MIN_GAIN, noise=0.0).promote


def test_fewer_than_twelve_blocks_promote_nobody_however_great_the_gain() -> None:
    early = verdict(GROUPS - 1, 0.9)
    assert early.outcome is Outcome.TOO_FEW
    assert (early.blocks, early.following) == (11, 12)
    assert early.words() == "too-few: 11 of 12 blocks of 60 minutes"
    nothing = np.zeros(0)
    assert judge(nothing.astype(np.int64), nothing, nothing, 5).outcome is Outcome.TOO_FEW


def test_the_newest_block_is_not_over_and_does_not_count() -> None:
    made_at = forecasts(GROUPS)[:-1]
    assert judge(made_at, *losses(made_at, 0.1), 5).blocks == GROUPS - 1


def test_a_block_with_a_few_times_only_does_not_count_however_many_symbols() -> None:
    thin = forecasts(GROUPS, each=2).repeat(50)
    assert judge(thin, *losses(thin, 0.1), 5).outcome is Outcome.TOO_FEW
    enough = forecasts(GROUPS, each=3)
    assert judge(enough, *losses(enough, 0.1), 5).promote


def test_hours_without_forecasts_are_passed_over() -> None:
    made_at = forecasts(GROUPS + 5)
    awake = (made_at < BEGUN + 3 * BLOCK) | (made_at >= BEGUN + 8 * BLOCK)
    assert judge(made_at[awake], *losses(made_at[awake], 0.1), 5).blocks == GROUPS


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -1e-9, 1e200])
@pytest.mark.parametrize("whose", [0, 1])
def test_one_loss_that_is_none_promotes_nobody(bad: float, whose: int) -> None:
    made_at = forecasts(GROUPS)
    pair = losses(made_at, 0.1)
    pair[whose][17] = bad
    broken = judge(made_at, *pair, 5)
    assert broken.outcome is Outcome.BROKEN
    assert not takes_over(broken, expired=True)


def test_looks_double_and_spend_half_of_what_is_left() -> None:
    seen = {blocks: verdict(blocks) for blocks in (12, 23, 24, 47, 48, 96)}
    assert {blocks: each.blocks for blocks, each in seen.items()} == {12: 12, 23: 12, 24: 24, 47: 24, 48: 48, 96: 96}
    levels = [seen[blocks].level for blocks in (12, 24, 48, 96)]
    assert levels == [LEVEL / 2, LEVEL / 4, LEVEL / 8, LEVEL / 16]


def test_the_p_value_is_students_over_twelve_groups() -> None:
    from scipy import stats  # noqa: PLC0415 - heavy, for this test alone

    made_at = forecasts(2 * GROUPS)
    champion, challenger = losses(made_at, 0.005, noise=0.3)
    groups = (champion - challenger)[:-1].reshape(GROUPS, -1).mean(axis=1)
    expected = stats.ttest_1samp(groups, 0, alternative="greater").pvalue
    assert judge(made_at, champion, challenger, 5).p == pytest.approx(expected)


def test_one_wild_hour_does_not_win_the_place() -> None:
    made_at = forecasts(GROUPS)
    champion, challenger = losses(made_at)
    champion[40:48] += 1000
    assert judge(made_at, champion, challenger, 5).outcome is Outcome.OPEN


@pytest.mark.parametrize(
    ("horizon", "minutes"), [(1, 60), (5, 60), (15, 60), (16, 64), (60, 240), (240, 960), (1440, 5760)]
)
def test_a_block_is_at_least_four_horizons(horizon: int, minutes: int) -> None:
    assert block_minutes(horizon) == minutes


def test_an_expired_champion_gives_way_unless_the_challenger_is_known_to_be_worse() -> None:
    outcomes = {
        Outcome.WINS: verdict(GROUPS, 0.1),
        Outcome.LOSES: verdict(GROUPS, -0.1),
        Outcome.TOO_FEW: verdict(2),
        Outcome.SMALL: verdict(GROUPS, 0.5 * MIN_GAIN, noise=0.0),
    }
    assert {each.outcome for each in outcomes.values()} == set(outcomes)
    assert {name for name, each in outcomes.items() if takes_over(each, expired=False)} == {Outcome.WINS}
    assert {name for name, each in outcomes.items() if not takes_over(each, expired=True)} == {Outcome.LOSES}
