"""What holds for the allocation to any coins: it is within its bounds, and nothing feasible is better."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds
from trading.allocation.errors import NothingAboveRiskFree
from trading.allocation.objectives import (
    conditional_value_at_risk,
    equal_risk_contribution,
    equal_weight,
    hierarchical_risk_parity,
    maximum_sharpe,
    minimum_cvar,
    minimum_variance,
)
from trading.risk.covariance import shrunk_covariance

RIVALS = 1000


def market(seed: int, coins: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    scale = random.uniform(0.01, 0.08, coins)
    returns = (random.standard_t(4, (60, 1)) + random.standard_t(4, (60, coins))) * scale
    return returns, shrunk_covariance(returns)[0]


def rivals(seed: int, bounds: Bounds) -> list[Floats]:
    random, coins = np.random.default_rng(seed), len(bounds.low)
    return [bounds.filled(random.dirichlet(np.full(coins, 0.7))) for _ in range(RIVALS)]


@given(st.integers(0, 10_000), st.integers(1, 12), st.floats(1.05, 12.0))
@settings(max_examples=8, deadline=None)
def test_nothing_within_the_caps_is_better(seed: int, coins: int, slack: float) -> None:
    returns, covariance = market(seed, coins)
    bounds = Bounds.of(coins, cap=min(1.0, slack / coins))
    mean = returns.mean(axis=0)
    others = rivals(seed, bounds)
    calm, safe = minimum_variance(covariance, bounds), minimum_cvar(returns, bounds)
    found = [calm, safe, equal_weight(bounds), equal_risk_contribution(covariance, bounds)]
    found.append(hierarchical_risk_parity(covariance, bounds))
    assert calm @ covariance @ calm <= min(each @ covariance @ each for each in others) + 1e-12
    assert conditional_value_at_risk(safe, returns) <= (
        min(conditional_value_at_risk(each, returns) for each in others) + 1e-9
    )
    try:
        sharp = maximum_sharpe(mean, covariance, bounds)
    except NothingAboveRiskFree:
        assert max(each @ mean for each in others) <= 1e-12
    else:
        found.append(sharp)
        ratios = [float(each @ mean / np.sqrt(each @ covariance @ each)) for each in (sharp, *others)]
        assert ratios[0] >= max(ratios) - 1e-9
    for weights in found:
        assert weights.sum() == pytest.approx(1, abs=1e-9)
        assert (weights >= -1e-12).all()
        assert (weights <= bounds.high + 1e-9).all()


@given(st.integers(0, 10_000), st.integers(2, 20))
@settings(max_examples=25, deadline=None)
def test_risk_is_shared_equally(seed: int, coins: int) -> None:
    _, covariance = market(seed, coins)
    weights = equal_risk_contribution(covariance, Bounds.of(coins))
    parts = weights * (covariance @ weights) / (weights @ covariance @ weights)
    assert parts == pytest.approx(np.full(coins, 1 / coins), abs=1e-7)

    def objective(each: Floats) -> float:
        """What equal contributions minimise, whatever the scale: the deviation over the mean of the logarithms."""
        return float(np.log(each @ covariance @ each) / 2 - np.log(np.maximum(each, 1e-300)).mean())

    assert objective(weights) <= min(objective(each) for each in rivals(seed, Bounds.of(coins))) + 1e-9
