"""Measures of risk where there is little to measure, or too much."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.covariance import ledoit_wolf as reference

from pipeline.candles import Floats
from trading.risk.concentration import diversification_ratio, effective_number, herfindahl_index
from trading.risk.contributions import (
    gaussian_var_contributions,
    historical_es_contributions,
    modified_var_contributions,
    shares,
    volatility_contributions,
)
from trading.risk.cornish_fisher import is_valid
from trading.risk.covariance import (
    cluster_order,
    correlation_of,
    ledoit_wolf,
    sample_covariance,
    shrunk_covariance,
)
from trading.risk.coverage_tests import (
    Transitions,
    christoffersen_independence,
    conditional_coverage,
    failure_durations,
    kupiec_pof,
    transitions,
)
from trading.risk.expected_shortfall import cornish_fisher_es, filtered_es, gaussian_es, historical_es
from trading.risk.gaps import fill_gaps, simple_returns
from trading.risk.value_at_risk import cornish_fisher_var, filtered_returns, filtered_var, gaussian_var, historical_var
from trading.risk.volatility import annualised, ewma_volatility, garman_klass, parkinson

Measure = Callable[[Floats, float, float], Floats]

VARS: list[Measure] = [historical_var, gaussian_var, cornish_fisher_var, filtered_var]
SHORTFALLS: list[Measure] = [historical_es, gaussian_es, cornish_fisher_es, filtered_es]
RANDOM = np.random.default_rng(7).standard_t(5, size=(120, 4)) / 50


@pytest.mark.parametrize("measure", VARS + SHORTFALLS)
def test_no_history_gives_no_figure(measure: Measure) -> None:
    assert np.isnan(measure(np.array([]), 0.95, 1.0))


@pytest.mark.parametrize("measure", VARS + SHORTFALLS)
def test_what_never_moves_has_no_risk(measure: Measure) -> None:
    assert measure(np.zeros(30), 0.99, 1.0) == 0
    assert measure(np.full(30, 0.001), 0.99, 1.0) == pytest.approx(-0.001)


@pytest.mark.parametrize("measure", VARS + SHORTFALLS)
def test_gaps_in_a_series_are_left_out(measure: Measure) -> None:
    returns = RANDOM[:, 0].copy()
    returns[[3, 50]] = np.nan
    assert measure(returns, 0.95, 1.0) == measure(np.delete(RANDOM[:, 0], [3, 50]), 0.95, 1.0)


@pytest.mark.parametrize("measure", VARS + SHORTFALLS)
def test_a_table_of_portfolios_is_each_by_itself(measure: Measure) -> None:
    whole = measure(RANDOM.T.copy(), 0.95, 10.0)
    assert whole == pytest.approx([float(measure(column, 0.95, 10.0)) for column in RANDOM.T])
    broken = RANDOM.T.copy()
    broken[0, 0] = np.nan
    with pytest.raises(ValueError, match="gaps"):
        measure(broken, 0.95, 1.0)


@pytest.mark.parametrize("measure", VARS + SHORTFALLS)
@pytest.mark.parametrize(
    ("confidence", "horizon"), [(0.0, 1.0), (1.0, 1.0), (np.nan, 1.0), (0.95, 0.0), (0.95, np.inf)]
)
def test_senseless_parameters_are_refused(measure: Measure, confidence: float, horizon: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        measure(RANDOM[:, 0], confidence, horizon)


def test_a_total_loss_is_a_loss_of_one() -> None:
    returns = np.array([0.0] * 9 + [-1.0])
    assert historical_var(returns, 0.99, method="lower") == 1
    assert historical_es(returns, 0.99) == 1


def test_a_loss_is_positive_and_a_longer_horizon_costs_the_root_of_time() -> None:
    returns = np.array([-0.04, -0.02, 0.0, 0.02, 0.04])
    assert historical_var(returns, 0.75) == pytest.approx(0.02)
    for measure in (historical_var, gaussian_var, historical_es, gaussian_es, filtered_var, filtered_es):
        assert measure(returns, 0.75, 4.0) == pytest.approx(2 * measure(returns, 0.75))
    assert gaussian_var(returns + 0.001, 0.75, 4.0) == pytest.approx(2 * gaussian_var(returns, 0.75) - 0.004)


def test_the_expansion_over_a_long_horizon_is_normal() -> None:
    returns = RANDOM[:, 0]
    long = 1e8
    assert cornish_fisher_var(returns - returns.mean(), 0.99, long) == pytest.approx(
        gaussian_var(returns - returns.mean(), 0.99, long, ddof=0), rel=1e-3
    )


def test_the_expansion_is_a_quantile_only_near_the_normal_distribution() -> None:
    assert is_valid(np.array([0.0, 0.5, 0.0, 0.0, -2.6]), np.array([0.0, 2.0, -1.0, 8.5, 18.6])).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_filtered_returns_have_the_volatility_of_now() -> None:
    calm, storm = np.tile([0.01, -0.01], 100), np.tile([0.05, -0.05], 100)
    returns = np.concatenate([calm, storm])
    assert np.abs(filtered_returns(returns)[50:200]) == pytest.approx(0.05, rel=0.4)
    assert filtered_var(returns, 0.95) > 1.4 * historical_var(returns, 0.6)
    assert ewma_volatility(returns) == pytest.approx(0.05, rel=1e-3)


def test_volatility_by_range_is_that_of_the_path() -> None:
    steps = np.random.default_rng(3).normal(0, 0.03 / np.sqrt(1440), size=(400, 1440))
    paths = np.exp(np.concatenate([np.zeros((400, 1)), steps.cumsum(axis=1)], axis=1))
    opened, high, low, close = paths[:, 0], paths.max(axis=1), paths.min(axis=1), paths[:, -1]
    assert parkinson(high, low) == pytest.approx(0.03, rel=0.06)
    assert garman_klass(opened, high, low, close) == pytest.approx(0.03, rel=0.06)
    assert parkinson(np.array([1.1, np.nan, 0]), np.array([1.0, 1.0, 0])) == parkinson(np.array([1.1]), np.array([1.0]))
    assert np.isnan(parkinson(np.array([]), np.array([])))
    assert annualised(0.01) == pytest.approx(0.01 * 365**0.5)


@pytest.mark.parametrize("shape", [(120, 4), (5, 40), (2, 3)])
def test_shrinkage_is_that_of_scikit_learn(shape: tuple[int, int]) -> None:
    returns = np.random.default_rng(1).normal(size=shape) @ np.diag(np.linspace(1, 3, shape[1]))
    covariance, weight = ledoit_wolf(returns)
    expected, expected_weight = reference(returns)
    assert covariance == pytest.approx(expected)
    assert weight == pytest.approx(expected_weight)


def test_fewer_days_than_coins_leave_a_usable_covariance() -> None:
    few = np.random.default_rng(2).normal(size=(8, 30)) / 50
    assert np.linalg.matrix_rank(sample_covariance(few)) < 30
    covariance, weight = shrunk_covariance(few)
    assert 0 < weight <= 1
    assert np.linalg.eigvalsh(covariance).min() > 0
    assert np.diag(covariance) == pytest.approx(np.diag(sample_covariance(few)))
    assert np.isnan(shrunk_covariance(few[:1])[0]).all()


def test_a_stable_coin_stays_calm_and_belongs_to_nobody() -> None:
    returns = RANDOM.copy()
    returns[:, 1] = 0
    covariance, _ = shrunk_covariance(returns)
    assert (covariance[1] == 0).all()
    assert correlation_of(covariance)[1].tolist() == [0, 1, 0, 0]
    assert volatility_contributions(np.array([0.0, 1.0, 0, 0]), covariance).tolist() == [0, 0, 0, 0]
    assert np.isnan(diversification_ratio(np.array([0.0, 1.0, 0, 0]), covariance))
    assert (shrunk_covariance(np.zeros((9, 2)))[0] == 0).all()


def test_similar_coins_stand_side_by_side() -> None:
    common = np.random.default_rng(4).normal(size=(200, 2))
    returns = common[:, [0, 1, 0, 1]] + np.random.default_rng(5).normal(size=(200, 4)) / 5
    order = cluster_order(correlation_of(sample_covariance(returns)))
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset((0, 2)), frozenset((1, 3))}
    assert cluster_order(np.eye(1)) == [0]


def test_all_cash_has_no_risk_to_divide() -> None:
    none = np.zeros(4)
    assert np.isnan(herfindahl_index(none))
    assert np.isnan(shares(volatility_contributions(none, sample_covariance(RANDOM)))).all()
    assert historical_es_contributions(none, RANDOM, 0.95).tolist() == [0, 0, 0, 0]
    assert modified_var_contributions(none, RANDOM, 0.95).tolist() == [0, 0, 0, 0]


def test_contributions_without_history_are_unknown() -> None:
    assert np.isnan(historical_es_contributions(np.ones(4) / 4, RANDOM[:0], 0.95)).all()
    assert np.isnan(modified_var_contributions(np.ones(4) / 4, RANDOM[:0], 0.95)).all()


def test_modified_contributions_are_derivatives() -> None:
    weights, step = np.array([0.4, 0.3, 0.2, 0.0]), 1e-6
    parts = modified_var_contributions(weights, RANDOM, 0.99, 3.0, ddof=1)
    for coin in range(4):
        moved = np.eye(4)[coin] * step
        up, down = (float(cornish_fisher_var(RANDOM @ (weights + sign * moved), 0.99, 3.0, ddof=1)) for sign in (1, -1))
        assert parts[coin] == pytest.approx(weights[coin] * (up - down) / (2 * step), abs=1e-8)


def test_concentration_counts_equal_positions() -> None:
    assert effective_number(np.array([0.1, 0.1, 0.1, 0.1, 0.0])) == pytest.approx(4)
    assert herfindahl_index(np.array([0.3, 0.0])) == 1
    assert diversification_ratio(np.array([0.5, 0.5]), np.eye(2)) == pytest.approx(2**0.5)


def test_gaps_follow_the_market() -> None:
    market = np.random.default_rng(6).normal(size=100) / 30
    returns = np.stack([market, 2 * market, np.full(100, np.nan), market / 2], axis=1)
    returns[:40, 1] = np.nan
    returns[95:, 3] = np.nan
    filled = fill_gaps(returns, market=0)
    assert filled.betas == pytest.approx([1, 2, 1, 0.5])
    assert filled.filled.tolist() == [0, 40, 100, 5]
    assert filled.returns == pytest.approx(market[:, None] * filled.betas)
    assert fill_gaps(np.full((5, 2), np.nan)).returns.tolist() == np.zeros((5, 2)).tolist()
    assert fill_gaps(np.array([[np.nan, -0.9]]), market=1).returns.tolist() == [[-0.9, -0.9]]


def test_prices_that_are_none_have_no_returns() -> None:
    closes = np.array([[1.0, 2.0], [1.1, 0.0], [np.nan, 0.0], [1.2, 3.0]])
    assert simple_returns(closes) == pytest.approx(
        np.array([[0.1, -1.0], [np.nan, np.nan], [np.nan, np.nan]]), nan_ok=True
    )


def test_coverage_without_failures_or_periods() -> None:
    assert kupiec_pof(0, 100, 0.95).statistic == pytest.approx(-200 * np.log(0.95))
    assert np.isnan(kupiec_pof(0, 0, 0.95).p_value)
    assert christoffersen_independence(Transitions(99, 0, 0, 0)).statistic == 0
    assert np.isnan(christoffersen_independence(Transitions(0, 0, 0, 0)).p_value)
    assert np.isfinite(conditional_coverage(100, 100, Transitions(0, 0, 0, 99), 0.95).statistic)
    with pytest.raises(ValueError, match="failures"):
        kupiec_pof(3, 2, 0.95)


def test_transitions_and_durations_are_counted() -> None:
    failed = np.array([False, True, True, False, True])
    assert transitions(failed) == Transitions(n00=0, n01=2, n10=1, n11=1)
    assert failure_durations(failed) == [2, 1, 2]
    assert failure_durations(np.array([], dtype=bool)) == []


def test_gaussian_contributions_know_the_mean() -> None:
    mean, covariance, weights = RANDOM.mean(axis=0), sample_covariance(RANDOM), np.array([0.5, 0.2, 0.1, 0.1])
    parts = gaussian_var_contributions(weights, mean, covariance, 0.95, 10.0)
    assert parts.sum() == pytest.approx(float(gaussian_var(RANDOM @ weights, 0.95, 10.0)))
