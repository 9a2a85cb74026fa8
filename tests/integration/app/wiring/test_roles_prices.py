"""Prices that roles write to Redis: of two ticks the later stays, and Redis is true again by itself."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from pipeline.archive.postgres import CandleArchive
from pipeline.bus import Bus, InProcessBus
from pipeline.bus.kafka import open_kafka_bus
from pipeline.errors import MarketUnavailable
from pipeline.flow import WRITER_GROUP, MarketWriter
from pipeline.market import Frame, Symbol, Tick
from pipeline.settings import KafkaSettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_store
from tests.fakes.scripted_market import BTC, ETH, START, info_at, minute, tick
from tests.integration.app.wiring.running_roles import SYMBOLS, M, nothing_waits, running, until


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    async with open_store(redis_url, 1000) as opened:
        yield opened


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
    assert [reason for _, reason in bus.dead_letters] == ["future"] * 2


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
