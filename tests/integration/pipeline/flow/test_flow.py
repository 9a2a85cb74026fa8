"""Frames from a source to the stores, on real servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis import Redis

from pipeline.archive.postgres import CandleArchive
from pipeline.bus import InProcessBus
from pipeline.errors import MarketUnavailable, NoPriceYet, StalePrice
from pipeline.flow import (
    CandleArchiver,
    MarketPublisher,
    MarketWriter,
    WriteBehindArchive,
    prefill_history,
    produce,
    producer,
)
from pipeline.market import Candle, Frame, Interval, Tick
from pipeline.reader import StoreReader
from pipeline.settings import StoreSettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_store
from tests.fakes.scripted_market import BTC, ETH, START, ScriptedMarket, minute, rules_of, tick
from tests.patience import PATIENCE_SECONDS

M = 60_000
WALL = 1_800_000_000_000
SETTINGS = StoreSettings()


class Desk:
    """The pipeline of one process around a scripted market."""

    def __init__(self, store: RedisStore, pool: Any) -> None:
        self.market = ScriptedMarket()
        self.market.wall_ms = WALL
        self.wall_ms = WALL
        self.store = store
        self.bus = InProcessBus(market="replay")
        self.archive = CandleArchive(pool)
        self.announcer = MarketPublisher(store, self.market, SETTINGS)
        self.writer = MarketWriter(
            self.bus,
            store,
            self.archive,
            self.market.info,
            history_points=SETTINGS.history_points,
            wall=lambda: self.wall_ms,
        )
        self.deferred = WriteBehindArchive(self.archive)
        self.archiver = CandleArchiver(self.bus, self.deferred)
        self.reader = StoreReader(store, self.archive, self.market, lambda: self.wall_ms)

    def moves_to(self, time: int) -> None:
        self.market.time, self.market.wall_ms, self.wall_ms = time, WALL + time - START, WALL + time - START

    @asynccontextmanager
    async def runs(self) -> AsyncIterator["Desk"]:
        async with asyncio.TaskGroup() as group:
            services = (
                self.announcer.run(),
                produce(self.market, self.bus),
                self.writer.run(),
                self.archiver.run(),
                self.deferred.run(),
            )
            tasks = [group.create_task(service) for service in services]
            try:
                await until(self.reader.refresh)
                yield self
            finally:
                for task in tasks:
                    task.cancel()


@pytest.fixture
async def desk(redis_url: str, pool: Any) -> AsyncIterator[Desk]:
    async with open_store(redis_url, SETTINGS.history_points) as store:
        yield Desk(store, pool)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await is_so():  # noqa: ASYNC110 - what is waited for lies in a server
            await asyncio.sleep(0.01)


async def has_price(desk: Desk, time: int) -> bool:
    quote = (await desk.reader.quotes()).get(BTC)
    return quote is not None and quote.time == time


async def archived(desk: Desk) -> list[Candle]:
    return [b.candle for b in await desk.archive.candles("replay", BTC, Interval.M1, START - 500 * M, START)]


async def test_what_the_source_says_can_be_read_and_traded_on(desk: Desk) -> None:
    async with desk.runs():
        desk.market.say(tick(BTC, START, "57000"), candles=[minute(BTC, START - M)])
        await desk.reader.ready(5)
        (await desk.reader.quote(BTC)).check_tradable()
        assert desk.reader.info().market == "replay"
        await until(lambda: holds(desk, [minute(BTC, START - M)]))


async def holds(desk: Desk, candles: list[Candle]) -> bool:
    return await archived(desk) == candles


async def test_redis_emptied_in_the_middle_means_no_price_and_then_refills_by_itself(
    desk: Desk, redis_url: str
) -> None:
    await desk.archive.insert("replay", [minute(BTC, START - n * M, 50.0 + n) for n in range(1, 31)])
    async with desk.runs():
        desk.market.say(tick(BTC, START))
        await until(lambda: has_price(desk, START))
        with Redis.from_url(redis_url) as client:
            client.flushall()
            client.script_flush()
        with pytest.raises(NoPriceYet):
            await desk.reader.quote(BTC)
        desk.moves_to(START + 2000)
        desk.market.say(tick(BTC, START + 2000, "101"))
        await until(lambda: has_price(desk, START + 2000))
        await until(lambda: has_points(desk, 31))
        await until(lambda: is_published(desk))
    points = (await desk.store.histories([BTC]))[BTC].tolist()
    assert points[0] == (START - 29 * M, 80.0)
    assert points[-2:] == [(START, 51.0), (START + 2000, 101.0)]


async def has_points(desk: Desk, count: int) -> bool:
    return len((await desk.store.histories([BTC]))[BTC]) == count


async def is_published(desk: Desk) -> bool:
    info, version = await desk.store.head()
    return info is not None and version is not None


async def test_a_stream_that_falls_silent_makes_prices_stale_and_its_return_makes_them_fresh(desk: Desk) -> None:
    async with desk.runs():
        desk.market.say(tick(BTC, START))
        await until(lambda: has_price(desk, START))
        desk.wall_ms += 16_000
        with pytest.raises(StalePrice):
            (await desk.reader.quote(BTC)).check_tradable()
        desk.moves_to(START + 16_000)
        desk.market.say(tick(BTC, START + 16_000))
        await until(lambda: has_price(desk, START + 16_000))
        (await desk.reader.quote(BTC)).check_tradable()


async def test_frames_delivered_again_after_a_crash_make_no_doubles(desk: Desk) -> None:
    frames = [(tick(BTC, START + n * 1000), minute(BTC, START + (n - 10) * M)) for n in range(5)]
    for _ in range(2):
        async with desk.runs():
            for price, candle in frames:
                desk.market.say(price, candles=[candle])
            await until(lambda: holds(desk, [candle for _, candle in frames]))
            await until(lambda: has_price(desk, START + 4000))
    # a writer that begins late finds candles in the archive, and puts their closes before the prices
    times = (await desk.store.histories([BTC]))[BTC]["time"].tolist()
    assert times[-5:] == [START + n * 1000 for n in range(5)]
    assert times == sorted(set(times))


async def test_rules_that_change_reach_the_readers(desk: Desk) -> None:
    desk.market.listed = rules_of("BTC")
    async with desk.runs():
        assert desk.reader.symbols() == (BTC,)
    desk.market.listed = rules_of("BTC", "ETH")
    async with desk.runs():
        await until(lambda: knows_eth(desk))


async def knows_eth(desk: Desk) -> bool:
    await desk.reader.refresh()
    return ETH in desk.reader.symbols()


async def test_a_recording_that_starts_again_starts_with_an_empty_store(desk: Desk) -> None:
    desk.moves_to(START + 10 * M)
    async with desk.runs():
        desk.market.say(tick(BTC, START + 10 * M, "9"))
        await until(lambda: has_price(desk, START + 10 * M))
    desk.moves_to(START)
    async with desk.runs():
        desk.market.say(tick(BTC, START, "1"))
        await until(lambda: has_price(desk, START))


async def test_histories_take_the_closes_that_a_backfill_brought_later(desk: Desk) -> None:
    await desk.store.write([tick(BTC, START)])
    await desk.archive.insert("replay", [minute(BTC, START - n * M) for n in range(1, 11)])
    for expected in (9, 0):  # the last close is not older than the first point
        assert await prefill_history(desk.store, desk.archive, desk.market.info(), [BTC, ETH], 1000) == expected


async def test_the_age_limit_stretches_with_the_cadence_and_the_speed(desk: Desk) -> None:
    assert desk.announcer.info().stale_after_ms == 15_000
    strict = MarketPublisher(desk.store, desk.market, StoreSettings(stale_seconds=0.5))
    assert strict.info().stale_after_ms == 3_000


async def has_rules(store: RedisStore) -> bool:
    try:
        rules, _ = await store.rules()
    except MarketUnavailable:
        return False
    return bool(rules)


async def test_damaged_rules_are_published_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producer, "REPUBLISH_SECONDS", 0.0)
    async with desk.runs():
        await desk.store.publish_rules(b"[{", codec.encode_rules(await desk.market.rules())[1])
        await until(lambda: has_rules(desk.store))


async def test_a_market_starts_on_damaged_rules(desk: Desk) -> None:
    await desk.announcer.start()
    await desk.store.publish_rules(b"[{", b"version")
    announcing = asyncio.create_task(desk.announcer.run())
    await until(lambda: has_rules(desk.store))
    announcing.cancel()


# -- one side away -----------------------------------------------------------------------------------


class Failing:
    """An archive or a store whose server does not answer for a while."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0
        self.stored: list[Any] = []

    async def insert(self, market: str, candles: list[Candle]) -> int:
        return await self._take(candles)

    async def write(self, ticks: tuple[Tick, ...]) -> list[str]:
        await self._take(ticks)
        return []

    async def _take(self, things: Any) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise MarketUnavailable
        self.stored += things
        return len(things)


async def test_while_postgresql_is_away_frames_flow_on_and_afterwards_no_candle_is_missing(desk: Desk) -> None:
    archive: Any = Failing(3)
    desk.deferred = WriteBehindArchive(archive)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(300)]
    async with desk.runs():
        for n, candle in enumerate(candles):
            desk.market.say(tick(BTC, START + n), candles=[candle])
        await until(lambda: has_price(desk, START + 299))  # far more frames than the bus holds
        assert archive.stored == []

        async def all_stored() -> bool:
            return archive.stored == candles

        await until(all_stored)


async def test_no_candles_at_all_leave_the_archive_at_work() -> None:
    archive: Any = Failing(0)
    deferred = WriteBehindArchive(archive)
    running = asyncio.create_task(deferred.run())
    await deferred.insert("scripted", [])
    await asyncio.sleep(0.01)
    assert not running.done()
    await deferred.insert("scripted", [minute(BTC, START)])

    async def stored() -> bool:
        return archive.stored == [minute(BTC, START)]

    await until(stored)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_candles_that_arrive_while_others_are_being_archived_are_archived_too(desk: Desk) -> None:
    archive: Any = Failing(0)
    insert = archive.insert

    async def slow_insert(market: str, candles: list[Candle]) -> int:
        await asyncio.sleep(0.05)
        return await insert(market, candles)

    archive.insert = slow_insert
    desk.deferred = WriteBehindArchive(archive)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(10)]
    async with desk.runs():
        for candle in candles:
            desk.market.say(candles=[candle])
            await asyncio.sleep(0.01)

        async def all_stored() -> bool:
            return archive.stored == candles

        await until(all_stored)


async def test_the_archiver_keeps_no_more_than_it_may(desk: Desk) -> None:
    archive: Any = Failing(1)
    desk.deferred = WriteBehindArchive(archive, max_pending=10)
    desk.archiver = CandleArchiver(desk.bus, desk.deferred)
    candles = [minute(BTC, START + (n - 400) * M) for n in range(50)]
    async with desk.runs():
        for candle in candles:
            desk.market.say(candles=[candle])

        async def newest_stored() -> bool:
            return archive.stored[-10:] == candles[-10:]

        await until(newest_stored)


async def test_candles_that_were_not_archived_are_delivered_to_the_next_archiver(desk: Desk) -> None:
    async def run_until(archiver: CandleArchiver, is_so: Callable[[], Awaitable[bool]]) -> None:
        running = asyncio.create_task(archiver.run())
        await until(is_so)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    async def was_asked() -> bool:
        return failing.calls > 0

    failing: Any = Failing(10**6)
    frame = Frame(START, candles=(minute(BTC, START - M),))
    await desk.bus.publish(frame)
    await run_until(CandleArchiver(desk.bus, failing), was_asked)
    await run_until(CandleArchiver(desk.bus, desk.archive), lambda: holds(desk, list(frame.candles)))


async def test_a_writer_whose_redis_is_away_skips_old_prices_rather_than_wait_forever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: Any = Failing(4)
    monkeypatch.setattr(desk.store, "write", store.write)
    async with desk.runs():
        desk.market.say(tick(BTC, START))
        desk.market.say(tick(BTC, START + 1))

        async def newest_written() -> bool:
            return bool(store.stored) and store.stored[-1].time == START + 1

        await until(newest_written)
    assert store.stored == [tick(BTC, START + 1)]
