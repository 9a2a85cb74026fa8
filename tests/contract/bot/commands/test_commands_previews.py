"""What every `Previews` does, in memory and on Redis."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from core.security.entry_codes import EntryCodes
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from tests.fakes.bot import FakeDesk, FakeMarket, MemoryPreviews
from trading.dust import DustPosition
from trading.orders.types import BaseQuantity, Preview, QuoteAmount, Share, Side, Size
from trading.preview_store import RedisPreviews, decode, encode
from trading.previews import Previews

CODES = EntryCodes(bytes(32))


async def preview(size: Size | None = None) -> Preview:
    desk = FakeDesk(FakeMarket())
    account = await desk.open(1, "open")
    return await desk.preview(account, Side.BUY, Symbol("币安人生USDC"), size or QuoteAmount(Decimal("100.50")))


@pytest.fixture(params=["memory", "redis"])
async def previews(request: pytest.FixtureRequest) -> AsyncIterator[Previews]:
    if request.param == "memory":
        yield MemoryPreviews()
        return
    async with Redis.from_url(request.getfixturevalue("redis_url")) as client:
        yield RedisPreviews(client, CODES, seconds=30)


async def test_a_preview_comes_back_as_it_was_kept(previews: Previews) -> None:
    kept = await preview()
    await previews.save(1, "token", kept)
    assert await previews.find(1, "token") == kept
    assert await previews.find(2, "token") is None
    assert await previews.claim(1, "token") == kept
    assert await previews.claim(1, "token") == kept


async def test_dust_that_is_confirmed_together_comes_back(previews: Previews) -> None:
    crumbs = tuple(
        DustPosition(Symbol(f"{name}USDC"), name, Decimal("0.1"), Decimal("2.50"), Decimal("0.24")) for name in "AB"
    )
    await previews.save(1, "token", crumbs)
    assert await previews.claim(1, "token") == crumbs
    assert not await previews.drop(1, "token")


async def test_a_preview_belongs_to_one_person(previews: Previews) -> None:
    await previews.save(1, "token", await preview())
    assert await previews.claim(2, "token") is None
    assert not await previews.drop(2, "token")
    assert await previews.claim(1, "token") is not None


async def test_what_was_never_kept_is_not_there(previews: Previews) -> None:
    assert await previews.claim(1, "token") is None
    assert await previews.claim(1, "token") is None
    assert not await previews.drop(1, "token")


async def test_dropping_is_true_once(previews: Previews) -> None:
    await previews.save(1, "token", await preview())
    assert await previews.drop(1, "token")
    assert not await previews.drop(1, "token")
    assert await previews.claim(1, "token") is None


async def test_all_open_previews_of_one_person_are_dropped(previews: Previews) -> None:
    assert not await previews.drop_all(1)
    for person_id, token in ((1, "first"), (1, "second"), (1, "claimed"), (2, "other")):
        await previews.save(person_id, token, await preview())
    assert await previews.claim(1, "claimed") is not None
    assert await previews.drop_all(1)
    assert await previews.find(1, "first") is None
    assert await previews.find(1, "second") is None
    assert await previews.claim(1, "claimed") is not None
    assert await previews.find(2, "other") is not None
    assert not await previews.drop_all(1)


async def test_the_list_of_previews_is_bounded_and_expires(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        previews = RedisPreviews(client, CODES, seconds=30)
        for number in range(40):
            await previews.save(1, f"token{number}", await preview())
        assert await client.llen("previews:1") == 32
        assert 0 < await client.pttl("previews:1") <= 30_000
        assert await previews.drop_all(1)
        assert await previews.find(1, "token39") is None


async def test_what_is_being_confirmed_cannot_be_cancelled_in_truth(previews: Previews) -> None:
    await previews.save(1, "token", await preview())
    await previews.claim(1, "token")
    assert not await previews.drop(1, "token")
    assert await previews.claim(1, "token") is None


@pytest.mark.parametrize(
    "size", [BaseQuantity(Decimal("0.000000010000000000")), QuoteAmount(Decimal("1E+3")), Share(Decimal(1))]
)
async def test_no_digit_is_lost_on_the_way(size: Size) -> None:
    kept = await preview(size)
    again = decode(encode(kept))
    assert again == kept
    assert type(again.size) is type(kept.size)
    assert again.execution.fee.as_tuple() == kept.execution.fee.as_tuple()


async def test_a_preview_expires_by_itself_also_when_claimed(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        previews = RedisPreviews(client, CODES, seconds=1)
        await previews.save(1, "open", await preview())
        await previews.save(1, "claimed", await preview())
        await previews.claim(1, "claimed")
        await asyncio.sleep(1.1)
        assert await previews.claim(1, "open") is None
        assert await previews.claim(1, "claimed") is None
        assert not await client.keys("preview:*")


async def test_a_store_that_is_away_is_the_market_being_down() -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0", retry=None) as client:
        previews = RedisPreviews(client, CODES, seconds=1)
        with pytest.raises(MarketUnavailable):
            await previews.claim(1, "token")
