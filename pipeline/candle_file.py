"""Recorded candles from a parquet file, checked and laid out by symbol."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.errors import BadRecording
from pipeline.inferred_rules import common_quote, split_symbol
from pipeline.market import Interval, Symbol

MOST_ROWS = 50_000_000
DEAD_AFTER = 60
"""A market whose last 60 candles traded nothing is dead."""

_PRICES = ("open", "high", "low", "close")
_NEEDED = ("symbol", "open_time", *_PRICES, "volume")
_OPTIONAL = ("quote_volume", "trades")


@dataclass(frozen=True, slots=True, eq=False)
class CandleFile:
    """All rows, sorted by symbol and time; `spans` are the rows (first, past the last) of each offered symbol.

    `symbols` are the offered ones, sorted, and `starts` their first rows. `value` is each row's turnover in the quote
    asset, reckoned at the close where the recording does not say it.
    `idle` is how many candles ago the symbol last traded, 0 where this one did; before its first trade it is
    60 on the symbol's first candle and rises from there.
    """

    interval: Interval
    quote_asset: str
    rows: CandleColumns
    value: NDArray[np.float64]
    idle: NDArray[np.int32]
    spans: dict[Symbol, tuple[int, int]]
    symbols: tuple[Symbol, ...]
    starts: NDArray[np.int64]

    @property
    def first(self) -> int:
        """The first open time, UTC ms."""
        return int(min(self.rows.open_time[start] for start, _ in self.spans.values()))

    @property
    def last(self) -> int:
        """The last close time, UTC ms."""
        return int(max(self.rows.open_time[stop - 1] for _, stop in self.spans.values())) + self.interval.ms

    def of(self, symbol: Symbol) -> CandleColumns:
        """One symbol's candles, as views; empty for a symbol that is not offered."""
        return self.rows.rows(*self.spans.get(symbol, (0, 0)))


async def read_candle_file(path: Path, progress: Callable[[float], None]) -> CandleFile:
    """Read `path` in threads, column by column; `progress` hears the part done (0..1). Raises BadRecording."""
    columns: dict[str, NDArray[Any]] = {}
    with await asyncio.to_thread(_open, path) as file:
        names = [*_NEEDED, *(name for name in _OPTIONAL if name in file.schema_arrow.names)]
        for done, name in enumerate(names):
            columns |= await asyncio.to_thread(_read, path, file, name)
            progress((done + 1) / (len(names) + 1))
    candle_file = await asyncio.to_thread(_laid_out, path, columns)
    pa.default_memory_pool().release_unused()
    progress(1.0)
    return candle_file


def read_raw_columns(path: Path) -> dict[str, NDArray[Any]]:
    """The columns as they stand in the file, neither sorted nor checked: prices, `volume`, `open_time`, and for the
    symbols `names` with the `name` number of every row. Raises BadRecording."""
    columns: dict[str, NDArray[Any]] = {}
    with _open(path) as file:
        for name in _NEEDED:
            columns |= _read(path, file, name)
    return columns


def _open(path: Path) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path, read_dictionary=["symbol"], memory_map=True)
    except FileNotFoundError:
        raise BadRecording(str(path), "missing") from None
    except (OSError, pa.ArrowException) as error:
        raise BadRecording(str(path), "unreadable") from error
    why = _wrong_shape(file)
    if why:
        file.close()
        raise BadRecording(str(path), why)
    return file


def _wrong_shape(file: pq.ParquetFile) -> str:
    if not set(_NEEDED) <= set(file.schema_arrow.names):
        return "columns"
    if file.metadata.num_rows == 0:
        return "empty"
    return "too-big" if file.metadata.num_rows > MOST_ROWS else ""


def _read(path: Path, file: pq.ParquetFile, name: str) -> dict[str, NDArray[Any]]:
    """The column as numpy; the symbol as two arrays, its `names` and the `name` number of every row."""
    try:
        column = file.read(columns=[name]).column(name)
        if column.null_count:
            raise BadRecording(str(path), "rows")
        if name == "symbol":
            if not pa.types.is_dictionary(column.type):
                raise BadRecording(str(path), "columns")
            encoded = column.unify_dictionaries().combine_chunks()
            return {"names": np.array(encoded.dictionary.to_pylist()), "name": np.from_dlpack(encoded.indices)}
        whole = name in {"open_time", "trades"}
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("ms"))
        chunks = column.cast(pa.int64() if whole else pa.float64()).chunks
        # not to_numpy, which imports pandas for nothing: a quarter of a second and 45 MB
        return {name: np.concatenate([np.from_dlpack(chunk) for chunk in chunks])}
    except (OSError, pa.ArrowException) as error:
        why = "unreadable" if isinstance(error, OSError) else "columns"
        raise BadRecording(str(path), why) from error


def _laid_out(path: Path, columns: dict[str, NDArray[Any]]) -> CandleFile:
    names, name = columns.pop("names"), columns.pop("name")
    rank = np.argsort(np.argsort(names))
    name = rank[name]
    rows = _rows(columns)
    if not _sorted(name, rows.open_time):
        order = np.lexsort((rows.open_time, name))
        name = name[order]
        rows = _rows({key: column[order] for key, column in columns.items()})
    starts = np.flatnonzero(np.diff(name, prepend=-1))
    stops = np.append(starts[1:], len(name))
    if not _possible(rows, starts):
        raise BadRecording(str(path), "rows")
    quote = common_quote(names)
    spans = {
        Symbol(str(symbol)): (int(start), int(stop))
        for symbol, start, stop in zip(np.sort(names)[name[starts]], starts, stops, strict=True)
        if quote and (split_symbol(str(symbol)) or ("", ""))[1] == quote
    }
    interval = _interval(rows.open_time, starts)
    if interval is None or quote is None:
        raise BadRecording(str(path), "interval" if interval is None else "empty")
    value = rows.quote_volume if "quote_volume" in columns else rows.volume * rows.close
    firsts = np.array([start for start, _ in spans.values()], np.int64)
    return CandleFile(interval, quote, rows, value, _idle(rows.volume, starts, stops), spans, tuple(spans), firsts)


def _rows(columns: dict[str, NDArray[Any]]) -> CandleColumns:
    count = len(columns["open_time"])
    return CandleColumns(
        **{key: columns[key] for key in ("open_time", *_PRICES, "volume")},
        quote_volume=columns.get("quote_volume", np.broadcast_to(0.0, count)),
        trades=columns.get("trades", np.broadcast_to(np.int64(0), count)),
    )


def _sorted(name: NDArray[Any], open_time: NDArray[np.int64]) -> bool:
    """Strictly rising by (name, time); equal rows go on to be found impossible."""
    forward = np.diff(name)
    return bool(np.all((forward > 0) | ((forward == 0) & (np.diff(open_time) >= 0))))


def _possible(rows: CandleColumns, starts: NDArray[np.intp]) -> bool:
    """Whether every price and volume is a finite number in its range and no symbol has two candles of one time."""
    steps = np.diff(rows.open_time)
    steps[starts[1:] - 1] = 1
    return bool(
        np.all(steps > 0)
        and np.all((rows.low > 0) & (rows.high < np.inf) & (rows.volume >= 0) & (rows.volume < np.inf))
        and np.all((rows.low <= rows.open) & (rows.low <= rows.close))
        and np.all((rows.high >= rows.open) & (rows.high >= rows.close))
    )


def _interval(open_time: NDArray[np.int64], starts: NDArray[np.intp]) -> Interval | None:
    """The shortest step inside a symbol, when it is an interval the desk reads and every candle lies on its grid."""
    steps = np.delete(np.diff(open_time), starts[1:] - 1)
    found = [interval for interval in Interval if steps.size and interval.ms == steps.min()]
    return found[0] if found and not np.any(open_time % found[0].ms) else None


def _idle(volume: NDArray[np.float64], starts: NDArray[np.intp], stops: NDArray[np.intp]) -> NDArray[np.int32]:
    row = np.arange(len(volume), dtype=np.int32)
    begins = np.repeat(starts.astype(np.int32), stops - starts)
    traded = np.maximum.accumulate(np.where(volume > 0, row, np.int32(-1)))
    idle: NDArray[np.int32] = np.where(traded < begins, row - begins + np.int32(DEAD_AFTER), row - traded)
    return idle
