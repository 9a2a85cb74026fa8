"""Figures of a wider interval, seen from the candles of a rule: each holds from the close of its candle to the next.

A wide candle is closed when a candle of the rule closes at its end, or one after it does: its figure is known then and
not before. One whose beginning is not among the candles, the first, is left out.
"""

from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Interval
from trading.indicators.operators import Interruptible, Step, Stopped, never
from trading.indicators.program import Program
from trading.indicators.series import Bars, Series
from trading.indicators.streaming import Stream

FIELDS = ("open_time", "open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True, eq=False)
class Wider(Interruptible):
    """Series over candles of `interval`, computed from candles of `base`. Its inputs are the `FIELDS` of these."""

    series: Series
    base: Interval
    interval: Interval

    @property
    def lead(self) -> int:
        """Number of candles before its first value, where the first candle begins a wide one."""
        return (self.series.lead + 1) * (self.interval.ms // self.base.ms) - 1

    def batch(self, *values: Floats, stopped: Stopped = never) -> Floats:
        """Returns the values for whole series of candles. Raises ComputationStopped."""
        times, *prices = values
        found = np.full(len(times), np.nan)
        if not len(times):
            return found
        width = float(self.interval.ms)
        buckets = np.floor(times / width) * width
        first = np.flatnonzero(np.diff(buckets, prepend=np.nan) != 0)
        first = first[1:] if times[0] != buckets[0] else first
        if not len(first):
            return found
        known = np.searchsorted(times + self.base.ms, buckets[first] + width)
        last = np.searchsorted(known, np.arange(len(times)), side="right") - 1
        program = Program()
        place = program.add(self.series)
        inner = program.run(_wide(buckets, first, *prices), [place], stopped=stopped)[place]
        return np.where(last >= 0, inner[np.maximum(last, 0)], np.nan)

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps the wide candle of each series that is not closed."""
        every = [_Follower(self) for _ in range(size)]

        def step(*values: Floats) -> Floats:
            rows = zip(every, *(each.tolist() for each in values), strict=True)
            return np.array([one.add(*row) for one, *row in rows], float)

        return step


def wider(series: Series, base: Interval, interval: Interval) -> Series:
    """Returns a series over wide candles as one over those of a rule."""
    bars = Bars()
    return Series(Wider(series, base, interval), tuple(getattr(bars, each) for each in FIELDS))


def _wide(buckets: Floats, first: Any, *prices: Floats) -> dict[str, Floats]:
    opens, highs, lows, closes, volumes = prices
    ends = np.append(first[1:], len(buckets)) - 1
    return {
        "open_time": buckets[first],
        "open": opens[first],
        "high": np.maximum.reduceat(highs, first),
        "low": np.minimum.reduceat(lows, first),
        "close": closes[ends],
        "volume": np.add.reduceat(volumes, first),
    }


class _Follower:
    """Wide candles of one symbol, candle by candle."""

    def __init__(self, wide: Wider) -> None:
        self._stream = Stream({"": wide.series})
        self._base, self._width = float(wide.base.ms), float(wide.interval.ms)
        self._bucket = nan
        self._candle: dict[str, float] | None = None
        self._value = nan

    def add(self, *row: float) -> float:
        """Takes a candle of the rule and returns the figure of the last wide candle that is closed."""
        time, opening, high, low, close, volume = row
        if isnan(time):
            return self._value
        bucket = time // self._width * self._width
        if bucket != self._bucket:
            self._close()
            begins = not isnan(self._bucket) or time == bucket
            self._bucket = bucket
            self._candle = dict(zip(FIELDS, (bucket, opening, high, low, close, 0.0), strict=True)) if begins else None
        if (candle := self._candle) is not None:
            candle["high"] = max(candle["high"], high)
            candle["low"] = min(candle["low"], low)
            candle["close"] = close
            candle["volume"] += volume
        if time + self._base >= bucket + self._width:
            self._close()
        return self._value

    def _close(self) -> None:
        if self._candle is not None:
            self._value = self._stream.figures(self._candle)[""]
            self._candle = None
