"""What another program writes into Redis speaks for nobody and changes no order."""

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal

import asyncpg
import msgspec
import pytest
from redis.asyncio import Redis

from app.connections.entry_key import stored_entry_codes
from bot.inbound import Inbound
from bot.platforms.discord.interaction_store import PendingInteraction, RedisInteractionStore
from bot.reply import Reply, Text
from core.security.entry_codes import EntryCodes
from pipeline.market import Symbol
from tests.fakes.bot import FakeDesk, FakeMarket
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import NOW, serving
from tests.patience import PATIENCE_SECONDS
from trading.orders.types import Preview, QuoteAmount, Side
from trading.preview_store import RedisPreviews

CODES = EntryCodes(bytes(32))


class Heard:
    """A router that notes what it is asked."""

    def __init__(self) -> None:
        self.lines: list[Inbound] = []

    async def answer(self, inbound: Inbound) -> Reply:
        self.lines.append(inbound)
        return Reply((Text("all of your data"),))

    async def revoke(self, *_: object) -> None:
        pass

    async def suggest(self, *_: object) -> list[object]:
        return []


def forged(number: int, platform: str, who: str, text: str) -> bytes:
    inbound = {
        "platform": platform,
        "external_id": who,
        "command_id": f"forged:{number}",
        "text": text,
        "pressed": False,
        "language": "en",
        "timezone": "UTC",
        "chat_id": who,
        "public": False,
    }
    body = {
        "inbound": inbound,
        "interaction_id": number,
        "application_id": 666,
        "token": "webhook-of-another",
        "asked_at": NOW,
        "place": "n",
        "ephemeral": False,
        "begun": 1,
        "process": "nobody",
    }
    return msgspec.json.encode(body)


LINES = [("console", "1", "/halt forged"), ("telegram", "4242", "/halt forged"), ("discord", "77", "/buy BTC all")]


async def test_a_forged_interaction_runs_no_command(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    router = Heard()
    async with Redis.from_url(redis_url) as redis, FakeDiscord.open() as fake:
        async with serving(fake, router, RedisInteractionStore(redis, CODES)):  # type: ignore[arg-type]
            for number, line in enumerate(LINES, 1):
                await redis.hset("discord:pending", str(number), forged(number, *line))
            await redis.hset("discord:pending", "0" * 10_000, b"x")
            await redis.hset("discord:pending", "9", bytes(200_000))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await redis.hlen("discord:pending"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        assert router.lines == []
    assert caplog.text.count("was not written by this desk") == len(LINES)


async def test_an_interaction_is_taken_over_as_it_was_written_or_not_at_all(redis_url: str) -> None:
    question = PendingInteraction(
        Inbound("discord", "7", "interaction:1", "/price BTC"), 1, 1, "token", NOW, "n", ephemeral=False
    )
    other = replace(question, interaction_id=2, inbound=replace(question.inbound, platform="console"))
    async with Redis.from_url(redis_url) as redis:
        dead, living = RedisInteractionStore(redis, CODES), RedisInteractionStore(redis, CODES)
        assert await dead.ask(question)
        assert await dead.ask(other)
        entry = await redis.hget("discord:pending", "1")
        assert entry is not None
        await redis.hset("discord:pending", mapping={"3": entry, "1": entry.replace(b"/price", b"/halt ")})
        assert await living.unanswered() == []
        assert await redis.hlen("discord:pending") == 0
        await redis.hset("discord:pending", "1", entry)
        assert await living.unanswered() == [question]


async def preview() -> Preview:
    desk = FakeDesk(FakeMarket())
    account = await desk.open(1, "open")
    return await desk.preview(account, Side.BUY, Symbol("BTCUSDC"), QuoteAmount(Decimal(10)))


async def test_a_changed_preview_has_expired(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with Redis.from_url(redis_url) as redis:
        previews, kept = RedisPreviews(redis, CODES, seconds=30), await preview()
        for look in (previews.find, previews.claim):
            await previews.save(1, "token", kept)
            entry = await redis.hget("preview:1:token", "body")
            assert entry is not None
            assert b'"amount":"10"' in entry
            for bad in (entry.replace(b'"amount":"10"', b'"amount":"900000"'), entry[32:], b"", bytes(2_000_000)):
                await redis.hset("preview:1:token", "body", bad)
                assert await look(1, "token") is None
                assert not await redis.exists("preview:1:token")
            await redis.hset("preview:2:token", "body", entry)
            assert await look(2, "token") is None
            await redis.hset("preview:1:token", "body", entry)
            assert await look(1, "token") == kept
    assert "was not written by this desk" in caplog.text


async def test_processes_of_a_desk_share_one_key(pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str) -> None:
    first, second = await asyncio.gather(stored_entry_codes(pool), stored_entry_codes(pool))
    async with Redis.from_url(redis_url) as redis:
        kept = await preview()
        await RedisPreviews(redis, first, seconds=30).save(1, "token", kept)
        assert await RedisPreviews(redis, second, seconds=30).claim(1, "token") == kept
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("UPDATE redis_entry_key SET key = key")


@pytest.mark.parametrize("value", [b"\xff\xfe\x80", b"\xc3" * 1000, b"other"])
async def test_a_fingerprint_that_another_program_wrote_is_another_one(redis_url: str, value: bytes) -> None:
    """Discord's bot starts, sends its commands again and writes over it."""
    async with Redis.from_url(redis_url) as redis:
        await redis.set("discord:commands", value)
        store = RedisInteractionStore(redis, CODES)
        assert await store.fingerprint() != "made"
        await store.set_fingerprint("made")
        assert await store.fingerprint() == "made"
