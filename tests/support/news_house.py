"""What the tests of the news share: stories on PostgreSQL, a market whose minutes the test tells, and its readers."""

import itertools
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from core.outbox import Chat
from jobs.news.judge import HeadlineJudge
from jobs.news.push import HeadlinePush
from ml.news.outcomes import PostgresHeadlineOutcomes
from people.notifications.notices import decode
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, Symbol
from pipeline.news.notices import HeadlinesFound
from pipeline.news.records import NewStory
from pipeline.news.store import PostgresNews
from tests.fakes.priced_market import BTC, NOON, PricedMarket

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

CALM = random.Random(1)  # noqa: S311
LINK = "https://news.example.org/{}"


class NewsMarket(PricedMarket):
    """Market that lists its symbols."""

    def symbols(self) -> Sequence[Symbol]:
        return sorted(self.listed)


class NewsHouse:
    """Stories and readers; `at` is the wall clock (UTC ms), which is the market's as well."""

    def __init__(self, pool: "Pool", a_day: int = 3) -> None:
        self.pool = pool
        self.at = NOON
        self.market = NewsMarket()
        self.news = PostgresNews(pool, jitter=CALM)
        self.outcomes = PostgresHeadlineOutcomes(pool, jitter=CALM)
        self.archive = CandleArchive(pool)
        self.told = 0
        self.push = HeadlinePush(pool, self.market, self.clock, a_day=a_day, jitter=CALM, on_told=self._tell)
        self.judge = HeadlineJudge(self.outcomes, self.archive, self.market, self.clock)
        self.number = itertools.count(1)

    def clock(self) -> int:
        return self.at

    def _tell(self) -> None:
        self.told += 1

    def pass_time(self, span: timedelta) -> None:
        self.at += round(span.total_seconds() * 1000)
        self.market.time = self.at

    async def story(
        self,
        title: str = "",
        *,
        assets: tuple[str, ...] = ("BTC",),
        tone: float = 0.8,
        age: timedelta = timedelta(),
        source: str = "example.org",
    ) -> None:
        """Adds a story that is read now."""
        number = next(self.number)
        published = self.at - round(age.total_seconds() * 1000)
        told = title or f"Headline number {number}"
        story = NewStory(told, LINK.format(number), source, published, self.at, assets, tone)
        assert await self.news.add([story]) == 1

    async def reader(self, person: int, mode: str | None = "on", *watched: Symbol, zone: str = "UTC") -> Chat:
        """Adds a user with a private chat, a choice about headlines, and a watchlist."""
        run = self.pool.execute
        await run(
            "INSERT INTO person (id, language, timezone) OVERRIDING SYSTEM VALUE VALUES ($1, 'en', $2)", person, zone
        )
        await run(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, 'telegram', $2, false)",
            person,
            str(person),
        )
        if mode is not None:
            await run("INSERT INTO notification_preference VALUES ($1, 'headline', $2)", person, mode)
        for place, symbol in enumerate(watched, start=1):
            await run("INSERT INTO watchlist_item VALUES ($1, $2, $3)", person, symbol, place)
        return Chat("telegram", str(person))

    async def letters(self, person: int) -> list[HeadlinesFound]:
        rows = await self.pool.fetch("SELECT body::text FROM outbox WHERE person_id = $1 ORDER BY id", person)
        notices = [decode(row["body"]) for row in rows]
        return [notice for notice in notices if isinstance(notice, HeadlinesFound)]

    async def minutes(self, start: int, *prices: float, symbol: Symbol = BTC) -> None:
        """Archives minutes from this time on that open and close at these prices."""
        candles = [
            Candle(symbol, start + number * MINUTE_MS, price, price, price, price, 1.0)
            for number, price in enumerate(prices)
        ]
        await self.archive.insert(self.market.info().market, candles)
