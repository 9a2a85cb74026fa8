"""Reading of feeds, from servers to stories on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.wiring.news import coin_matcher
from jobs.news.collect import NewsCollection, NewsReport, feed_addresses, next_reading
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.news.fetch import FeedClient
from pipeline.news.reading import FeedReader
from pipeline.news.settings import NewsSettings
from tests.fakes.feed_server import FeedServer, feed_server, item, response, rss
from tests.fakes.priced_market import NOON
from tests.support.news_house import CALM, NewsHouse

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as made:
        yield made


class Reading:
    """A collection over feeds of the server."""

    def __init__(self, pool: "Pool", server: FeedServer, *paths: str) -> None:
        self.house = NewsHouse(pool)
        self.server = server
        self.settings = NewsSettings(allow_loopback=True, feeds=",".join(map(server.url, paths)))
        reader = FeedReader(FeedClient(allow_loopback=True))
        self.collection = NewsCollection(
            self.house.news,
            self.settings,
            lambda: coin_matcher(self.house.market),
            reader.read,
            self.house.clock,
            jitter=CALM,
        )

    async def later(self, minutes: int = 12) -> NewsReport:
        self.house.pass_time(timedelta(minutes=minutes))
        return await self.collection.run()

    async def titles(self) -> list[str]:
        return [story.title for story in await self.house.news.latest(None, 0, 100)]


async def test_stories_are_stored_once_with_coins_and_tone(pool: "Pool", server: FeedServer) -> None:
    reading = Reading(pool, server, "/one", "/two")
    title = "Bitcoin plunges as exchange halts withdrawals"
    server.answers["/one"] = response(rss(item(title, "https://a.example.org/1", "")))
    server.answers["/two"] = response(
        rss(
            item(f"{title} - Two", "https://b.example.org/1", ""),
            item("이더리움 급등", "https://b.example.org/2", ""),
            item("What is a blockchain", "https://b.example.org/3", ""),
        )
    )
    assert await reading.collection.run() == NewsReport(2, 0, 3)
    stories = {story.title: story for story in await reading.house.news.latest(None, 0, 100)}
    bad, good = stories[title], stories["이더리움 급등"]
    assert (bad.assets, good.assets) == (("BTC",), ("ETH",))
    assert bad.tone < -0.5 < 0.5 < good.tone
    assert bad.published == bad.seen == NOON
    assert await reading.later() == NewsReport(2, 0, 0)


async def test_a_feed_is_read_again_when_it_is_due(pool: "Pool", server: FeedServer) -> None:
    reading = Reading(pool, server, "/one")
    server.answers["/one"] = response(rss(item("Bitcoin climbs", date="")), ETag='"v1"')
    await reading.collection.run()
    assert await reading.later(9) == NewsReport()
    server.answers["/one"] = response(b"", status="304 Not Modified")
    assert await reading.later(3) == NewsReport(1, 0, 0)
    assert [headers.get("if-none-match") for _, headers in server.requests] == [None, '"v1"']


async def test_a_failing_feed_waits_longer_each_time_and_hinders_no_other(pool: "Pool", server: FeedServer) -> None:
    reading = Reading(pool, server, "/bad", "/good")
    server.answers["/bad"] = response(b"", status="500 Internal Server Error")
    server.answers["/good"] = response(rss(item("Bitcoin climbs", date="")))
    assert await reading.collection.run() == NewsReport(2, 1, 1)
    server.answers["/good"] = response(b"", status="304 Not Modified")
    for _ in range(8):
        await reading.later(12)
    paths = [path for path, _ in server.requests]
    assert (paths.count("/good"), paths.count("/bad")) == (9, 3)
    bad, good = feed_addresses(reading.settings)
    states = await reading.house.news.feeds([bad.feed_id, good.feed_id])
    assert (states[bad.feed_id].fault, states[bad.feed_id].failures) == ("status", 3)
    assert (states[good.feed_id].fault, states[good.feed_id].worked_at) == ("", reading.house.at)
    server.answers["/bad"] = response(rss(item("Ether climbs as well", "https://b.example.org/", "")))
    await reading.later(360)
    assert (await reading.house.news.feeds([bad.feed_id]))[bad.feed_id].failures == 0
    assert "Ether climbs as well" in await reading.titles()


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item("Bitcoin climbs &a;", date=""), prolog=""),
        b"<html>no feed</html>",
        b"\xff\xfe\x00" * 1000,
        b"",
    ],
    ids=["entities", "html", "noise", "empty"],
)
async def test_a_hostile_document_is_a_failure_of_its_feed(pool: "Pool", server: FeedServer, body: bytes) -> None:
    reading = Reading(pool, server, "/one")
    server.answers["/one"] = response(body)
    report = await reading.collection.run()
    assert (report.read, report.stories) == (1, 0)
    assert await reading.titles() == []


async def test_feeds_that_are_not_listed_any_more_are_forgotten(pool: "Pool", server: FeedServer) -> None:
    server.answers |= {path: response(rss(item("Bitcoin climbs", date=""))) for path in ("/one", "/two")}
    await Reading(pool, server, "/one", "/two").collection.run()
    reading = Reading(pool, server, "/two")
    await reading.later()
    assert await pool.fetchval("SELECT count(*) FROM news_feed") == 1


async def test_addresses_are_not_stored(pool: "Pool", server: FeedServer) -> None:
    server.answers["/one?key=secret"] = response(rss(item("Bitcoin climbs", date="")))
    await Reading(pool, server, "/one?key=secret").collection.run()
    row = await pool.fetchrow("SELECT news_feed::text AS line FROM news_feed")
    assert row is not None
    assert "secret" not in row["line"]


async def test_old_stories_are_trimmed(pool: "Pool", monkeypatch: pytest.MonkeyPatch) -> None:
    house = NewsHouse(pool)
    for _ in range(5):
        await house.story()
        house.pass_time(timedelta(days=1))
    assert await house.news.trim(NOON + 1) == 1
    monkeypatch.setattr("pipeline.news.store.MAX_STORIES", 2)
    assert await house.news.trim(0) == 2
    assert await pool.fetchval("SELECT count(*) FROM news_story_asset") == 2


async def test_the_tone_is_that_of_the_last_day(pool: "Pool") -> None:
    house = NewsHouse(pool)
    assert await house.news.tone(house.at) is None
    await house.story(tone=-0.9)
    house.pass_time(timedelta(days=1))
    await house.story(tone=0.5)
    await house.story(tone=0.1, assets=("ETH",))
    found = await house.news.tone(house.at)
    assert found is not None
    assert (found.tone, found.count) == (pytest.approx(0.3), 2)
    btc = await house.news.tone(house.at, "BTC")
    assert btc is not None
    assert (btc.tone, btc.count) == (0.5, 1)


def test_pauses_double_up_to_six_hours_and_respect_the_server() -> None:
    every = 10 * MINUTE_MS
    pauses = [next_reading(0, every, failures, 0.0, 0.0) // MINUTE_MS for failures in range(8)]
    assert pauses == [10, 20, 40, 80, 160, 320, 360, 360]
    assert next_reading(0, every, 10_000, 0.0, 1.0) == round(360 * MINUTE_MS * 1.1)
    assert next_reading(0, every, 1, 86_400.0, 0.0) == DAY_MS
