"""Months of the candle archive: made ahead, dropped as a whole, on a real server."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from jobs.candles.candle_partitions import CandleMonths, open_alerts
from pipeline.archive.partitions import Month, by_month, month_before
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS, LATEST_MS, MarketInfo
from tests.fakes.scripted_market import BTC, info_at, minute
from tests.patience import PATIENCE_SECONDS

NOW = int(datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp() * 1000)
OLD = month_before(NOW, 30)


@pytest.fixture
def archive(pool: Any) -> CandleArchive:
    return CandleArchive(pool)


def months_of(
    archive: CandleArchive, *, now: int = NOW, market: int = NOW, keep: int = 24, **more: Any
) -> CandleMonths:
    return CandleMonths(archive, lambda: info_at(market, now), lambda: now, months=keep, **more)


async def names(archive: CandleArchive) -> dict[str, tuple[str, ...]]:
    return {month.name: month.markets for month in await archive.months()}


async def test_this_month_and_the_next_are_made_before_anything_is_written(archive: CandleArchive) -> None:
    replayed = month_before(NOW, 60)
    await months_of(archive, market=replayed + 3 * DAY_MS).run()
    assert await names(archive) == {"2021-11": (), "2021-12": (), "2026-11": (), "2026-12": ()}


async def test_without_a_market_the_machines_months_are_made(archive: CandleArchive) -> None:
    def nobody() -> MarketInfo:
        raise MarketUnavailable

    await CandleMonths(archive, nobody, lambda: NOW, months=0).run()
    assert list(await names(archive)) == ["2026-11", "2026-12"]


async def test_months_name_their_markets(archive: CandleArchive) -> None:
    for market in ("simulator:7", "binance", "replay:x"):
        await archive.insert(market, [minute(BTC, OLD + 20 * DAY_MS)])
    await archive.insert("binance", [minute(BTC, NOW - NOW % 60_000)])
    assert await names(archive) == {
        "2024-05": ("binance", "replay:x", "simulator:7"),
        "2026-11": ("binance",),
    }


async def test_a_month_past_its_time_is_dropped_and_logged(
    archive: CandleArchive, pool: Any, caplog: pytest.LogCaptureFixture
) -> None:
    kept = minute(BTC, month_before(NOW, 24))
    await archive.insert("binance", [minute(BTC, OLD), kept])
    with caplog.at_level(logging.INFO, "jobs.candles.candle_partitions"):
        assert await months_of(archive).run() == ["2024-05"]
    assert "2024-05 (binance)" in caplog.text
    assert await pool.fetchval("SELECT count(*) FROM candle") == 1
    assert await months_of(archive).run() == []


async def test_with_zero_months_everything_is_kept(archive: CandleArchive) -> None:
    await archive.insert("binance", [minute(BTC, OLD)])
    assert await months_of(archive, keep=0).run() == []
    assert "2024-05" in await names(archive)


async def test_a_recording_keeps_its_months_however_old(archive: CandleArchive) -> None:
    await archive.insert("replay:x", [minute(BTC, OLD)])
    await archive.insert("binance", [minute(BTC, OLD)])
    assert await months_of(archive).run() == []


async def test_an_armed_alert_keeps_the_months_it_looks_back_to(archive: CandleArchive, pool: Any) -> None:
    await archive.insert("binance", [minute(BTC, month_before(NOW, age)) for age in (32, 30, 28)])
    person = await pool.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
    await pool.execute(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, ready,"
        " market_time_ms) VALUES ('c', $1, 'console', '1', 'binance', $2, 'above', 5, false, true, $3)",
        person, BTC, month_before(NOW, 30) + DAY_MS,
    )  # fmt: skip
    assert await open_alerts(pool)() == {"binance": month_before(NOW, 30) + DAY_MS}
    job = months_of(archive, needs=[open_alerts(pool)])
    assert await job.run() == ["2024-03"]
    await pool.execute("UPDATE alert SET state = 'cancelled'")
    assert await job.run() == ["2024-05", "2024-07"]


async def test_an_unknown_need_drops_nothing(archive: CandleArchive) -> None:
    async def need() -> dict[str, int]:
        raise MarketUnavailable

    await archive.insert("binance", [minute(BTC, OLD)])
    with pytest.raises(MarketUnavailable):
        await months_of(archive, needs=[need]).run()
    assert "2024-05" in await names(archive)


async def test_a_month_in_use_waits_for_another_time_and_holds_nobody_up(archive: CandleArchive, pool: Any) -> None:
    await archive.insert("binance", [minute(BTC, OLD), minute(BTC, month_before(NOW, 29))])
    async with pool.acquire() as reader:
        async with reader.transaction():
            await reader.fetchval("SELECT count(*) FROM candle WHERE open_time < $1", month_before(NOW, 29))
            assert await months_of(archive).run() == []
            assert await archive.insert("binance", [minute(BTC, NOW - NOW % 60_000)]) == 1
        assert await months_of(archive).run() == ["2024-05", "2024-06"]


async def test_writing_goes_on_while_months_are_dropped(archive: CandleArchive, pool: Any) -> None:
    async def write() -> None:
        for number in range(150):
            await archive.insert("simulator:7", [minute(BTC, OLD + number * 60_000)])

    await archive.insert("binance", [minute(BTC, OLD)])
    writing = asyncio.create_task(write())
    while not writing.done():
        assert await asyncio.wait_for(months_of(archive).run(), PATIENCE_SECONDS) in ([], ["2024-05"])
    await writing


async def test_only_whole_old_months_can_be_dropped(archive: CandleArchive, pool: Any) -> None:
    wall = int(datetime.now(UTC).timestamp() * 1000)
    await archive.insert("binance", [minute(BTC, wall - wall % 60_000)])
    for moment in (month_before(wall, 0), month_before(wall, 1), OLD + 1):
        with pytest.raises(asyncpg.InvalidParameterValueError):
            await archive.drop_month(Month(moment))
    assert not await archive.drop_month(Month(month_before(wall, 100)))
    assert await pool.fetchval("SELECT count(*) FROM candle") == 1


async def test_candles_that_are_far_from_each_other_need_no_months_between_them(archive: CandleArchive) -> None:
    times = [60_000, OLD, NOW - NOW % 60_000, LATEST_MS - 60_000]
    assert await archive.insert("binance", [minute(BTC, time) for time in times]) == 4
    assert await archive.minutes("binance", BTC, 0, LATEST_MS) == times
    assert list(await names(archive)) == ["1970-01", "2024-05", "2026-11", "2099-12"]


def test_rising_candles_are_split_by_their_month() -> None:
    first, second = month_before(NOW, 0), month_before(NOW, -1)
    times = [first, second - 60_000, second, second + 60_000, LATEST_MS - 60_000]
    found = [[candle.open_time for candle in part] for part in by_month([minute(BTC, time) for time in times])]
    assert found == [times[:2], times[2:4], times[4:]]
    assert list(by_month([])) == []
