"""Range alerts in PostgreSQL: the only module that accesses their tables."""

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
from trading.alerts.errors import TooManyRangeAlerts, UnknownAlert
from trading.alerts.notices import RangeFired, range_fired
from trading.alerts.ports import AlertState
from trading.alerts.range_alerts import (
    MAX_RANGE_ALERTS,
    NewRangeAlert,
    RangeAlert,
    RangeAlertChanges,
    rearm_range,
)
from trading.constraints import LEDGER_REFUSALS
from trading.triggers.price_ranges import RangeFiring, RangeTrigger

SQL = load_queries(__package__, "range_alerts.sql")
KIND = str(RangeFired.__struct_config__.tag)

_MAX_SHOWN = 2 * MAX_RANGE_ALERTS
"""Maximum number of alerts read. Users whose accounts were merged may have the alerts of both."""


class PostgresRangeAlerts:
    """`RangeAlerts` and `RangeAlertStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_RANGE_ALERTS) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_alerts = max_alerts

    # -- for the user ------------------------------------------------------------------------------

    async def create(self, new: NewRangeAlert) -> RangeAlert:
        """Returns the alert, created by the first call of its command. Raises TooManyRangeAlerts."""

        async def work(connection: Connection) -> RangeAlert:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], new.person_id)
                made = await connection.fetchrow(SQL["by_command"], new.command_id, new.person_id)
                if made is not None:
                    return range_alert_of(made)
                await self._check_room(connection, new.person_id, new.market)
                chat = new.chat
                await connection.execute(SQL["seen"], new.person_id, chat.platform, chat.chat_id, chat.public)
                return range_alert_of(_there(await connection.fetchrow(SQL["create"], *_columns(new))))

        return await self._database.run(work)

    async def waiting(self, person_id: int, market: str) -> Sequence[RangeAlert]:
        """Returns all armed alerts, the newest first."""
        return [range_alert_of(row) for row in await self._rows("waiting", person_id, market, _MAX_SHOWN)]

    async def find(self, person_id: int, alert_id: int) -> RangeAlert:
        """Returns the user's own alert. Raises UnknownAlert."""
        return await self._one("find", person_id, alert_id)

    async def cancel(self, person_id: int, alert_id: int) -> RangeAlert:
        """Ends an armed alert; a repeated call returns it as cancelled. Raises UnknownAlert if it fired."""
        return await self._one("cancel", person_id, alert_id)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all armed alerts up to alert `newest`; returns their number."""
        return len(await self._rows("cancel_all", person_id, market, newest))

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, away from another public one."""
        await bring_alert(self._database, SQL, person_id, alert_id, chat)

    async def repeat(self, person_id: int, alert_id: int, *, market_time: int) -> RangeAlert:
        """Arms an alert to fire every time. Raises UnknownAlert, TooManyRangeAlerts."""

        async def work(connection: Connection) -> RangeAlert:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                there = await connection.fetchrow(SQL["find"], person_id, alert_id)
                if there is None:
                    raise UnknownAlert(alert_id)
                if there["state"] != AlertState.ARMED:
                    await self._check_room(connection, person_id, there["market"])
                row = await connection.fetchrow(SQL["repeat"], person_id, alert_id, market_time)
                if row is None:
                    raise UnknownAlert(alert_id)
                return range_alert_of(row)

        return await self._database.run(work)

    async def _check_room(self, connection: Connection, person_id: int, market: str) -> None:
        if await connection.fetchval(SQL["armed_count"], person_id, market) >= self._max_alerts:
            raise TooManyRangeAlerts(self._max_alerts)

    # -- for the trigger worker --------------------------------------------------------------------

    async def changes(self, market: str, mark: str) -> RangeAlertChanges:
        """Returns the alerts of a market that changed since the mark; all armed ones if the mark is ""."""
        rows = await self._rows("changes", market, mark) if mark else await self._rows("armed", market)
        alerts = tuple(range_alert_of(row) for row in rows if row["id"] is not None)
        return RangeAlertChanges(alerts, rows[0]["mark"])

    async def fire(self, market: str, firings: Sequence[RangeFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction."""
        rows = await self._rows(
            "fire",
            [firing.trigger.alert_id for firing in firings],
            [firing.trigger.firings for firing in firings],
            [firing.time for firing in firings],
            [encode(range_fired(market, firing)) for firing in firings],
            KIND,
        )
        return frozenset(row["id"] for row in rows)

    async def returned(self, triggers: Sequence[RangeTrigger]) -> None:
        """Marks these triggers ready, because their ranges fell."""
        ids = [trigger.alert_id for trigger in triggers]
        before = [trigger.firings for trigger in triggers]
        await self._rows("returned", ids, before, [trigger.since for trigger in triggers])

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)

    async def _one(self, name: str, person_id: int, alert_id: int) -> RangeAlert:
        rows = await self._rows(name, person_id, alert_id)
        if not rows:
            raise UnknownAlert(alert_id)
        return range_alert_of(rows[0])


def _columns(new: NewRangeAlert) -> tuple[Any, ...]:
    return (
        new.command_id,
        new.person_id,
        new.chat.platform,
        new.chat.chat_id,
        new.market,
        new.symbol,
        new.fraction,
        new.window,
        new.repeat,
        new.ready,
        new.market_time,
        rearm_range(new.fraction),
        new.pause_ms,
        new.note,
        new.expires_at,
    )


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise DatabaseUnavailable
    return row


def range_alert_of(row: asyncpg.Record) -> RangeAlert:
    """Converts a row of `range_alert`."""
    return RangeAlert(
        row["id"],
        row["person_id"],
        row["market"],
        Symbol(row["symbol"]),
        row["fraction"],
        row["window_minutes"],
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
