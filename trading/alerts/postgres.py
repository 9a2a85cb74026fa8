"""Alerts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.database import Pool
from core.outbox import encode
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import Symbol
from trading.alerts.errors import TooManyAlerts
from trading.alerts.notices import AlertFired, fired
from trading.alerts.ports import MAX_ALERTS, Alert, AlertChanges, AlertCounts, AlertPage, AlertState, NewAlert, NewLevel
from trading.alerts.stored_alerts import StoredAlerts
from trading.triggers.price_levels import Direction, Firing, Trigger

SQL = load_queries(__package__, "queries.sql")
ARMED_A_CALL = 10_000
"""Largest number of armed alerts that one call reads."""
KIND = str(AlertFired.__struct_config__.tag)


class PostgresAlerts(StoredAlerts[NewAlert, Alert]):
    """`Alerts` and `AlertStore` on a pool whose role is paperdesk_app."""

    queries, too_many = SQL, TooManyAlerts

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_ALERTS) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        super().__init__(pool, max_alerts, jitter)
        self._alerts = RowReader("alert", alert_of)
        self._triggers = RowReader("alert", _trigger_of)

    def _alert_of(self, row: asyncpg.Record) -> Alert:
        return alert_of(row)

    def _columns(self, new: NewAlert) -> tuple[Any, ...]:
        return _columns(new)

    # -- for the user ------------------------------------------------------------------------------

    async def waiting(self, person_id: int, market: str, limit: int, before: int | None = None) -> AlertPage:
        """Returns the alerts that are armed or muted, newest first."""
        rows = await self._rows("waiting", person_id, market, before, limit + 1)
        shown = rows[:limit]
        return AlertPage(tuple(self._alerts.read(shown)), shown[-1]["id"] if len(rows) > limit else None)

    async def count(self, person_id: int, market: str) -> AlertCounts:
        """Counts the alerts that wait in a market."""
        (row,) = await self._rows("waiting_count", person_id, market)
        return AlertCounts(row["count"], row["muted"], row["newest"] or 0)

    async def edit(self, person_id: int, alert_id: int, change: NewLevel) -> Alert:
        """Changes the level of an armed or muted alert. Raises UnknownAlert."""
        level = (change.direction.value, change.level, change.ready, change.market_time, change.rearm)
        return await self._one("edit", person_id, alert_id, *level)

    async def mute(self, person_id: int, alert_id: int) -> Alert:
        """Mutes an armed alert. Raises UnknownAlert if it has ended."""
        return await self._one("mute", person_id, alert_id)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> Alert:
        """Arms an alert again, to fire every time. Raises UnknownAlert, TooManyAlerts."""
        return await self._repeat(person_id, alert_id, ready, market_time)

    # -- for the trigger worker --------------------------------------------------------------------

    async def changes(self, market: str, mark: str) -> AlertChanges:
        """See `AlertStore.changes`. While armed alerts are read, the mark is that of the first read, with the last
        number: what changes meanwhile is read again afterwards.
        """
        begun, _, last = mark.partition("/")
        if mark and not last:
            rows = await self._rows("changes", market, mark)
            return AlertChanges(tuple(self._alerts.read(_there(rows))), rows[0]["mark"])
        rows = await self._rows("armed", market, int(last or 0), ARMED_A_CALL)
        armed = tuple(self._triggers.read(_there(rows)))
        begun = begun or rows[0]["mark"]
        if len(rows) < ARMED_A_CALL:
            return AlertChanges((), begun, armed)
        return AlertChanges((), f"{begun}/{rows[-1]['id']}", armed, more=True)

    async def fire(self, market: str, firings: Sequence[Firing]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction."""
        rows = await self._rows(
            "fire",
            [firing.trigger.alert_id for firing in firings],
            [firing.trigger.firings for firing in firings],
            [firing.time for firing in firings],
            [encode(fired(market, firing)) for firing in firings],
            KIND,
            [firing.trigger.direction.value for firing in firings],
            [firing.trigger.level for firing in firings],
        )
        return frozenset(row["id"] for row in rows)

    async def returned(self, triggers: Sequence[Trigger]) -> None:
        """Marks these triggers ready, because the price is back on the near side of their levels."""
        ids = [trigger.alert_id for trigger in triggers]
        before = [trigger.firings for trigger in triggers]
        directions = [trigger.direction.value for trigger in triggers]
        levels = [trigger.level for trigger in triggers]
        await self._rows("returned", ids, before, [trigger.since for trigger in triggers], directions, levels)


def _there(rows: Sequence[asyncpg.Record]) -> list[asyncpg.Record]:
    """Returns the rows without the one that carries a mark alone."""
    return [row for row in rows if row["id"] is not None]


def _columns(new: NewAlert) -> tuple[Any, ...]:
    return (
        new.command_id,
        new.person_id,
        new.chat.platform,
        new.chat.chat_id,
        new.market,
        new.symbol,
        new.direction.value,
        new.level,
        new.repeat,
        new.ready,
        new.market_time,
        new.rearm,
        new.pause_ms,
        new.note,
        new.expires_at,
    )


def alert_of(row: asyncpg.Record) -> Alert:
    """Converts a row of `alert`."""
    return Alert(
        row["id"],
        row["person_id"],
        row["market"],
        Symbol(row["symbol"]),
        Direction(row["direction"]),
        row["level"],
        row["repeat"],
        AlertState(row["state"]),
        row["ready"],
        row["firings"],
        row["market_time_ms"],
        row["created_at"],
        row["rearm"],
        row["pause_ms"],
        row["note"],
        row["expires_at_ms"],
    )


_DIRECTIONS = {direction.value: direction for direction in Direction}


def _trigger_of(row: asyncpg.Record) -> Trigger:
    """Converts a row of `armed`, as `Alert.trigger` does."""
    _, number, symbol, direction, level, since, ready, firings, repeat, rearm, pause_ms = row
    if not repeat:
        rearm, pause_ms = None, 0
    return Trigger(number, symbol, _DIRECTIONS[direction], level, since, ready, firings, repeat, rearm, pause_ms)
