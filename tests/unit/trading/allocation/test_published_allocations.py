"""Allocations give the figures that others published, and say what cannot be met."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from pipeline.candles import Floats
from tests.published import PUBLISHED, needs_published, published
from trading.allocation.bounds import Bounds
from trading.allocation.errors import CapsTooLow, CoinStandsStill, NoAllocation, NothingAboveRiskFree
from trading.allocation.objectives import (
    conditional_value_at_risk,
    equal_risk_contribution,
    equal_weight,
    hierarchical_risk_parity,
    maximum_sharpe,
    minimum_cvar,
    minimum_variance,
)
from trading.allocation.quadratic import least_variance

DAYS = 252


def stocks() -> pd.DataFrame:
    """Daily returns of 20 stocks, from PyPortfolioOpt's tests."""
    prices = pd.read_csv(PUBLISHED / "pypfopt_stock_prices.csv", parse_dates=["date"], index_col="date")
    return prices.pct_change(fill_method=None).dropna(how="all")


def performance(weights: Floats, mean: Floats, covariance: Floats) -> tuple[float, float, float]:
    """Return, volatility and Sharpe ratio at a risk-free rate of 2 %."""
    earned, risk = float(mean @ weights), float(np.sqrt(weights @ covariance @ weights))
    return earned, risk, (earned - 0.02) / risk


@needs_published
def test_equal_risk_and_minimum_variance_of_maillard_roncalli_and_teiletche() -> None:
    figures = published("optimisation")["erc_maillard_roncalli_teiletche"]
    covariance = np.array(figures["corr"]) * np.outer(figures["vol"], figures["vol"])
    bounds = Bounds.of(4)
    for found, name in (
        (equal_risk_contribution(covariance, bounds), "erc"),
        (minimum_variance(covariance, bounds), "min_var"),
    ):
        assert found == pytest.approx(figures[name], abs=5.1e-6)
        assert np.sqrt(found @ covariance @ found) == pytest.approx(figures[f"{name}_vol"], abs=5.1e-11)
    equal = equal_weight(bounds)
    assert np.sqrt(equal @ covariance @ equal) == pytest.approx(figures["equal_weight_vol"], abs=5.1e-11)


@needs_published
def test_twenty_stocks_of_pyportfolioopt() -> None:
    figures, returns = published("optimisation")["pypfopt_20_stocks"], stocks()
    mean = ((1 + returns).prod() ** (DAYS / returns.count()) - 1).to_numpy()
    covariance, bounds = returns.cov().to_numpy() * DAYS, Bounds.of(20)
    for weights, name in (
        (minimum_variance(covariance, bounds), "min_vol_ret_vol_sharpe_rf02"),
        (maximum_sharpe(mean, covariance, bounds, 0.02), "max_sharpe"),
        (maximum_sharpe(mean, covariance, Bounds.of(20, low=-1.0), 0.02), "max_sharpe_short"),
    ):
        assert performance(weights, mean, covariance) == pytest.approx(figures[name], rel=1e-5), name
    parity = hierarchical_risk_parity(covariance, bounds, returns.corr().to_numpy())
    assert performance(parity, returns.mean().to_numpy() * DAYS, covariance) == pytest.approx(figures["hrp"], rel=1e-9)
    whole = returns.dropna().to_numpy()
    safest = minimum_cvar(whole, bounds)
    found = (float(mean @ safest), conditional_value_at_risk(safest, whole))
    assert found == pytest.approx(figures["min_cvar95_ret_cvar"], rel=1e-5)


@needs_published
def test_three_coins_that_all_lost_have_no_maximum_sharpe_but_a_minimum_variance() -> None:
    figures = published("optimisation")["infeasible_crypto"]
    mean, covariance, bounds = np.array(figures["mu"]), np.array(figures["cov"]), Bounds.of(3)
    with pytest.raises(NothingAboveRiskFree):
        maximum_sharpe(mean, covariance, bounds, 0.02)
    assert minimum_variance(covariance, bounds).sum() == pytest.approx(1)


def test_bounds_that_cannot_be_met_are_named() -> None:
    with pytest.raises(CapsTooLow) as low:
        Bounds.of(3, cap=0.3)
    assert low.value.details() == {"count": 3, "share": Decimal("0.9")}
    with pytest.raises(NoAllocation):
        Bounds.of(0)
    with pytest.raises(NoAllocation):
        Bounds.of(3, low=0.5)
    tight = Bounds(np.zeros(2), np.array([0.3, 0.7]))
    assert equal_weight(tight) == pytest.approx([0.3, 0.7])
    with pytest.raises(NothingAboveRiskFree):
        maximum_sharpe(np.array([0.1, -0.1]), np.eye(2), tight, 0.0)


def test_a_coin_that_does_not_move() -> None:
    covariance = np.diag([0.04, 0.0])
    assert minimum_variance(covariance, Bounds.of(2)) == pytest.approx([0, 1])
    for parity in (equal_risk_contribution, hierarchical_risk_parity):
        with pytest.raises(CoinStandsStill) as still:
            parity(covariance, Bounds.of(2))
        assert still.value.assets == (1,)


def test_one_coin_takes_all() -> None:
    one, bounds = np.array([[0.04]]), Bounds.of(1)
    for found in (
        minimum_variance(one, bounds),
        maximum_sharpe(np.array([0.1]), one, bounds),
        equal_risk_contribution(one, bounds),
        hierarchical_risk_parity(one, bounds),
        minimum_cvar(np.array([[0.1], [-0.1]]), bounds),
    ):
        assert found == pytest.approx([1])


@pytest.mark.parametrize("seed", range(12))
def test_the_quadratic_program_meets_its_optimality_conditions(seed: int) -> None:
    """Karush, Kuhn and Tucker: the gradient is level over free weights, higher at lower bounds and lower at caps."""
    random = np.random.default_rng(seed)
    returns = random.normal(size=(40, 50)) * random.uniform(0.01, 0.1, 50) + random.normal(size=(40, 1)) / 20
    covariance = returns.T @ returns / 40 + 1e-5 * np.eye(50)
    bounds = Bounds.of(50, low=0.005, cap=0.08)
    tilt = random.normal(size=50) * 10.0 ** random.integers(-6, -2)
    weights = least_variance(covariance, bounds, tilt)
    gradient = covariance @ weights - tilt
    at_low, at_cap = weights <= bounds.low + 1e-12, weights >= bounds.high - 1e-12
    free = gradient[~at_low & ~at_cap]
    rounding = 1e-9 * np.abs(gradient).max()
    level = free.mean() if len(free) else (gradient[at_low].min() + gradient[at_cap].max()) / 2
    assert np.abs(free - level).max(initial=0.0) <= rounding
    assert gradient[at_low].min(initial=np.inf) >= level - rounding
    assert gradient[at_cap].max(initial=-np.inf) <= level + rounding
    assert weights.sum() == pytest.approx(1, abs=1e-12)
