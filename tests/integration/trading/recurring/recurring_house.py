"""Recurring buys at a time that the test moves."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from core.outbox import Chat
from core.recurrence import Frequency, Recurrence, next_slot
from jobs.recurring_buys import RecurringBuys, RecurringBuysReport
from people.notifications.notices import Notice, decode
from people.notifications.preferences_postgres import PostgresPreferences
from tests.fakes.priced_market import BTC, PricedMarket
from tests.support.push_house import CALM, HOME, somebody
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Size
from trading.recurring.ports import NewPlan, RecurringBuy
from trading.recurring.postgres import PostgresPlans
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
MINUTE_MS = 60_000
NINE = Recurrence(Frequency.DAILY, 540)
SEOUL = "Asia/Seoul"


class House:
    """Recurring buys at a time that the test moves; everybody lives in Seoul."""

    def __init__(self, pool: "Pool", grant: int = 1_000_000) -> None:
        self.pool = pool
        self.time = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000)
        self.market = PricedMarket()
        settings = TradingSettings(opening_grant=D(grant))
        self.desk = Desk(self.market, PostgresLedger(pool, jitter=CALM), settings, lambda: self.time)
        self.notices = PostgresPreferences(pool, lambda: self.time, jitter=CALM)
        self.plans = PostgresPlans(pool, jitter=CALM)
        self.count = itertools.count(1)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time / 1000, UTC)

    def job(self, desk: Desk | None = None) -> RecurringBuys:
        return RecurringBuys(self.pool, desk or self.desk, self.market.info, lambda: self.time, jitter=CALM)

    async def run(self) -> RecurringBuysReport:
        return await self.job().run()

    async def buyer(self, name: str = "me", *, chat: Chat = HOME) -> int:
        person = await somebody(self.pool, name)
        await self.notices.reach(person, chat)
        await self.desk.open(person, f"start-{person}")
        return person

    def new(self, person: int, size: Size | None = None, rhythm: Recurrence = NINE, command: str = "") -> NewPlan:
        slot = next_slot(rhythm, SEOUL, self.now)
        name, market = command or f"wish-{next(self.count)}", self.market.info().market
        return NewPlan(name, person, market, BTC, size or QuoteAmount(D(50)), rhythm, SEOUL, slot)

    async def plan(self, person: int, size: Size | None = None, rhythm: Recurrence = NINE) -> RecurringBuy:
        return await self.plans.create(self.new(person, size, rhythm))

    def pass_to(self, moment: datetime) -> None:
        """Prices are confirmed then."""
        self.market.pass_time(int(moment.timestamp() * 1000) - self.time)
        self.time = int(moment.timestamp() * 1000)

    async def come_due(self, plan: RecurringBuy, late: timedelta = timedelta(seconds=20)) -> RecurringBuy:
        """The plan at its next slot, and as much later."""
        plan = await self.plans.find(plan.person_id, plan.plan_id)
        self.pass_to(plan.slot.at + late)
        return plan

    async def orders(self) -> int:
        found: int = await self.pool.fetchval("SELECT count(*) FROM orders")
        return found

    async def told(self) -> list[Notice]:
        return [decode(row["body"]) for row in await self.pool.fetch("SELECT body FROM outbox ORDER BY id")]
