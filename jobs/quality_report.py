"""Quality of a day's data: stored, and reported to operators if there is a finding."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, cast

import asyncpg
import msgspec
from redis.asyncio import Redis

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.sql import load_queries
from jobs.operator_notices import OperatorNotices
from pipeline.market import DAY_MS, MINUTE_MS, MarketInfo, SourceKind
from pipeline.quality.archive_columns import archived_candles
from pipeline.quality.candle_audit import SymbolQuality, examine
from pipeline.quality.daily_summary import DailyQuality, summarise
from pipeline.quality.notices import QualityFound
from pipeline.quality.publisher import read_snapshots
from pipeline.quality.report import build_report

SQL = load_queries(__package__, "quality_report.sql")


class DayReport:
    """Job for the last whole day (UTC) of the running market's clock."""

    def __init__(
        self,
        pool: Pool,
        redis: Redis,
        info: Callable[[], MarketInfo],
        wall: Clock,
        operators: OperatorNotices,
        *,
        jitter: random.Random,
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._info = info
        self._wall = wall
        self._operators = operators
        self._database = Database(pool, jitter=jitter)

    async def run(self) -> str:
        """Stores and reports the day's quality, and returns it as text. Raises MarketUnavailable and
        DatabaseUnavailable.
        """
        info = self._info()
        end = info.now(self._wall()) // DAY_MS * DAY_MS
        day = await self._day(info.market, end)
        if not day.symbols:
            return f"no candles on {day.day}"
        body = msgspec.json.encode(day).decode()

        async def keep(connection: Connection) -> None:
            await connection.execute(SQL["keep"], info.market, day.day, body)
            await connection.execute(SQL["forget"])

        await self._database.run(keep)
        told = 0
        if not day.fine and info.source is SourceKind.BINANCE:  # synthetic data requires no action
            told = await self._operators.send(f"quality:{info.market}:{day.day}"[:90], QualityFound(day))
        missing = sum(count for _, count in day.missing)
        return f"{day.day}: {day.candles} candles of {day.symbols} symbols, {missing} missing; told to {told}"

    async def _day(self, market: str, end: int) -> DailyQuality:
        span = end - DAY_MS, end
        examined: list[SymbolQuality] = []
        async with self._pool.acquire() as connection:
            plain = cast("asyncpg.Connection[Any]", connection)
            async for symbol, columns in archived_candles(plain, market, span, ()):
                examined.append(await asyncio.to_thread(examine, symbol, columns, MINUTE_MS, span[0]))
        begins = max(span[0], min((quality.first for quality in examined), default=span[0]))  # the archive may be young
        report = build_report(market, MINUTE_MS, (begins, end), examined)
        return summarise(report, await read_snapshots(self._redis))


async def last_day(connection: "asyncpg.Connection[Any]", market: str) -> DailyQuality | None:
    """Returns the newest stored report, of any market if `market` is ''; None if there is none."""
    row = await connection.fetchrow(SQL["newest"], market)
    return None if row is None else msgspec.json.decode(row["body"], type=DailyQuality)
