"""Store of the reports on a market in PostgreSQL."""

import random
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from core.clock import Clock
from core.database import Database, Pool
from core.sql import load_queries
from trading.mood.report import MoodReport
from trading.scan.report import ScanRecord, ScanReport

SQL = load_queries(__package__, "store.sql")

T = TypeVar("T", MoodReport, ScanReport, ScanRecord)

_KINDS: dict[type[Any], str] = {MoodReport: "mood", ScanReport: "scan", ScanRecord: "scan-record"}


class MarketReportStore:
    """Store of the newest reports of each market and quote asset; `MarketReports` and what the jobs need. Methods raise
    DatabaseUnavailable and may be repeated without harm.
    """

    def __init__(self, pool: Pool, clock: Clock, *, jitter: random.Random) -> None:
        self._database = Database(pool, jitter=jitter)
        self._clock = clock

    async def mood(self, market: str, quote_asset: str) -> MoodReport | None:
        """See `MarketReports.mood`."""
        return await self._find(MoodReport, market, quote_asset)

    async def scan(self, market: str, quote_asset: str) -> ScanReport | None:
        """See `MarketReports.scan`."""
        return await self._find(ScanReport, market, quote_asset)

    async def scan_record(self, market: str, quote_asset: str) -> ScanRecord | None:
        """See `MarketReports.scan_record`."""
        return await self._find(ScanRecord, market, quote_asset)

    async def save(self, market: str, quote_asset: str, report: MoodReport | ScanReport | ScanRecord) -> None:
        """Replaces the report of its kind."""
        body, at = msgspec.json.encode(report).decode(), datetime.fromtimestamp(self._clock() / 1000, UTC)
        await self._database.fetch(SQL["save"], market, quote_asset, _KINDS[type(report)], body, at)

    async def _find(self, shape: type[T], market: str, quote_asset: str) -> T | None:
        """Returns a report; None also for one that another version wrote in a form that this one cannot read."""
        rows = await self._database.fetch(SQL["find"], market, quote_asset, _KINDS[shape])
        try:
            return msgspec.json.decode(rows[0]["body"], type=shape) if rows else None
        except msgspec.MsgspecError:
            return None
