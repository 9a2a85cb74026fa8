"""Candles in columns, and the aggregation of narrower candles to wider ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import repeat
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.market import Candle, Interval, Symbol

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_WHOLE = {"open_time", "trades"}


@dataclass(frozen=True, slots=True, eq=False)
class CandleColumns:
    """Candles of one symbol, oldest first, one array per field, all of the same length; units as in `Candle`.

    The order flow is None where it was not read or no candle has it, and NaN for a candle without it.
    """

    open_time: Integers
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    quote_volume: Floats
    trades: Integers
    taker_volume: Floats | None = None
    quote_imbalance: Floats | None = None

    def __len__(self) -> int:
        return len(self.open_time)

    @classmethod
    def of(cls, candles: Sequence[Candle]) -> Self:
        """Returns the columns of these candles."""
        names = [field.name for field in fields(cls)]
        types = [np.int64 if name in _WHOLE else np.float64 for name in names]
        columns: list[NDArray[Any]] = [
            np.array([getattr(candle, name) for candle in candles], dtype)  # None becomes NaN
            for name, dtype in zip(names, types, strict=True)
        ]
        return cls(*columns)

    def rows(self, start: int, stop: int) -> "CandleColumns":
        """Returns the rows start <= i < stop, as views."""
        return self._each(lambda column: column[start:stop])

    def between(self, start: int, end: int) -> "CandleColumns":
        """Returns the rows with start <= open_time < end (UTC ms), as views."""
        first, last = np.searchsorted(self.open_time, (start, end))
        return self.rows(int(first), int(last))

    def aggregate(self, interval: Interval, until: int) -> "CandleColumns":
        """Returns wider candles, as the function `aggregate` does."""
        width = interval.ms
        bucket = self.open_time // width * width
        closed = int(np.searchsorted(bucket, until - width, side="right"))
        if closed == 0:
            return self.rows(0, 0)
        bucket = bucket[:closed]
        first = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - width))
        last = np.append(first[1:], closed) - 1
        return CandleColumns(
            open_time=bucket[first],
            open=self.open[first],
            high=np.maximum.reduceat(self.high[:closed], first),
            low=np.minimum.reduceat(self.low[:closed], first),
            close=self.close[last],
            volume=np.add.reduceat(self.volume[:closed], first),
            quote_volume=np.add.reduceat(self.quote_volume[:closed], first),
            trades=np.add.reduceat(self.trades[:closed], first),
            taker_volume=None if self.taker_volume is None else np.add.reduceat(self.taker_volume[:closed], first),
            quote_imbalance=None
            if self.quote_imbalance is None
            else np.add.reduceat(self.quote_imbalance[:closed], first) / (last + 1 - first),
        )

    def take(self, rows: NDArray[np.intp]) -> "CandleColumns":
        """Copies these rows, in this order."""
        return self._each(lambda column: column[rows])

    def candles(self, symbol: Symbol) -> list[Candle]:
        """Returns one `Candle` for each row."""
        return list(self.candles_of(repeat(symbol)))

    def candles_of(self, symbols: Iterable[Symbol]) -> Iterator[Candle]:
        """Yields one `Candle` for each row, of the symbol at the same index of `symbols`."""
        *known, taken, imbalance = (getattr(self, field.name) for field in fields(self))
        columns = [*(column.tolist() for column in known), _or_none(taken), _or_none(imbalance)]
        for symbol, *row in zip(symbols, *columns, strict=False):
            yield Candle(symbol, *row)

    def _each(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> "CandleColumns":
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: change(column) for name, column in columns.items() if column is not None})


def _or_none(column: Floats | None) -> Iterable[float | None]:
    """Returns the values, None for NaN."""
    if column is None:
        return repeat(None)
    values = column.astype(object)
    values[np.isnan(column)] = None
    return values


def aggregate(candles: Sequence[Candle], interval: Interval, until: int) -> list[Candle]:
    """Returns wider candles of one symbol, built from narrower ones, oldest first.

    Buckets begin at multiples of the interval since the UTC epoch. A wider candle has the open of the first candle, the
    close of the last, the highest high, the lowest low, and the sums of volume, quote volume, trades and taker volume;
    its quote imbalance is the mean. The last two are known if they are of each candle. A bucket that lacks some candles
    is built from the others; a bucket without candles is absent. Only closed buckets are returned,
    whose end is at or before `until` (UTC ms): pass the market's current time.
    """
    if not candles:
        return []
    return CandleColumns.of(candles).aggregate(interval, until).candles(candles[0].symbol)
