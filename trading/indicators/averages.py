"""Building blocks that indicators have in common: averages, ranges and parts of changes. Series in, series out."""

from math import isnan

import numpy as np

from trading.indicators import windows
from trading.indicators.operators import filled
from trading.indicators.series import Bars, Series, apply, change, lag, smooth, window


def sma(series: Series, length: int) -> Series:
    """Simple moving average."""
    return window(windows.mean, series, length)


def ema(series: Series, length: int) -> Series:
    """Exponential moving average of weight 2 / (length + 1), started with the mean of the first values as in TA-Lib."""
    return smooth(series, length, 2.0 / (length + 1))


def ema_of_ema(series: Series, length: int) -> Series:
    """Exponential moving average of an average: its first value starts it."""
    return smooth(series, 1, 2.0 / (length + 1))


def wilder(series: Series, length: int) -> Series:
    """Wilder's smoothing: weight 1 / length, started with the mean of the first values."""
    return smooth(series, length, 1.0 / length)


def wma(series: Series, length: int) -> Series:
    """Linearly weighted moving average."""
    return window(windows.Weighted(tuple(float(each) for each in range(1, length + 1))), series, length)


def total(series: Series, length: int) -> Series:
    """Sum of the last values."""
    return window(windows.total, series, length)


def highest(series: Series, length: int) -> Series:
    """Maximum of the last values."""
    return window(windows.highest, series, length)


def lowest(series: Series, length: int) -> Series:
    """Minimum of the last values."""
    return window(windows.lowest, series, length)


def middle(bars: Bars) -> Series:
    """Mean of high and low."""
    return (bars.high + bars.low) / 2.0


def typical(bars: Bars) -> Series:
    """Mean of high, low and close."""
    return (bars.high + bars.low + bars.close) / 3.0


def true_range(bars: Bars) -> Series:
    """Range of the candle and the close before it. J. W. Wilder, 1978."""
    before = lag(bars.close)
    return apply(np.maximum, bars.high, before) - apply(np.minimum, bars.low, before)


def average_true_range(bars: Bars, length: int) -> Series:
    """Wilder's smoothing of the true range."""
    return wilder(true_range(bars), length)


def rises(series: Series) -> Series:
    """Change from the value before where it is positive, else 0."""
    return apply(np.maximum, change(series), 0.0)


def falls(series: Series) -> Series:
    """Negative of the change from the value before where that is negative, else 0."""
    return apply(np.maximum, -change(series), 0.0)


def share(part: Series, rest: Series, otherwise: float = float("nan")) -> Series:
    """100 * part / (part + rest); `otherwise` where both are 0."""
    whole = part + rest
    found = 100.0 * part / whole
    return found if isnan(otherwise) else apply(filled, found, whole, otherwise)
