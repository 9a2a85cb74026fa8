"""Writes the digest of the scan to the outbox, once a day in the morning of each user who has turned it on.

The user and the date make the key, so that one is sent, however often and by however many desks it is tried.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from core.clock import Clock
from core.database import Database, Pool
from core.outbox import encode, kind_of
from core.recurrence import zone_of
from core.sql import load_queries
from people.notifications.preferences import KINDS, NotificationSetting
from pipeline.ports import MarketReader
from trading.market_reports.store import MarketReportStore
from trading.scan.notices import ScanTold, ToldSignal
from trading.scan.report import RankedFinding, ranked

SQL = load_queries(__package__, "scan_digests.sql")

EVERY_SECONDS = 600
BATCH_SIZE = 500
MORNING = range(9, 15)
"""Hours of the user's day at which a digest is written: at the first at which a desk runs."""

OLDEST_MS = 2 * 3_600_000
"""Age of a scan that is no longer told."""

SHOWN = 8


class ScanDigests:
    """Job that writes digests; `run` may be called by any number of desks at once."""

    def __init__(
        self,
        pool: Pool,
        store: MarketReportStore,
        market: MarketReader,
        clock: Clock,
        *,
        jitter: random.Random,
        on_told: Callable[[], None],
    ) -> None:
        """`clock` is the wall clock; `on_told` is called after new entries in the outbox."""
        self._database = Database(pool, jitter=jitter)
        self._store = store
        self._market = market
        self._clock = clock
        self._on_told = on_told

    async def run(self) -> int:
        """Writes the digests that are due and returns their number; none while the last scan is old. Raises
        DatabaseUnavailable and MarketUnavailable.
        """
        notice = await self._notice()
        if notice is None:
            return 0
        now, after, written = datetime.fromtimestamp(self._clock() / 1000, UTC), 0, 0
        kind = KINDS[NotificationSetting.SCAN]
        while rows := await self._database.fetch(SQL["subscribers"], BATCH_SIZE, kind, after):
            after = rows[-1]["person_id"]
            local = {row["person_id"]: now.astimezone(zone_of(row["timezone"])) for row in rows}
            due = {person: f"scan:{person}:{at.date()}" for person, at in local.items() if at.hour in MORNING}
            if due:
                told = (list(due), list(due.values()), kind_of(notice), encode(notice))
                written += len(await self._database.fetch(SQL["tell"], *told))
        if written:
            self._on_told()
        return written

    async def _notice(self) -> ScanTold | None:
        info, now = self._market.info(), self._market.now()
        report = await self._store.scan(info.market, info.quote_asset)
        if report is None or not 0 <= now - report.hour <= OLDEST_MS:
            return None
        found = ranked(report, await self._store.scan_record(info.market, info.quote_asset))
        return ScanTold(info.market, report.hour, report.coins, len(found), tuple(map(_told, found[:SHOWN])))


def _told(each: RankedFinding) -> ToldSignal:
    own, record = each.finding, each.record
    if record is None:
        return ToldSignal(own.symbol, own.interval, own.kind, None, None, None)
    return ToldSignal(own.symbol, own.interval, own.kind, record.rate, record.base, record.edge)
