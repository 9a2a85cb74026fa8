"""Alerts on forecasts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.errors import DatabaseUnavailable
from core.outbox import Chat, encode
from core.sql import load_queries
from pipeline.market import Symbol
from trading.alerts.alert_chats import bring_alert
from trading.alerts.errors import TooManyForecastAlerts, UnknownForecastAlert
from trading.alerts.forecast_alerts import (
    MAX_FORECAST_ALERTS,
    ForecastAlert,
    ForecastDirection,
    ForecastFiring,
    NewForecastAlert,
)
from trading.alerts.notices import ForecastFired
from trading.alerts.ports import AlertState
from trading.constraints import LEDGER_REFUSALS

SQL = load_queries(__package__, "forecast_alerts.sql")
KIND = str(ForecastFired.__struct_config__.tag)

_MAX_SHOWN = 2 * MAX_FORECAST_ALERTS
"""Maximum number of alerts read. Users whose accounts were merged may have the alerts of both."""


class PostgresForecastAlerts:
    """`ForecastAlerts` and `ForecastAlertStore` on a pool whose role is paperdesk_app."""

    def __init__(
        self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_FORECAST_ALERTS
    ) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_alerts = max_alerts

    async def create(self, new: NewForecastAlert) -> ForecastAlert:
        """Returns the alert, created by the first call of its command. Raises TooManyForecastAlerts."""

        async def work(connection: Connection) -> ForecastAlert:
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

    async def waiting(self, person_id: int, market: str) -> Sequence[ForecastAlert]:
        """Returns all armed alerts, the newest first."""
        return [alert_of(row) for row in await self._rows("waiting", person_id, market, _MAX_SHOWN)]

    async def cancel(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Ends an armed alert; a repeated call returns it as cancelled. Raises UnknownForecastAlert if it fired."""
        rows = await self._rows("cancel", person_id, alert_id)
        if not rows:
            raise UnknownForecastAlert(alert_id)
        return alert_of(rows[0])

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all armed alerts up to alert `newest`; returns their number."""
        return len(await self._rows("cancel_all", person_id, market, newest))

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, away from another public one."""
        await bring_alert(self._database, SQL, person_id, alert_id, chat)

    async def repeat(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Arms an alert to fire every time. Raises UnknownForecastAlert, TooManyForecastAlerts."""

        async def work(connection: Connection) -> ForecastAlert:
            async with connection.transaction():
                await connection.execute(SQL["lock_person"], person_id)
                there = await connection.fetchrow(SQL["find"], person_id, alert_id)
                if there is None:
                    raise UnknownForecastAlert(alert_id)
                if there["state"] != AlertState.ARMED:
                    await self._check_room(connection, person_id, there["market"])
                row = await connection.fetchrow(SQL["repeat"], person_id, alert_id)
                if row is None:
                    raise UnknownForecastAlert(alert_id)
                return alert_of(row)

        return await self._database.run(work)

    async def _check_room(self, connection: Connection, person_id: int, market: str) -> None:
        if await connection.fetchval(SQL["armed_count"], person_id, market) >= self._max_alerts:
            raise TooManyForecastAlerts(self._max_alerts)

    # -- for the watcher ---------------------------------------------------------------------------

    async def armed(self, market: str) -> Sequence[ForecastAlert]:
        """Returns all alerts that wait in a market."""
        return [alert_of(row) for row in await self._rows("armed", market)]

    async def fire(self, firings: Sequence[ForecastFiring], now: datetime) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction."""
        ids = [firing.alert.alert_id for firing in firings]
        before = [firing.alert.firings for firing in firings]
        rows = await self._rows("fire", ids, before, [encode(firing.notice) for firing in firings], KIND, now)
        return frozenset(row["id"] for row in rows)

    async def returned(self, alerts: Sequence[ForecastAlert]) -> None:
        """Makes the alerts ready to fire again."""
        await self._rows("returned", [alert.alert_id for alert in alerts], [alert.firings for alert in alerts])

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _columns(new: NewForecastAlert) -> tuple[Any, ...]:
    return (
        new.command_id,
        new.person_id,
        new.chat.platform,
        new.chat.chat_id,
        new.market,
        new.symbol,
        new.horizon,
        new.way.value,
        new.chance,
        new.repeat,
        new.ready,
        new.margin,
        new.pause_minutes,
    )


def _there(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise DatabaseUnavailable
    return row


def alert_of(row: asyncpg.Record) -> ForecastAlert:
    """Converts a row of `forecast_alert`."""
    return ForecastAlert(
        row["id"],
        row["person_id"],
        row["market"],
        Symbol(row["symbol"]),
        row["horizon"],
        ForecastDirection(row["way"]),
        row["chance"],
        row["repeat"],
        AlertState(row["state"]),
        row["ready"],
        row["firings"],
        row["created_at"],
        row["margin"],
        row["pause_minutes"],
        row["fired_at"],
    )
