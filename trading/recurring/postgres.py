"""Recurring buys in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.outbox import Chat, NotificationTarget, encode, kind_of
from core.postgres.rows import RowReader
from core.recurrence import Frequency, Recurrence, Slot
from core.sql import load_queries
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.recurring.errors import TooManyPlans, UnknownPlan
from trading.recurring.notices import BuyFailed, BuyMissed
from trading.recurring.ports import (
    MAX_PLANS,
    DuePlan,
    NewPlan,
    PlanProgress,
    PlanState,
    RecurringBuy,
    size_of,
    size_parts,
)

SQL = load_queries(__package__, "queries.sql")


class PostgresPlans:
    """`Plans` and `PlanStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_plans: int = MAX_PLANS) -> None:
        """Limits each user to `max_plans` plans in one market."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_plans = max_plans
        self._plans = RowReader("recurring_buy", plan_of)
        self._due = RowReader("recurring_buy", _due_of)

    # -- for the user --------------------------------------------------------------------------

    async def create(self, new: NewPlan) -> RecurringBuy:
        """Returns the plan, created by the first call of its command. Raises TooManyPlans."""

        async def work(connection: Connection) -> RecurringBuy:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], new.person_id)
                made = await connection.fetchrow(SQL["by_command"], new.command_id, new.person_id)
                if made is not None:
                    return plan_of(made)
                if await connection.fetchval(SQL["count"], new.person_id, new.market) >= self._max_plans:
                    raise TooManyPlans(self._max_plans)
                (row,) = await connection.fetch(SQL["create"], *_columns(new))
                return plan_of(row)

        return await self._database.run(work)

    async def of(self, person_id: int, market: str) -> Sequence[RecurringBuy]:
        """Returns all plans in a market, the oldest first."""
        return self._plans.read(await self._rows("of", person_id, market))

    async def find(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Returns the user's own plan. Raises UnknownPlan."""
        return await self._one("find", person_id, plan_id)

    async def pause(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Pauses a plan until it is resumed. Raises UnknownPlan."""
        return await self._one("pause", person_id, plan_id)

    async def resume(self, person_id: int, plan_id: int, timezone: str, slot: Slot) -> RecurringBuy:
        """Resumes a plan; an active plan is not changed. Raises UnknownPlan."""
        rows = await self._rows("resume", person_id, plan_id, timezone, slot.day, slot.at)
        return plan_of(rows[0]) if rows else await self.find(person_id, plan_id)

    async def remove(self, person_id: int, plan_id: int) -> RecurringBuy:
        """Ends a plan; returns it as it was. Raises UnknownPlan."""
        return await self._one("remove", person_id, plan_id)

    # -- for the job ---------------------------------------------------------------------------

    async def due(self, market: str, now: datetime, limit: int) -> Sequence[DuePlan]:
        """Returns the plans of a market that need work and that no worker has claimed."""
        return self._due.read(await self._rows("due", market, now, self._due.more(limit)))

    async def claim(self, plan: RecurringBuy, now: datetime, until: datetime) -> bool:
        """Claims the plan until then. Returns False if another worker claimed it first, or the plan has changed."""
        return bool(await self._rows("claim", plan.plan_id, plan.slot.at, now, until))

    async def advance(
        self, plan: RecurringBuy, step: PlanProgress, notices: Sequence[tuple[str, BuyFailed | BuyMissed]]
    ) -> bool:
        """Moves the plan to its next state and puts its notifications into the outbox. Returns False if another worker
        moved it.
        """
        after = (step.slot.day, step.slot.at, step.timezone, step.last_day, step.failures, step.state.value)
        keys, kinds = [key for key, _ in notices], [kind_of(notice) for _, notice in notices]
        bodies = [encode(notice) for _, notice in notices]
        return bool(await self._rows("move_on", plan.plan_id, plan.slot.at, *after, keys, kinds, bodies))

    async def wait(self, plan: RecurringBuy, now: datetime) -> None:
        """Records that the slot could not be bought yet, and since when; releases the claim."""
        await self._rows("wait", plan.plan_id, plan.slot.at, now)

    async def notification_target(self, person_id: int) -> NotificationTarget | None:
        """Returns the chat for notifications of an order that no user waits for; None if there is none."""
        rows = await self._rows("telling", person_id)
        if not rows:
            return None
        (row,) = rows
        return NotificationTarget(Chat(row["platform"], row["chat_id"], row["public"]), row["fills"], row["expiries"])

    async def _one(self, name: str, person_id: int, plan_id: int) -> RecurringBuy:
        rows = await self._rows(name, person_id, plan_id)
        if not rows:
            raise UnknownPlan(plan_id)
        return plan_of(rows[0])

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _columns(new: NewPlan) -> tuple[object, ...]:
    rhythm = (new.rhythm.every.value, new.rhythm.day, new.rhythm.minute)
    what = (new.market, new.symbol, *size_parts(new.size))
    return (new.command_id, new.person_id, *what, *rhythm, new.timezone, new.slot.day, new.slot.at)


def plan_of(row: asyncpg.Record) -> RecurringBuy:
    """Converts a row of `recurring_buy`."""
    return RecurringBuy(
        plan_id=row["id"],
        person_id=row["person_id"],
        market=row["market"],
        symbol=Symbol(row["symbol"]),
        size=size_of(row["size_kind"], row["size"]),
        rhythm=Recurrence(Frequency(row["every"]), row["minute"], row["day"]),
        state=PlanState(row["state"]),
        timezone=row["timezone"],
        slot=Slot(row["next_day"], row["next_at"]),
        failures=row["failures"],
        last_day=row["last_day"],
        last_attempt_at=row["tried_at"],
    )


def _due_of(row: asyncpg.Record) -> DuePlan:
    return DuePlan(plan_of(row), row["zone"], row["placed"])
