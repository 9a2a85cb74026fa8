"""The walk-forward test sees the past alone, pays for what it trades, and refuses as a rule refuses."""

import numpy as np
import pytest

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds
from trading.allocation.errors import NoAllocation
from trading.allocation.objectives import equal_weight
from trading.allocation.rules import Objective, equal_rule, rule_of, shrunk_means
from trading.allocation.walk_forward import walk_forward
from trading.risk.covariance import shrunk_covariance

FEE = 0.001


def closes(days: int, coins: int, seed: int = 5) -> Floats:
    random = np.random.default_rng(seed)
    returns = (random.standard_t(5, (days, 1)) + random.standard_t(5, (days, coins))) * random.uniform(
        0.005, 0.02, coins
    )
    return 100.0 * np.cumprod(np.vstack([np.ones(coins), 1.0 + returns]), axis=0)


def naive(prices: Floats, weights_on: dict[int, Floats], first: int) -> list[float]:
    """Value of 1 at each close from `first` on, by units of coins: bought at the closes of `weights_on`."""
    units, cash, values = np.zeros(prices.shape[1]), 1.0, []
    for day in range(first, len(prices)):
        value = cash + sum(unit * price for unit, price in zip(units, prices[day], strict=True))
        values.append(value)
        if day in weights_on and day < len(prices) - 1:
            fee = FEE * sum(abs(weights_on[day] * value - units * prices[day]))
            units = weights_on[day] * (value - fee) / prices[day]
            cash = (value - fee) * (1 - sum(weights_on[day]))
    return values


@pytest.mark.parametrize("objective", list(Objective))
def test_the_figures_are_those_of_units_bought_and_held(objective: Objective) -> None:
    prices, rule = closes(100, 4), rule_of(objective)
    bought = {}
    for day in (40, 60, 80):
        window = prices[day - 40 : day + 1]
        try:
            bought[day] = rule(window[1:] / window[:-1] - 1, Bounds.of(4, cap=0.5))
        except NoAllocation:
            bought[day] = np.zeros(4)
    values = np.array(naive(prices, bought, 40))
    daily = values[1:] / values[:-1] - 1
    found = walk_forward(prices, rule, fee_rate=FEE, cap=0.5, window=40, every=20)
    assert (found.days, found.estimations) == (60, 3)
    assert found.annual_return == pytest.approx(values[-1] ** (365 / 60) - 1)
    assert found.volatility == pytest.approx(daily.std(ddof=1) * 365**0.5)
    assert found.sharpe == pytest.approx(daily.mean() / daily.std(ddof=1) * 365**0.5)
    assert found.drawdown == pytest.approx((values / np.maximum.accumulate(values) - 1).min())


def test_a_rule_gets_nothing_later_than_its_day() -> None:
    prices, seen = closes(90, 3), []

    def rule(returns: Floats, bounds: Bounds) -> Floats:
        seen.append(returns)
        return equal_weight(bounds)

    walk_forward(prices, rule, fee_rate=0.0, window=50, every=20)
    daily = prices[1:] / prices[:-1] - 1
    assert [len(each) for each in seen] == [50, 50]
    for each, day in zip(seen, (50, 70), strict=True):
        assert each == pytest.approx(daily[day - 50 : day])


def test_turnover_and_fees_of_a_portfolio_that_stays() -> None:
    still = np.full((100, 2), 10.0)
    found = walk_forward(still, equal_rule, fee_rate=0.01, window=40, every=20)
    assert found.turnover == pytest.approx((1 + 2 * 0) / 59 * 365), "only the first purchase"
    assert found.annual_return == pytest.approx(0.99 ** (365 / 59) - 1)
    assert found.drawdown == pytest.approx(-0.01)


def test_under_thirty_days_there_is_no_sharpe_ratio() -> None:
    assert walk_forward(closes(69, 2), equal_rule, fee_rate=0.0, window=40).sharpe is None
    assert walk_forward(closes(70, 2), equal_rule, fee_rate=0.0, window=40).sharpe is not None
    none = walk_forward(closes(30, 2), equal_rule, fee_rate=0.0, window=40)
    assert (none.days, none.annual_return, none.turnover, none.estimations) == (0, None, None, 0)


@pytest.mark.parametrize("objective", list(Objective))
def test_fewer_observations_than_coins(objective: Objective) -> None:
    found = walk_forward(closes(80, 45), rule_of(objective), fee_rate=FEE, cap=0.2, window=31)
    assert found.days == 49
    assert found.volatility is not None
    if objective is not Objective.MAXIMUM_SHARPE:  # which needs a coin that rose
        assert found.refused == 0


def test_a_coin_that_does_not_move_is_no_risk_to_share() -> None:
    prices = closes(120, 3)
    prices[:, 2] = 1.0
    for objective in (Objective.EQUAL_RISK, Objective.HIERARCHICAL):
        found = walk_forward(prices, rule_of(objective), fee_rate=FEE, window=60)
        assert (found.refused, found.annual_return, found.turnover) == (2, 0.0, 0.0), "the money stays in cash"
    calm = walk_forward(prices, rule_of(Objective.MINIMUM_VARIANCE), fee_rate=0.0, window=60)
    assert calm.volatility == pytest.approx(0.0, abs=1e-4)


def test_coins_that_only_fell_leave_cash_at_the_highest_sharpe_ratio() -> None:
    falling = 100.0 * np.cumprod(np.full((120, 3), 0.99) + np.random.default_rng(1).normal(0, 0.002, (120, 3)), axis=0)
    found = walk_forward(falling, rule_of(Objective.MAXIMUM_SHARPE), fee_rate=FEE, window=60)
    assert (found.refused, found.annual_return, found.drawdown) == (2, 0.0, 0.0)


def test_a_coin_listed_yesterday_gets_nothing_and_a_delisted_one_keeps_its_last_price() -> None:
    prices = closes(120, 4)
    prices[:-1, 3] = np.nan
    prices[70:, 2] = np.nan
    found = walk_forward(prices, equal_rule, fee_rate=0.0, window=60, every=30)
    held = prices[60:91, :3] / prices[60, :3]
    held[10:, 2] = held[9, 2]
    half = held[-1].mean() * (prices[90:, :2] / prices[90, :2]).mean(axis=1)
    assert found.annual_return == pytest.approx(half[-1] ** (365 / 60) - 1)


def test_a_coin_that_fell_to_zero_takes_its_part_and_no_more() -> None:
    prices = np.full((100, 2), 10.0)
    prices[70:, 1] = 0.0
    found = walk_forward(prices, equal_rule, fee_rate=0.0, window=40, every=20)
    assert found.drawdown == pytest.approx(-0.5)


def test_shrunk_means_lie_between_the_means_and_the_safest_portfolio() -> None:
    random = np.random.default_rng(3)
    returns = random.normal([0.01, 0.0, -0.01], 0.03, (60, 3))
    covariance, _ = shrunk_covariance(returns)
    inverse = np.linalg.inv(covariance)
    target = inverse.sum(axis=0) @ returns.mean(axis=0) / inverse.sum()
    away = returns.mean(axis=0) - target
    weight = 5 / (5 + 60 * away @ inverse @ away)
    assert shrunk_means(returns, covariance) == pytest.approx(weight * target + (1 - weight) * returns.mean(axis=0))
    assert shrunk_means(np.zeros((60, 3)), np.zeros((3, 3))) == pytest.approx(np.zeros(3))
