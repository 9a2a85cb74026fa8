"""Jobs that report on the market as a whole."""

import random
from collections.abc import Callable

from app.connections.stores import Stores
from core.clock import Clock
from jobs.market import mood, scan, scan_digests
from jobs.schedule.job import Job
from jobs.schedule.triggers import IntervalTrigger
from pipeline.news.store import PostgresNews
from pipeline.ports import MarketReader, OnDemandMarket
from trading.market_reports.history import ReportCandles
from trading.market_reports.store import MarketReportStore

_HOUR = 3600.0
_STARTING = 60


def market_jobs(
    stores: Stores,
    market: MarketReader,
    source: OnDemandMarket | None,
    *,
    clock: Clock,
    jitter: random.Random,
    on_told: Callable[[], None],
) -> list[Job]:
    """Returns the jobs. `source` is queried for missing candles, `on_told` called after new entries in the outbox."""
    store = MarketReportStore(stores.pool, clock, jitter=jitter)
    candles = ReportCandles(stores.archive, source, market)
    tones = PostgresNews(stores.pool, jitter=jitter).daily_tones
    moods, scans = mood.MoodUpdate(store, candles, market, tones), scan.MarketScan(store, candles, market)
    digests = scan_digests.ScanDigests(stores.pool, store, market, clock, jitter=jitter, on_told=on_told)
    return [
        Job("mood", IntervalTrigger(mood.EVERY_SECONDS), moods.run, timeout=_HOUR, startup_delay=_STARTING),
        Job(
            "scan",
            IntervalTrigger(scan.EVERY_SECONDS, offset=scan.OFFSET_SECONDS),
            scans.run,
            timeout=_HOUR,
            startup_delay=_STARTING,
        ),
        Job("scan_digests", IntervalTrigger(scan_digests.EVERY_SECONDS), digests.run),
    ]
