"""Open, high, low and turnover of the rolling day, for many symbols at once and any slot of a day.

Two consecutive UTC days are laid out as matrices (symbols x slots). A window of one day that ends after slot m of
the second day is the tail of the first from m plus the head of the second up to m, so the running extremes of both,
computed once, suffice for every slot. Van Herk, "A fast algorithm for local minimum and maximum filters", 1992.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class DayMatrix:
    """A UTC day of candles: four arrays (symbols x slots) of one shape; a missing candle has zeros everywhere.

    Prices may be floats or whole ticks; `value` is turnover in the quote asset.
    """

    open: Matrix
    high: Matrix
    low: Matrix
    value: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class RollingDay:
    """Data of the windows of one day that end on the second of two days; arrays are (symbols x (slots + 1))."""

    _tail: tuple[Matrix, Matrix, Matrix, Matrix]
    _head: tuple[Matrix, Matrix, Matrix, Matrix]

    @classmethod
    def of(cls, before: DayMatrix, day: DayMatrix) -> Self:
        """Returns the rolling windows that end on `day`; `before` is the day before it."""
        reversed_before = DayMatrix(*(side[:, ::-1] for side in (before.open, before.high, before.low, before.value)))
        tail = _running(reversed_before, newest_open=True)
        return cls(
            _tail=(tail[0][:, ::-1], tail[1][:, ::-1], tail[2][:, ::-1], tail[3][:, ::-1]),
            _head=_running(day, newest_open=False),
        )

    def at(self, slot: int) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """Returns open, high, low and turnover of the window that ends when `slot` candles of the day have closed.

        One number a symbol; a symbol without any candle in the window has open 0 and high 0.
        """
        tail, head = [side[:, slot] for side in self._tail], [side[:, slot] for side in self._head]
        return (
            np.where(tail[0] > 0, tail[0], head[0]),
            np.maximum(tail[1], head[1]),
            np.minimum(tail[2], head[2]),
            tail[3] + head[3],
        )


def _running(day: DayMatrix, *, newest_open: bool) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Returns opens, maxima, minima and sums of the first 0..slots columns."""
    symbols, slots = day.open.shape
    highest = np.iinfo(day.low.dtype).max if np.issubdtype(day.low.dtype, np.integer) else np.inf
    opens = np.zeros((symbols, slots + 1), day.open.dtype)
    highs = np.zeros((symbols, slots + 1), day.high.dtype)
    lows = np.full((symbols, slots + 1), highest, day.low.dtype)
    values = np.zeros((symbols, slots + 1), np.float64)
    present = np.where(day.open > 0, np.arange(slots), -1 if newest_open else slots)
    accumulate = np.maximum.accumulate if newest_open else np.minimum.accumulate
    chosen = accumulate(present, axis=1)
    found = (chosen >= 0) & (chosen < slots)
    opens[:, 1:] = np.where(found, np.take_along_axis(day.open, np.clip(chosen, 0, slots - 1), axis=1), 0)
    np.maximum.accumulate(day.high, axis=1, out=highs[:, 1:])
    np.minimum.accumulate(np.where(day.low > 0, day.low, highest), axis=1, out=lows[:, 1:])
    np.cumsum(day.value, axis=1, out=values[:, 1:])
    return opens, highs, lows, values
