"""Technical indicators that follow candles one by one: the numbers of `batch`, without the history.

Each takes the next value with `add` and returns the indicator, NaN during the warm-up. The first figure takes as many
values as in `batch`. An instance keeps its period at most.
"""

from collections import deque
from math import fsum, isnan, log, nan, sqrt
from typing import Protocol

from trading.indicators.batch import RSI_NEUTRAL


class Indicator(Protocol):
    """Indicator of one series of values."""

    def add(self, value: float) -> float:
        """Takes the next value and returns the indicator, NaN while it is not known."""


class Sma:
    """`batch.sma`."""

    def __init__(self, period: int) -> None:
        self._last: deque[float] = deque(maxlen=period)
        self._period = period

    def add(self, value: float) -> float:
        """Takes the next value and returns the mean of the last `period`."""
        self._last.append(value)
        return fsum(self._last) / self._period if len(self._last) == self._period else nan


class _Smoothed:
    """Average that starts as the mean of `period` values and then moves by `weight` towards each value."""

    def __init__(self, period: int, weight: float) -> None:
        self._weight = weight
        self._first = Sma(period)
        self._value = nan

    def add(self, value: float) -> float:
        if isnan(self._value):
            self._value = self._first.add(value)
        else:
            self._value += self._weight * (value - self._value)
        return self._value


class Ema:
    """`batch.ema`."""

    def __init__(self, period: int) -> None:
        self._smoothed = _Smoothed(period, 2.0 / (period + 1))

    def add(self, value: float) -> float:
        """Takes the next value and returns the exponential average."""
        return self._smoothed.add(value)


class RelativeStrength:
    """`batch.rsi`."""

    def __init__(self, period: int) -> None:
        self._gains = _Smoothed(period, 1.0 / period)
        self._losses = _Smoothed(period, 1.0 / period)
        self._last: float | None = None

    def add(self, value: float) -> float:
        """Takes the next price and returns the RSI, 0 to 100."""
        last, self._last = self._last, value
        if last is None:
            return nan
        gains, losses = self._gains.add(max(value - last, 0.0)), self._losses.add(max(last - value, 0.0))
        return RSI_NEUTRAL if gains + losses == 0 else 100.0 * gains / (gains + losses)


class RealisedVolatility:
    """`batch.realised_volatility`."""

    def __init__(self, period: int) -> None:
        self._squares: deque[float] = deque(maxlen=period)
        self._period = period
        self._last: float | None = None

    def add(self, value: float) -> float:
        """Takes the next price and returns the volatility of the last `period` returns."""
        last, self._last = self._last, value
        if last is None:
            return nan
        self._squares.append(log(value / last) ** 2 if last > 0 and value > 0 else nan)
        return sqrt(fsum(self._squares)) if len(self._squares) == self._period else nan


class DonchianHigh:
    """`batch.donchian_high`. Keeps only the highs that can still become the highest."""

    def __init__(self, period: int) -> None:
        self._period = period
        self._count = 0
        self._falling: deque[tuple[int, float]] = deque()

    def add(self, value: float) -> float:
        """Takes the next high and returns the highest of the last `period`."""
        self._count += 1
        while self._falling and self._falling[-1][1] <= value:
            self._falling.pop()
        self._falling.append((self._count, value))
        if self._falling[0][0] <= self._count - self._period:
            self._falling.popleft()
        return self._falling[0][1] if self._count >= self._period else nan


class DonchianLow:
    """`batch.donchian_low`."""

    def __init__(self, period: int) -> None:
        self._negative = DonchianHigh(period)

    def add(self, value: float) -> float:
        """Takes the next low and returns the lowest of the last `period`."""
        return -self._negative.add(-value)


class RelativeVolume:
    """`batch.relative_volume`. `mean` is the one that the last volume was compared with."""

    def __init__(self, period: int) -> None:
        self._before = Sma(period)
        self._next = nan
        self.mean = nan

    def add(self, value: float) -> float:
        """Takes the next volume and returns it as a multiple of the mean of those before it."""
        self.mean = self._next
        self._next = self._before.add(value)
        return value / self.mean if self.mean > 0 else nan


class Lagged:
    """`batch.lagged`."""

    def __init__(self, period: int) -> None:
        self._last: deque[float] = deque(maxlen=period + 1)
        self._period = period

    def add(self, value: float) -> float:
        """Takes the next value and returns the one `period` places before it."""
        self._last.append(value)
        return self._last[0] if len(self._last) > self._period else nan
