"""What the tests of alerts and of the outbox share: people, alerts, a courier that does as it is told."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import asyncpg

from bot.notifications.composer import Composer
from bot.notifications.courier import Delivered, Outcome
from bot.notifications.dispatcher import Dispatcher
from bot.reply import Reply
from core.database import Database
from core.errors import DatabaseUnavailable
from core.outbox import Chat, encode
from people.notifications.outbox import Outbox
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot
from tests.patience import PATIENCE_SECONDS
from trading.alerts.notices import AlertFired
from trading.alerts.ports import Alert, NewAlert
from trading.triggers.price_levels import Direction, Firing, reached

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

BTC = Symbol("BTCUSDC")
MARKET = "simulator"
HOME = Chat("fake", "home")
Found = TypeVar("Found")
CALM = random.Random(1)  # noqa: S311 - pauses, not secrets


async def somebody(pool: "Pool", name: str = "me", language: Language = Language.ENGLISH) -> int:
    people = PostgresPeople(Database(pool, jitter=CALM))
    return (await people.meet("fake", name, language, "Asia/Seoul")).person_id


def wish(
    person_id: int,
    number: int = 1,
    level: str = "70000",
    direction: Direction = Direction.ABOVE,
    *,
    chat: Chat = HOME,
    repeat: bool = False,
    ready: bool = True,
    symbol: Symbol = BTC,
    market_time: int = 0,
) -> NewAlert:
    command = f"wish-{person_id}-{number}"
    return NewAlert(command, person_id, chat, MARKET, symbol, direction, Decimal(level), repeat, ready, market_time)


def firing(alert: Alert, price: str = "70000", time: int = NOW) -> Firing:
    assert reached(alert.direction, alert.level, Decimal(price))
    return Firing(alert.trigger, Decimal(price), time)


async def told(
    pool: "Pool", person_id: int, count: int = 1, *, chat: Chat = HOME, name: str = "news", symbol: Symbol = BTC
) -> list[int]:
    """Puts notices straight into the outbox; their ids."""
    ids = []
    for number in range(count):
        notice = AlertFired(number + 1, MARKET, symbol, Direction.ABOVE, Decimal(50_000 + number), Decimal(58_000), NOW)
        ids.append(
            await pool.fetchval(
                "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
                " VALUES ($1, $2, $3, $4, 'alert', $5) RETURNING id",
                f"{name}:{chat.chat_id}:{number}",
                person_id,
                chat.platform,
                chat.chat_id,
                encode(notice),
            )
        )
    return ids


@dataclass
class FakeCourier:
    """Delivers everything, or what `answer` says; `sent` is what arrived, in order."""

    platform: str = "fake"
    answer: Callable[[str, str], Outcome | None] = lambda _chat, _nonce: None
    sent: list[tuple[str, str, bool]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0
    pause: float = 0.0
    gate: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        self.at_once[chat_id] = self.at_once.get(chat_id, 0) + 1
        assert self.at_once[chat_id] == 1, "two messages to one chat at once"
        self.most_at_once = max(self.most_at_once, sum(self.at_once.values()))
        try:
            outcome = self.answer(chat_id, nonce)
            if outcome is None or isinstance(outcome, Delivered):
                self.sent.append((chat_id, nonce, silent))
                self.replies.append(reply)
            self.arrived.set()
            await asyncio.sleep(self.pause)
            if self.gate is not None:
                await self.gate.wait()
            return outcome or Delivered(f"m{len(self.sent)}")
        finally:
            self.at_once[chat_id] -= 1


def outbox_of(pool: "Pool", **settings: int) -> Outbox:
    return Outbox(pool, jitter=CALM, **settings)


def dispatcher(pool: "Pool", courier: FakeCourier, *, bot: FakeDeskBot | None = None, together: int = 25) -> Dispatcher:
    composer = Composer((bot or FakeDeskBot()).services, CATALOGS)
    return Dispatcher(outbox_of(pool, together=together), composer, courier, lambda: NOW, jitter=CALM)


@asynccontextmanager
async def running(*services: object) -> AsyncIterator[None]:
    """Until the end of the block; a service that fails fails the test."""
    tasks = [asyncio.create_task(service) for service in services]  # type: ignore[arg-type]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def insisting(ask: Callable[[], Awaitable[Found]], seconds: float = PATIENCE_SECONDS) -> Found:
    """The answer of the ledger, asked again while it is busy: a slow machine makes callers wait too long for a turn."""
    async with asyncio.timeout(seconds):
        while True:
            with suppress(DatabaseUnavailable):
                return await ask()


async def states(pool: "Pool") -> dict[int, str]:
    return {row["id"]: row["state"] for row in await pool.fetch("SELECT id, state FROM outbox ORDER BY id")}


async def settled(pool: "Pool", seconds: float = PATIENCE_SECONDS) -> dict[str, int]:
    """Counts by state once nothing is pending or being sent."""
    async with asyncio.timeout(seconds):
        open_rows = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')"
        while await pool.fetchval(open_rows):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    rows = await pool.fetch("SELECT state, count(*) AS count FROM outbox GROUP BY state")
    return {row["state"]: row["count"] for row in rows}


async def hurry(pool: "Pool", ids: Sequence[int] | None = None) -> None:
    """Lets leases and pauses be over."""
    await pool.execute(
        "UPDATE outbox SET next_at = now() - interval '1 s' WHERE $1::bigint[] IS NULL OR id = ANY($1)", ids
    )
