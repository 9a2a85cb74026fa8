"""Histories that have no figure have none: not zero, not infinity, not an error."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from trading.performance import benchmark, distribution, drawdowns, ratios, returns, significance
from trading.performance.money_weighted import irr, money_weighted_return, xirr
from trading.performance.returns import Floats

OF_ONE: dict[str, Callable[[Floats], float | None]] = {
    name: function
    for module in (ratios, distribution)
    for name, function in vars(module).items()
    if callable(function)
    and not name.startswith("_")
    and getattr(function, "__module__", "") == module.__name__
    and name != "constant"
}
OF_TWO: dict[str, Callable[[Floats, Floats], float | None]] = {
    name: function
    for name, function in vars(benchmark).items()
    if getattr(function, "__module__", "") == benchmark.__name__ and not name.startswith("_") and name != "both_known"
}
HISTORIES = {
    "nothing": [],
    "one day": [0.01],
    "gaps only": [math.nan, math.nan],
    "all cash": [0.0] * 40,
    "the same gain each day": [0.01] * 40,
    "everything lost": [0.02, -0.01, -1.0],
    "lost, then zero": [-1.0, 0.0, 0.0],
    "gaps": [0.01, math.nan, -0.02, math.nan, 0.03],
    "infinite": [0.01, math.inf, -0.02],
}


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("name", OF_ONE)
def test_a_figure_is_a_finite_number_or_none(name: str, history: str) -> None:
    found = OF_ONE[name](np.array(HISTORIES[history]))
    assert found is None or math.isfinite(found)


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("name", OF_TWO)
def test_a_figure_against_a_benchmark_is_a_finite_number_or_none(name: str, history: str) -> None:
    mine = np.array(HISTORIES[history])
    other = np.resize([0.01, -0.02, 0.005], mine.size)
    for pair in ((mine, other), (other, mine), (mine, mine)):
        found = OF_TWO[name](*pair)
        assert found is None or math.isfinite(found)


def test_no_variance_is_no_ratio() -> None:
    for flat in (np.zeros(50), np.full(50, 0.001)):
        assert ratios.sharpe_ratio(flat) is None
        assert ratios.volatility(flat) == 0
        assert distribution.kurtosis(flat) is None
        assert benchmark.beta(np.arange(50.0), flat) is None


def test_gaps_are_left_out_and_not_zeros() -> None:
    whole, gapped = np.array([0.01, -0.02, 0.03]), np.array([0.01, np.nan, -0.02, 0.03])
    assert ratios.sharpe_ratio(gapped) == ratios.sharpe_ratio(whole)
    assert ratios.downside_deviation(gapped) == ratios.downside_deviation(whole)


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 returns beside 3"):
        benchmark.beta(np.zeros(2), np.zeros(3))


def test_returns_beside_a_gap_are_unknown_but_the_growth_is_not() -> None:
    closes = np.array([100.0, 110.0, np.nan, 121.0, 242.0])
    factors = returns.growth_factors(closes, closes)
    assert returns.time_weighted_return(closes, closes) == pytest.approx(1.42)
    known = np.isfinite(closes)
    daily = returns.linked_by_day([0, 1, 2, 3], factors, [bool(a and b) for a, b in pairwise(known)])
    np.testing.assert_allclose(daily, [0.1, np.nan, np.nan, 1.0])
    np.testing.assert_allclose(returns.daily_returns(closes), daily)


def test_a_grant_in_the_middle_is_no_return() -> None:
    """100 becomes 110, 90 are added, 200 become 220."""
    assert returns.time_weighted_return([0, 110, 220], [100, 200, 220]) == pytest.approx(0.21)
    np.testing.assert_allclose(returns.daily_returns([100, 110, 220], [0, 90, 0]), [0.1, 0.1])


def test_a_reset_at_the_moment_of_a_close_is_one_flow() -> None:
    """The account is down to 50 at midnight, where it is reset to 100, which become 120."""
    assert returns.time_weighted_return([0, 50, 120], [100, 100, 120]) == pytest.approx(0.5 * 1.2 - 1)


def test_an_account_that_lost_everything_returned_minus_one_and_may_begin_again() -> None:
    assert returns.time_weighted_return([0, 0], [100, 0]) == -1
    np.testing.assert_allclose(returns.growth_factors([0, 0, 0, 150], [100, 0, 100, 150]), [0, 1, 1.5])
    np.testing.assert_allclose(returns.growth_factors([0, 0, 5], [100, 0, 5]), [0, np.nan])


def test_no_history_has_no_return() -> None:
    assert returns.time_weighted_return([], []) is None
    assert returns.time_weighted_return([100], [100]) is None
    assert returns.linked([]) is None
    assert returns.annualised(0.1, 0) is None
    assert returns.annualised(0.5, 1e-6) is None, "a gain of minutes has no yearly number"


def test_rates_of_return_that_do_not_exist() -> None:
    for flows in ([], [-100.0], [-100.0, -5.0], [100.0, 5.0], [-100.0, math.nan], [0.0, 0.0]):
        assert irr(flows) is None
        assert xirr(flows, list(range(len(flows)))) is None
    assert xirr([-100, 110], [5, 5]) is None
    assert xirr([-100, 200], [0, 1e-4]) is None
    assert money_weighted_return([-100, -50, 0], [0, 1, 2]) == -1


def test_rates_of_return_far_from_any_first_guess() -> None:
    assert irr([-100, 1]) == pytest.approx(-0.99)
    assert irr([-1, 1000]) == pytest.approx(999)
    assert xirr([-100, 100.01], [0, 1]) == pytest.approx(1.0001**365 - 1)
    assert money_weighted_return([-100, 110], [0, 1]) == pytest.approx(0.1)
    several = [-1000.0, 3600.0, -4310.0, 1716.0]
    assert irr(several) == pytest.approx(0.1, abs=1e-6), "of the roots 10, 20 and 30 % the nearest to none"


def test_drawdowns_have_their_dates_and_recovery() -> None:
    found = drawdowns.drawdowns([100, 120, 90, 100, 120, 130, 117, 110])
    assert [(each.peak, each.trough, each.recovered) for each in found] == [(1, 2, 4), (5, 7, None)]
    deepest, now = drawdowns.deepest(found), drawdowns.current(found)
    assert deepest is not None
    assert now is not None
    assert deepest.depth == pytest.approx(-0.25)
    assert now.depth == pytest.approx(110 / 130 - 1)
    assert drawdowns.drawdowns([100, 101, 101, 102]) == []
    assert drawdowns.current(drawdowns.drawdowns([1.0])) is None


def test_a_bootstrap_interval_is_the_same_for_a_seed_and_contains_the_figure() -> None:
    sample = np.random.default_rng(5).normal(0.001, 0.02, 200)
    found = significance.bootstrap_interval(sample, significance.sharpe_of_samples, seed=3)
    assert found is not None
    assert found == significance.bootstrap_interval(sample, significance.sharpe_of_samples, seed=3)
    assert found != significance.bootstrap_interval(sample, significance.sharpe_of_samples, seed=4)
    sharpe = ratios.sharpe_ratio(sample, periods=1)
    assert sharpe is not None
    assert found[0] < sharpe < found[1]
    assert significance.bootstrap_interval([0.0] * 50, significance.sharpe_of_samples, seed=1) is None
    assert significance.bootstrap_interval([0.1], significance.sharpe_of_samples, seed=1) is None


def test_blocks_keep_what_neighbours_have_in_common() -> None:
    """Of a series in runs the mean is less certain than single days say."""
    runs = np.repeat(np.random.default_rng(1).normal(0, 0.02, 40), 10)
    means = [
        significance.bootstrap_interval(runs, lambda each: each.mean(axis=1), seed=2, block=block) for block in (1, 20)
    ]
    widths = [high - low for low, high in (each for each in means if each is not None)]
    assert widths[1] > 2 * widths[0]


def test_a_sharpe_ratio_below_the_benchmark_needs_no_length_of_history() -> None:
    assert significance.min_track_record_length(-0.1) is None
    assert significance.probabilistic_sharpe(0.1, 1) is None
    assert significance.probabilistic_sharpe(2.0, 50, skew=3.0, kurtosis=1.0) is None, "no such distribution"
    assert significance.expected_max_sharpe(1, 0.01) == 0
