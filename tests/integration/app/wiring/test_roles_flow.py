"""Candles that roles archive: nothing committed before its effect, one row a minute."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.archive.partitions import month_before
from pipeline.archive.postgres import CandleArchive
from pipeline.bus import Bus, InProcessBus
from pipeline.bus.kafka import open_kafka_bus
from pipeline.errors import MarketUnavailable
from pipeline.flow import ARCHIVER_GROUP, CandleArchiver
from pipeline.market import DAY_MS, EARLIEST_MS, LATEST_MS, Candle, Frame, Interval, Symbol
from pipeline.settings import KafkaSettings
from tests.fakes.kafka_topics import dead_letters
from tests.fakes.scripted_market import BTC, ETH, START, minute
from tests.integration.app.wiring.running_roles import M, nothing_waits, running, until


class Archive:
    """An archive in memory, which may be away; it notes what was committed when it was asked."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.away = asyncio.Event()
        self.asked = 0
        self.kept: dict[tuple[str, int], Candle] = {}
        self.waiting_then: list[int] = []

    async def insert(self, market: str, candles: Iterable[Candle]) -> int:
        self.asked += 1
        if self.away.is_set():
            raise MarketUnavailable
        self.waiting_then.append(sum((await self.bus.lag(ARCHIVER_GROUP)).values()))
        self.kept |= {(candle.symbol, candle.open_time): candle for candle in candles}
        return 0


async def test_nothing_is_committed_before_it_is_archived() -> None:
    bus = InProcessBus(market="replay")
    archive = Archive(bus)
    for n in range(5):
        await bus.publish(Frame(START, candles=(minute(BTC, START + n * M),)))
    async with running(CandleArchiver(bus, archive).run()):
        await until(lambda: nothing_waits(bus))
    assert archive.waiting_then == [5]


async def test_while_postgresql_is_away_candles_wait_on_kafka_and_not_in_memory(settings: KafkaSettings) -> None:
    async with open_kafka_bus(settings, "") as bus, open_kafka_bus(settings, "replay") as sender:
        archive, count = Archive(bus), 200
        archive.away.set()
        async with running(CandleArchiver(bus, archive).run()):
            for n in range(count):
                await sender.publish(Frame(START, candles=(minute(BTC, START + n * M), minute(ETH, START + n * M))))
            await sender.flush()
            await until(lambda: becomes(archive.asked >= 3))
            assert sum((await bus.lag(ARCHIVER_GROUP)).values()) >= count
            archive.away.clear()
            await until(lambda: nothing_waits(bus))
    assert len(archive.kept) == 2 * count


async def becomes(true: bool) -> bool:  # noqa: FBT001
    return true


async def test_an_archiver_that_dies_before_its_commit_leaves_one_row_a_minute_all_the_same(
    settings: KafkaSettings, pool: Any
) -> None:
    archive = CandleArchive(pool)
    candles = [minute(BTC, START + n * M) for n in range(20)]

    class Dies:
        async def insert(self, market: str, given: Iterable[Candle]) -> int:
            await archive.insert(market, given)
            raise RuntimeError("killed between the insert and the commit")

    async with open_kafka_bus(settings, "") as bus, open_kafka_bus(settings, "replay") as sender:
        for candle in candles:
            await sender.publish(Frame(START, candles=(candle,)))
        await sender.flush()
        with pytest.raises(RuntimeError, match="between"):
            await CandleArchiver(bus, Dies()).run()
        async with running(CandleArchiver(bus, archive).run()):
            await until(lambda: nothing_waits(bus))
    rows = await archive.candles("replay", BTC, Interval.M1, START, START + 100 * M)
    assert [row.candle for row in rows] == candles


@pytest.mark.parametrize("revised_first", [False, True])
async def test_of_a_revised_minute_the_version_with_more_trades_stays_in_whatever_order_they_come(
    pool: Any, *, revised_first: bool
) -> None:
    first, revised = minute(BTC, START, 100.0, trades=3), minute(BTC, START, 101.0, trades=4)
    bus, archive = InProcessBus(market="replay"), CandleArchive(pool)
    for candle in (revised, first, revised) if revised_first else (first, revised, first):
        await bus.publish(Frame(START, candles=(candle,)))
    async with running(CandleArchiver(bus, archive).run()):
        await until(lambda: nothing_waits(bus))
    (row,) = await archive.candles("replay", BTC, Interval.M1, START, START + M)
    assert row.candle == revised


async def test_a_candle_that_is_none_goes_among_the_dead_letters_and_the_stream_goes_on(pool: Any) -> None:
    bus, archive = InProcessBus(market="replay"), CandleArchive(pool)
    broken = [
        Candle(Symbol("A\0B"), START, 1.0, 1.0, 1.0, 1.0, 1.0),
        Candle(ETH, START, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2**63),
        Candle(ETH, START, 1.0, 0.5, 1.0, 1.0, 1.0),
    ]
    for candle in broken:
        await bus.publish(Frame(START, candles=(minute(BTC, START), candle)))
    await bus.publish(Frame(START, candles=(minute(BTC, START + M),)))
    async with running(CandleArchiver(bus, archive).run()):
        await until(lambda: nothing_waits(bus))
    assert [letter[0] for letter in await dead_letters(bus, 3)] == ["unsound-candle"] * 3
    rows = await archive.candles("replay", BTC, Interval.M1, START, START + 9 * M)
    assert [row.candle for row in rows] == [minute(BTC, START), minute(BTC, START + M)]


async def test_candles_are_archived_under_the_market_they_came_from(settings: KafkaSettings, pool: Any) -> None:
    archive = CandleArchive(pool)
    async with open_kafka_bus(settings, "") as bus:
        for market in ("binance", "simulator:model1-seed7"):
            async with open_kafka_bus(settings, market) as sender:
                await sender.publish(Frame(START, candles=(minute(BTC, START),)))
        async with running(CandleArchiver(bus, archive).run()):
            await until(lambda: nothing_waits(bus))
    for market in ("binance", "simulator:model1-seed7"):
        assert await archive.minutes(market, BTC, START, START + M) == [START]


@pytest.mark.parametrize("market", ["binance", "replay:somebody"])
async def test_candles_far_from_any_market_end_no_archiver_and_make_no_month(pool: Any, market: str) -> None:
    bus, archive = InProcessBus(market=market), CandleArchive(pool)
    wall = START + 30 * DAY_MS
    far = [60_000, EARLIEST_MS - M, START + 40 * DAY_MS, 2_524_608_000_000]
    for time in far:
        await bus.publish(Frame(START, candles=(minute(ETH, time), minute(BTC, START))))
    years = [minute(BTC, month_before(START, 12 * back)) for back in (11, 5, 0)]
    await bus.publish(Frame(START, candles=tuple(years)))
    async with running(CandleArchiver(bus, archive, wall=lambda: wall).run()):
        await until(lambda: nothing_waits(bus))
    assert [letter[0] for letter in await dead_letters(bus, len(far))] == ["unsound-candle"] * len(far)
    assert await archive.minutes(market, BTC, 0, LATEST_MS) == [*(candle.open_time for candle in years), START]
    assert await archive.minutes(market, ETH, 0, LATEST_MS) == []
    assert [month.name for month in await archive.months()] == ["2010-04", "2016-04", "2021-04"]
