"""Recorded candles from a parquet file, checked and laid out by symbol."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.binance.open_times import outliers
from pipeline.candles import CandleColumns
from pipeline.errors import BadRecording
from pipeline.market import Interval, Symbol
from pipeline.replay.candle_checks import far_off, flaw, possible
from pipeline.replay.candle_intervals import check_times, interval_of
from pipeline.replay.parquet_columns import NEEDED, OPTIONAL, open_columns, read_column
from pipeline.replay.recording_report import MAX_EXAMPLES, RecordingReport, example
from pipeline.replay.symbol_names import split_names

DEAD_AFTER = 60
"""Number of candles without trades after which a market is dead."""

_REPEATED = ("open", "high", "low", "close", "volume", "quote_volume", "trades", "taker_volume")


@dataclass(frozen=True, slots=True, eq=False)
class CandleFile:
    """All rows, sorted by symbol and time; `spans` are the rows (first, past the last) of each offered symbol.

    `symbols` are the offered ones, sorted, and `starts` their first rows. `value` is each row's turnover in the quote
    asset, computed at the close if the recording does not have it. `idle` is the number of candles since the symbol
    last traded, 0 if this one did; before its first trade it is 60 on the symbol's first candle and rises from there.
    `bases` are the base assets of the offered symbols, and `report` describes what is not played.
    """

    interval: Interval
    quote_asset: str
    rows: CandleColumns
    value: NDArray[np.float64]
    idle: NDArray[np.int32]
    spans: dict[Symbol, tuple[int, int]]
    symbols: tuple[Symbol, ...]
    starts: NDArray[np.int64]
    bases: dict[Symbol, str]
    report: RecordingReport

    @property
    def first(self) -> int:
        """First open time, UTC ms."""
        return int(min(self.rows.open_time[start] for start, _ in self.spans.values()))

    @property
    def last(self) -> int:
        """Last close time, UTC ms."""
        return int(max(self.rows.open_time[stop - 1] for _, stop in self.spans.values())) + self.interval.ms

    def of(self, symbol: Symbol) -> CandleColumns:
        """Returns one symbol's candles, as views; empty for a symbol that is not offered."""
        return self.rows.rows(*self.spans.get(symbol, (0, 0)))


async def read_candle_file(path: Path, progress: Callable[[float], None], quote_asset: str = "") -> CandleFile:
    """Reads `path` in threads, column by column; `progress` is called with the part done (0..1).

    `quote_asset` is inferred from the names if it is empty. Raises BadRecording.
    """
    columns: dict[str, NDArray[Any]] = {}
    with await asyncio.to_thread(open_columns, path) as file:
        names = [*NEEDED, *(name for name in OPTIONAL if name in file.schema_arrow.names)]
        for done, name in enumerate(names):
            columns |= await asyncio.to_thread(read_column, path, file, name)
            progress((done + 1) / (len(names) + 1))
    candle_file = await asyncio.to_thread(_laid_out, path, columns, quote_asset)
    pa.default_memory_pool().release_unused()
    progress(1.0)
    return candle_file


@dataclass(slots=True)
class _Table:
    """Rows before they become a CandleFile. `name` is the number of each row's symbol in `names`, which are sorted."""

    path: Path
    names: NDArray[Any]
    name: NDArray[Any]
    rows: CandleColumns
    bad: int = 0
    examples: tuple[str, ...] = ()
    duplicates: int = 0

    @property
    def starts(self) -> NDArray[np.intp]:
        """Returns the first row of each symbol of the sorted rows."""
        return np.flatnonzero(np.diff(self.name, prepend=-1))

    def take(self, rows: NDArray[np.intp]) -> None:
        """Keeps only these rows, in this order."""
        self.name, self.rows = self.name[rows], self.rows.take(rows)

    def quarantine(self, bad: NDArray[np.bool_], what: str = "") -> None:
        """Removes the bad rows and records them. Raises BadRecording if no row is left."""
        if not bad.any():
            return
        found = np.flatnonzero(bad)
        self.bad += len(found)
        for row in found[: MAX_EXAMPLES - len(self.examples)].tolist():
            symbol, time = str(self.names[self.name[row]]), int(self.rows.open_time[row])
            self.examples += (example(symbol, time, what or flaw(self.rows, row)),)
        self.take(np.flatnonzero(~bad))
        if not len(self.rows):
            raise BadRecording(str(self.path), "rows", self.examples[0])

    def sort(self) -> None:
        """Sorts by symbol and time and drops rows that repeat another. Raises BadRecording if two such rows differ."""
        if not _sorted(self.name, self.rows.open_time):
            self.take(np.lexsort((self.rows.open_time, self.name)))
        again = np.append(False, (np.diff(self.name) == 0) & (np.diff(self.rows.open_time) == 0))
        if not again.any():
            return
        repeated = np.flatnonzero(again)
        differing = np.zeros(len(repeated), bool)
        for name in _REPEATED:
            differing |= _differ(getattr(self.rows, name), repeated)
        if differing.any():
            row = int(repeated[differing.argmax()])
            symbol, time = str(self.names[self.name[row]]), int(self.rows.open_time[row])
            raise BadRecording(str(self.path), "duplicates", example(symbol, time, "").removesuffix(" ()"))
        self.duplicates = int(again.sum())
        self.take(np.flatnonzero(~again))


def _differ(column: NDArray[Any] | None, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Returns at which of the rows the value is not that of the row before; unknown ones (NaN) are equal."""
    if column is None:
        return np.zeros(len(rows), bool)
    value, before = column[rows], column[rows - 1]
    differs: NDArray[np.bool_] = (value != before) & ((value == value) | (before == before))  # noqa: PLR0124 - NaN is not itself
    return differs


def _laid_out(path: Path, columns: dict[str, NDArray[Any]], quote_asset: str) -> CandleFile:
    names, rank = np.unique(columns.pop("names"), return_inverse=True)
    table = _Table(path, names, rank[columns.pop("name")], _rows(columns))
    table.quarantine(~possible(table.rows))
    check_times(str(path), str(names[table.name[0]]), table.rows.open_time)
    table.quarantine(outliers(table.rows.open_time), "open_time far from the others")
    table.sort()
    listed = [str(symbol) for symbol in table.names[table.name[table.starts]]]
    interval = interval_of(str(path), listed, table.rows.open_time, table.starts)
    table.quarantine(table.rows.open_time % interval.ms != 0, "open_time off the grid of candles")
    table.quarantine(far_off(table.rows, table.starts))
    rows, starts = table.rows, table.starts
    stops = np.append(starts[1:], len(rows))
    present = [str(symbol) for symbol in table.names[table.name[starts]]]
    quote, bases = split_names(str(path), present, quote_asset)
    spans = {
        Symbol(symbol): (int(start), int(stop))
        for symbol, start, stop in zip(present, starts, stops, strict=True)
        if symbol in bases
    }
    value = rows.quote_volume if "quote_volume" in columns else rows.volume * rows.close
    firsts = np.array([start for start, _ in spans.values()], np.int64)
    others = tuple(symbol for symbol in present if symbol not in bases)
    report = RecordingReport(quote, len(spans), others, table.bad, table.examples, table.duplicates)
    return CandleFile(
        interval,
        quote,
        rows,
        value,
        _idle(rows.volume, starts, stops),
        spans,
        tuple(spans),
        firsts,
        {Symbol(symbol): base for symbol, base in bases.items()},
        report,
    )


def _rows(columns: dict[str, NDArray[Any]]) -> CandleColumns:
    count, volume, taken = len(columns["open_time"]), columns["volume"], columns.get("taker_base")
    if taken is not None:
        taken = np.where((taken >= 0) & (taken <= volume), taken, np.nan)
    return CandleColumns(
        **{key: columns[key] for key in ("open_time", "open", "high", "low", "close", "volume")},
        quote_volume=columns.get("quote_volume", np.broadcast_to(0.0, count)),
        trades=columns.get("trades", np.broadcast_to(np.int64(0), count)),
        taker_volume=taken,
    )


def _sorted(name: NDArray[Any], open_time: NDArray[np.int64]) -> bool:
    """True if the rows rise by (name, time). Equal rows are allowed, and are found as duplicates later."""
    forward = np.diff(name)
    return bool(np.all((forward > 0) | ((forward == 0) & (np.diff(open_time) >= 0))))


def _idle(volume: NDArray[np.float64], starts: NDArray[np.intp], stops: NDArray[np.intp]) -> NDArray[np.int32]:
    row = np.arange(len(volume), dtype=np.int32)
    begins = np.repeat(starts.astype(np.int32), stops - starts)
    traded = np.maximum.accumulate(np.where(volume > 0, row, np.int32(-1)))
    idle: NDArray[np.int32] = np.where(traded < begins, row - begins + np.int32(DEAD_AFTER), row - traded)
    return idle
