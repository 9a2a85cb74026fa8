"""The whole desk on both platforms: every command as its help shows it, every button, every picture, both languages."""

import asyncio
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Self

import asyncpg
import msgspec
import pytest

from app.startup import Addresses
from bot.arguments.usage import examples
from bot.command import Audience, Command
from bot.commands import COMMANDS
from people.person import Language
from tests.e2e.desk_process import paperdesk, start_paperdesk
from tests.e2e.resting_lines import EVENTS, KINDS, PLACED, TYPES, number_in, then, typed
from tests.e2e.test_platforms import connected
from tests.fakes.bot import CATALOGS
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_walk import Walker as DiscordWalker
from tests.fakes.telegram import FakeTelegram, Member
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_walker import Walker as TelegramWalker
from tests.patience import PATIENCE_SECONDS

SHARES = 9
"""People of Telegram among whom the commands of a language are divided: each chat takes one answer a second."""

HALTING = [entry for entry in COMMANDS if entry.name in {"halt", "resume"}]
"""What changes the answers to everyone: tried when all others are done."""

TYPED = [entry for entry in COMMANDS if not entry.hidden and entry not in HALTING]
ALONE = (
    "privacy",
    "unlink",
    "reset",
    "link",
    "alerts",
    "dust",
    "orders",
    "jobs",
    "broadcast",
    "limits",
    "optimize",
    "checkup",
    "rebalance",
    "strategy",
    "robot",
    "backtest",
)
"""What would end what the others do, or has much to press: each its own person."""


def shares(commands: list[Command]) -> Iterator[list[Command]]:
    ordinary = [entry for entry in commands if entry.name not in ALONE]
    yield from (ordinary[number::SHARES] for number in range(SHARES))
    yield from ([entry] for entry in commands if entry.name in ALONE)


def lines(commands: list[Command], language: Language) -> list[str]:
    """An account with something in it, then every example and every command alone."""
    begun = ["/buy BTC 1000usdc", "/alert BTC +5%"]
    shown = chain.from_iterable(examples(entry, CATALOGS[language], "usdc") for entry in commands)
    return [*begun, *shown, *(f"/{entry.name}" for entry in commands)]


FIRST = {
    "alerts": ("/alert BTC rsi < 30", "/alert BTC range 3% 1h"),
    "robot": (
        "/strategy save dip when rsi(14) < 30 buy 25% when rsi(14) > 55 sell max on BTC 1h",
        "/robot dip 1000usdc",
    ),
}
"""What has its buttons pressed before those of the account and the examples."""

MANY = ("chart", "price", "compare", "buy", "sell", "help", "market", "mood", "scan", "optimize", "backtest")
"""Commands whose buttons lead to ever more of them: pressed by whose part they are."""

ELSEWHERE = {
    "history_before",
    "fills_before",
    "alerts_before",
    "notifications_here",
    "link_move",
    "link_merge",
    "link_cancel",
    "link_allow",
    "link_refuse",
    "link_undo",
    "unlink_now",
} | {
    "audit_result",
    "alert_mute",
    "alert_repeat",
    "forecastalert_repeat",
    "robot_keep",
    "robot_sell",
    "robot_resume",
}
"""Buttons that need many orders, a group, two people who meet, a long audit, a pushed alert, or a robot that holds
coins or was paused: pressed in the tests of those."""


class Settled:
    """Waits until the desk has answered all that a chat of Telegram sent."""

    def __init__(self, folder: Path, fake: FakeTelegram) -> None:
        self._addresses = msgspec.json.decode((folder / "running.json").read_bytes(), type=Addresses)
        self._fake = fake
        self._pool: Any = None

    async def __aenter__(self) -> Self:
        self._pool = await asyncpg.create_pool(self._addresses.postgres_dsn, min_size=1, max_size=4)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def of(self, member: Member) -> None:
        waiting = "SELECT count(*) FROM inbox WHERE state IN ('pending', 'sending') AND lane = $1"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._fake.unconfirmed or await self._pool.fetchval(waiting, str(member.user_id)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)


@pytest.mark.long
async def test_everything_that_can_be_typed_or_pressed_is_answered_within_the_rules(folder: Path) -> None:
    async with FakeTelegram() as telegram, FakeDiscord.open() as discord:
        members = {
            language: [
                telegram.person(f"{language.value}{n}", language=language.value) for n, _ in enumerate(shares(TYPED))
            ]
            for language in Language
        }
        persons = {Language.ENGLISH: discord.person(), Language.KOREAN: discord.person("ko")}
        operators = [member.user_id for group in members.values() for member in group]
        desk = await start_paperdesk(
            folder,
            "serve",
            TELEGRAM__TOKEN=telegram.token,
            TELEGRAM__API_URL=telegram.url,
            TELEGRAM__FILE_URL=telegram.url,
            DISCORD__TOKEN=DISCORD_TOKEN,
            DISCORD__API_URL=discord.api_url,
            DISCORD__GATEWAY_URL=discord.gateway_url,
            JOBS__TRAINING="true",
            ML__DAYS="3",
            ML__SYMBOLS="6",
            ML__HORIZONS="60",
            OPERATORS__TELEGRAM=",".join(map(str, operators)),
            OPERATORS__DISCORD=",".join(person.user_id for person in persons.values()),
        )
        try:
            await connected(discord, 0)
            learnt = await paperdesk(folder, ["jobs", "run", "training"])
            assert learnt.code == 0, learnt.out + learnt.err
            async with Settled(folder, telegram) as settled, asyncio.TaskGroup() as group:
                in_telegram = [
                    group.create_task(walk_telegram(telegram, member, language, part, settled))
                    for language in Language
                    for member, part in zip(members[language], shares(TYPED), strict=True)
                ]
                on_discord = [
                    group.create_task(walk_discord(discord, persons[language], language)) for language in Language
                ]
            for language in Language:
                await on_discord[list(Language).index(language)].result().commands(HALTING, "usdc")
            await check_orders(folder)
        finally:
            desk.kill()
            await desk.communicate()
        walked = [task.result().walked for task in in_telegram]
        assert [text for one in walked for text in one.unanswered] == []
        assert sum(one.pictures for one in walked) > 20
        pressed = set[str]().union(*(one.names for one in walked))
        offered = {entry.name for entry in COMMANDS if entry.hidden}
        assert pressed >= offered - ELSEWHERE, sorted(offered - pressed)
        for task in on_discord:
            assert task.result().faults == []
            assert task.result().pictures > 10
        assert telegram.violations == []
        assert discord.violations == []
    log = (folder / "desk.log").read_text()
    assert "incident" not in log, log[log.index("incident") - 200 :][:4000]
    audited = await paperdesk(folder, ["audit"])
    assert audited.code == 0, audited.out


async def check_orders(folder: Path) -> None:
    """Orders of every kind were placed, changed and cancelled on both platforms."""
    addresses = msgspec.json.decode((folder / "running.json").read_bytes(), type=Addresses)
    connection = await asyncpg.connect(addresses.postgres_dsn)
    try:
        rows = {row["platform"]: row for row in await connection.fetch(KINDS)}
    finally:
        await connection.close()
    for platform in ("telegram", "discord"):
        row = rows[platform]
        assert set(row["types"]) >= TYPES, platform
        assert set(row["events"]) >= EVENTS, platform
        assert {"OCO", "OTOCO"} <= set(row["lists"]), platform
        assert row["trails"], platform


async def walk_telegram(
    fake: FakeTelegram, member: Member, language: Language, commands: list[Command], settled: Settled
) -> TelegramWalker:
    names = [entry.name for entry in commands]
    walker = TelegramWalker(
        fake,
        member,
        most=75,
        each=1,
        patience=PATIENCE_SECONDS,
        avoid=("settings language", *(name for name in MANY if name not in names)),
        settle=lambda: settled.of(member),
    )
    first = chain.from_iterable(FIRST.get(name, ()) for name in names)
    await walker.walk([*first, *lines(commands, language)])
    if "dust" in names:
        left = ["/settings confirm off", "/buy ETH 14usdc", "/sell ETH 10usdc"]
        await walker.walk([*left, "/settings confirm on", "/dust"])
    if "orders" in names:
        await walker.walk(["/settings confirm off", *typed(language)])
        number = number_in("\n".join(map(said, member.chat.sent)))
        await walker.walk([*then(number), "/settings confirm on"])
    if "alerts" in names:
        await walker.walk(["/alert BTC +5%", "/alert BTC +6%", "/alerts"])
    return walker


async def resting_on_discord(walker: DiscordWalker) -> None:
    """Places an order of each kind, changes the last one and cancels it."""
    known = {entry.name: entry for entry in COMMANDS}
    await walker.say(known["settings"], {"setting": "confirm", "value": "off"})
    await walker.say(known["buy"], {"symbol": "BTC", "size": "1000usdc"})
    shown = None
    for name, options in PLACED:
        shown = await walker.say(known[name], options)
    number = number_in("" if shown is None else shown.text)
    for name, options in (("order", {}), ("amend", {"price": "-5%"}), ("cancel", {})):
        named = {"subject" if name == "cancel" else "order": number, **options}
        await walker.say(known[name], named)
    await walker.say(known["orders"], {})
    await walker.say(known["settings"], {"setting": "confirm", "value": "on"})


async def walk_discord(fake: FakeDiscord, person: Any, language: Language) -> DiscordWalker:
    walker = DiscordWalker(fake, person, language, seconds=PATIENCE_SECONDS)
    await walker.commands([entry for entry in COMMANDS if entry not in HALTING], "usdc")
    await resting_on_discord(walker)
    assert await walker.suggestions([entry for entry in TYPED if entry.audience is Audience.EVERYONE], "usdc") > 80
    return walker
