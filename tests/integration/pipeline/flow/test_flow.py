"""Frames from a source to the stores, on real servers."""

import asyncio

import pytest
from redis import Redis

from pipeline.errors import MarketUnavailable, NoPriceYet, StalePrice
from pipeline.flow import MarketPublisher, prefill_history, producer
from pipeline.settings import StoreSettings
from pipeline.store import codec
from pipeline.store.redis import RedisStore
from tests.fakes.scripted_market import BTC, ETH, START, minute, rules_of, tick
from tests.integration.pipeline.flow.flow_desk import Desk, M, has_price, holds, until


async def test_what_the_source_says_can_be_read_and_traded_on(desk: Desk) -> None:
    async with desk.runs():
        desk.market.say(tick(BTC, START, "57000"), candles=[minute(BTC, START - M)])
        await desk.reader.ready(5)
        (await desk.reader.quote(BTC)).check_tradable()
        assert desk.reader.info().market == "replay"
        await until(lambda: holds(desk, [minute(BTC, START - M)]))


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
