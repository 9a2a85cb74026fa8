"""What the floors above read of the market."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from redis import Redis

from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketUnavailable, NoPriceYet, StalePrice, UnknownSymbol
from pipeline.market import LATEST_MS, Interval
from pipeline.ports import MarketReader
from pipeline.reader import StoreReader
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_store
from tests.fakes.scripted_market import BTC, COIN, ETH, START, ScriptedMarket, info_at, minute, rules_of, tick


class Wall:
    """The machine's clock: years after the scripted market's."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    async with open_store(redis_url, 1000) as opened:
        yield opened


@pytest.fixture
async def reader(store: RedisStore, pool: Any, wall: Wall) -> StoreReader:
    await store.start(info_at(START, wall.ms))
    await store.publish_rules(*codec.encode_rules(rules_of("BTC", "ETH", "币安人生")))
    await store.write([tick(BTC, START, "57000.1"), tick(COIN, START, "0.05")])
    reader = StoreReader(store, CandleArchive(pool), ScriptedMarket(), wall)
    assert await reader.refresh()
    return reader


def test_the_reader_is_a_market_reader(reader: StoreReader) -> None:
    port: MarketReader = reader
    assert port.symbols() == (BTC, ETH, COIN)
    assert port.rules(ETH).base == "ETH"
    assert port.resolve("btc") == BTC


async def test_a_damaged_market_info_means_the_market_is_down(
    reader: StoreReader, store: RedisStore, redis_url: str, wall: Wall
) -> None:
    with Redis.from_url(redis_url) as redis:
        for raw in (b"\xff", b"{", b'{"source":"moon"}', b"[" * 100_000):
            redis.set(codec.INFO, raw)
            for read in (reader.refresh(), reader.quote(BTC), reader.quotes()):
                with pytest.raises(MarketUnavailable):
                    await read
    assert await store.start(info_at(START, wall.ms))  # a new source begins again
    assert await reader.refresh()


@pytest.mark.parametrize("figures", [(0, LATEST_MS, 100_000), (LATEST_MS, 0, 100_000), (0, LATEST_MS, 1.0)])
async def test_a_market_whose_clock_is_at_no_possible_time_is_down_and_the_one_before_is_kept(
    reader: StoreReader, store: RedisStore, wall: Wall, figures: tuple[int, int, float]
) -> None:
    await store.publish_info(info_at(*figures))
    for read in (reader.refresh(), reader.quote(BTC), reader.quotes()):
        with pytest.raises(MarketUnavailable):
            await read
    assert reader.now() == START
    await store.publish_info(info_at(START, wall.ms))
    assert (await reader.quote(BTC)).age_ms == 0


async def test_a_price_of_2021_is_fresh_in_a_replay_of_2021(reader: StoreReader, wall: Wall) -> None:
    wall.ms += 3000
    quote = await reader.quote(BTC)
    assert (quote.price, quote.time, quote.age_ms, quote.stale) == (Decimal("57000.1"), START, 3000, False)
    assert reader.now() == START + 3000
    quote.check_tradable()


async def test_a_price_that_is_not_confirmed_becomes_stale_by_the_sources_clock(
    reader: StoreReader, wall: Wall
) -> None:
    wall.ms += 15_001
    with pytest.raises(StalePrice) as refused:
        (await reader.quote(BTC)).check_tradable()
    assert (refused.value.age_seconds, refused.value.limit_seconds) == (15, 15)


async def test_a_fast_replay_ages_fast(reader: StoreReader, store: RedisStore, wall: Wall) -> None:
    await store.publish_info(info_at(START, wall.ms, speed=60))
    wall.ms += 100
    assert (await reader.quote(BTC)).age_ms == 6000


async def test_a_quote_knows_what_was_published_since_the_last_refresh(
    reader: StoreReader, store: RedisStore, wall: Wall
) -> None:
    await store.publish_info(info_at(START + 60_000, wall.ms))
    assert (await reader.quote(BTC)).age_ms == 60_000
    assert reader.now() == START + 60_000


async def test_a_listed_symbol_without_a_price_has_none_yet(reader: StoreReader) -> None:
    with pytest.raises(NoPriceYet):
        await reader.quote(ETH)
    assert set(await reader.quotes()) == {BTC, COIN}
    assert set(await reader.quotes([ETH, COIN])) == {COIN}
    assert await reader.quotes([]) == {}


async def test_an_unlisted_symbol_is_unknown_everywhere(reader: StoreReader) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        await reader.quote("BTCUSD")  # type: ignore[arg-type]
    assert refused.value.nearest[0] == BTC
    for asking in (reader.candles("XXX", Interval.M1, 5), reader.order_book("XXX")):  # type: ignore[arg-type]
        with pytest.raises(UnknownSymbol):
            await asking


async def test_new_rules_are_loaded_when_their_version_changes(reader: StoreReader, store: RedisStore) -> None:
    halted = [*rules_of("BTC", status="HALT"), *rules_of("DOGE")]
    await store.publish_rules(*codec.encode_rules(halted))
    assert await reader.refresh()
    assert (reader.rules(BTC).status, reader.symbols()) == ("HALT", (BTC, "DOGEUSDC"))
    with pytest.raises(UnknownSymbol):
        reader.resolve("ETH")


async def test_a_symbol_of_another_quote_asset_is_priced_by_its_whole_name_and_not_listed(
    reader: StoreReader, store: RedisStore
) -> None:
    other = rules_of("BTC", quote="USDT")
    await store.publish_rules(*codec.encode_rules([*rules_of("BTC"), *other]))
    await store.write([tick(other[0].symbol, START, "57001.0")])
    assert await reader.refresh()
    assert (reader.symbols(), reader.resolve("btc"), reader.resolve("btc/usdt")) == ((BTC,), BTC, "BTCUSDT")
    assert (await reader.quote(reader.resolve("BTCUSDT"))).price == Decimal("57001.0")
    assert set(await reader.quotes()) == {BTC}


async def test_rules_of_the_same_version_are_not_loaded_again(reader: StoreReader) -> None:
    before = reader.symbols()
    assert await reader.refresh()
    assert reader.symbols() is before


async def test_what_redis_lost_is_no_price_until_it_is_written_again(
    reader: StoreReader, store: RedisStore, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as client:
        client.flushall()
    with pytest.raises(NoPriceYet):
        await reader.quote(BTC)
    assert await reader.quotes() == {}
    assert await reader.refresh()
    assert reader.resolve("btc") == BTC
    await store.write([tick(BTC, START + 1)])
    assert (await reader.quote(BTC)).time == START + 1


async def test_before_the_market_has_published_itself_it_is_down(store: RedisStore, pool: Any, wall: Wall) -> None:
    reader = StoreReader(store, CandleArchive(pool), None, wall)
    assert not await reader.refresh()
    with pytest.raises(MarketUnavailable):
        reader.info()
    with pytest.raises(MarketUnavailable):
        await reader.ready(0.05)
    with pytest.raises(UnknownSymbol):
        reader.resolve("BTC")


async def test_candles_and_books_come_through_the_reader(
    store: RedisStore, pool: Any, wall: Wall, reader: StoreReader
) -> None:
    await CandleArchive(pool).insert("replay", [minute(BTC, START - 60_000, 5.0)])
    assert await reader.candles(BTC, Interval.M1, 1) == [minute(BTC, START - 60_000, 5.0)]
    book = await reader.order_book(BTC)
    assert book is not None
    assert book.symbol == BTC
