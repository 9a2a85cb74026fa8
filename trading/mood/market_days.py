"""Daily candles of a market, the coins that count, and the market line: one series that stands for all of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from pipeline.market import Symbol
from trading.portfolio.daily_closes import DailyCloses
from trading.portfolio.nightly_risk import BENCHMARK_BASES
from trading.risk.gaps import simple_returns

PEGGED_BELOW = 0.005
"""Root mean square of the daily returns below which a coin counts as pegged to a currency."""

PEGGED_DAYS, PEGGED_LEAST = 90, 20
WEIGHT_DAYS = 30
MIN_COINS = 5
"""Fewest coins of which a share is taken."""


@dataclass(frozen=True)
class MarketDays:
    """Days of a market, (days, coins). `symbols` are the columns, `ends` the midnights (UTC ms) that end the days."""

    ends: tuple[int, ...]
    symbols: tuple[Symbol, ...]
    closes: Floats
    highs: Floats
    lows: Floats
    values: Floats
    """What was traded, in units of the quote asset: volume times close."""
    leader: int | None
    """Column of Bitcoin, or of Ether where there is none."""

    @classmethod
    def of(cls, daily: DailyCloses, quote_asset: str) -> "MarketDays":
        """Returns the days of a desk whose coins are quoted in `quote_asset`."""
        names = [Symbol(base + quote_asset) for base in BENCHMARK_BASES]
        leader = next((daily.symbols.index(name) for name in names if name in daily.symbols), None)
        values = daily.volumes * daily.closes
        return cls(daily.ends, daily.symbols, daily.closes, daily.highs, daily.lows, values, leader)

    @cached_property
    def returns(self) -> Floats:
        """Simple returns of the days; the first is unknown."""
        return np.vstack([np.full((1, len(self.symbols)), np.nan), simple_returns(self.closes)])

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Coins that count on a day: those that moved like a coin in the days before, and not like a currency."""
        known = np.isfinite(self.returns)
        squares = trailing_sum(np.nan_to_num(self.returns) ** 2, PEGGED_DAYS)
        days = trailing_sum(known.astype(float), PEGGED_DAYS)
        moves = np.sqrt(np.maximum(squares, 0.0) / np.maximum(days, 1.0))
        return before(((days >= PEGGED_LEAST) & (moves >= PEGGED_BELOW)).astype(float), fill=0.0) > 0

    @cached_property
    def line(self) -> Floats:
        """Market line: the compounded returns of the counted coins, each weighted by the mean value traded in the 30
        days before. It starts at 1 on the day before the first return; a day without any return leaves it as it was.
        """
        weights = before(trailing_sum(np.nan_to_num(self.values), WEIGHT_DAYS), fill=0.0)
        weights = np.where(self.counted & np.isfinite(self.returns), weights, 0.0)
        total = weights.sum(axis=1)
        moves = np.divide(
            (weights * np.nan_to_num(self.returns)).sum(axis=1), total, out=np.zeros(len(total)), where=total > 0
        )
        line = np.cumprod(1.0 + moves)
        first = np.flatnonzero(total > 0)
        line[: max(first[0] - 1, 0) if len(first) else len(line)] = np.nan
        return line

    @property
    def days(self) -> int:
        """Number of days of which the market line is known."""
        return int(np.isfinite(self.line).sum())

    def share(self, chosen: NDArray[np.bool_], known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Returns the number of counted coins that are chosen, and of those known; NaN below MIN_COINS known."""
        there = known & self.counted
        number = there.sum(axis=1).astype(float)
        enough = number >= MIN_COINS
        return np.where(enough, (chosen & there).sum(axis=1), np.nan), np.where(enough, number, np.nan)


def trailing_sum(values: Floats, length: int) -> Floats:
    """Returns the sums of the last `length` rows, of fewer at the start."""
    sums = np.cumsum(values, axis=0)
    late = sums.copy()
    late[length:] -= sums[:-length]
    return late


def before(values: Floats, *, fill: float) -> Floats:
    """Returns the values of the row before."""
    moved = np.full_like(values, fill)
    moved[1:] = values[:-1]
    return moved
