"""Computes the mood of the last day (UTC), once a day and where none is known."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np

from pipeline.candles import Floats
from pipeline.market import DAY_MS, MINUTE_MS, SourceKind
from pipeline.ports import MarketReader
from trading.market_reports.history import ReportCandles, reported_symbols
from trading.market_reports.store import MarketReportStore
from trading.mood.market_days import MarketDays
from trading.mood.report import MoodReport, mood_report
from trading.portfolio.daily_closes import DailyCloses, load_daily_closes

EVERY_SECONDS = 600
SETTLED_MS = 3 * MINUTE_MS
"""Time after midnight from which the candles of the day before are archived."""

DAYS = 1_000
SIMULATED_DAYS = 400


DailyTones = Callable[[int, int], Awaitable[Mapping[date, float]]]
"""Returns the mean tone of the headlines of each day between two midnights (UTC ms)."""


class MoodUpdate:
    """Job that keeps the report of the running market; `run` may be called late, repeatedly, and by any number of
    desks. Headlines count on the live market only: they say nothing of a simulation or a recording.
    """

    def __init__(
        self, store: MarketReportStore, candles: ReportCandles, market: MarketReader, tones: DailyTones | None = None
    ) -> None:
        self._store = store
        self._candles = candles
        self._market = market
        self._tones = tones

    async def run(self) -> str | None:
        """Computes the report if the last one is of another day. Raises DatabaseUnavailable and MarketUnavailable."""
        info, now = self._market.info(), self._market.now()
        stored = await self._store.mood(info.market, info.quote_asset)
        fresh = stored is not None and stored.end == now // DAY_MS * DAY_MS
        if fresh or (stored is not None and now % DAY_MS < SETTLED_MS):
            return None
        days = SIMULATED_DAYS if info.source is SourceKind.SIMULATOR else DAYS
        daily = await load_daily_closes(self._candles.read, await reported_symbols(self._market), now, days)
        if not np.isfinite(daily.closes[-1]).any():
            return "no close of the last midnight is known"
        news = await self._news(daily.ends) if info.source is SourceKind.BINANCE else None
        report = await asyncio.to_thread(_report, daily, info.quote_asset, news)
        await self._store.save(info.market, info.quote_asset, report)
        day = datetime.fromtimestamp(report.end / 1000, UTC).date()
        return f"{report.days} days until {day}: {'no index' if report.index is None else f'{report.index:.0f}'}"

    async def _news(self, ends: tuple[int, ...]) -> Floats | None:
        """Returns the mean tone of each day, NaN without headlines; None if no day has any."""
        tones = await self._tones(ends[0] - DAY_MS, ends[-1]) if self._tones is not None else {}
        days = [(datetime.fromtimestamp(end / 1000, UTC) - timedelta(days=1)).date() for end in ends]
        return np.array([tones.get(day, np.nan) for day in days]) if tones else None


def _report(daily: DailyCloses, quote_asset: str, news: Floats | None) -> MoodReport:
    return mood_report(MarketDays.of(daily, quote_asset), news)
