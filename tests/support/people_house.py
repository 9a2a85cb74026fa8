"""What the tests of linking, leaving and watching share: the whole desk on PostgreSQL, with several people at it."""

import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from bot.inbound import Inbound
from bot.middleware.leaked_link_codes import take_back
from bot.reply import Button, Buttons, Document, Fields, Reply, Table, Text
from bot.router import Router
from core.database import Database
from core.outbox import Chat
from jobs.settle_joins import settle_joins
from people.identity.codes import read_code
from people.identity.ports import Identity
from people.identity.postgres import PostgresIdentities, PostgresWatchlists
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS, NOW, FakeDeskBot, FakeMarket
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.ports import NewAlert
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.constraints import LEDGER_REFUSALS
from trading.desk import Desk
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.ledger.trade_records import PostgresTradeRecords
from trading.settings import TradingSettings
from trading.triggers.price_levels import Direction

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

CALM = random.Random(1)  # noqa: S311 - pauses, not secrets
D = Decimal
DAY_MS = 86_400_000
BTC, ETH = Symbol("BTCUSDC"), Symbol("ETHUSDC")


class SeededTokens:
    def __init__(self) -> None:
        self._random = random.Random(7)  # noqa: S311

    def token_urlsafe(self, nbytes: int) -> str:
        return self._random.randbytes(nbytes).hex()


@dataclass
class House:
    pool: "Pool"
    dsn: str
    language: Language = Language.ENGLISH
    now: int = NOW
    market: FakeMarket = field(default_factory=FakeMarket)
    count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.database = Database(self.pool, jitter=CALM, refusals=LEDGER_REFUSALS)
        self.identities = PostgresIdentities(self.database, self.database)
        self.people = PostgresPeople(self.database)
        self.alerts = PostgresAlerts(self.pool, jitter=CALM)
        self.desk = self.desk_of(self.market)
        self.services = replace(
            FakeDeskBot(market=self.market).services,
            desk=self.desk,
            records=PostgresTradeRecords(self.database, self.database),
            people=self.people,
            alerts=self.alerts,
            forecast_alerts=PostgresForecastAlerts(self.pool, jitter=CALM),
            range_alerts=PostgresRangeAlerts(self.pool, jitter=CALM),
            condition_alerts=PostgresConditionAlerts(self.pool, jitter=CALM),
            identities=self.identities,
            watchlists=PostgresWatchlists(self.database),
            tokens=SeededTokens(),
            clock=lambda: self.now,
        )
        self.router = Router(self.services, catalogs=CATALOGS, checks=(take_back,))

    def desk_of(self, market: FakeMarket) -> Desk:
        return Desk(market, PostgresLedger(self.pool, jitter=CALM), TradingSettings(), lambda: self.now)

    def inbound(self, who: Identity, text: str, *, pressed: bool = False, public: bool = False) -> Inbound:
        return Inbound(
            who.platform,
            who.external_id,
            f"u{next(self.count)}",
            text,
            pressed,
            self.language,
            "Asia/Seoul",
            chat_id=f"{who.platform}-{who.external_id}",
            public=public,
        )

    async def ask(self, who: Identity, text: str, *, pressed: bool = False, public: bool = False) -> Reply:
        return await self.router.answer(self.inbound(who, text, pressed=pressed, public=public))

    async def press(self, who: Identity, reply: Reply, word: str) -> Reply:
        found = [button.press for button in buttons(reply) if button.press.split()[0] == word]
        assert found, (word, buttons(reply))
        return await self.ask(who, found[0], pressed=True)

    async def person(self, who: Identity) -> int:
        met = await self.people.meet(who.platform, who.external_id, self.language, "UTC")
        return met.person_id

    async def code(self, who: Identity) -> str:
        reply = await self.ask(who, "/link")
        words = texts(reply).split()
        return next(read_code(word) for word in words if word.count("-") == 3 and len(word) == 19)

    async def linked(self, host: Identity, joining: Identity, how: str, *, settled: bool = True) -> Reply:
        """`settled`: as a day later, when the join cannot be undone any more."""
        preview = await self.ask(joining, f"/link {await self.code(host)}")
        reply = await self.press(joining, preview, f"link_{how}")
        if settled:
            await self.settle()
        return reply

    async def settle(self) -> int:
        """Makes every join final."""
        return await settle_joins(self.pool, self.now + DAY_MS, CALM)

    async def audited(self) -> None:
        owner = await asyncpg.connect(self.dsn)
        try:
            assert (await audit(owner)).findings == []
        finally:
            await owner.close()

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """As the owner."""
        owner = await asyncpg.connect(self.dsn)
        try:
            return await owner.fetch(query, *arguments)
        finally:
            await owner.close()


ALICE, BOB, CAROL = Identity("telegram", "1001"), Identity("discord", "2002"), Identity("console", "me")


def wish(person_id: int, command: str, chat: Chat) -> NewAlert:
    """An alert of Bitcoin at 70,000."""
    return NewAlert(
        command, person_id, chat, "simulator", BTC, Direction.ABOVE, D(70_000), repeat=False, ready=True, market_time=0
    )


def texts(reply: Reply) -> str:
    said: list[str] = []
    for block in reply.blocks:
        match block:
            case Text(body):
                said.append(body)
            case Fields(rows) | Table(_, rows):
                said += [" | ".join(row) for row in rows]
            case Document(_, alt, _):
                said.append(alt)
            case _:
                pass
    return "\n".join(said)


def buttons(reply: Reply) -> list[Button]:
    return [b for block in reply.blocks if isinstance(block, Buttons) for row in block.rows for b in row]


@asynccontextmanager
async def house_of(pool: "Pool", dsn: str, language: Language = Language.ENGLISH) -> AsyncIterator[House]:
    house = House(pool, dsn, language)
    yield house
    await house.audited()
