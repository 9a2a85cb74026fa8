"""The whole bot on real PostgreSQL and Redis, against the fake Discord: every command, every button, both languages."""

import asyncio
import random
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import asyncpg
import pytest
from redis.asyncio import Redis

from bot.commands import COMMANDS
from bot.context import Services
from bot.declaration import Command
from bot.discord_chat.memory import RedisMemory
from bot.people import PostgresPeople
from bot.ports import Language
from bot.previews import RedisPreviews
from bot.router import Router
from bot.usage import examples
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot, FakeMarket
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import serving
from tests.fakes.discord_people import Exchange, Person, Shown
from trading.audit import audit
from trading.desk import Desk
from trading.postgres.database import Database
from trading.postgres.ledger import PostgresLedger
from trading.settings import TradingSettings

MORE_LINES = ["/price BTC ETH 币安人生", "/settings theme light"]


def lines() -> list[tuple[Command, dict[str, str]]]:
    """Every example of every command's help, as options; a new command is walked as soon as it is declared."""
    known = {command.name: command for command in COMMANDS if not command.hidden}
    told = [line for command in known.values() for line in examples(command, CATALOGS[Language.ENGLISH], "usdc")]
    kept = [line for line in [*told, *MORE_LINES] if not line.startswith("/settings language")]  # pressed at the end
    return [(known[name], options(known[name], words)) for name, *words in map(_words, kept)]


def _words(line: str) -> list[str]:
    return line.removeprefix("/").split()


def options(command: Command, words: list[str]) -> dict[str, str]:
    names = [entry.name for entry in command.parameters]
    last = len(names) - 1
    return {name: " ".join(words[n:] if n == last else words[n : n + 1]) for n, name in enumerate(names) if words[n:]}


@dataclass
class House:
    fake: FakeDiscord
    router: Router
    memory: RedisMemory
    pool: "asyncpg.Pool[asyncpg.Record]"

    async def orders(self) -> int:
        return await self.pool.fetchval('SELECT count(*) FROM "order"')  # type: ignore[no-any-return]

    async def settled(self) -> None:
        async with asyncio.timeout(10):
            while await self.memory.unanswered():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


def services_of(pool: "asyncpg.Pool[asyncpg.Record]", redis: "Redis") -> Services:
    """The desk in memory, with everything that is about money and people replaced by the real thing."""
    market = FakeMarket()
    jitter = random.Random(1)  # noqa: S311
    return replace(
        FakeDeskBot(market=market).services,
        desk=Desk(market, PostgresLedger(pool, jitter=jitter), TradingSettings(), lambda: NOW),
        people=PostgresPeople(Database(pool, jitter=jitter)),
        previews=RedisPreviews(redis, seconds=30),
        tokens=secrets,
    )


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, dsn: str) -> AsyncIterator[House]:
    async with Redis.from_url(redis_url) as redis, FakeDiscord.open() as fake:
        yield House(fake, Router(services_of(pool, redis), catalogs=CATALOGS), RedisMemory(redis), pool)
        assert fake.violations == []
        assert await redis.hlen("discord:pending") == 0
    owner = await asyncpg.connect(dsn)
    try:
        assert await audit(owner) == []
    finally:
        await owner.close()


async def asked(exchange: Exchange) -> Shown:
    return (await exchange.answered()).answer


async def press_all(person: Person, message: Shown, tried: set[str], depth: int = 2) -> None:
    """Every button of a message and of the messages behind it, each press once."""
    for button in list(message.buttons):
        press = button["custom_id"].split(":", 2)[2]
        kind = press.split()[0] if press.split()[0] in ("confirm", "cancel", "receipt") else press
        if kind in tried or depth == 0 or button not in message.buttons:
            continue
        tried.add(kind)
        await press_all(person, await asked(await person.press(message, button["custom_id"])), tried, depth - 1)


@pytest.mark.parametrize("locale", ["en-US", "ko"])
@pytest.mark.parametrize("dm", [True, False])
async def test_every_command_and_every_button_in_both_languages(house: House, locale: str, dm: bool) -> None:  # noqa: FBT001
    fake = house.fake
    async with serving(fake, house.router, house.memory):
        person = fake.person(locale)
        await asked(await person.slash("start", dm=dm))
        tried = {"settings language en", "settings language ko"}  # pressed below, once all is read
        private = {command.name for command in COMMANDS if command.private}
        for command, given in lines():
            name = command.name
            exchange = await person.slash(name, dm=dm, **given)
            shown = await asked(exchange)
            assert shown.ephemeral is (name in private and not dm)
            assert exchange.acknowledged_in < 1
            assert bool(re.search("[가-힣]", shown.text)) is (locale == "ko") or name == "start"
            await press_all(person, shown, tried)
        shown = await asked(await person.slash("settings", dm=dm, setting="language"))
        other = "한국어" if locale != "ko" else "English"
        switched = await asked(await person.press(shown, shown.button(other)))
        assert bool(re.search("[가-힣]", switched.text.replace("한국어", ""))) is (locale != "ko")
        await house.settled()
    assert {press.split()[0] for press in tried} >= {"confirm", "cancel", "receipt", "reset_now", "chart", "price"}


async def test_a_double_press_and_a_press_after_a_restart_buy_once(house: House) -> None:
    fake = house.fake
    async with serving(fake, house.router, house.memory):
        anna = fake.person()
        await asked(await anna.slash("start"))
        preview = await asked(await anna.slash("buy", symbol="BTC", size="1000usdc"))
        confirm = preview.button("Confirm")
    async with serving(fake, house.router, house.memory):
        presses = await asyncio.gather(*(anna.press(preview, confirm) for _ in range(5)))
        for press in presses:
            await press.answered()
        await house.settled()
    assert await house.orders() == 1
    assert "Bought" in preview.text


async def test_the_deadline_is_kept_while_the_database_is_slow(house: House) -> None:
    fake = house.fake
    async with serving(fake, house.router, house.memory):
        anna = fake.person()
        await asked(await anna.slash("start"))
        held = [await house.pool.acquire() for _ in range(10)]  # all that there are
        exchange = await anna.slash("portfolio")
        await asyncio.sleep(0.5)
        assert 0 <= exchange.acknowledged_in < 0.3
        assert exchange.original is not None
        assert exchange.original.loading
        for connection in held:
            await house.pool.release(connection)
        assert (await asked(exchange)).text
        await house.settled()


async def test_killed_at_any_moment_an_order_is_placed_exactly_once_and_answered(house: House) -> None:
    fake = house.fake
    async with serving(fake, house.router, house.memory):
        anna = fake.person()
        await asked(await anna.slash("start"))
        await asked(await anna.slash("settings", setting="confirm", value="off"))
    sure: list[Exchange] = []
    moments = random.Random(7)  # noqa: S311
    for _ in range(12):
        async with serving(fake, house.router, house.memory):
            exchange = await anna.slash("buy", symbol="BTC", size="10usdc")
            await asyncio.sleep(moments.uniform(0, 0.03))
        if exchange.response is not None:
            sure.append(exchange)
    async with serving(fake, house.router, house.memory):
        for exchange in fake.exchanges.values():
            if exchange.response is not None:
                await exchange.answered()
        await house.settled()
    kept = [exchange for exchange in sure if "Bought" in exchange.answer.text]
    assert await house.orders() == len(kept)


async def test_the_memory_survives_a_redis_that_is_gone(redis_url: str) -> None:
    async with Redis.from_url("redis://127.0.0.1:1/0") as redis:
        memory = RedisMemory(redis)
        assert await memory.fingerprint() == ""
        assert await memory.unanswered() == []
        await memory.set_fingerprint("x")


async def test_a_memory_that_another_version_wrote_is_forgotten(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.hset("discord:pending", mapping={"1": "{}", "2": "no json"})
        assert await RedisMemory(redis).unanswered() == []
        assert await redis.hlen("discord:pending") == 0
