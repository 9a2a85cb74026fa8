"""Stress tests: what scenarios would do to positions. Values are statistics, not money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.risk.episodes import KNOWN, CoinReturn, Episode, stand_in
from trading.risk.series import NORMAL, tail_probability


class Scenario(StrEnum):
    """Scenario of a stress test."""

    APRIL_2021 = "2021-04"
    NOVEMBER_2022 = "2022-11"
    OCTOBER_2025 = "2025-10"
    FALL_20 = "20"
    FALL_50 = "50"
    TOGETHER = "together"
    """All correlations are 1: every coin has a day at its own 99 % quantile."""
    LIQUIDITY = "liquidity"
    """Everything is sold into the current order books."""


SHOCKS = {Scenario.FALL_20: -0.2, Scenario.FALL_50: -0.5}
EPISODES = {Scenario(episode.value): episode for episode in Episode}
TOGETHER_CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True)
class StressedCoin:
    """Coin to be stressed: its base asset, its value in the quote asset, and its beta to Bitcoin and its daily
    volatility, None where too little is known.
    """

    symbol: Symbol
    base: str
    value: float
    beta: float | None
    volatility: float | None


@dataclass(frozen=True, slots=True)
class StressedPosition:
    """Value of a position now, at the lowest price of the scenario, and at its end. `estimated` if the coin's own
    returns in the crash, or its volatility, are unknown.
    """

    symbol: Symbol
    value: float
    low: float
    end: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class StressResult:
    """Equity and positions under a scenario. Cash keeps its value."""

    scenario: Scenario
    cash: float
    positions: tuple[StressedPosition, ...]

    @property
    def equity(self) -> float:
        """Equity before the scenario."""
        return self.cash + sum(each.value for each in self.positions)

    @property
    def left(self) -> float:
        """Equity at the end of the scenario."""
        return self.cash + sum(each.end for each in self.positions)

    @property
    def change(self) -> float:
        """Change as a fraction of the equity; 0 of an empty account."""
        return self.left / self.equity - 1.0 if self.equity > 0 else 0.0


def stress(scenario: Scenario, cash: float, coins: Sequence[StressedCoin]) -> StressResult:
    """Returns the effect of a scenario. That of LIQUIDITY needs order books: `sold_out`."""
    positions = []
    for coin in coins:
        change, estimated = _change(scenario, coin)
        low, end = (coin.value * (1.0 + max(value, -1.0)) for value in (change.low, change.end))
        positions.append(StressedPosition(coin.symbol, coin.value, low, end, estimated))
    return StressResult(scenario, cash, tuple(positions))


def sold_out(cash: float, coins: Sequence[StressedCoin], proceeds: Mapping[Symbol, float]) -> StressResult:
    """Returns the account after every position was sold for `proceeds`; without an order book it keeps its value."""
    positions = tuple(
        StressedPosition(
            coin.symbol,
            coin.value,
            proceeds.get(coin.symbol, coin.value),
            proceeds.get(coin.symbol, coin.value),
            coin.symbol not in proceeds,
        )
        for coin in coins
    )
    return StressResult(Scenario.LIQUIDITY, cash, positions)


def undiversified_var(weights: Floats, volatilities: Floats, confidence: float) -> float:
    """Returns the Gaussian VaR of one period if all correlations were 1: the sum of those of the coins, means of 0."""
    return float(-NORMAL.inv_cdf(tail_probability(confidence)) * (np.abs(weights) @ volatilities))


def stop_fires(trigger: float, price: float, low: float) -> bool:
    """Tells whether a stop that sells when the price falls to `trigger` fires on the way from `price` down to `low`."""
    return low <= trigger <= price


def _change(scenario: Scenario, coin: StressedCoin) -> tuple[CoinReturn, bool]:
    """Returns the returns of a coin, and whether they are estimated."""
    if scenario in SHOCKS:
        return CoinReturn(SHOCKS[scenario], SHOCKS[scenario]), False
    if scenario is Scenario.TOGETHER:
        if coin.volatility is None:
            return CoinReturn(0.0, 0.0), True
        fall = -undiversified_var(np.ones(1), np.array([coin.volatility]), TOGETHER_CONFIDENCE)
        return CoinReturn(fall, fall), False
    known = KNOWN[EPISODES[scenario]].get(coin.base)
    return (known, False) if known is not None else (stand_in(EPISODES[scenario], coin.beta), True)
