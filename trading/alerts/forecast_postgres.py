"""Alerts on forecasts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from core.database import Pool
from core.outbox import encode
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import Symbol
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
from trading.alerts.stored_alerts import StoredAlerts

SQL = load_queries(__package__, "forecast_alerts.sql")
KIND = str(ForecastFired.__struct_config__.tag)

_MAX_SHOWN = 2 * MAX_FORECAST_ALERTS
"""Maximum number of alerts read. Users whose accounts were merged may have the alerts of both."""


class PostgresForecastAlerts(StoredAlerts[NewForecastAlert, ForecastAlert]):
    """`ForecastAlerts` and `ForecastAlertStore` on a pool whose role is paperdesk_app."""

    queries, too_many, unknown = SQL, TooManyForecastAlerts, UnknownForecastAlert

    def __init__(
        self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_FORECAST_ALERTS
    ) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        super().__init__(pool, max_alerts, jitter)
        self._alerts = RowReader("forecast_alert", alert_of)

    def _alert_of(self, row: asyncpg.Record) -> ForecastAlert:
        return alert_of(row)

    def _columns(self, new: NewForecastAlert) -> tuple[Any, ...]:
        return _columns(new)

    async def waiting(self, person_id: int, market: str) -> Sequence[ForecastAlert]:
        """Returns all armed alerts, the newest first."""
        return self._alerts.read(await self._rows("waiting", person_id, market, _MAX_SHOWN))

    async def repeat(self, person_id: int, alert_id: int) -> ForecastAlert:
        """Arms an alert to fire every time. Raises UnknownForecastAlert, TooManyForecastAlerts."""
        return await self._repeat(person_id, alert_id)

    # -- for the watcher ---------------------------------------------------------------------------

    async def armed(self, market: str) -> Sequence[ForecastAlert]:
        """Returns all alerts that wait in a market."""
        return self._alerts.read(await self._rows("armed", market))

    async def fire(self, firings: Sequence[ForecastFiring], now: datetime) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction."""
        ids = [firing.alert.alert_id for firing in firings]
        before = [firing.alert.firings for firing in firings]
        rows = await self._rows("fire", ids, before, [encode(firing.notice) for firing in firings], KIND, now)
        return frozenset(row["id"] for row in rows)

    async def returned(self, alerts: Sequence[ForecastAlert]) -> None:
        """Makes the alerts ready to fire again."""
        await self._rows("returned", [alert.alert_id for alert in alerts], [alert.firings for alert in alerts])


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
