from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from ml.calibration.intervals import (
    STEP,
    OpenOutcomes,
    initial_multiples,
    last_multiples,
    learning_rate,
    multiples,
    regimes_of,
)
from ml.data.features import HISTORY, MARKET_VOLATILITY, features_of
from ml.evaluation.metrics import pinball
from tests.fakes.candles import walk_panel


def _served(
    distances: np.ndarray, horizon: int, regimes: np.ndarray | None = None, first: tuple[float, ...] = (1, 1, 1)
) -> np.ndarray:
    times, symbols = distances.shape
    regimes = np.zeros(times, np.int64) if regimes is None else regimes
    rows = np.repeat(np.arange(times), symbols)
    found = multiples(distances.ravel(), rows, np.repeat(regimes, symbols), horizon, np.array(first, float))
    return found.reshape(times, symbols)


@pytest.mark.parametrize("horizon", [1, 15, 60])
def test_coverage_is_kept_while_the_sizes_of_errors_change(horizon: int) -> None:
    chance = np.random.default_rng(1)
    grown = np.exp(np.sin(np.arange(6000) / 700))[:, None]
    distances = grown * np.abs(chance.standard_normal((6000, 20)))
    served = _served(distances, horizon)
    assert (distances <= served).mean() == pytest.approx(0.8, abs=0.01)


def test_each_regime_is_covered_by_itself() -> None:
    chance = np.random.default_rng(2)
    regimes = chance.integers(0, 3, 5000)
    distances = np.array([0.5, 1.0, 4.0])[regimes][:, None] * np.abs(chance.standard_normal((5000, 20)))
    served = _served(distances, 5, regimes, (0.5, 1.0, 4.0))
    for regime in range(3):
        own = regimes == regime
        assert (distances[own] <= served[own]).mean() == pytest.approx(0.8, abs=0.01)


def test_a_bad_beginning_costs_no_more_than_the_steps_back_from_it() -> None:
    distances = 4 * np.abs(np.random.default_rng(5).standard_normal((4000, 20)))
    served = _served(distances, 1)
    off = abs((distances <= served).mean() - 0.8)
    assert off == pytest.approx(np.log(served[-1, 0] / served[0, 0]) / (STEP * 4000), abs=0.001)


@pytest.mark.parametrize("horizon", [1, 7])
def test_an_outcome_changes_no_interval_before_it_is_known(horizon: int) -> None:
    distances = np.abs(np.random.default_rng(3).standard_normal((100, 5)))
    other = distances.copy()
    other[50] = 0.0 if (distances[50] > 1).any() else 9.0
    one, changed = _served(distances, horizon), _served(other, horizon)
    np.testing.assert_array_equal(one[: 50 + horizon], changed[: 50 + horizon])
    assert (one[50 + horizon] != changed[50 + horizon]).all()


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
    louder = features.table.copy()
    louder[features.names.index(MARKET_VOLATILITY), 1500:] += 2.0
    numbers = regimes_of(replace(features, table=louder))
    assert (numbers[1500:1600] == 2).all()
    assert (np.bincount(numbers[2700:], minlength=3) > 0).all()


def _wandering(times: int, symbols: int, horizon: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Log closes of symbols that move together, and rows, places and the sizes of what came."""
    chance = np.random.default_rng(6)
    moved = chance.standard_normal((times, 1)) + 0.3 * chance.standard_normal((times, symbols))
    log_close = np.cumsum(0.01 * moved, axis=0)
    rows, places = (found.ravel() for found in np.mgrid[: times - horizon, :symbols])
    return log_close, rows, places, np.abs(log_close[rows + horizon, places] - log_close[rows, places])


def test_an_open_outcome_counts_as_far_as_it_is_to_be_expected() -> None:
    sizes, expected = np.full((100, 2), 1.0), np.full((100, 2), 0.5)
    log_close = np.zeros((100, 2))
    log_close[60] = [0.5, 3.0]
    underway = OpenOutcomes(40, log_close, expected, sizes)
    begun = np.array([21, 50])
    nearly, early = underway.outside(begun, 60, np.array([1.6, 1.6]))
    assert nearly == pytest.approx((0.0 + 1.0) / 2, abs=0.02), "one sits in the middle of its interval, one is far out"
    left = np.sqrt(np.pi / 2 * 0.75)
    assert early == pytest.approx((2 * ndtr(-1.6 / left) + ndtr(0.9 / left)) / 2, abs=0.001)
    wide = underway.outside(begun, 60, np.array([9.0, 9.0]))
    assert (wide < 0.001).all()
    log_close[60] = np.nan
    assert np.isnan(underway.outside(begun, 60, np.array([1.6, 1.6]))).all()
    log_close[60] = [np.nan, 3.0]
    assert underway.outside(begun, 60, np.array([1.6, 1.6]))[0] > 0.95, "what has no price says nothing"


def test_looking_at_what_is_underway_keeps_the_coverage_and_loses_less() -> None:
    log_close, rows, places, outcomes = _wandering(6000, 8, 60)
    sizes = np.full(len(rows), outcomes.mean())
    given = (outcomes / sizes, rows, np.zeros(len(rows), np.int64), 60, np.ones(3))
    underway = OpenOutcomes.of(log_close, rows, places, (np.zeros(len(rows)), sizes), 60)
    waiting, looking = multiples(*given), multiples(*given, open_outcomes=underway)
    for served in (waiting, looking):
        assert (outcomes <= served * sizes).mean() == pytest.approx(0.8, abs=0.01)
    losses = [pinball(-served * sizes, served * sizes, outcomes, coverage=0.8) for served in (waiting, looking)]
    assert losses[1] < 0.99 * losses[0]
    np.testing.assert_array_equal(looking[rows == 0], 1.0)


def test_what_was_expected_of_an_outcome_gives_way_to_what_it_was() -> None:
    """So the whole way of a multiple is that of the shares outside, whatever was expected in between."""
    log_close, rows, places, outcomes = _wandering(1500, 4, 30)
    sizes = np.full(len(rows), outcomes.mean())
    given = (outcomes / sizes, rows, np.zeros(len(rows), np.int64), 30, np.ones(3))
    underway = OpenOutcomes.of(log_close, rows, places, (np.zeros(len(rows)), sizes), 30)
    served = multiples(*given, open_outcomes=underway)
    outside = (outcomes > served * sizes).reshape(-1, 4).mean(axis=1)
    last = last_multiples(*given, open_outcomes=underway)
    assert np.log(last[0]) == pytest.approx(learning_rate(30) * (outside - 0.2).sum())
    assert last[1:] == pytest.approx([1.0, 1.0])
