"""News of a running desk: its services for users, and its jobs. A desk without feeds has neither."""

import random
from collections.abc import Callable

from app.connections.stores import Stores
from app.settings import Settings
from bot.coins.names import coin_names
from core.clock import Clock
from core.database import Pool
from jobs.news import collect, judge
from jobs.news.push import HeadlinePush
from jobs.schedule.job import Job, MisfirePolicy
from jobs.schedule.triggers import IntervalTrigger
from ml.news.outcomes import PostgresHeadlineOutcomes
from ml.news.ports import NewsServices
from pipeline.news.coins import CoinMatcher, NamedCoin
from pipeline.news.records import FeedContent
from pipeline.news.settings import NewsSettings
from pipeline.news.store import PostgresNews
from pipeline.ports import MarketReader

_SECONDS = 600.0
"""Time limit of one round of reading: 20 feeds, four at once, each at most 30 seconds."""


def news_services(settings: NewsSettings, pool: Pool, jitter: random.Random) -> NewsServices | None:
    """Returns the services for users; None without feeds."""
    feeds = collect.feed_addresses(settings)
    if not feeds:
        return None
    sources = {feed.feed_id: feed.source for feed in feeds}
    return NewsServices(PostgresNews(pool, jitter=jitter), PostgresHeadlineOutcomes(pool, jitter=jitter), sources)


def news_jobs(
    settings: Settings,
    stores: Stores,
    market: MarketReader,
    clock: Clock,
    *,
    jitter: random.Random,
    told: Callable[[], None],
) -> list[Job]:
    """Returns the jobs that read feeds, tell users, and judge headlines; [] without feeds."""
    if not settings.news.addresses:
        return []
    push = HeadlinePush(stores.pool, market, clock, a_day=settings.news.pushes_a_day, jitter=jitter, on_told=told)
    collection = collect.NewsCollection(
        PostgresNews(stores.pool, jitter=jitter),
        settings.news,
        lambda: coin_matcher(market),
        _FeedReading(settings.news).read,
        clock,
        jitter=jitter,
    )

    async def read_and_tell() -> str:
        report = await collection.run()
        messages = await push.run()
        return f"{report}; {messages} messages"

    judging = judge.HeadlineJudge(PostgresHeadlineOutcomes(stores.pool, jitter=jitter), stores.archive, market, clock)
    return [
        Job(
            "news",
            IntervalTrigger(collect.EVERY_SECONDS),
            read_and_tell,
            misfire=MisfirePolicy.SKIP,
            timeout=_SECONDS,
        ),
        Job("news_outcomes", IntervalTrigger(judge.EVERY_SECONDS), judging.run, misfire=MisfirePolicy.SKIP),
    ]


def coin_matcher(market: MarketReader) -> CoinMatcher:
    """Returns the matcher of the coins in the table of names, and of all others that this market lists."""
    named = [NamedCoin(coin.asset, coin.all_names) for coin in coin_names().coins]
    return CoinMatcher(named, [market.rules(symbol).base for symbol in market.symbols()])


class _FeedReading:
    """Reader of feeds that loads its libraries when it is first used: a start of the desk needs none of them."""

    def __init__(self, settings: NewsSettings) -> None:
        self._settings = settings

    async def read(self, address: str, etag: str, modified: str) -> FeedContent | None:
        from pipeline.news.fetch import FeedClient  # noqa: PLC0415 - httpx takes a tenth of a second
        from pipeline.news.reading import FeedReader  # noqa: PLC0415

        settings = self._settings
        client = FeedClient(allow_http=settings.allow_http, allow_loopback=settings.allow_loopback)
        return await FeedReader(client).read(address, etag, modified)
