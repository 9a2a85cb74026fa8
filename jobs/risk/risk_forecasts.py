"""Forecasts the VaR of every account for the day (UTC) that begins, and judges the forecasts of days that ended."""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.clock import Clock
from core.database import Pool
from pipeline.archive.postgres import CandleArchive
from pipeline.archive.units import Units
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS
from pipeline.ports import MarketReader
from trading.portfolio.daily_closes import DailyCloses, load_daily_closes
from trading.portfolio.nightly_risk import forecast_risk, market_history, realised_return
from trading.portfolio.risk_forecasts import MAX_NIGHTS, Judgement, OpenForecast, RiskForecastStore
from trading.risk.tables import WINDOW_DAYS

BATCH_SIZE = 500
"""Accounts that are computed at once: it bounds the memory."""

LATEST_MS = 3_600_000
"""Time after midnight until which a forecast is made. Later, the day that it is for would be known in part."""

GIVEN_UP = timedelta(days=7)
"""Age at which a day whose closes never came is closed without a judgement."""


@dataclass(frozen=True, slots=True)
class RiskReport:
    """Number of forecasts made, of those with doubtful positions, and of days judged."""

    made: int = 0
    doubtful: int = 0
    judged: int = 0

    def __str__(self) -> str:
        return f"{self.made} forecasts, {self.doubtful} of them at doubtful closes; {self.judged} judged"


class RiskForecasts:
    """Job for the accounts of the running market that hold coins.

    `run` may be called by any number of desks at once, late, and be killed at any moment: forecasts and judgements that
    exist stay, and the next call continues. A night that passed while no desk ran has no forecast.
    """

    def __init__(self, pool: Pool, market: MarketReader, clock: Clock, *, jitter: random.Random) -> None:
        """`clock` is the wall clock; days are those of the market's clock."""
        self._store = RiskForecastStore(pool, jitter=jitter)
        self._archive = CandleArchive(pool)
        self._market = market
        self._clock = clock

    async def run(self) -> RiskReport:
        """Judges and forecasts. Raises DatabaseUnavailable and MarketUnavailable, in which case the rest waits for the
        next run; the latter also if no close of the last midnight is known yet, or a coin was redenominated meanwhile.
        """
        info, now = self._market.info(), self._market.now()
        where = (info.market, info.quote_asset)
        symbols = await self._store.symbols(*where)
        units = await self._archive.units(info.market)
        daily = await load_daily_closes(self._market.candles, symbols, now, WINDOW_DAYS)
        today = datetime.fromtimestamp(now // DAY_MS * DAY_MS / 1000, UTC).date()
        judged = await self._judge(where, daily, units, today)
        made = doubtful = 0
        if symbols and now % DAY_MS <= LATEST_MS:
            made, doubtful = await self._forecast(where, daily, today)
        while await self._store.trim(today - timedelta(days=MAX_NIGHTS), BATCH_SIZE):
            pass
        return RiskReport(made, doubtful, judged)

    async def _forecast(self, where: tuple[str, str], daily: DailyCloses, day: date) -> tuple[int, int]:
        history = await asyncio.to_thread(market_history, daily, where[1])
        if history.stale.all():
            raise MarketUnavailable
        made = doubtful = after = 0
        while held := await self._store.without_forecast(*where, day, after, BATCH_SIZE):
            forecasts = await asyncio.to_thread(forecast_risk, history, held)
            made += await self._store.save(*where, day, self._at(), forecasts)
            doubtful += sum(1 for each in forecasts if each.doubtful)
            after = held[-1].account_id
        return made, doubtful

    async def _judge(self, where: tuple[str, str], daily: DailyCloses, units: Units, today: date) -> int:
        count, after = 0, (date.min, 0)
        while waiting := await self._store.open(*where, today, after, BATCH_SIZE):
            if await self._archive.units(where[0]) != units:  # the closes were read in the unit of before
                raise MarketUnavailable
            judged = [each for forecast in waiting if (each := _judgement(forecast, daily, units, today)) is not None]
            count += await self._store.judge(self._at(), judged)
            after = (waiting[-1].day, waiting[-1].account_id)
        return count

    def _at(self) -> datetime:
        return datetime.fromtimestamp(self._clock() / 1000, UTC)


def _judgement(forecast: OpenForecast, daily: DailyCloses, units: Units, today: date) -> Judgement | None:
    """Returns the judgement of a day that has ended; None if its closes may still come."""
    ended = datetime.combine(forecast.day + timedelta(days=1), datetime.min.time(), UTC)
    realised, doubtful = realised_return(forecast.positions, daily, int(ended.timestamp() * 1000), units)
    if realised is None and today - forecast.day <= GIVEN_UP:
        return None
    return Judgement(forecast.account_id, forecast.day, realised, doubtful)
