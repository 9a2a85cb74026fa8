"""Moving averages, and bands of a fixed share around them."""

from collections import deque
from itertools import accumulate
from math import exp, isnan, isqrt, nan

import numpy as np

from trading.indicators import averages, windows
from trading.indicators.averages import ema_of_ema
from trading.indicators.definitions import choice, define, number, period
from trading.indicators.series import Bars, Series, apply, lag, scan, window

_LENGTH = period("length", 20)


@define(_LENGTH)
def sma(bars: Bars, length: int) -> Series:
    """Simple moving average: the mean of the last closing prices."""
    return averages.sma(bars.close, length)


@define(_LENGTH)
def ema(bars: Bars, length: int) -> Series:
    """Exponential moving average, e = e + 2 / (length + 1) * (price - e), started with the mean as in TA-Lib."""
    return averages.ema(bars.close, length)


@define(_LENGTH)
def smma(bars: Bars, length: int) -> Series:
    """Smoothed moving average, also RMA: the exponential average of weight 1 / length."""
    return averages.wilder(bars.close, length)


@define(_LENGTH)
def wma(bars: Bars, length: int) -> Series:
    """Linearly weighted moving average: weights 1 to length, the last price has the greatest."""
    return averages.wma(bars.close, length)


@define(_LENGTH)
def dema(bars: Bars, length: int) -> Series:
    """Double exponential moving average, 2 e1 - e2. P. G. Mulloy, 1994."""
    first = averages.ema(bars.close, length)
    return 2.0 * first - ema_of_ema(first, length)


@define(_LENGTH)
def tema(bars: Bars, length: int) -> Series:
    """Triple exponential moving average, 3 e1 - 3 e2 + e3. P. G. Mulloy, 1994."""
    first = averages.ema(bars.close, length)
    second = ema_of_ema(first, length)
    return 3.0 * first - 3.0 * second + ema_of_ema(second, length)


@define(period("length", 20, 2))
def hma(bars: Bars, length: int) -> Series:
    """Hull moving average: WMA(sqrt n) of 2 WMA(n / 2) - WMA(n). A. Hull, 2005."""
    half = averages.wma(bars.close, length // 2)
    return averages.wma(2.0 * half - averages.wma(bars.close, length), isqrt(length))


@define(period("length", 9), number("offset", 0.85, 0, 1), number("sigma", 6, 0.1, 100))
def alma(bars: Bars, length: int, offset: float, sigma: float) -> Series:
    """Arnaud Legoux moving average: Gaussian weights around a place near the end of the window."""
    centre, width = offset * (length - 1), length / sigma
    weights = tuple(exp(-((each - centre) ** 2) / (2 * width**2)) for each in range(length))
    return window(windows.Weighted(weights), bars.close, length)


@define(period("length", 20, 2))
def epma(bars: Bars, length: int) -> Series:
    """End point moving average: the last point of the least-squares line, also linear regression."""
    return window(windows.line_end, bars.close, length)


@define(period("length", 5), number("factor", 0.7, 0, 1))
def t3(bars: Bars, length: int, factor: float) -> Series:
    """Tillson's T3: three times the generalised DEMA, here as six averages. T. Tillson, 1998."""
    e = [ema_of_ema(bars.close, length)]
    for _ in range(5):
        e.append(ema_of_ema(e[-1], length))
    square, cube = factor**2, factor**3
    near = (1 + 3 * factor + cube + 3 * square) * e[2] - (6 * square + 3 * factor + 3 * cube) * e[3]
    return near + (3 * square + 3 * cube) * e[4] - cube * e[5]


class _RunningTotal:
    """Sum of the last `length` values, in constant time on average: of the end of one block of them and the beginning
    of the next. Nothing is subtracted that was added before.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._block: list[float] = []
        self._begin = 0.0
        self._ends: list[float] = []
        """Sums of the last 1, 2, ... values of the block before."""

    def add(self, value: float) -> float:
        self._block.append(value)
        self._begin += value
        missing = self._length - len(self._block)
        if missing:
            return self._ends[missing - 1] + self._begin if self._ends else nan
        whole, self._begin = self._begin, 0.0
        self._ends = list(accumulate(reversed(self._block)))
        self._block.clear()
        return whole


class _Adaptive:
    def __init__(self, length: int, fast: int, slow: int) -> None:
        self._prices: deque[float] = deque(maxlen=length + 1)
        self._way = _RunningTotal(length)
        self._fast, self._slow = 2.0 / (fast + 1), 2.0 / (slow + 1)
        self._average = nan

    def add(self, *values: float) -> tuple[float, ...]:
        (price,) = values
        prices = self._prices
        way = self._way.add(abs(price - prices[-1])) if prices else nan
        prices.append(price)
        if len(prices) < (prices.maxlen or 0) or isnan(self._average):
            self._average = price if len(prices) >= (prices.maxlen or 0) - 1 else nan
            return self._average, nan
        ratio = abs(price - prices[0]) / way if way else 0.0
        if not isnan(ratio):
            self._average += (ratio * (self._fast - self._slow) + self._slow) ** 2 * (price - self._average)
        return self._average, ratio


@define(period("length", 10), period("fast", 2), period("slow", 30))
def kama(bars: Bars, length: int, fast: int, slow: int) -> dict[str, Series]:
    """Kaufman's adaptive moving average, started at the price before the first efficiency ratio. P. Kaufman, 1995."""
    average, ratio = scan(_Adaptive, (bars.close,), (length, fast, slow), columns=2, leads=(length - 1, length))
    return {"kama": average, "efficiency": ratio}


class _Dynamic:
    def __init__(self, length: int, factor: float) -> None:
        self._steps = factor * length
        self._average = nan

    def add(self, *values: float) -> tuple[float, ...]:
        (price,) = values
        if isnan(self._average) or self._average <= 0:
            self._average = price
        elif price > 0:
            self._average += self._step(price - self._average, price / self._average)
        return (self._average,)

    def _step(self, way: float, ratio: float) -> float:
        try:
            return way / (self._steps * ratio**4)
        except OverflowError:  # of a ratio beyond 1e77
            return 0.0
        except ZeroDivisionError:  # of one below 1e-81
            return way


@define(period("length", 14), number("factor", 0.6, 0.01, 10))
def dynamic(bars: Bars, length: int, factor: float) -> Series:
    """McGinley dynamic: an average that is faster when prices fall. J. R. McGinley, 1991."""
    return scan(_Dynamic, (bars.close,), (length, factor), leads=(1,))[0]


@define(period("length", 10))
def vwma(bars: Bars, length: int) -> Series:
    """Volume-weighted moving average; undefined where nothing was traded."""
    return averages.sma(bars.close * bars.volume, length) / averages.sma(bars.volume, length)


_KINDS = {each.name: each for each in (sma, ema, smma, wma, dema, tema, hma, epma)}


@define(period("length", 20, 2), number("percent", 2.5, 0.01, 99), choice("average", *_KINDS, "alma"))
def envelopes(bars: Bars, length: int, percent: float, average: str) -> dict[str, Series]:
    """Moving average envelopes: lines a fixed share above and below a moving average."""
    kind = alma if average == "alma" else _KINDS[average]
    (middle,) = kind.series(bars, length=length).values()
    return {"middle": middle, "upper": middle * (1 + percent / 100), "lower": middle * (1 - percent / 100)}


@define(_LENGTH)
def sma_errors(bars: Bars, length: int) -> dict[str, Series]:
    """Errors of the simple moving average over its window: mean absolute, mean square and mean relative."""
    spread = window(windows.deviation, bars.close, length)
    return {
        "mad": window(windows.mean_distance, bars.close, length),
        "mse": spread * spread,
        "mape": window(windows.mean_relative_distance, bars.close, length),
    }


@define()
def alligator(bars: Bars) -> dict[str, Series]:
    """Alligator: smoothed averages of 13, 8 and 5 medians, shown 8, 5 and 3 candles later. B. Williams, 1995."""
    median = averages.middle(bars)
    lines = {"jaw": (13, 8), "teeth": (8, 5), "lips": (5, 3)}
    return {name: lag(averages.wilder(median, length), later) for name, (length, later) in lines.items()}


@define()
def gator(bars: Bars) -> dict[str, Series]:
    """Gator: distance of the jaw from the teeth, and, below zero, of the teeth from the lips. B. Williams, 1995."""
    lines = alligator.series(bars)
    upper, lower = lines["jaw"] - lines["teeth"], lines["teeth"] - lines["lips"]
    return {"upper": apply(np.abs, upper), "lower": -apply(np.abs, lower)}
