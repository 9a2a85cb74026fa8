"""Technical indicators of candles: arrays in, arrays of the same length out.

Values that do not exist yet, during the warm-up, are NaN, never 0. Results match TA-Lib, TradingView and most charting
programs. An indicator that compares prices, such as the RSI, does not depend on their unit. `streaming` has those that
are followed candle by candle; both forms give the same numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pipeline.candles import Floats

RSI_NEUTRAL = 50.0


@dataclass(frozen=True, slots=True)
class Bands:
    """Bollinger bands."""

    middle: Floats
    upper: Floats
    lower: Floats


@dataclass(frozen=True, slots=True)
class Macd:
    """MACD lines; `histogram` = `line` - `signal`."""

    line: Floats
    signal: Floats
    histogram: Floats


def sma(values: Floats, period: int) -> Floats:
    """Simple moving average: the mean of the last `period` values; first known at index `period` - 1."""
    return _led(_windows(values, period).mean(axis=1), len(values))


def ema(values: Floats, period: int) -> Floats:
    """Exponential moving average: e = e + 2 / (period + 1) * (value - e).

    The initial value is the mean of the first `period` values, as in TA-Lib. Leading NaNs are skipped.
    """
    return _smoothed(values, period, 2.0 / (period + 1))


def bollinger(values: Floats, period: int = 20, deviations: float = 2.0) -> Bands:
    """The moving average and a band of `deviations` population standard deviations of the same values around it.

    J. Bollinger, "Bollinger on Bollinger Bands", 2001: 20 values, 2 deviations, divided by n.
    """
    middle = sma(values, period)
    reach = deviations * _led(_windows(values, period).std(axis=1), len(values))
    return Bands(middle, middle + reach, middle - reach)


def rsi(values: Floats, period: int = 14) -> Floats:
    """Relative strength index, 0 to 100: 100 * G / (G + L), where G and L are the averages of the gains and of the
    losses.

    J. W. Wilder, "New Concepts in Technical Trading Systems", 1978: both start as plain means of `period` changes and
    continue as a = a + (change - a) / period. The first value is at index `period`. Without any change it is 50.
    """
    changes = np.diff(values)
    gains = _smoothed(np.maximum(changes, 0.0), period, 1.0 / period)
    losses = _smoothed(np.maximum(-changes, 0.0), period, 1.0 / period)
    whole = gains + losses
    share = np.divide(100.0 * gains, whole, out=np.full_like(whole, RSI_NEUTRAL), where=whole != 0)
    return np.concatenate([np.full(min(1, len(values)), np.nan), share])


def realised_volatility(prices: Floats, period: int) -> Floats:
    """Realised volatility: the square root of the sum of the last `period` squared log returns, as a fraction.

    T. G. Andersen and T. Bollerslev, "Answering the Skeptics", 1998. It is the volatility of the whole window, not of a
    year. The first value is at index `period`. A price that is not positive makes its returns unknown.
    """
    known = np.where(prices > 0, prices, np.nan)
    squares = np.diff(np.log(known)) ** 2
    return _led(np.sqrt(_windows(squares, period).sum(axis=1)), len(prices))


def donchian_high(highs: Floats, period: int) -> Floats:
    """Upper Donchian channel: the highest of the last `period` highs, the current one included."""
    return _led(_windows(highs, period).max(axis=1), len(highs))


def donchian_low(lows: Floats, period: int) -> Floats:
    """Lower Donchian channel: the lowest of the last `period` lows, the current one included."""
    return _led(_windows(lows, period).min(axis=1), len(lows))


def relative_volume(volumes: Floats, period: int) -> Floats:
    """Each volume as a multiple of the mean of the `period` volumes before it; NaN if nothing was traded in them."""
    before = sma(volumes, period)[:-1]
    share = np.divide(volumes[1:], before, out=np.full_like(before, np.nan), where=before > 0)
    return np.concatenate([np.full(min(1, len(volumes)), np.nan), share])


def lagged(values: Floats, period: int) -> Floats:
    """Returns the value `period` places before each."""
    return _led(values[: max(0, len(values) - period)], len(values))


def macd(values: Floats, fast: int = 12, slow: int = 26, signal: int = 9) -> Macd:
    """Moving average convergence divergence: EMA(fast) - EMA(slow), and the EMA of the difference.

    G. Appel, "The Moving Average Convergence-Divergence Trading Method", 1979. Each average starts with the mean of its
    first values.
    """
    line = ema(values, fast) - ema(values, slow)
    slower = ema(line, signal)
    return Macd(line, slower, line - slower)


def _windows(values: Floats, period: int) -> Floats:
    """Returns every run of `period` values, shape (n, period)."""
    return sliding_window_view(values, period) if len(values) >= period else np.empty((0, period))


def _led(values: Floats, length: int) -> Floats:
    """Returns the values, preceded by NaN up to `length`."""
    return np.concatenate([np.full(length - len(values), np.nan), values])


def _smoothed(values: Floats, period: int, weight: float) -> Floats:
    known = values[~np.isnan(values)]
    if len(known) < period:
        return np.full(len(values), np.nan)
    smooth = [float(known[:period].mean())]
    for value in known[period:].tolist():
        smooth.append(smooth[-1] + weight * (value - smooth[-1]))
    return _led(np.array(smooth), len(values))
