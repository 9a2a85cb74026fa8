"""Panels of the candle archive, limited to the data known at a time.

A candle is known once it has closed. The archive lags by a moment; the newest minutes are built from the points that
Redis keeps, and their volume and order flow are unknown.

Candles at prices that could not be traded are left out: the candles of a symbol's listing, and closes refuted by the
next candle (the rule of `pipeline.quality.candle_audit`, with which the live market holds such a price back until the
next one confirms it). Frozen markets stay, but are not used in training (`Panel.usable`).
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import asyncpg
import numpy as np
from numpy.typing import NDArray

from core.sql import load_queries
from ml.data.panel import Floats, Panel, panel_of_grids
from ml.errors import NoTrainingData
from pipeline.archive.postgres import translated
from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS, Symbol
from pipeline.quality.candle_audit import examine, may_jump
from pipeline.store.codec import Points
from pipeline.store.redis import RedisStore

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_QUERIES = load_queries(__package__, "queries.sql")
_ROWS_A_COPY = 200_000
_SECONDS = 120.0
_SYMBOLS_A_READ = 50
_MIN_CANDLES = 2
_HEADER_BYTES = 19
_NAMES = ("open", "high", "low", "close", "volume")
_FLOW_NAMES = ("trades", "taken")


def _row_of(names: Sequence[str]) -> "np.dtype[np.void]":
    """Returns a row of binary COPY: the number of fields, then each one's size (8, none is null) and value."""
    whole = [(name, ">i8") for name in ("place", "open_time")]
    fields = [*whole, *((name, ">f8") for name in names)]
    return np.dtype([("fields", ">i2"), *(item for field in fields for item in ((f"{field[0]}_size", ">i4"), field))])


async def panel_from(
    pool: Pool,
    market: str,
    symbols: Sequence[str],
    start: int,
    end: int,
    *,
    store: RedisStore | None = None,
    flow: bool = False,
) -> Panel:
    """Returns the 1-minute candles of these symbols that opened at `start` or later and had closed by `end` (UTC ms).

    The columns are the symbols in alphabetical order, including those without candles. The last row is the last minute
    that closed by `end`. With `store`, the minutes after a symbol's last archived candle are built from its points if
    that market runs there. With `flow`, the order flow is read too. Raises NoTrainingData if fewer than two minutes
    have candles, and MarketUnavailable.
    """
    names = tuple(sorted(set(symbols)))
    first, last = -(-start // MINUTE_MS) * MINUTE_MS, end // MINUTE_MS * MINUTE_MS
    times = np.arange(first, max(first, last), MINUTE_MS, dtype=np.int64)
    grids = [np.full((len(times), len(names)), np.nan) for _ in (*_NAMES, *(_FLOW_NAMES if flow else ()))]
    if len(times):
        for part in _parts(len(names), max(1, _ROWS_A_COPY // len(times))):
            await _read(pool, market, names[part], (first, last), [grid[:, part] for grid in grids])
        if store is not None:
            await _join(store, market, names, times, grids)
    there = np.flatnonzero(~np.isnan(grids[3]).all(axis=1))
    if len(there) < _MIN_CANDLES:
        raise NoTrainingData(len(there), _MIN_CANDLES)
    begun = int(there[0])
    return await asyncio.to_thread(_judged, times[begun:], names, [grid[begun:] for grid in grids])


def _parts(count: int, limit: int) -> Iterator[slice]:
    for start in range(0, count, limit):
        yield slice(start, min(start + limit, count))


# -- from PostgreSQL ---------------------------------------------------------------------------


async def _read(
    pool: Pool, market: str, names: tuple[str, ...], span: tuple[int, int], grids: Sequence[Floats]
) -> None:
    """Writes the candles of these symbols into their columns, in PostgreSQL's binary form, as they arrive."""
    filler = _Filler(span[0], grids)
    query = _QUERIES["candles" if len(grids) == len(_NAMES) else "candles_with_flow"]

    async def take(part: bytes) -> None:
        filler.take(part)

    with translated():
        async with pool.acquire() as connection:
            await connection.copy_from_query(
                query, market, list(names), *span, output=take, format="binary", timeout=_SECONDS
            )
    filler.finish()


class _Filler:
    """Writes copied rows into the grids, keeping a bounded part of them in memory."""

    _PIECE = 1 << 20

    def __init__(self, start: int, grids: Sequence[Floats]) -> None:
        self._start = start
        self._grids = dict(zip((*_NAMES, *_FLOW_NAMES), grids, strict=False))
        self._row = _row_of(tuple(self._grids))
        self._waiting: list[bytes] = []
        self._size = 0
        self._skip = _HEADER_BYTES

    def take(self, part: bytes) -> None:
        self._waiting.append(part)
        self._size += len(part)
        if self._size >= self._PIECE:
            self.finish()

    def finish(self) -> None:
        """Writes the whole rows and keeps the rest of the last one.

        After all rows, only the trailer of two bytes is left.
        """
        copied = b"".join(self._waiting)
        count = max(0, len(copied) - self._skip) // self._row.itemsize
        table = np.frombuffer(copied, self._row, count, self._skip) if count else np.empty(0, self._row)
        rows = (table["open_time"].astype(np.int64) - self._start) // MINUTE_MS
        places = table["place"].astype(np.int64) - 1
        for name, grid in self._grids.items():
            grid[rows, places] = table[name]
        if count:
            copied, self._skip = copied[self._skip + count * self._row.itemsize :], 0
        self._waiting, self._size = [copied], len(copied)


# -- from Redis --------------------------------------------------------------------------------


async def _join(
    store: RedisStore, market: str, names: tuple[str, ...], times: NDArray[np.int64], grids: Sequence[Floats]
) -> None:
    """Adds the minutes after each symbol's last archived candle, as far as there are points. Raises
    MarketUnavailable.
    """
    info, _ = await store.head()
    if info is None or info.market != market:
        return
    there = ~np.isnan(grids[3])
    lasts = np.where(there.any(axis=0), len(times) - 1 - there[::-1].argmax(axis=0), -1)
    behind = [place for place in range(len(names)) if lasts[place] < len(times) - 1]
    for part in _parts(len(behind), _SYMBOLS_A_READ):
        places = behind[part]
        found = await store.histories([Symbol(names[place]) for place in places])
        for place in places:
            columns = [grid[:, place] for grid in grids]
            _fill(found[Symbol(names[place])], times, int(lasts[place]), info.stale_after_ms, columns)


def _fill(points: Points, times: NDArray[np.int64], last: int, stale_after_ms: int, columns: Sequence[Floats]) -> None:
    """Builds the candles of the rows after `last` from points.

    A point at the very end of a minute is that minute's close, as in the store. The minute of the oldest point may have
    begun before it and is skipped. A minute whose last point is stale at its end has no known close.
    """
    if not points.size:
        return
    rows = (points["time"] - times[0] - 1) // MINUTE_MS
    wanted = (rows > max(last, int(rows[0]))) & (rows < len(times)) & (points["price"] > 0)
    rows, prices, said = rows[wanted], points["price"][wanted], points["time"][wanted]
    if not rows.size:
        return
    minutes, begins = np.unique(rows, return_index=True)
    ends = np.append(begins[1:], len(rows)) - 1
    closed = said[ends] >= times[minutes] + MINUTE_MS - stale_after_ms
    found = (
        prices[begins],
        np.maximum.reduceat(prices, begins),
        np.minimum.reduceat(prices, begins),
        prices[ends],
    )
    for column, values in zip(columns, found, strict=False):
        column[minutes[closed]] = values[closed]


# -- checks ------------------------------------------------------------------------------------


def _judged(times: NDArray[np.int64], names: tuple[str, ...], grids: list[Floats]) -> Panel:
    for place in np.flatnonzero(may_jump(grids[3])).tolist():
        _without_spikes(names[place], times, [grid[:, place] for grid in grids])
    return panel_of_grids(times, names, MINUTE_MS, grids)


def _without_spikes(name: str, times: NDArray[np.int64], columns: Sequence[Floats]) -> None:
    """Empties the candles whose closes were refuted by the next ones.

    This is known when those have closed; until then the live market does not show such a price.
    """
    rows = np.flatnonzero(~np.isnan(columns[3]))
    if not len(rows):
        return
    opens, highs, lows, closes = (column[rows].astype(np.float64, copy=False) for column in columns[:4])
    nothing = np.zeros(len(rows))
    candles = CandleColumns(times[rows], opens, highs, lows, closes, nothing, nothing, nothing.astype(np.int64))
    refuted = [jump.time for jump in examine(Symbol(name), candles, MINUTE_MS, int(times[0])).jumps if jump.refuted]
    spikes = np.searchsorted(times, refuted)
    for column in columns:
        column[spikes] = np.nan
