"""Trend: its direction and strength, and the stops that follow it."""

from math import isnan, nan

import numpy as np

from pipeline.candles import Floats
from trading.indicators import averages, windows
from trading.indicators.averages import highest, lowest, total
from trading.indicators.definitions import choice, define, number, period
from trading.indicators.series import Bars, Series, apply, change, lag, scan, window


@define(period("length", 14))
def adx(bars: Bars, length: int) -> dict[str, Series]:
    """Average directional index, 0 to 100, with the directional indicators +DI and -DI. J. W. Wilder, 1978.

    DX is 0 where neither side moved.
    """
    up, down = change(bars.high), -change(bars.low)
    width = averages.average_true_range(bars, length)
    plus, minus = (
        100.0 * averages.wilder(apply(_movement, *sides), length) / width for sides in ((up, down), (down, up))
    )
    dx = apply(_dx, plus, minus)
    return {"adx": averages.wilder(dx, length), "plus": plus, "minus": minus, "dx": dx}


def _movement(own: Floats, other: Floats) -> Floats:
    return np.where((own > other) & (own > 0), own, 0.0)


def _dx(plus: Floats, minus: Floats) -> Floats:
    return np.where(plus + minus == 0, 0.0, 100.0 * np.abs(plus - minus) / (plus + minus))


@define(period("length", 25))
def aroon(bars: Bars, length: int) -> dict[str, Series]:
    """Aroon, 0 to 100: how lately the highest high and the lowest low came, and their difference. T. Chande, 1995."""
    up = 100.0 - 100.0 / length * window(windows.since_highest, bars.high, length + 1)
    down = 100.0 - 100.0 / length * window(windows.since_lowest, bars.low, length + 1)
    return {"up": up, "down": down, "oscillator": up - down}


@define(period("length", 14))
def vortex(bars: Bars, length: int) -> dict[str, Series]:
    """Vortex: upward and downward movement as shares of the true range. E. Botes and D. Siepman, 2010."""
    wide = total(averages.true_range(bars), length)
    up, down = (apply(np.abs, each) for each in (bars.high - lag(bars.low), bars.low - lag(bars.high)))
    return {"plus": total(up, length) / wide, "minus": total(down, length) / wide}


@define(period("conversion", 9), period("base", 26), period("span", 52))
def ichimoku(bars: Bars, conversion: int, base: int, span: int) -> dict[str, Series]:
    """Ichimoku: conversion and base line, and the cloud that was drawn `base` candles ahead, where it stands now.

    The lagging span is the close, drawn `base` candles back: compare it with the close there. G. Hosoda, 1969.
    """
    lines = {
        length: (highest(bars.high, length) + lowest(bars.low, length)) / 2.0 for length in (conversion, base, span)
    }
    return {
        "conversion": lines[conversion],
        "base": lines[base],
        "span_a": lag((lines[conversion] + lines[base]) / 2.0, base),
        "span_b": lag(lines[span], base),
        "lagging": bars.close,
    }


class _Bands:
    """Bands that only come nearer until the close is beyond one of them."""

    def __init__(self) -> None:
        self._upper = self._lower = self._close = nan
        self._rising = False

    def add(self, *values: float) -> tuple[float, ...]:
        close, upper, lower, middle = values
        before, self._close = self._close, close
        if isnan(self._upper) or isnan(self._lower):
            self._rising, self._upper, self._lower = close >= middle, upper, lower
        if upper < self._upper or before > self._upper:
            self._upper = upper
        if lower > self._lower or before < self._lower:
            self._lower = lower
        self._rising = close > (self._lower if self._rising else self._upper)
        return (self._lower, 1.0) if self._rising else (self._upper, -1.0)


@define(period("length", 10), number("multiple", 3, 0.01, 100))
def supertrend(bars: Bars, length: int, multiple: float) -> dict[str, Series]:
    """Supertrend: a stop some average true ranges from the median; direction 1 below the price, -1 above. O. Seban."""
    median, reach = averages.middle(bars), multiple * averages.average_true_range(bars, length)
    line, direction = scan(_Bands, (bars.close, median + reach, median - reach, median), columns=2)
    return {"supertrend": line, "direction": direction}


@define(period("length", 21), number("multiple", 3, 0.01, 100), choice("source", "close", "high_low"))
def atr_stop(bars: Bars, length: int, multiple: float, source: str) -> dict[str, Series]:
    """ATR trailing stop: a stop some average true ranges from the close, or from high and low. J. W. Wilder, 1978."""
    reach = multiple * averages.average_true_range(bars, length)
    high, low = (bars.high, bars.low) if source == "high_low" else (bars.close, bars.close)
    line, direction = scan(_Bands, (bars.close, high + reach, low - reach, lag(bars.close)), columns=2)
    return {"atr_stop": line, "direction": direction}


class _VolatilityStop:
    """Stop a distance from the best close of the trend; nothing is known until it has been reached once."""

    def __init__(self) -> None:
        self._best = nan
        self._rising = self._turned = False

    def add(self, *values: float) -> tuple[float, ...]:
        close, reach, most, least, way = values
        if isnan(self._best):
            self._rising = way > 0
            self._best = most if self._rising else least
        stop = self._best - reach if self._rising else self._best + reach
        direction = 1.0 if self._rising else -1.0
        shown = self._turned
        if (close < stop) if self._rising else (close > stop):
            self._rising, self._best, self._turned = not self._rising, close, True
        else:
            self._best = max(self._best, close) if self._rising else min(self._best, close)
        return (stop, direction) if shown else (nan, nan)


@define(period("length", 7), number("multiple", 3, 0.01, 100))
def volatility_stop(bars: Bars, length: int, multiple: float) -> dict[str, Series]:
    """Volatility stop: some average true ranges from the best close of the trend; no value before its first turn.

    Direction is 1 where the stop is below the price, -1 above. J. W. Wilder, 1978.
    """
    closes = bars.close
    reach = lag(multiple * averages.average_true_range(bars, length))
    first = lag(highest(closes, length + 1)), lag(lowest(closes, length + 1)), lag(change(closes, length - 1), 2)
    line, direction = scan(_VolatilityStop, (closes, reach, *first), columns=2)
    return {"volatility_stop": line, "direction": direction}


class _Parabolic:
    def __init__(self, step: float, limit: float, start: float) -> None:
        self._step, self._limit, self._start = step, limit, start
        self._factor = start
        self._rising = True
        self._turned = False
        self._stop = self._extreme = nan
        self._highs, self._lows = [nan, nan], [nan, nan]

    def add(self, *values: float) -> tuple[float, ...]:
        high, low = values
        if isnan(self._stop):
            self._stop, self._extreme = low, high
            self._remember(high, low)
            return nan, nan
        stop = self._stop + self._factor * (self._extreme - self._stop)
        known = not isnan(self._highs[0])
        if self._rising:
            stop = min(stop, *self._lows) if known else stop
            turns, further, extreme = low < stop, high > self._extreme, high
        else:
            stop = max(stop, *self._highs) if known else stop
            turns, further, extreme = high > stop, low < self._extreme, low
        if turns:
            stop, self._extreme, self._factor = self._extreme, low if self._rising else high, self._start
            self._rising = not self._rising
        elif further:
            self._extreme, self._factor = extreme, min(self._factor + self._step, self._limit)
        self._stop = stop
        self._remember(high, low)
        shown, self._turned = self._turned, self._turned or turns
        return (stop, 1.0 if self._rising else -1.0) if shown else (nan, nan)

    def _remember(self, high: float, low: float) -> None:
        self._highs, self._lows = [self._highs[1], high], [self._lows[1], low]


@define(number("step", 0.02, 0.0001, 1), number("limit", 0.2, 0.0001, 1), number("start", 0.02, 0.0001, 1))
def parabolic_sar(bars: Bars, step: float, limit: float, start: float) -> dict[str, Series]:
    """Parabolic SAR: a stop that speeds up with each new extreme; direction 1 below the price, -1 above.

    The direction of the first trend is a guess: there is no value until it has turned once. J. W. Wilder, 1978.
    """
    line, direction = scan(_Parabolic, (bars.high, bars.low), (step, limit, start), columns=2, leads=(2, 2))
    return {"parabolic_sar": line, "direction": direction}


@define(period("length", 20, 2))
def linear_regression(bars: Bars, length: int) -> dict[str, Series]:
    """Least-squares line of the last closing prices: slope for a candle, end point, fit (R squared) and deviation."""
    return {
        "slope": window(windows.slope, bars.close, length),
        "end": window(windows.line_end, bars.close, length),
        "fit": window(windows.fit, bars.close, length),
        "deviation": window(windows.deviation, bars.close, length),
    }


class _HeikinAshi:
    def __init__(self) -> None:
        self._middle = nan

    def add(self, *values: float) -> tuple[float, ...]:
        opening, close, mean = values
        begin = (opening + close) / 2 if isnan(self._middle) else self._middle
        self._middle = (begin + mean) / 2
        return (begin,)


@define()
def heikin_ashi(bars: Bars) -> dict[str, Series]:
    """Heikin-Ashi candles: open and close averaged, high and low with them."""
    close = (bars.open + bars.high + bars.low + bars.close) / 4.0
    (begin,) = scan(_HeikinAshi, (bars.open, bars.close, close))
    return {
        "open": begin,
        "high": apply(np.maximum, bars.high, apply(np.maximum, begin, close)),
        "low": apply(np.minimum, bars.low, apply(np.minimum, begin, close)),
        "close": close,
    }
