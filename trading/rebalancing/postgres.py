"""Targets in PostgreSQL: the only module that accesses their tables."""

import json
import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import asyncpg

from core.database import Connection, Database, Pool
from core.decimals import ROUNDING
from core.outbox import encode, kind_of
from core.postgres.rows import RowReader
from core.recurrence import Frequency, Recurrence, Slot
from core.sql import load_queries
from pipeline.market import Symbol
from trading.rebalancing.errors import NoTarget
from trading.rebalancing.notices import BandLeft, RebalancingFailed
from trading.rebalancing.ports import DueTarget, NewTarget, ScheduleProgress
from trading.rebalancing.targets import BAND, Schedule, Target

SQL = load_queries(__package__, "queries.sql")

_ONE = Decimal(1)


class PostgresTargets:
    """`Targets` and `TargetStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._watched = RowReader("rebalancing_target", _target_of)
        self._due = RowReader("rebalancing_target", _due_of)

    # -- for the user --------------------------------------------------------------------------

    async def find(self, person_id: int, market: str) -> Target | None:
        """Returns the user's target, or None."""
        rows = await self._database.fetch(SQL["find"], person_id, market)
        return _target_of(rows[0]) if rows and rows[0]["weights"] is not None else None

    async def save(self, new: NewTarget) -> Target:
        """Stores a target in place of the one before, whose band and schedule stay."""
        symbols, weights = list(new.weights), list(new.weights.values())

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                await connection.execute(
                    SQL["save"], new.person_id, new.market, new.with_cash, new.band, BAND, symbols, weights
                )

        await self._database.run(work)
        return await self._found(new.person_id, new.market)

    async def set_band(self, person_id: int, market: str, band: Decimal) -> Target:
        """Sets the band. Raises NoTarget."""
        return await self._changed("set_band", person_id, market, band)

    async def set_schedule(self, person_id: int, market: str, schedule: Schedule | None) -> Target:
        """Sets the schedule; None ends it. Raises NoTarget."""
        return await self._changed("set_schedule", person_id, market, *_columns(schedule))

    async def remove(self, person_id: int, market: str) -> Target:
        """Removes the target and returns it. Raises NoTarget."""
        found = await self._found(person_id, market)
        await self._database.fetch(SQL["remove"], person_id, market)
        return found

    async def _changed(self, name: str, person_id: int, market: str, *values: object) -> Target:
        if not await self._database.fetch(SQL[name], person_id, market, *values):
            raise NoTarget
        return await self._found(person_id, market)

    async def _found(self, person_id: int, market: str) -> Target:
        found = await self.find(person_id, market)
        if found is None:
            raise NoTarget
        return found

    # -- for jobs ------------------------------------------------------------------------------

    async def watched(self, market: str, after: int, limit: int) -> Sequence[Target]:
        """Returns targets with an id above `after`; see `TargetStore.watched`."""
        rows = await self._database.fetch(SQL["watched"], market, after, self._watched.more(limit))
        return self._watched.read(rows)

    async def check(self, target: Target, at: datetime, left: BandLeft | None) -> bool:
        """Records a check; see `TargetStore.check`."""
        key = f"rebalance-drift:{target.target_id}:{round(at.timestamp() * 1000)}"
        told = (None, None) if left is None else (kind_of(left), encode(left))
        return bool(await self._database.fetch(SQL["check"], target.target_id, at, left is not None, key, *told))

    async def due(self, market: str, now: datetime, limit: int) -> Sequence[DueTarget]:
        """Returns targets whose schedule needs work; see `TargetStore.due`."""
        return self._due.read(await self._database.fetch(SQL["due"], market, now, self._due.more(limit)))

    async def claim(self, target: Target, now: datetime, until: datetime) -> bool:
        """Claims a schedule until then; see `TargetStore.claim`."""
        return bool(await self._database.fetch(SQL["claim"], target.target_id, _due_at(target), now, until))

    async def advance(self, target: Target, step: ScheduleProgress, notice: RebalancingFailed | None) -> bool:
        """Moves a schedule to its next state; see `TargetStore.advance`."""
        after = (*_columns(step.schedule), step.last_day, step.failures)
        day = None if notice is None else notice.day
        told = (None, None) if notice is None else (kind_of(notice), encode(notice))
        key = f"rebalance-failed:{target.target_id}:{day}"
        return bool(await self._database.fetch(SQL["advance"], target.target_id, _due_at(target), *after, key, *told))


def _due_at(target: Target) -> datetime | None:
    return None if target.schedule is None else target.schedule.slot.at


def _columns(schedule: Schedule | None) -> tuple[object, ...]:
    if schedule is None:
        return (None,) * 6
    rhythm, slot = schedule.rhythm, schedule.slot
    return (rhythm.every.value, rhythm.day, rhythm.minute, schedule.timezone, slot.day, slot.at)


def _due_of(row: asyncpg.Record) -> DueTarget:
    return DueTarget(_target_of(row), row["zone"])


def _target_of(row: asyncpg.Record) -> Target:
    """Converts a row. Weights without cash sum to 1, also after a coin of them was delisted."""
    weights = {Symbol(symbol): Decimal(weight) for symbol, weight in json.loads(row["weights"]).items()}
    whole = sum(weights.values(), Decimal(0))
    if not row["with_cash"] and whole not in (0, _ONE):
        weights = {symbol: ROUNDING.divide(weight, whole) for symbol, weight in weights.items()}
    schedule = None
    if row["every"] is not None:
        rhythm = Recurrence(Frequency(row["every"]), row["minute"], row["day"])
        schedule = Schedule(rhythm, row["timezone"], Slot(row["next_day"], row["next_at"]))
    return Target(
        row["id"],
        row["person_id"],
        row["market"],
        weights,
        row["with_cash"],
        row["band"],
        row["outside"],
        row["checked_at"],
        schedule,
        row["failures"],
        row["last_day"],
    )
