from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from ml.calibration import intervals
from ml.calibration.intervals import STEP, AdaptiveMultiples, initial_multiples, learning_rate, regimes_of
from ml.data.features import HISTORY, features_of
from ml.evaluation.metrics import pinball
from tests.fakes.candles import walk_panel


def _paths(grown: np.ndarray, horizon: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Log closes of twenty symbols whose moves are `grown` normal ones, and the outcomes, NaN at the end."""
    moved = grown[:, None] * np.random.default_rng(seed).standard_normal((len(grown), 20))
    log_close = np.cumsum(moved, axis=0)
    outcomes = np.full(log_close.shape, np.nan)
    outcomes[:-horizon] = log_close[horizon:] - log_close[:-horizon]
    return log_close, outcomes


def _served(
    log_close: np.ndarray,
    horizon: int,
    regimes: np.ndarray | None = None,
    first: tuple[float, ...] = (1, 1, 1),
    expected: np.ndarray | None = None,
) -> np.ndarray:
    """The multiples of forecasts with the size of a usual move."""
    return _learnt(log_close, horizon, regimes, first, expected)[0]


def _learnt(
    log_close: np.ndarray,
    horizon: int,
    regimes: np.ndarray | None = None,
    first: tuple[float, ...] = (1, 1, 1),
    expected: np.ndarray | None = None,
) -> tuple[np.ndarray, AdaptiveMultiples]:
    times, symbols = log_close.shape
    regimes = np.zeros(times, np.int64) if regimes is None else regimes
    learner = AdaptiveMultiples(horizon, np.array(first, float), symbols)
    expected = np.zeros((times, symbols)) if expected is None else expected
    return learner.run(regimes, log_close, expected, np.full((times, symbols), np.sqrt(horizon))), learner


def _inside(outcomes: np.ndarray, served: np.ndarray, horizon: int) -> np.ndarray:
    known = np.isfinite(outcomes).any(axis=1)
    return (np.abs(outcomes) <= served[:, None] * np.sqrt(horizon))[known].mean(axis=1)


@pytest.mark.parametrize("horizon", [1, 15, 60])
def test_coverage_is_kept_while_the_sizes_of_errors_change(horizon: int) -> None:
    log_close, outcomes = _paths(np.exp(np.sin(np.arange(6000) / 700)), horizon, 1)
    assert _inside(outcomes, _served(log_close, horizon), horizon).mean() == pytest.approx(0.8, abs=0.01)


def test_each_regime_is_covered_by_itself() -> None:
    regimes = np.random.default_rng(2).integers(0, 3, 5000)
    log_close, outcomes = _paths(np.roll(np.array([0.5, 1.0, 4.0])[regimes], 1), 1, 2)
    inside = _inside(outcomes, _served(log_close, 1, regimes, (0.5, 1.0, 4.0)), 1)
    for regime in range(3):
        assert inside[regimes[:-1] == regime].mean() == pytest.approx(0.8, abs=0.01)


def test_a_bad_beginning_costs_no_more_than_the_steps_back_from_it() -> None:
    log_close, outcomes = _paths(np.full(4000, 4.0), 1, 5)
    served = _served(log_close, 1)
    off = abs(_inside(outcomes, served, 1).mean() - 0.8)
    assert off == pytest.approx(np.log(served[-1] / served[0]) / (STEP * 4000), abs=0.001)


@pytest.mark.parametrize("horizon", [1, 7])
def test_a_close_changes_no_interval_before_it_is_known(horizon: int) -> None:
    log_close, _ = _paths(np.ones(100), horizon, 3)
    changed = log_close.copy()
    changed[50:] += 9 * horizon
    one, other = _served(log_close, horizon), _served(changed, horizon)
    np.testing.assert_array_equal(one[:50], other[:50])
    assert (one[50:] < other[50:]).all()


def test_the_step_shrinks_with_the_delay() -> None:
    assert learning_rate(1) == STEP
    assert learning_rate(1440) * 1440 < 3.5


def test_first_multiples_cover_four_fifths_by_regime_and_of_all_where_a_regime_is_rare() -> None:
    distances = np.concatenate([np.linspace(0, 1, 1001), np.linspace(0, 10, 1001), [5.0]])
    regimes = np.repeat([0, 1, 2], [1001, 1001, 1])
    found = initial_multiples(distances, regimes)
    assert found[:2] == pytest.approx([0.8, 8.0], abs=0.01)
    assert found[2] == pytest.approx(np.quantile(distances, 0.8))
    assert (initial_multiples(np.zeros(0), np.zeros(0, np.int64)) > 0).all()


def test_regimes_are_thirds_of_the_last_rows_and_known_at_their_time() -> None:
    panel = walk_panel(3000, 3, seed=4)
    features = features_of(panel)
    numbers = regimes_of(features)
    assert np.bincount(numbers[600:], minlength=3) / 2400 == pytest.approx([1 / 3] * 3, abs=0.1)
    np.testing.assert_array_equal(numbers[:2000], regimes_of(features_of(panel.rows(0, 2000))))
    served = regimes_of(features_of(panel.rows(2900 - HISTORY, 2900)))
    assert served[-1] == numbers[2899]


def test_a_market_that_grows_wilder_for_good_has_calm_hours_again() -> None:
    features = features_of(walk_panel(3000, 3, seed=4))
    louder = features.market_volatility.copy()
    louder[1500:] += 2.0
    numbers = regimes_of(replace(features, market_volatility=louder))
    assert (numbers[1500:1600] == 2).all()
    assert (np.bincount(numbers[2700:], minlength=3) > 0).all()


def _wandering(times: int, symbols: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Log closes of symbols that move together, and outcomes; a usual size of both is that of `_served`."""
    chance = np.random.default_rng(6)
    log_close = np.cumsum(chance.standard_normal((times, 1)) + 0.3 * chance.standard_normal((times, symbols)), axis=0)
    return log_close, log_close[horizon:] - log_close[:-horizon]


def test_an_open_outcome_counts_as_far_as_it_is_to_be_expected() -> None:
    """Of 12 estimates over 24 rows, the first comes after 2 rows."""
    log_close = np.full((3, 2), 7.0)
    log_close[2] += [0.5, 30.0]
    expected, sizes = np.full((3, 2), 0.5), np.full((3, 2), 4.0)
    missing = np.full(2, np.nan)

    def moved(closes: np.ndarray) -> float:
        learner = AdaptiveMultiples(24, np.array([1.6, 1.0, 1.0]), 2)
        learner.step(0, log_close[0], expected[0], sizes[0])
        learner.step(1, log_close[1], missing, missing)
        learner.step(1, closes, missing, missing)
        assert learner.multiples[1:] == pytest.approx([1.0, 1.0])
        assert learner.settled() == pytest.approx([1.6, 1.0, 1.0]), "nothing is known yet"
        return float(np.log(learner.multiples[0] / 1.6) / learning_rate(24))

    left = np.sqrt(np.pi / 2 * 22 / 24)
    assert moved(log_close[2]) == pytest.approx((2 * ndtr(-1.6 / left) + 1) / 2 - 0.2, abs=1e-6)
    assert moved(np.array([np.nan, 37.0])) == pytest.approx(1 - 0.2, abs=1e-6), "what has no price says nothing"
    assert moved(missing) == 0


def test_looking_at_what_is_underway_keeps_the_coverage_and_loses_less(monkeypatch: pytest.MonkeyPatch) -> None:
    log_close, outcomes = _wandering(6000, 8, 60)
    losses = []
    for estimates in (12, 1):  # one estimate comes when the outcome does
        monkeypatch.setattr(intervals, "_ESTIMATES", estimates)
        reach = _served(log_close, 60)[:-60, None] * np.sqrt(60)
        assert (np.abs(outcomes) <= reach).mean() == pytest.approx(0.8, abs=0.01)
        losses.append(pinball(-reach, reach, outcomes, coverage=0.8))
    assert losses[0] < 0.99 * losses[1]


def test_what_was_expected_of_an_outcome_gives_way_to_what_it_was() -> None:
    """So the whole way of a multiple is that of the shares outside, whatever was expected in between."""
    log_close, outcomes = _wandering(1500, 4, 30)
    served, learner = _learnt(log_close, 30)
    outside = (np.abs(outcomes) > served[:-30, None] * np.sqrt(30)).mean(axis=1)
    assert np.log(learner.settled()[0]) == pytest.approx(learning_rate(30) * (outside - 0.2).sum())
    assert learner.settled()[1:] == pytest.approx([1.0, 1.0])


def test_an_outcome_that_never_comes_leaves_nothing_behind() -> None:
    log_close, _ = _wandering(40, 4, 30)
    log_close[20:] = np.nan
    expected = np.full(log_close.shape, np.nan)
    expected[0] = 0.0
    served, learner = _learnt(log_close, 30, expected=expected)
    assert served[5] != 1.0
    assert learner.multiples == pytest.approx([1.0, 1.0, 1.0])


@pytest.mark.parametrize("horizon", [1, 7, 40])
def test_rows_that_are_taken_back_leave_no_trace(horizon: int) -> None:
    log_close, _ = _wandering(200, 4, horizon)
    regimes = np.arange(200) // 5 % 3
    sizes, expected = np.ones((200, 4)), np.zeros((200, 4))
    steady, other = (AdaptiveMultiples(horizon, np.ones(3), 4, rewindable=6) for _ in range(2))
    found = steady.run(regimes, log_close, expected, sizes)
    for row in range(0, 198, 6):
        other.run(regimes[row : row + 6], 2 * log_close[row : row + 6], expected[:6] + 1, sizes[:6] / 9)
        assert not other.rewind(7)
        assert other.rewind(6)
        part = slice(row, row + 6)
        again = other.run(regimes[part], log_close[part], expected[part], sizes[part])
        np.testing.assert_array_equal(again, found[part])
