"""The whole bot on real PostgreSQL and Redis, against the fake Discord: every command, every button, both languages."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.wiring.order_groups import open_order_groups
from bot.command import Audience
from bot.commands import COMMANDS
from bot.context import Services
from bot.inbound import Inbound
from bot.platforms.discord.interaction_store import PendingInteraction, RedisInteractionStore
from bot.platforms.discord.ports import DiscordRouter
from bot.platforms.discord.redis_batch import CommandBatcher
from bot.router import Router
from core.database import Database
from core.security.entry_codes import EntryCodes
from people.person import Language
from people.postgres import PostgresPeople
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot, FakeMarket
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_desk import Pictured, serving
from tests.fakes.discord_people import Exchange, Shown
from tests.fakes.discord_walk import EVERYBODY, Walker, lines
from tests.fakes.hostile import share
from tests.patience import PATIENCE_SECONDS
from trading.desk import Desk
from trading.ledger.audit import audit
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger
from trading.limits.account_limits import AccountLimits
from trading.matching.liquidity import Liquidity
from trading.preview_store import RedisPreviews
from trading.resting_desk import RestingDesk
from trading.settings import TradingSettings

CODES = EntryCodes(bytes(32))
RULE = "when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max"
FIRST = (
    ("strategy", {"request": f"save dip {RULE} on BTC 1h"}),
    ("robot", {"strategy": "dip", "budget": "100usdc"}),
    ("rebalance", {"target": "BTC 1% ETH 1%"}),
    ("optimize", {"allocation": "minvar BTC ETH"}),
)
"""What has its buttons pressed before those of all others: a walk presses a bounded number."""

NOT_REACHED = {
    *("link_move", "link_merge", "link_cancel", "link_allow", "link_refuse", "link_undo", "unlink_now"),
    *("alert_mute", "alert_repeat", "alert_share", "forecastalert_repeat", "fills_before"),
    *("robot_keep", "robot_sell", "robot_resume", "robot_compare"),
}
"""Behind a code of another platform or a link, which Discord has none of, under what is told unasked, or for a robot
that holds coins or was paused.
"""


@dataclass
class House:
    fake: FakeDiscord
    router: DiscordRouter
    memory: RedisInteractionStore
    pool: "asyncpg.Pool[asyncpg.Record]"
    redis: "Redis"

    async def orders(self) -> int:
        return await self.pool.fetchval("SELECT count(*) FROM orders")  # type: ignore[no-any-return]

    async def settled(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.memory.unanswered() or await self.redis.hlen("discord:pending"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


def services_of(pool: "asyncpg.Pool[asyncpg.Record]", redis: "Redis") -> Services:
    """The desk in memory, with everything that is about money and people replaced by the real thing."""
    market = FakeMarket()
    market.minimum = Decimal(5)
    jitter = random.Random(1)  # noqa: S311
    ledger, resting = PostgresLedger(pool, jitter=jitter), PostgresOrderStore(pool, jitter=jitter)
    settings, used = TradingSettings(), Liquidity()
    limits = AccountLimits.of(pool, market, lambda: NOW, settings, jitter)
    return replace(
        FakeDeskBot(market=market).services,
        desk=Desk(market, ledger, settings, lambda: NOW),
        orders=RestingDesk(market, resting, ledger, settings, lambda: NOW, used),
        order_groups=open_order_groups(pool, market, ledger, limits, settings, used, jitter),
        people=PostgresPeople(Database(pool, jitter=jitter)),
        previews=RedisPreviews(redis, CODES, seconds=30),
        tokens=secrets,
    )


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, dsn: str) -> AsyncIterator[House]:
    async with Redis.from_url(redis_url) as redis, FakeDiscord.open() as fake:
        router = Pictured(Router(services_of(pool, redis), catalogs=CATALOGS))
        yield House(fake, router, RedisInteractionStore(redis, CODES), pool, redis)
        assert fake.violations == []
        assert await redis.hlen("discord:pending") == 0
    owner = await asyncpg.connect(dsn)
    try:
        assert (await audit(owner)).findings == []
    finally:
        await owner.close()


async def asked(exchange: Exchange) -> Shown:
    return (await exchange.answered()).answer


@pytest.mark.long
@pytest.mark.parametrize(("locale", "dm"), [("en-US", False), ("ko", False), ("ko", True)])
async def test_every_command_and_every_button_in_both_languages(house: House, locale: str, dm: bool) -> None:  # noqa: FBT001
    fake, language = house.fake, Language.KOREAN if locale == "ko" else Language.ENGLISH
    async with serving(fake, house.router, house.memory):
        person = fake.person(locale, manager=True)
        for number in range(1, 12):  # more than a page of each
            await asked(await person.slash("alert", dm=dm, symbol="BTC", level=f"+{number}%"))
        await asked(await person.slash("settings", dm=dm, setting="confirm", value="off"))
        for _ in range(11):
            await asked(await person.slash("buy", dm=dm, symbol="BTC", size="20usdc"))
        await asked(await person.slash("buy", dm=dm, symbol="ETH", size="14usdc"))
        await asked(await person.slash("sell", dm=dm, symbol="ETH", size="10usdc"))  # the rest is dust
        for price in ("-3%", "-4%"):
            await asked(await person.slash("limit", dm=dm, symbol="BTC", side="buy", size="100usdc", price=price))
        await asked(await person.slash("settings", dm=dm, setting="confirm", value="on"))
        walker = Walker(fake, person, language, dm=dm)
        known = {command.name: command for command in COMMANDS}
        for name, options in FIRST:
            await walker.say(known[name], options)
        await walker.commands(COMMANDS, "usdc")
        choices = await walker.suggestions(COMMANDS, "usdc")
        await house.settled()
    assert walker.faults == []
    assert choices > 80
    families = {press.split()[0] for press in walker.pressed}
    hidden = {command.name for command in COMMANDS if command.hidden and command.audience is Audience.EVERYONE}
    assert hidden - families <= NOT_REACHED | ({"notifications_here"} if dm else set())
    assert walker.pictures > 5


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
        memory = RedisInteractionStore(redis, CODES)
        assert await memory.fingerprint() == ""
        assert await memory.unanswered() == []
        await memory.set_fingerprint("x")


async def test_a_memory_that_another_version_wrote_is_forgotten(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        await redis.hset("discord:pending", mapping={"1": "{}", "2": "no json"})
        assert await RedisInteractionStore(redis, CODES).unanswered() == []
        assert await redis.hlen("discord:pending") == 0


def question(number: int) -> PendingInteraction:
    inbound = Inbound("discord", "7", f"interaction:{number}", "/price BTC")
    return PendingInteraction(inbound, number, 1, "token", NOW, "n", ephemeral=False)


async def test_what_a_living_process_has_is_left_to_it_and_what_a_dead_one_had_is_taken_over_once(
    redis_url: str,
) -> None:
    async with Redis.from_url(redis_url) as redis:
        first, second, third = (RedisInteractionStore(redis, CODES) for _ in range(3))
        assert await first.unanswered() == []
        assert await first.ask(question(1))
        assert not await second.ask(question(1))
        assert await second.unanswered() == []
        assert await first.unanswered() == []
        await first.leave()  # or five seconds after it was killed
        taken = await asyncio.gather(*(memory.unanswered() for memory in (first, second, third)))
        assert sorted(len(found) for found in taken) == [0, 0, 1]
        (again,) = (kept for found in taken for kept in found)
        assert again == question(1)
        assert await first.unanswered() == await second.unanswered() == await third.unanswered() == []
        for memory in (first, second, third):
            await memory.leave()
        (body,) = (await redis.hgetall("discord:pending")).values()
        same = [
            await memory._taken_over(b"1", body) for memory in (first, second)
        ]  # seen by both before either took it
        assert same == [question(1), None]


async def test_a_process_that_is_killed_counts_as_alive_for_a_few_seconds_only(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        memory = RedisInteractionStore(redis, CODES)
        await memory.unanswered()
        (key,) = await redis.keys("discord:alive:*")
        assert 0 < await redis.ttl(key) <= 5
        assert memory.look_seconds * 3 < 5


@pytest.mark.long
async def test_every_hostile_string_is_answered_in_every_option(house: House) -> None:
    fake = house.fake
    chosen = [one for one in COMMANDS if one.typed and not one.hidden and one.audience in EVERYBODY]
    places = [(command, entry.name) for command in chosen for entry in command.typed]
    async with serving(fake, house.router, house.memory):
        anna = fake.person("ko", manager=True)
        first = {
            typed.command.name: typed.options
            for typed in reversed(list(lines(chosen, Language.ENGLISH, "usdc", EVERYBODY)))
        }
        for number, (command, name) in enumerate(places):
            for text in share(number):
                given = {**first[command.name], name: text[:6000] or " "}
                await anna.type(command.name, name, **given)
                shown = await asked(await anna.slash(command.name, **given))
                assert "@everyone" not in shown.text
                assert "@here" not in shown.text
        await house.settled()


async def test_what_comes_up_while_redis_is_asked_goes_out_together_and_everybody_gets_their_answer(
    redis_url: str,
) -> None:
    async with Redis.from_url(redis_url) as redis:
        together, writes = CommandBatcher(redis), []
        asks = together._ask

        async def counted(commands: list[tuple[object, ...]]) -> list[object]:
            writes.append(len(commands))
            return await asks(commands)

        together._ask = counted  # type: ignore[method-assign]
        answers = await asyncio.gather(*(together.command("HSETNX", "h", str(n % 50), "x") for n in range(100)))
        assert answers == [1] * 50 + [0] * 50
        assert sum(writes) == 100
        assert len(writes) <= 2
        bad, good = await asyncio.gather(
            together.command("NOSUCH"), together.command("HLEN", "h"), return_exceptions=True
        )
        assert isinstance(bad, RedisError)
        assert good == 50
        assert await together.command("HLEN", "h") == 50
