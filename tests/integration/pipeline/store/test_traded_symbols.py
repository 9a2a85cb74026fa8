"""Symbols with open orders on a real server."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from pipeline.store.traded_symbols import MARK_SECONDS, RedisTradedSymbols
from tests.fakes.scripted_market import BTC, COIN, ETH, START, info_at


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as opened:
        yield opened


async def test_marks_of_several_processes_add_up(client: Redis) -> None:
    one, two = RedisTradedSymbols(client), RedisTradedSymbols(client)
    assert await one.wanted() == frozenset()
    await one.mark([BTC, COIN])
    await two.mark([ETH, COIN])
    await two.mark([])
    assert await one.wanted() == {BTC, ETH, COIN}
    assert 0 < await client.ttl(codec.TRADED) <= MARK_SECONDS


async def test_each_symbol_expires_by_itself(client: Redis) -> None:
    traded = RedisTradedSymbols(client)
    await traded.mark([BTC, ETH])
    seconds, _ = await client.time()
    await client.zadd(codec.TRADED, {BTC: seconds})
    assert await traded.wanted() == {ETH}
    assert await client.zcard(codec.TRADED) == 1
    await traded.mark([BTC])
    assert await traded.wanted() == {BTC, ETH}


async def test_a_mark_renews_the_expiry(client: Redis) -> None:
    await RedisTradedSymbols(client, seconds=5).mark([BTC])
    await RedisTradedSymbols(client).mark([BTC])
    seconds, _ = await client.time()
    assert await client.zscore(codec.TRADED, BTC) > seconds + 5


async def test_thousands_are_marked(client: Redis) -> None:
    names = [Symbol(f"S{number}USDC") for number in range(2_500)]
    traded = RedisTradedSymbols(client)
    await traded.mark(names)
    assert await traded.wanted() == set(names)


async def test_another_market_starts_without_marks(client: Redis) -> None:
    traded = RedisTradedSymbols(client)
    await traded.mark([BTC])
    assert await RedisStore(client, 1000).start(info_at(START))
    assert await traded.wanted() == frozenset()


async def test_a_value_of_another_program_means_that_the_store_is_away(client: Redis) -> None:
    await client.set(codec.TRADED, "x")
    with pytest.raises(MarketUnavailable):
        await RedisTradedSymbols(client).wanted()
    with pytest.raises(MarketUnavailable):
        await RedisTradedSymbols(client).mark([BTC])
