"""What the roles promise each other: nothing committed before its effect, one row a minute, Redis true again by itself,
a producer that goes on where the last one stopped."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from pipeline.archive.postgres import CandleArchive
from pipeline.bus import Bus, InProcessBus, Record
from pipeline.bus.kafka import open_kafka_bus
from pipeline.errors import MarketUnavailable
from pipeline.flow import ARCHIVER_GROUP, WRITER_GROUP, CandleArchiver, MarketWriter, produce, resume
from pipeline.flow.producer import reached
from pipeline.market import MINUTE_MS, Candle, Frame, Interval, Symbol, Tick
from pipeline.replay.candle_source import ReplaySource
from pipeline.settings import KafkaSettings, ReplaySettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_store
from tests.fakes.kafka_server import Server
from tests.fakes.kafka_topics import dead_letters
from tests.fakes.scripted_market import BTC, ETH, START, ScriptedMarket, info_at, minute, tick
from tests.integration.pipeline.replay.test_replay import BEGINS, FakeTime, write
from tests.patience import PATIENCE_SECONDS

M = MINUTE_MS
SYMBOLS = [Symbol(f"S{number}USDC") for number in range(20)]


@pytest.fixture
def settings(kafka: Server) -> KafkaSettings:
    kafka.needs_real("lag")
    return kafka.settings(partitions=2)


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    async with open_store(redis_url, 1000) as opened:
        yield opened


@asynccontextmanager
async def running(*services: Awaitable[None]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_run(service)) for service in services]
        yield
        for task in tasks:
            task.cancel()


async def _run(service: Awaitable[None]) -> None:
    await service


async def until(is_so: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 - what is waited for lies in a server
            await asyncio.sleep(0.02)


# -- the archiver ------------------------------------------------------------------------------------


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


async def nothing_waits(bus: Bus, group: str = ARCHIVER_GROUP) -> bool:
    try:
        return sum((await bus.lag(group)).values()) == 0
    except MarketUnavailable:  # a broker that has only just begun knows no groups yet
        return False


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


# -- the writer --------------------------------------------------------------------------------------


def writer(bus: Bus, store: RedisStore, pool: Any, now: int = START + 60_000) -> MarketWriter:
    return MarketWriter(bus, store, CandleArchive(pool), lambda: info_at(now), history_points=1000, wall=lambda: 0)


async def prices_are(store: RedisStore, expected: dict[Symbol, str]) -> bool:
    _, raws = await store.quotes(list(expected))
    return [raw and raw.decode().split(" ")[1] for raw in raws] == list(expected.values())


async def test_of_two_ticks_the_later_stays_whichever_of_two_members_writes_it_and_when(
    store: RedisStore, pool: Any
) -> None:
    bus = InProcessBus(partitions=4, market="replay")
    newest = dict.fromkeys(SYMBOLS, "30")
    async with running(writer(bus, store, pool).run(), writer(bus, store, pool).run()):
        for n, price in ((1, "10"), (3, "30"), (2, "20")):
            await bus.publish(Frame(START, tuple(tick(symbol, START + n, price) for symbol in SYMBOLS)))
        await until(lambda: prices_are(store, newest))
    again = InProcessBus(partitions=1, market="replay")
    for n, price in ((1, "10"), (2, "20")):
        await again.publish(Frame(START, tuple(tick(symbol, START + n, price) for symbol in SYMBOLS)))
    async with running(writer(again, store, pool).run()):
        await asyncio.sleep(0.3)
    assert await prices_are(store, newest)
    histories = await store.histories(SYMBOLS)
    assert all(sorted(points["time"].tolist()) == points["time"].tolist() for points in histories.values())


async def test_redis_emptied_under_a_silent_source_is_filled_again_from_what_was_written(
    store: RedisStore, pool: Any, redis_url: str
) -> None:
    bus = InProcessBus(market="replay")
    await CandleArchive(pool).insert("replay", [minute(BTC, START - n * M, 50.0 + n) for n in range(1, 31)])
    async with running(writer(bus, store, pool).run()):
        await bus.publish(Frame(START, (tick(BTC, START, "7"), tick(ETH, START, "8"))))
        await until(lambda: prices_are(store, {BTC: "7", ETH: "8"}))
        async with Redis.from_url(redis_url) as client:
            await client.flushall()
        await until(lambda: prices_are(store, {BTC: "7", ETH: "8"}))
        await until(lambda: has_points(store, 30))


async def has_points(store: RedisStore, count: int) -> bool:
    return len((await store.histories([BTC]))[BTC]) == count


async def test_closes_that_come_before_the_first_price_do_not_stand_in_its_way(store: RedisStore) -> None:
    """As when Redis is emptied between a first price and the closes that are put before it."""
    assert await store.prefill(BTC, [START - 1, START], [1.0, 2.0]) == 0
    assert await store.write([tick(BTC, START, "7")]) == [BTC]
    assert await store.prefill(BTC, [START - 1, START], [1.0, 2.0]) == 1
    assert (await store.histories([BTC]))[BTC].tolist() == [(START - 1, 1.0), (START, 7.0)]


async def test_redis_emptied_while_nobody_wrote_is_filled_from_the_end_of_the_topic(
    store: RedisStore, pool: Any, settings: KafkaSettings
) -> None:
    async with open_kafka_bus(settings, "") as bus, open_kafka_bus(settings, "replay") as sender:
        await sender.publish(Frame(START, tuple(tick(symbol, START, "7") for symbol in SYMBOLS)))
        await sender.flush()
        async with bus.consumer("market-writer") as reader:
            await reader.commit(await reader.batch())
        async with running(writer(bus, store, pool).run()):
            await until(lambda: prices_are(store, dict.fromkeys(SYMBOLS, "7")))


async def test_prices_of_another_market_or_from_later_than_now_are_not_written(store: RedisStore, pool: Any) -> None:
    bus = InProcessBus(market="replay")
    async with running(writer(bus, store, pool, now=START).run()):
        await bus.publish(Frame(START + 16_000, (tick(BTC, START + 16_000, "9"),)))
        await bus.publish(Frame(START, (tick(BTC, START, "7"),)))
        await until(lambda: prices_are(store, {BTC: "7"}))
        bus.market = "binance"
        await bus.publish(Frame(START + 1, (tick(BTC, START + 1, "9"),)))
        await until(lambda: nothing_waits(bus, WRITER_GROUP))
        bus.market = "replay"
        await bus.publish(Frame(START + 1, (tick(ETH, START + 1, "8"),)))
        await until(lambda: prices_are(store, {ETH: "8"}))
        assert await prices_are(store, {BTC: "7"})


async def test_a_tick_from_later_than_now_keeps_no_price_out_and_goes_among_the_dead_letters(
    store: RedisStore, pool: Any
) -> None:
    bus, day = InProcessBus(market="replay"), 24 * 60 * M
    async with running(writer(bus, store, pool, now=START).run()):
        await bus.publish(Frame(START, (tick(BTC, START + day, "9"), tick(ETH, START, "8"))))
        await bus.publish(Frame(START, (tick(BTC, START + day, "9"),)))
        await bus.publish(Frame(START + 1, (tick(BTC, START + 1, "7"),)))
        await until(lambda: prices_are(store, {BTC: "7", ETH: "8"}))
    assert [reason for _, reason in bus.dead_letters] == ["future-tick"] * 2


async def test_what_can_never_be_stored_is_not_written_again_and_again(
    store: RedisStore, pool: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bus = InProcessBus(market="replay")
    caplog.set_level(logging.INFO, "pipeline.flow.market_writer")
    async with running(writer(bus, store, pool).run()):
        await bus.publish(Frame(START, (tick(Symbol("A B"), START, "7"), tick(ETH, START, "NaN"))))
        await bus.publish(Frame(START, (tick(BTC, START, "7"),)))
        await until(lambda: prices_are(store, {BTC: "7"}))
        await store._redis.delete(codec.CURRENT_PRICES, codec.LAST_UPDATE, codec.QUOTES)
        await until(lambda: prices_are(store, {BTC: "7"}))
    assert {line for line in caplog.messages if "again" in line} == {"writing 1 prices again"}, "BTC's alone"


async def test_what_redis_missed_while_it_was_away_is_written_when_it_is_back(
    store: RedisStore, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus, write_ticks, away = InProcessBus(market="replay"), store.write, asyncio.Event()

    async def perhaps(ticks: tuple[Tick, ...]) -> list[Symbol]:
        if away.is_set():
            raise MarketUnavailable
        return await write_ticks(ticks)

    monkeypatch.setattr(store, "write", perhaps)
    async with running(writer(bus, store, pool).run()):
        await bus.publish(Frame(START, (tick(BTC, START, "7"),)))
        await until(lambda: prices_are(store, {BTC: "7"}))
        away.set()
        await bus.publish(Frame(START + 1, (tick(BTC, START + 1, "8"),)))
        await until(lambda: nothing_waits(bus, WRITER_GROUP))
        away.clear()
        await until(lambda: prices_are(store, {BTC: "8"}))


# -- a producer that takes over ----------------------------------------------------------------------


def said(partition: int, time: int) -> Record:
    return Record(partition, 0, Frame(time, (tick(BTC, time),)), "replay")


def test_a_producer_goes_on_where_the_partition_ends_that_is_furthest_behind() -> None:
    assert reached([said(0, 5), said(0, 9), said(1, 7)], SYMBOLS, 2) == 7


def test_a_producer_begins_anew_where_a_partition_of_its_symbols_is_empty() -> None:
    assert reached([said(0, 9)], SYMBOLS, 2) is None
    assert reached([], SYMBOLS, 1) is None
    assert reached([said(0, 9)], SYMBOLS, 1) == 9


async def test_frames_of_another_market_are_no_place_to_go_on_from() -> None:
    market, bus = ScriptedMarket(), InProcessBus(market="binance")
    await bus.publish(Frame(START, (tick(BTC, START),)))
    await resume(market, bus)
    assert market.resumed == 0


class AwayBus(InProcessBus):
    """Cannot be read the first two times."""

    away = 2

    async def tail(self, limit: int) -> tuple[Record, ...]:
        if self.away:
            self.away -= 1
            raise MarketUnavailable
        return await super().tail(limit)


async def test_a_producer_waits_for_a_bus_that_is_away() -> None:
    bus = AwayBus(market="replay")
    await resume(ScriptedMarket(), bus)
    assert bus.away == 0


async def test_a_replay_that_dies_anywhere_is_taken_over_without_a_candle_missing(tmp_path: Path) -> None:
    rows = [(symbol, n, 100.0 + n % 7, 1.0) for symbol in ("AUSDT", "BUSDT", "CUSDT") for n in range(300)]
    path = write(tmp_path / "r.parquet", rows)
    begins = ReplaySettings(speed=600, history_minutes=0, start="2021-04-03T00:00")
    bus = InProcessBus(partitions=2, capacity=10_000, market="replay:r.parquet")
    times = FakeTime()
    for dies_after in (40, 1, 7, 60, 10_000):
        async with ReplaySource(path, begins, times.clock, sleep=times.sleep) as source:
            await resume(source, bus)
            await dying(source, bus, dies_after)
    found = [candle for record in await bus.tail(10_000) for candle in record.frame.candles]
    assert {(c.symbol, c.open_time) for c in found} == {(symbol, BEGINS + n * M) for symbol, n, *_ in rows}
    assert len(found) < 3 * 300 + 5 * 3 * 30, "it began again from the beginning"


async def dying(source: ReplaySource, bus: InProcessBus, frames: int) -> None:
    """A producer that ends in the middle of a frame: only one partition has its share."""
    publish, left = bus.publish, frames

    async def publish_until_dead(frame: Frame) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            await publish(Frame(frame.time, candles=frame.candles[:1]))
            raise ConnectionAbortedError
        await publish(frame)

    bus.publish = publish_until_dead  # type: ignore[method-assign]
    try:
        await produce(source, bus)
    except ConnectionAbortedError:
        return
    finally:
        bus.publish = publish  # type: ignore[method-assign]


async def test_a_replay_that_was_at_its_end_begins_again(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", [("AUSDT", n, 100.0, 1.0) for n in range(30)])
    times = FakeTime()
    async with ReplaySource(path, ReplaySettings(start="2021-04-03T00:05"), times.clock, sleep=times.sleep) as source:
        began = source.info().source_ms
        for time in (BEGINS + 30 * M, BEGINS + 31 * M, BEGINS, 0):
            source.resume(time)
            assert source.info().source_ms == began
        source.resume(BEGINS + 29 * M)
        assert source.info().source_ms == BEGINS + 28 * M
