"""Gauges: the figure that a condition measures, followed candle by candle and price by price. No I/O."""

from collections.abc import Callable, Sequence
from math import isfinite, nan

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol, within_bounds
from trading.indicators.averages import highest, lowest
from trading.indicators.definitions import Outputs
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars, lag
from trading.indicators.streaming import Stream
from trading.rules.compile import compile_text
from trading.triggers.conditions import ON_CANDLES, Condition, Measure

_DIGITS = 12
"""Decimals of a figure, so that 105 is 5 % above 100."""


class Gauge:
    """Figure of one measure. `add` takes the closed candles of the condition's interval, oldest first; `form` takes the
    prices since the last of them. A figure that is not known is NaN.
    """

    def __init__(self, condition: Condition) -> None:
        self.measure = condition.measure
        self.base = nan
        """Figure that the last price or volume was measured against."""
        self._stream = Stream(_series(condition))
        self._figure = nan
        self._extreme = nan
        """Highest or lowest price since the last closed candle; NaN before the first."""

    def add(self, candle: Candle) -> None:
        """Takes a closed candle."""
        self._extreme = nan
        fields = {
            "open_time": float(candle.open_time),
            "open": candle.open,
            "high": candle.high,
            "low": candle.low,
            "close": candle.close,
            "volume": candle.volume,
        }
        found = self._stream.figures(fields)
        self.base = found.get("base", nan)
        if self.measure in _AVERAGES:
            self._figure = _change(candle.close, self.base)
        elif self.measure in ON_CANDLES:
            self._figure = found["figure"]

    def form(self, high: float, low: float) -> None:
        """Takes the highest and lowest price of a part of the candle that has not closed."""
        if self.measure is Measure.HIGH:
            self._extreme = max(high, self._extreme) if isfinite(self._extreme) else high
        elif self.measure is Measure.LOW:
            self._extreme = min(low, self._extreme) if isfinite(self._extreme) else low

    def of_candle(self) -> float:
        """Returns the figure of the last closed candle, for measures of candles."""
        return round(self._figure, _DIGITS)

    def at(self, price: float) -> tuple[float, float]:
        """Returns the figure at a price, and what it is measured against."""
        if self.measure in ON_CANDLES:
            return self.of_candle(), self.base
        base = self.base
        if isfinite(self._extreme) and isfinite(base):
            base = max(base, self._extreme) if self.measure is Measure.HIGH else min(base, self._extreme)
        return _change(price, base), base


_AVERAGES = {Measure.SMA, Measure.EMA}


def _indicator(name: str, role: str) -> Callable[[Bars, int], Outputs]:
    """Returns the first output of an indicator as the "figure" or as the "base" that the price is measured against."""

    def series(bars: Bars, length: int) -> Outputs:
        return {role: next(iter(INDICATORS[name].build(bars, length=length).values()))}

    return series


def _relative_volume(bars: Bars, length: int) -> Outputs:
    found = INDICATORS["relative_volume"].build(bars, length=length)
    return {"figure": found["relative_volume"], "base": found["mean"]}


_SERIES: dict[Measure, Callable[[Bars, int], Outputs]] = {
    Measure.CHANGE: lambda bars, length: {"base": lag(bars.close, length)},
    Measure.HIGH: lambda bars, length: {"base": highest(bars.high, length)},
    Measure.LOW: lambda bars, length: {"base": lowest(bars.low, length)},
    Measure.VOLUME: _relative_volume,
    Measure.VOLATILITY: _indicator("realised_volatility", "figure"),
    Measure.SMA: _indicator("sma", "base"),
    Measure.EMA: _indicator("ema", "base"),
    Measure.RSI: _indicator("rsi", "figure"),
    Measure.ORDER: lambda bars, _length: {"base": bars.close},
}


def _series(condition: Condition) -> Outputs:
    if condition.measure is Measure.RULE:
        return {"figure": compile_text(condition.rule, condition.interval)}
    return _SERIES[condition.measure](Bars(), condition.length)


def _change(price: float, base: float) -> float:
    return round(price / base - 1, _DIGITS) if base > 0 and price > 0 else nan


class CandleAggregator:
    """Builds the candles of an interval from closed 1-minute candles without a gap. `until` is the end of the last
    minute.
    """

    def __init__(self, interval: Interval, until: int) -> None:
        self._width = interval.ms
        self.until = until
        self._open: Candle | None = None

    def add(self, minute: Candle) -> Candle | None:
        """Takes the next minute; returns the candle that it closes, if it closes one."""
        start = minute.open_time // self._width * self._width
        before = self._open if self._open is not None and self._open.open_time == start else None
        candle = Candle(
            minute.symbol,
            start,
            before.open if before else minute.open,
            max(before.high, minute.high) if before else minute.high,
            min(before.low, minute.low) if before else minute.low,
            minute.close,
            (before.volume if before else 0.0) + minute.volume,
        )
        self.until = minute.open_time + MINUTE_MS
        self._open = None if self.until == start + self._width else candle
        return candle if self._open is None else None


def split(
    symbol: Symbol, interval: Interval, candles: Sequence[Candle], minutes: Sequence[Candle]
) -> tuple[list[Candle], list[Candle]]:
    """Returns the possible candles of a symbol and the minutes after the last of them."""
    closed = [each for each in candles if each.symbol == symbol and within_bounds(each, interval.ms // MINUTE_MS)]
    end = closed[-1].open_time + interval.ms if closed else 0
    return closed, [each for each in minutes if each.symbol == symbol and each.open_time >= end and within_bounds(each)]
