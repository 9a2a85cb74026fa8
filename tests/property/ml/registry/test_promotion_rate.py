"""How often the rule of promotion errs, in a made-up market with storms, heavy tails and overlapping horizons."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.registry.promotion import GROUPS, LEVEL, Outcome, PromotionVerdict, judge
from tests.fakes.rivals import HORIZON, Rivals, rivals

LOOKS = (GROUPS, 2 * GROUPS, 4 * GROUPS)
WORLDS = 1000
SPREAD = 3 * np.sqrt(LEVEL * (1 - LEVEL) / WORLDS)
"""Three standard deviations of a rate that is counted in so many worlds."""


def looks(found: Rivals, world: int, *, scaled: bool) -> Iterator[PromotionVerdict]:
    """The verdict at each look, as a desk that asks without end sees them."""
    champion = (found.champion_scaled if scaled else found.champion)[world]
    challenger = (found.challenger_scaled if scaled else found.challenger)[world]
    for blocks in LOOKS:
        seen = found.until(blocks)
        verdict = judge(found.made_at[seen], champion[seen], challenger[seen], HORIZON)
        assert verdict.blocks == blocks
        yield verdict


def share(found: Rivals, outcome: Outcome, *, scaled: bool) -> float:
    """Of the worlds in which any look ended so."""
    worlds = len(found.champion)
    reached = (any(v.outcome is outcome for v in looks(found, world, scaled=scaled)) for world in range(worlds))
    return sum(reached) / worlds


@pytest.fixture(scope="module")
def equals() -> Rivals:
    return rivals(20210402, WORLDS, LOOKS[-1])


@pytest.mark.parametrize("scaled", [False, True])
def test_a_challenger_that_is_no_better_is_rarely_promoted_however_often_one_looks(
    equals: Rivals, *, scaled: bool
) -> None:
    assert share(equals, Outcome.WINS, scaled=scaled) <= LEVEL + SPREAD
    assert share(equals, Outcome.LOSES, scaled=scaled) <= LEVEL + SPREAD


def test_a_test_that_takes_forecasts_for_independent_would_promote_at_random(equals: Rivals) -> None:
    """So the worlds above are hard enough to show something."""
    saved = equals.champion_scaled - equals.challenger_scaled
    statistic = saved.mean(axis=1) / (saved.std(axis=1) / np.sqrt(saved.shape[1]))
    assert (statistic > 1.645).mean() > 4 * LEVEL


def test_a_challenger_that_is_worse_is_never_promoted_and_said_to_lose() -> None:
    worse = rivals(7, 150, LOOKS[-1], worse=0.3)
    assert share(worse, Outcome.WINS, scaled=True) <= 0.01
    assert share(worse, Outcome.LOSES, scaled=True) >= 0.8


def test_a_challenger_that_is_better_is_promoted() -> None:
    better = rivals(7, 150, LOOKS[-1], better=0.3)
    assert share(better, Outcome.WINS, scaled=True) >= 0.8
    first = [next(looks(better, world, scaled=True)) for world in range(150)]
    assert np.mean([verdict.promote for verdict in first]) >= 0.4
    promoted = [verdict for verdict in first if verdict.promote]
    assert np.mean([verdict.gain for verdict in promoted]) > 0.03


@given(st.data())
@settings(max_examples=60)
def test_between_two_looks_nothing_changes_the_verdict(data: st.DataObject) -> None:
    """Whoever asks every minute learns no more than who asks by the calendar."""
    found = ONE
    blocks = data.draw(st.integers(GROUPS, LOOKS[-1]))
    shuffled = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(int(found.until(blocks).sum()))
    seen = judge(*(each[: len(shuffled)][shuffled] for each in TRIPLE), HORIZON)
    calendar = max(look for look in LOOKS if look <= blocks)
    at_look = int(found.until(calendar).sum())
    assert outcome_of(seen) == outcome_of(judge(*(each[:at_look] for each in TRIPLE), HORIZON))
    assert seen.following == 2 * calendar


ONE = rivals(3, 1, LOOKS[-1])
TRIPLE = (ONE.made_at, ONE.champion[0], ONE.challenger[0])


def outcome_of(verdict: PromotionVerdict) -> tuple[object, ...]:
    """Sums in another order differ in their last digits."""
    return verdict.outcome, verdict.blocks, verdict.level, pytest.approx(verdict.p), pytest.approx(verdict.gain)
