"""Queries of Redis and PostgreSQL for the monitor: each takes a few reads and changes nothing."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from redis.asyncio import Redis

from app.cli.monitor.snapshot import ArchiveSnapshot, Leader, Prices, Unusable
from core.clock import Clock
from core.leader_election import key_of
from core.sql import load_queries
from pipeline.archive.postgres import translated
from pipeline.market import DAY_MS, MINUTE_MS, MarketInfo, Symbol
from pipeline.quality.publisher import read_snapshots
from pipeline.rules import TRADING, SymbolRules
from pipeline.store import codec
from pipeline.store.redis import RedisStore, answered, checked

SQL = load_queries(__package__, "queries.sql")
RATE_HISTORY = 60
GAPS_SECONDS = 30.0

Texts = dict[bytes, bytes]

_WAIT_SECONDS = 5.0
_LATEST_DAYS = 2
_REFUSALS = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)
_OTHER_TABLES = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)


class RedisProbe:
    """Queries of the market store; the number of points is kept between them to compute the rate."""

    def __init__(self, redis: Redis, wall: Clock) -> None:
        self._redis = redis
        self._store = RedisStore(redis, 0)
        self._wall = wall
        self._version: bytes | None = None
        self._rules: Sequence[SymbolRules] = ()
        self._written: Mapping[bytes, int] = {}
        self._looked = 0.0
        self._rates: deque[float] = deque(maxlen=RATE_HISTORY)
        self.info: MarketInfo | None = None

    @property
    def symbols(self) -> list[Symbol]:
        """Symbols that trade."""
        return [rules.symbol for rules in self._rules if rules.status == TRADING]

    async def __call__(self) -> Prices:
        """Queries the store once. Raises MarketUnavailable."""
        self.info, version = await self._store.head()
        if version != self._version:
            self._rules, self._version = await self._store.rules()
        async with answered(), self._redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(codec.LAST_UPDATE)
            pipe.hgetall(codec.HISTORY_COUNTS)
            pipe.info("memory")
            pipe.dbsize()
            answers = await pipe.execute()
            updates, written, memory, keys = checked(answers, tuple[Texts, Texts, dict[str, Any], int])
        quality = await read_snapshots(self._redis)
        self._note({name: int(points) for name, points in written.items()})
        return self._prices(updates, int(memory["used_memory"]), keys, quality)

    def _note(self, written: Mapping[bytes, int]) -> None:
        """Records the rate of points.

        A new history is filled with old closes at once, so it counts from the next query on.
        """
        now = time.monotonic()
        known = written.keys() & self._written.keys()
        if known:
            points = sum(max(0, written[name] - self._written[name]) for name in known)
            self._rates.append(points / (now - self._looked))
        self._written, self._looked = written, now

    def _prices(self, updates: Mapping[bytes, bytes], memory: int, keys: int, quality: Mapping[str, object]) -> Prices:
        if self.info is None:
            return Prices(None, memory=memory, keys=keys)
        now, limit = self.info.now(self._wall()), self.info.stale_after_ms
        trading = self.symbols
        times = [int(updates[name]) for symbol in trading if (name := symbol.encode()) in updates]
        ages = [max(0, now - at) for at in times]
        stale = sum(age > limit for age in ages)
        return Prices(
            self.info,
            fresh=len(ages) - stale,
            stale=stale,
            silent=len(trading) - len(ages),
            halted=len(self._rules) - len(trading),
            newest_ms=min(ages, default=None),
            oldest_ms=max(ages, default=None),
            rates=tuple(self._rates),
            memory=memory,
            keys=keys,
            quality=quality,  # type: ignore[arg-type]
        )


class PostgresProbe:
    """Queries of the archive and of waiting entries.

    `market` provides the running market and its symbols; gaps are counted again every 30 s.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", market: RedisProbe, wall: Clock, topic: str) -> None:
        self._pool = pool
        self._market = market
        self._wall = wall
        self._names = {key_of(f"produce:{topic}"): "produce", key_of("jobs"): "jobs"}
        self._gaps: tuple[int | None, int] = (None, 0)
        self._gaps_at = float("-inf")

    async def __call__(self) -> ArchiveSnapshot | Unusable:
        """Queries the database once. Raises MarketUnavailable."""
        try:
            with translated():
                async with asyncio.timeout(_WAIT_SECONDS), self._pool.acquire() as connection:
                    return await self._query(connection)
        except _REFUSALS:
            return Unusable.REFUSES
        except _OTHER_TABLES:
            return Unusable.UNPREPARED

    async def _query(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> ArchiveSnapshot:
        sizes = await connection.fetchrow(SQL["sizes"])
        waiting = await connection.fetch(SQL["waiting"])
        leaders = await connection.fetch(SQL["leaders"])
        newest = None
        if (info := self._market.info) is not None:
            now = info.now(self._wall())
            since = now - _LATEST_DAYS * DAY_MS
            newest = await connection.fetchval(SQL["newest"], info.market, self._market.symbols, since)
            await self._count_gaps(connection, info.market, now // DAY_MS * DAY_MS)
        boxes = {
            box: {row["platform"]: row["waiting"] for row in waiting if row["box"] == box}
            for box in ("outbox", "inbox")
        }
        return ArchiveSnapshot(
            **dict(sizes or {}),
            newest=None if newest is None else newest + MINUTE_MS,
            missing=self._gaps[0],
            gappy=self._gaps[1],
            outbox=boxes["outbox"],
            inbox=boxes["inbox"],
            leaders=tuple(self._leader(row) for row in leaders),
        )

    async def _count_gaps(
        self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", market: str, today: int
    ) -> None:
        if time.monotonic() - self._gaps_at < GAPS_SECONDS:
            return
        row = await connection.fetchrow(SQL["gaps"], market, today)
        self._gaps = (row["missing"], row["gappy"]) if row else (None, 0)
        self._gaps_at = time.monotonic()

    def _leader(self, row: asyncpg.Record) -> Leader:
        other = row["application_name"].removeprefix("paperdesk ")
        return Leader(self._names.get(row["key"], other), int(row["backend_start"].timestamp() * 1000))
