"""Candle archive on PostgreSQL: the only module that queries it for candles."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import asyncpg
from msgspec.structs import astuple

from core.postgres.errors import CUT_OFF
from core.sql import load_queries
from pipeline.archive.columns import columns_of, copy_minutes, in_present_unit
from pipeline.archive.gaps import best_of_each, sound
from pipeline.archive.partitions import Month, by_month
from pipeline.archive.units import UnitChange, Units, ratio_since, units_of
from pipeline.candles import CandleColumns
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS, LATEST_MS, MINUTE_MS, Candle, Interval, Symbol

log = logging.getLogger(__name__)

ROWS_A_CALL = 5_000
_AHEAD_MS = 3 * DAY_MS
_WAIT_SECONDS = 10.0
_COPY_SECONDS = 60.0
_COLUMNS = Candle.__struct_fields__

_DOWN = (
    *CUT_OFF,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
)


_QUERIES = load_queries(__package__, "queries.sql")


@contextmanager
def translated() -> Iterator[None]:
    """Raises MarketUnavailable for errors of a server that does not answer. Other errors, which are bugs, pass
    unchanged.
    """
    try:
        yield
    except asyncpg.DataError:
        raise
    except _DOWN as error:
        raise MarketUnavailable from error


@dataclass(frozen=True, slots=True)
class CandleBucket:
    """Candle, and whether all of its minutes were archived."""

    candle: Candle
    complete: bool


class CandleArchive:
    """Archive with one row for each market, symbol and minute. `market` is `MarketInfo.market`.

    Every method raises MarketUnavailable if PostgreSQL does not answer, and may be repeated without harm.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._days: set[int] = set()

    async def insert(self, market: str, candles: Iterable[Candle]) -> int:
        """Archives 1-minute candles; returns the number of rows that are new or better than the stored ones.

        Of two versions of a minute, the one with more trades is kept; if equal, the one with more volume. The same
        candle again adds order flow that was not known. An invalid candle (NaN, high below low, off the minute) is left
        out with a warning.
        """
        changed = broken = 0
        rest = iter(candles)
        while given := list(islice(rest, ROWS_A_CALL)):
            whole = list(filter(sound, given))
            broken += len(given) - len(whole)
            for rows in by_month(best_of_each(whole)):
                changed += await self._insert(market, rows)
        if broken:
            log.warning("%d candles are invalid and were not archived", broken)
        return changed

    async def _insert(self, market: str, rows: Sequence[Candle]) -> int:
        """Archives the candles of one month: what lies between far candles needs no partitions."""
        await self._make_partitions(rows[0].open_time, rows[-1].open_time)
        try:
            return await self._add(market, rows)
        except asyncpg.CheckViolationError:  # the partition is missing, because old months were removed
            self._days.clear()
            await self._make_partitions(rows[0].open_time, rows[-1].open_time)
            return await self._add(market, rows)

    async def _add(self, market: str, rows: Sequence[Candle]) -> int:
        """Adds the rows by COPY, twice as fast as INSERT for new rows. If a row already exists, COPY adds none and
        INSERT is used.
        """
        try:
            with translated():
                records = [(market, *astuple(candle)) for candle in rows]
                status = await self._pool.copy_records_to_table(
                    "candle", records=records, columns=("market", *_COLUMNS), timeout=_WAIT_SECONDS
                )
        except asyncpg.UniqueViolationError:
            columns = [[getattr(candle, name) for candle in rows] for name in _COLUMNS]
            with translated():
                status = await self._pool.execute(_QUERIES["insert"], market, *columns, timeout=_WAIT_SECONDS)
        return int(status.rpartition(" ")[2])

    async def _make_partitions(self, first: int, last: int) -> None:
        """Creates the partitions for these times and the days after the last, once for each span of days."""
        ahead = min(last + _AHEAD_MS, LATEST_MS - 1)
        wanted = set(range(first // DAY_MS, ahead // DAY_MS + 1))
        if not wanted <= self._days:
            await self.make_months(first, ahead)
            self._days |= wanted

    async def make_months(self, first: int, last: int) -> None:
        """Creates the missing partitions that hold first .. last (UTC ms)."""
        with translated():
            await self._pool.execute(_QUERIES["make_partitions"], first, last, timeout=_WAIT_SECONDS)

    async def months(self) -> list[Month]:
        """Returns every month that has a partition, oldest first."""
        found: dict[int, tuple[str, ...]] = {}
        for row in await self._fetch("months"):
            markets = (row["market"],) if row["market"] is not None else ()
            found[row["month_ms"]] = found.get(row["month_ms"], ()) + markets
        return [Month(start, markets) for start, markets in found.items()]

    async def drop_month(self, month: Month) -> bool:
        """Drops a month with all its candles. Returns False if the month is already gone, or if other queries hold its
        lock for too long; the drop then has to be tried again later.
        """
        try:
            with translated():
                return bool(await self._pool.fetchval(_QUERIES["drop_month"], month.start, timeout=_WAIT_SECONDS))
        except asyncpg.LockNotAvailableError:
            return False

    async def candles(
        self, market: str, symbol: Symbol, interval: Interval, start: int, end: int
    ) -> list[CandleBucket]:
        """Returns candles with start <= open_time < end (UTC ms, multiples of the interval), oldest first."""
        if interval is Interval.M1:
            rows = await self._fetch("minutes", market, symbol, start, end)
            return [CandleBucket(Candle(symbol, *row), complete=True) for row in rows]
        rows = await self._fetch("wider", market, symbol, start, end, interval.ms)
        whole = interval.ms // MINUTE_MS
        return [CandleBucket(Candle(symbol, *row[:-1]), complete=row["minutes"] == whole) for row in rows]

    async def columns(self, market: str, symbol: Symbol, start: int, end: int) -> CandleColumns:
        """Returns the 1-minute candles with start <= open_time < end (UTC ms), oldest first, in the present unit. Their
        order flow is not read.
        """
        with translated():
            async with self._pool.acquire() as connection:
                copied = await copy_minutes(connection, market, symbol, (start, end), seconds=_COPY_SECONDS)
        changes = await self.unit_changes(market, symbol)
        return await asyncio.to_thread(lambda: in_present_unit(columns_of(copied), changes))

    async def minutes(self, market: str, symbol: Symbol, start: int, end: int) -> list[int]:
        """Returns the open times of the archived 1-minute candles, ascending."""
        return [row["open_time"] for row in await self._fetch("times", market, symbol, start, end)]

    async def unit_changes(self, market: str, symbol: Symbol) -> list[UnitChange]:
        """Returns the changes of the symbol's unit, oldest first."""
        return [UnitChange(*row) for row in await self._fetch("unit_changes", market, symbol)]

    async def closes(self, market: str, symbol: Symbol, until: int, count: int) -> tuple[list[int], list[float]]:
        """Returns the last closes known at `until` (UTC ms), oldest first: the end of each minute, and its close."""
        rows = await self._fetch("closes", market, symbol, until, count)
        rows.reverse()
        return [row["time"] for row in rows], [row["close"] for row in rows]

    async def closes_at(
        self, market: str, points: Sequence[tuple[Symbol, int]], oldest_ms: int
    ) -> dict[tuple[Symbol, int], tuple[int, float]]:
        """Returns the last close known at each point (symbol, UTC ms), in the present unit: when it was known, and the
        close. Points without one of the last `oldest_ms` are left out.
        """
        symbols, times = [symbol for symbol, _ in points], [time for _, time in points]
        rows = await self._fetch("closes_at", market, symbols, times, oldest_ms) if points else []
        units = await self.units(market) if rows else {}
        found: dict[tuple[Symbol, int], tuple[int, float]] = {}
        for row in rows:
            ratio = ratio_since(row["time"] - 1, units.get(row["symbol"], ()))
            found[Symbol(row["symbol"]), row["at"]] = (row["time"], row["close"] / float(ratio))
        return found

    async def units(self, market: str) -> Units:
        """Returns the changes of the units of a market's symbols."""
        return units_of(await self._fetch("units", market))

    async def _fetch(self, name: str, *arguments: object) -> list[Any]:
        with translated():
            return await self._pool.fetch(_QUERIES[name], *arguments, timeout=_WAIT_SECONDS)
