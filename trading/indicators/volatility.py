"""Volatility: how wide prices move, and the bands that it draws around them."""

from math import log10

import numpy as np

from pipeline.candles import Floats
from trading.indicators import averages, windows
from trading.indicators.averages import highest, lowest, total
from trading.indicators.definitions import define, number, period
from trading.indicators.series import Bars, Series, apply, change, lag, window

_LENGTH = period("length", 20)
_MULTIPLE = number("multiple", 2, 0.01, 100)


@define()
def true_range(bars: Bars) -> Series:
    """True range: the range of the candle and the close before it. J. W. Wilder, 1978."""
    return averages.true_range(bars)


@define(period("length", 14))
def atr(bars: Bars, length: int) -> dict[str, Series]:
    """Average true range, Wilder's smoothing, and in per cent of the close. J. W. Wilder, 1978."""
    average = averages.average_true_range(bars, length)
    return {"atr": average, "percent": 100.0 * average / bars.close}


@define(_LENGTH, _MULTIPLE)
def bollinger(bars: Bars, length: int, multiple: float) -> dict[str, Series]:
    """Bollinger bands: the moving average and population standard deviations around it. J. Bollinger, 2001.

    `percent_b` is the place of the close between the bands, `width` their distance as a share of the middle.
    """
    middle, reach = averages.sma(bars.close, length), multiple * window(windows.deviation, bars.close, length)
    score = window(windows.z_score, bars.close, length)
    return {
        "middle": middle,
        "upper": middle + reach,
        "lower": middle - reach,
        "percent_b": 0.5 + score / (2.0 * multiple),
        "z_score": score,
        "width": 2.0 * reach / middle,
    }


@define(_LENGTH, _MULTIPLE, period("atr_length", 10))
def keltner(bars: Bars, length: int, multiple: float, atr_length: int) -> dict[str, Series]:
    """Keltner channel: the exponential average and average true ranges around it. C. Keltner; L. Raschke."""
    middle = averages.ema(bars.close, length)
    return _around(middle, multiple * averages.average_true_range(bars, atr_length))


@define(_LENGTH, _MULTIPLE, period("atr_length", 14))
def starc(bars: Bars, length: int, multiple: float, atr_length: int) -> dict[str, Series]:
    """STARC bands: the moving average and average true ranges around it. M. Stoller."""
    return _around(averages.sma(bars.close, length), multiple * averages.average_true_range(bars, atr_length))


def _around(middle: Series, reach: Series) -> dict[str, Series]:
    return {"middle": middle, "upper": middle + reach, "lower": middle - reach, "width": 2.0 * reach / middle}


@define(_LENGTH)
def donchian(bars: Bars, length: int) -> dict[str, Series]:
    """Donchian channel of the `length` candles before this one: highest high, lowest low, their middle and width.

    The candle itself is not part of it, so that a close can be above the channel.
    """
    upper, lower = lag(highest(bars.high, length)), lag(lowest(bars.low, length))
    middle = (upper + lower) / 2.0
    return {"upper": upper, "lower": lower, "middle": middle, "width": (upper - lower) / middle}


@define(_LENGTH)
def realised_volatility(bars: Bars, length: int) -> Series:
    """Realised volatility: root of the sum of the last squared log returns, a fraction, of the window and no year.

    T. G. Andersen and T. Bollerslev, "Answering the Skeptics", 1998. A price that is not positive makes it undefined.
    """
    returns = change(apply(_log, bars.close))
    return apply(np.sqrt, total(returns * returns, length))


def _log(prices: Floats) -> Floats:
    return np.log(np.where(prices > 0, prices, np.nan))


@define(period("length", 10))
def standard_deviation(bars: Bars, length: int) -> dict[str, Series]:
    """Population standard deviation of the last closing prices, their mean, and the last one as a z-score."""
    return {
        "standard_deviation": window(windows.deviation, bars.close, length),
        "mean": averages.sma(bars.close, length),
        "z_score": window(windows.z_score, bars.close, length),
    }


@define(period("length", 14))
def ulcer(bars: Bars, length: int) -> Series:
    """Ulcer index: root mean square of the drawdowns within the window, in per cent. P. Martin, 1987."""
    return window(windows.ulcer, bars.close, length)


@define(period("length", 14, 2))
def choppiness(bars: Bars, length: int) -> Series:
    """Choppiness index, 0 to 100: sum of true ranges over the range of all, as a logarithm. E. W. Dreiss."""
    before = lag(bars.close)
    high = highest(apply(np.maximum, bars.high, before), length)
    low = lowest(apply(np.minimum, bars.low, before), length)
    return 100.0 / log10(length) * apply(np.log10, total(averages.true_range(bars), length) / (high - low))
