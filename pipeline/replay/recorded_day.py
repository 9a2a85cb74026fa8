"""Ticks and candles of a replay, each at the time at which it became known."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Candle, Frame, Interval, Symbol, Tick, Trade
from pipeline.replay.parquet_candles import DEAD_AFTER, CandleFile
from pipeline.replay.path_trades import path_trades, plain_text
from pipeline.rolling_24h import DayMatrix, RollingDay

TICKS_A_FRAME = 2000
"""Approximate maximum number of ticks of a frame at any speed."""

_MAX_VALUE = 1e18  # a tick may have 18 digits before the point

Rows = NDArray[np.intp]
Figures = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class RecordedDay:
    """UTC day `number` since 1970: the row of every (symbol, slot), -1 if the candle is missing."""

    number: int
    file: CandleFile
    rows: Rows
    rolling: RollingDay

    def frame(self, first: int, last: int) -> Frame:
        """Returns the closes at first, first + interval, ... up to `last`, the day's end, or until the frame is full,
        with the trades along the paths of their candles.
        """
        width = self.file.interval.ms
        ticks: list[Tick] = []
        candles: list[Candle] = []
        trades: list[Trade] = []
        close = first
        while True:
            slot = (close - width) % DAY_MS // width
            ticks += self._ticks(slot, close)
            candles += self._candles(slot)
            trades += self._trades(slot)
            full = len(ticks) + len(self.rows) > TICKS_A_FRAME
            if full or close + width > last or close % DAY_MS == 0:
                return Frame(close, tuple(ticks), tuple(candles), tuple(trades))
            close += width

    def _ticks(self, slot: int, time: int) -> Iterator[Tick]:
        """Yields a tick of every symbol that has the candle and whose market is not dead."""
        here = np.flatnonzero(self.rows[:, slot] >= 0)
        alive = here[self.file.idle[self.rows[here, slot]] <= DEAD_AFTER]
        opened, high, low, value = (side[alive] for side in self.rolling.at(slot + 1))
        times = np.full(len(alive), time)
        return _ticks(self.file, alive, self.rows[alive, slot], times, (opened, high, low, value))

    def _candles(self, slot: int) -> Iterator[Candle]:
        """Yields the 1-minute candles that close with the slot; none for a recording of wider ones."""
        if self.file.interval is not Interval.M1:
            return
        here = np.flatnonzero(self.rows[:, slot] >= 0)
        columns = self.file.rows.take(self.rows[here, slot])
        yield from columns.candles_of(self.file.symbols[place] for place in here.tolist())

    def _trades(self, slot: int) -> Iterator[Trade]:
        here = np.flatnonzero(self.rows[:, slot] >= 0)
        rows, width = self.file.rows.take(self.rows[here, slot]), self.file.interval.ms
        sides = (rows.open, rows.high, rows.low, rows.close)
        columns = (side.tolist() for side in (here, rows.open_time, rows.volume, *sides))
        for place, open_time, volume, *prices in zip(*columns, strict=True):
            yield from path_trades(self.file.symbols[place], open_time, width, tuple(prices), volume)


def recorded_day(file: CandleFile, number: int) -> RecordedDay:
    """Returns the layout of UTC day `number`. A day of 1-minute candles takes about ten milliseconds."""
    before, rows = _grid(file, number - 1), _grid(file, number)
    return RecordedDay(number, file, rows, RollingDay.of(_matrix(file, before), _matrix(file, rows)))


def opening_ticks(file: CandleFile, start: int) -> tuple[Tick, ...]:
    """Returns the latest tick of every symbol at `start`, with the time at which it was confirmed."""
    width = file.interval.ms
    found = []
    for place, (first, stop) in enumerate(file.spans.values()):
        known = first + int(np.searchsorted(file.rows.open_time[first:stop], start - width, side="right"))
        if known > first:
            row = known - 1
            found.append((place, row - max(int(file.idle[row]) - DEAD_AFTER, 0)))
    if not found:
        return ()
    places, rows = (np.array(side) for side in zip(*found, strict=True))
    times = file.rows.open_time[rows] + width
    figures = [_day_before(file, place, time) for place, time in zip(places.tolist(), times.tolist(), strict=True)]
    opened, high, low, value = (np.array(side) for side in zip(*figures, strict=True))
    return tuple(_ticks(file, places, rows, times, (opened, high, low, value)))


def recorded_candles(file: CandleFile, symbol: Symbol, interval: Interval, until: int) -> CandleColumns:
    """Returns the symbol's candles closed at `until`; empty for an interval narrower than the recording's."""
    columns = file.of(symbol)
    if interval is file.interval:
        return columns.between(0, until - interval.ms + 1)
    wider = interval.ms > file.interval.ms
    return columns.aggregate(interval, until) if wider else columns.rows(0, 0)


def _grid(file: CandleFile, number: int) -> Rows:
    slots = DAY_MS // file.interval.ms
    begins = number * DAY_MS
    grid = np.full((len(file.spans), slots), -1, np.intp)
    for place, (first, stop) in enumerate(file.spans.values()):
        times = file.rows.open_time[first:stop]
        low, high = np.searchsorted(times, (begins, begins + DAY_MS)).tolist()
        grid[place, (times[low:high] - begins) // file.interval.ms] = np.arange(first + low, first + high)
    return grid


def _matrix(file: CandleFile, rows: Rows) -> DayMatrix:
    there = rows >= 0
    columns = (file.rows.open, file.rows.high, file.rows.low, file.value)
    return DayMatrix(*(np.where(there, column[rows], 0.0) for column in columns))


def _day_before(file: CandleFile, place: int, time: int) -> tuple[float, float, float, float]:
    """Returns open, high, low and turnover of the day that ends at `time`, of the symbol at index `place`."""
    first, stop = file.spans[file.symbols[place]]
    low, high = np.searchsorted(file.rows.open_time[first:stop], (time - DAY_MS, time)).tolist()
    day = slice(first + low, first + high)
    opens, highs, lows = file.rows.open[day], file.rows.high[day], file.rows.low[day]
    return float(opens[0]), float(highs.max()), float(lows.min()), float(file.value[day].sum())


def _ticks(file: CandleFile, places: Rows, rows: Rows, times: NDArray[np.int64], day: Figures) -> Iterator[Tick]:
    """Yields ticks of the symbols at indices `places` from their candles at `rows`. Sizes are unknown before a symbol's
    first trade.
    """
    traded = rows - file.idle[rows]
    known = traded >= file.starts[places]
    sizes = np.where(known, file.rows.volume[traded], 0.0)
    symbols = file.symbols
    columns = (side.tolist() for side in (places, times, file.rows.close[rows], sizes, *day))
    for place, time, close, size, opened, high, low, value in zip(*columns, strict=True):
        price, displayed = plain_text(close), plain_text(size) if size else ""
        yield Tick(
            symbols[place],
            time,
            price,
            bid=price,
            bid_size=displayed,
            ask=price,
            ask_size=displayed,
            open_24h=plain_text(opened),
            high_24h=plain_text(high),
            low_24h=plain_text(low),
            volume_24h=f"{value:.4f}" if value < _MAX_VALUE else "",
        )
