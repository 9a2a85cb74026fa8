"""Mixed load on both platforms: people who order, look and set alerts, and the count of their commands."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Exchange, Person
from tests.fakes.telegram import FakeTelegram, Json, Member

MEMBERS, PERSONS = 24, 4
"""Of Telegram and Discord; a private chat of Telegram takes one answer a second."""

STEP = Decimal("0.00001")
FIRST = Decimal("0.0002")


@dataclass
class Count:
    """What is to be counted; `faults` must be empty, each is a sentence."""

    kills: int = 0
    commands: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    refused: int = 0
    unheard: int = 0
    alerts_fired: int = 0
    outbox: Counter[str] = field(default_factory=Counter)
    inbox: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"kills: {self.kills}"
        yield "commands: " + ", ".join(f"{name} {count}" for name, count in sorted(self.commands.items()))
        yield f"orders: {self.orders} took effect once, {self.refused} refused in words, {self.unheard} never delivered"
        yield f"alerts fired: {self.alerts_fired}; outbox: {dict(self.outbox)}"
        yield f"updates of Telegram: {dict(self.inbox)}"
        yield f"faults: {len(self.faults)}"
        yield from self.faults[:50]


@dataclass
class Wish:
    """An order that somebody sent: by its quantity it is known in the ledger."""

    platform: str
    quantity: Decimal
    message: Json | None = None
    exchange: Exchange | None = None


class Load:
    """People on both platforms who order, look and set alerts without a pause."""

    def __init__(self, telegram: FakeTelegram, discord: FakeDiscord, chance: random.Random, count: Count) -> None:
        self.telegram = telegram
        self.discord = discord
        self.chance = chance
        self.count = count
        self.members = [telegram.person(f"Ann{number}") for number in range(MEMBERS)]
        self.persons = [discord.person() for _ in range(PERSONS)]
        self.wishes: list[Wish] = []
        self.going = asyncio.Event()
        self._next = 0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for member in self.members:
                group.create_task(self._write(member))
            for person in self.persons:
                group.create_task(self._type(person))

    def _order(self) -> tuple[str, Decimal]:
        self._next += 1
        return self.chance.choice(("buy", "buy", "sell")), FIRST + self._next * STEP

    def _what(self) -> str:
        return self.chance.choices(("order", "price", "chart", "alert", "portfolio"), (60, 20, 5, 10, 5))[0]

    def _level(self) -> str:
        return f"{self.chance.choice('+-')}0.{self.chance.randint(1, 9):02d}%"

    async def _write(self, member: Member) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.8, 3.0))
            await self.going.wait()
            what = self._what()
            self.count.commands[f"telegram {what}"] += 1
            if what == "order":
                side, quantity = self._order()
                self.wishes.append(Wish("telegram", quantity, message=member.write(f"/{side} BTC {quantity}")))
            else:
                lines = {"alert": f"/alert BTC {self._level()}", "portfolio": "/portfolio"}
                member.write(lines.get(what, f"/{what} BTC"))
            await self._answered(member)

    async def _answered(self, member: Member) -> None:
        """People wait for an answer, though not for ever: what is asked must not outrun a message a second."""
        seen = len(member.chat.sent)
        with suppress(TimeoutError):
            async with asyncio.timeout(10.0):
                while len(member.chat.sent) == seen:  # noqa: ASYNC110 - the fake has no event
                    await asyncio.sleep(0.1)

    async def _type(self, person: Person) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.02, 0.25))
            await self.going.wait()
            what = self._what()
            name, options = what, {"symbol": "BTC"}
            wish = None
            if what == "order":
                name, quantity = self._order()
                options["size"] = str(quantity)
                wish = Wish("discord", quantity)
            elif what == "price":
                options = {"symbols": "BTC"}
            elif what == "alert":
                options["level"] = self._level()
            elif what == "portfolio":
                options = {}
            try:
                exchange = await person.slash(name, **options)
            except (ConnectionError, StopIteration, RuntimeError):
                continue  # nobody is on the gateway: the platform tells the person that the bot is away
            self.count.commands[f"discord {what}"] += 1
            if wish is not None:
                wish.exchange = exchange
                self.wishes.append(wish)
            with suppress(TimeoutError):
                await exchange.answered(2.0)
