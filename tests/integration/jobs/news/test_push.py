"""Headlines that users are told: by choice, about their coins, bounded, and never at night."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from jobs.news.push import OLDEST_MS
from pipeline.news.notices import MAX_HEADLINES
from tests.fakes.priced_market import BTC, ETH
from tests.support.news_house import CALM, NewsHouse
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Side
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

HOUR = timedelta(hours=1)


@pytest.fixture
def house(pool: "Pool") -> NewsHouse:
    return NewsHouse(pool)


async def test_those_who_asked_are_told_about_what_they_watch(house: NewsHouse) -> None:
    await house.reader(1, "on", BTC)
    await house.reader(2, "silent", BTC, ETH)
    await house.reader(3, "off", BTC)
    await house.reader(4, None, BTC)
    await house.reader(5, "on", ETH)
    await house.story("Bitcoin climbs above a level")
    assert await house.push.run() == 2
    assert house.told == 1
    (letter,) = await house.letters(1)
    assert [each.title for each in letter.headlines] == ["Bitcoin climbs above a level"]
    assert [len(await house.letters(person)) for person in range(1, 6)] == [1, 1, 0, 0, 0]


async def test_those_who_hold_a_coin_are_told(house: NewsHouse) -> None:
    await house.reader(1, "on")
    desk = Desk(house.market, PostgresLedger(house.pool, jitter=CALM), TradingSettings(), house.clock)
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, QuoteAmount(Decimal(1000)))
    await house.story(assets=("BTC",))
    await house.story(assets=("ETH",))
    assert await house.push.run() == 1
    (letter,) = await house.letters(1)
    assert [each.assets for each in letter.headlines] == [("BTC",)]


async def test_a_story_is_told_once(house: NewsHouse) -> None:
    await house.reader(1, "on", BTC)
    await house.story()
    assert sorted(await asyncio.gather(house.push.run(), house.push.run())) == [0, 1]
    assert await house.push.run() == 0


async def test_what_is_old_or_neutral_is_not_told(house: NewsHouse) -> None:
    await house.reader(1, "on", BTC)
    await house.story(tone=0.1)
    await house.story(age=timedelta(milliseconds=OLDEST_MS))
    await house.story(assets=())
    assert await house.push.run() == 0
    assert await house.pool.fetchval("SELECT count(*) FROM news_story WHERE told_at IS NULL") == 0


async def test_a_message_has_the_strongest_headlines(house: NewsHouse) -> None:
    await house.reader(1, "on", BTC)
    for tone in (0.2, -0.9, 0.5, 0.3, 0.7):
        await house.story(tone=tone)
    assert await house.push.run() == 1
    (letter,) = await house.letters(1)
    assert len(letter.headlines) == MAX_HEADLINES
    assert [each.tone for each in letter.headlines] == [-0.9, 0.7, 0.5]


async def test_a_day_has_so_many_messages(pool: "Pool") -> None:
    house = NewsHouse(pool, a_day=2)
    await house.reader(1, "on", BTC, zone="Asia/Seoul")  # noon UTC is nine in the evening there
    for _ in range(4):
        await house.story()
        await house.push.run()
    assert len(await house.letters(1)) == 2
    house.pass_time(3 * HOUR)  # midnight there
    await house.story()
    assert await house.push.run() == 1


@pytest.mark.parametrize(("zone", "told"), [("UTC", 1), ("Asia/Seoul", 0)])
async def test_nothing_is_told_in_quiet_hours(house: NewsHouse, zone: str, told: int) -> None:
    await house.reader(1, "on", BTC, zone=zone)
    await house.pool.execute("INSERT INTO notification_quiet_hours VALUES (1, $1, $2)", 21 * 60, 7 * 60)
    await house.story()
    assert await house.push.run() == told


async def test_one_source_has_two_of_three_headlines_at_most_if_others_have_any(house: NewsHouse) -> None:
    await house.reader(1, "on", BTC)
    for _ in range(20):
        await house.story(tone=0.9)
    await house.story("Bitcoin told by another", tone=0.2, source="other.org")
    assert await house.push.run() == 1
    (letter,) = await house.letters(1)
    assert [each.source for each in letter.headlines] == ["example.org", "example.org", "other.org"]


async def test_the_newest_stories_are_not_those_of_one_source(house: NewsHouse) -> None:
    for number in range(3):
        await house.story(age=HOUR * (number + 2), source=("other.org", "third.org")[number % 2])
    for number in range(300):
        await house.story(f"Invented number {number}", age=timedelta(seconds=number))
    for asset in (None, "BTC"):
        shown = await house.news.latest(asset, 0, 6)
        assert [each.source for each in shown] == ["example.org"] * 3 + ["other.org", "third.org", "other.org"]
        assert [each.published for each in shown] == sorted((each.published for each in shown), reverse=True)
    assert {each.source for each in await house.news.latest(None, 0, 2)} == {"example.org", "other.org"}
    assert len(await house.news.latest(None, 0, 20)) == 20
    assert await house.news.latest("ETH", 0, 20) == []
