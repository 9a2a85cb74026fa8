"""Alerts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.errors import DatabaseUnavailable
from core.outbox import Chat, encode
from core.sql import load_queries
from pipeline.market import Symbol
from trading.alerts.alert_chats import bring_alert
from trading.alerts.errors import TooManyAlerts, UnknownAlert
from trading.alerts.notices import AlertFired, fired
from trading.alerts.ports import MAX_ALERTS, Alert, AlertChanges, AlertCounts, AlertPage, AlertState, NewAlert, NewLevel
from trading.constraints import LEDGER_REFUSALS
from trading.triggers.price_levels import Direction, Firing, Trigger

SQL = load_queries(__package__, "queries.sql")
ARMED_A_CALL = 10_000
"""Largest number of armed alerts that one call reads."""
KIND = str(AlertFired.__struct_config__.tag)


class PostgresAlerts:
    """`Alerts` and `AlertStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_ALERTS) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_alerts = max_alerts

    # -- for the user ------------------------------------------------------------------------------

    async def create(self, new: NewAlert) -> Alert:
        """Returns the alert, created by the first call of its command. Raises TooManyAlerts."""

        async def work(connection: Connection) -> Alert:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], new.person_id)
                made = await connection.fetchrow(SQL["by_command"], new.command_id, new.person_id)
                if made is not None:
                    return alert_of(made)
                await self._check_room(connection, new.person_id, new.market)
                chat = new.chat
                await connection.execute(SQL["seen"], new.person_id, chat.platform, chat.chat_id, chat.public)
                return alert_of(_there(await connection.fetchrow(SQL["create"], *_columns(new))))

        return await self._database.run(work)

    async def waiting(self, person_id: int, market: str, limit: int, before: int | None = None) -> AlertPage:
        """Returns the alerts that are armed or muted, newest first."""
        rows = await self._rows("waiting", person_id, market, before, limit + 1)
        shown = tuple(alert_of(row) for row in rows[:limit])
        return AlertPage(shown, shown[-1].alert_id if len(rows) > limit else None)

    async def find(self, person_id: int, alert_id: int) -> Alert:
        """Returns the user's own alert. Raises UnknownAlert."""
        return await self._one("find", person_id, alert_id)

    async def cancel(self, person_id: int, alert_id: int) -> Alert:
        """Ends an alert; a repeated call returns it as cancelled. Raises UnknownAlert if it fired."""
        return await self._one("cancel", person_id, alert_id)

    async def count(self, person_id: int, market: str) -> AlertCounts:
        """Counts the alerts that wait in a market."""
        (row,) = await self._rows("waiting_count", person_id, market)
        return AlertCounts(row["count"], row["muted"], row["newest"] or 0)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all alerts that wait up to alert `newest`; returns their number."""
        return len(await self._rows("cancel_all", person_id, market, newest))

    async def edit(self, person_id: int, alert_id: int, change: NewLevel) -> Alert:
        """Changes the level of an armed or muted alert. Raises UnknownAlert."""
        level = (change.direction.value, change.level, change.ready, change.market_time, change.rearm)
        return await self._one("edit", person_id, alert_id, *level)

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, away from another public one."""
        await bring_alert(self._database, SQL, person_id, alert_id, chat)

    async def mute(self, person_id: int, alert_id: int) -> Alert:
        """Mutes an armed alert. Raises UnknownAlert if it has ended."""
        return await self._one("mute", person_id, alert_id)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> Alert:
        """Arms an alert again, to fire every time. Raises UnknownAlert, TooManyAlerts."""

        async def work(connection: Connection) -> Alert:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                there = await connection.fetchrow(SQL["find"], person_id, alert_id)
                if there is None:
                    raise UnknownAlert(alert_id)
                if there["state"] not in (AlertState.ARMED, AlertState.MUTED):
                    await self._check_room(connection, person_id, there["market"])
                row = await connection.fetchrow(SQL["repeat"], person_id, alert_id, ready, market_time)
                if row is None:
                    raise UnknownAlert(alert_id)
                return alert_of(row)

        return await self._database.run(work)

    async def _check_room(self, connection: Connection, person_id: int, market: str) -> None:
        if await connection.fetchval(SQL["waiting_count"], person_id, market) >= self._max_alerts:
            raise TooManyAlerts(self._max_alerts)

    # -- for the trigger worker --------------------------------------------------------------------

    async def changes(self, market: str, mark: str) -> AlertChanges:
        """See `AlertStore.changes`. While armed alerts are read, the mark is that of the first read, with the last
        number: what changes meanwhile is read again afterwards.
        """
        begun, _, last = mark.partition("/")
        if mark and not last:
            rows = await self._rows("changes", market, mark)
            return AlertChanges(tuple(alert_of(row) for row in rows if row["id"] is not None), rows[0]["mark"])
        rows = await self._rows("armed", market, int(last or 0), ARMED_A_CALL)
        armed = tuple(map(_trigger_of, rows)) if rows[0]["id"] is not None else ()
        begun = begun or rows[0]["mark"]
        if len(armed) < ARMED_A_CALL:
            return AlertChanges((), begun, armed)
        return AlertChanges((), f"{begun}/{armed[-1].alert_id}", armed, more=True)

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

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)

    async def _one(self, name: str, person_id: int, alert_id: int, *more: Any) -> Alert:
        rows = await self._rows(name, person_id, alert_id, *more)
        if not rows:
            raise UnknownAlert(alert_id)
        return alert_of(rows[0])


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
    )


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise DatabaseUnavailable
    return row


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
    )


_DIRECTIONS = {direction.value: direction for direction in Direction}


def _trigger_of(row: asyncpg.Record) -> Trigger:
    """Converts a row of `armed`, as `Alert.trigger` does."""
    _, number, symbol, direction, level, since, ready, firings, repeat, rearm, pause_ms = row
    if not repeat:
        rearm, pause_ms = None, 0
    return Trigger(number, symbol, _DIRECTIONS[direction], level, since, ready, firings, repeat, rearm, pause_ms)
