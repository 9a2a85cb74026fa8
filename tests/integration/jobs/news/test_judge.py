"""Headlines judged by what their coins did, from the next open of the archive."""

from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from ml.news.outcomes import HORIZON_MS
from pipeline.market import DAY_MS, MINUTE_MS
from pipeline.news.records import NewsEvent
from tests.fakes.priced_market import NOON
from tests.support.news_house import NewsHouse

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

LATER = timedelta(milliseconds=HORIZON_MS + 15 * MINUTE_MS)


@pytest.fixture
def house(pool: "Pool") -> NewsHouse:
    made = NewsHouse(pool)
    made.at = NOON + 20_000  # within a minute
    return made


async def events(house: NewsHouse) -> list[NewsEvent]:
    return list(await house.outcomes.events(house.market.info().market))


async def test_the_return_is_from_the_next_open_over_the_horizon(house: NewsHouse) -> None:
    await house.story("Bitcoin climbs", assets=("BTC", "NOPE"))
    await house.minutes(NOON, 500.0, 100.0, 101.0)  # the first minute had begun when the headline was read
    end = NOON + MINUTE_MS + HORIZON_MS
    await house.minutes(end - MINUTE_MS, 110.0, 500.0)
    assert await house.judge.run() == 0, "the horizon has not passed"
    house.pass_time(LATER)
    assert await house.judge.run() == 1
    assert await house.judge.run() == 0
    (event,) = await events(house)
    assert (event.asset, event.title) == ("BTC", "Bitcoin climbs")
    assert event.returned == pytest.approx(0.1)


async def test_without_candles_it_waits_and_then_gives_up(house: NewsHouse) -> None:
    await house.story()
    house.pass_time(LATER)
    assert await house.judge.run() == 0
    house.pass_time(timedelta(days=2))
    assert await house.judge.run() == 1
    assert await events(house) == []


async def test_what_was_read_late_is_not_judged(house: NewsHouse) -> None:
    await house.story(age=timedelta(hours=3))
    await house.minutes(NOON, *[100.0] * 300)
    house.pass_time(LATER)
    assert await house.judge.run() == 0


async def test_a_market_of_another_time_is_not_judged(house: NewsHouse) -> None:
    await house.story()
    await house.minutes(NOON, *[100.0] * 300)
    house.pass_time(LATER)
    house.market.time -= DAY_MS
    assert await house.judge.run() == 0


async def test_many_headlines_are_judged_in_batches(house: NewsHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.news.judge.BATCH_SIZE", 3)
    for _ in range(8):
        await house.story()
        house.pass_time(timedelta(minutes=1))
    await house.minutes(NOON, *[100.0 + number for number in range(300)])
    house.pass_time(LATER)
    assert await house.judge.run() == 8
    assert len(await events(house)) == 8
