"""Range alerts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.database import Pool
from core.outbox import encode
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import Symbol
from trading.alerts.errors import TooManyRangeAlerts
from trading.alerts.notices import RangeFired, range_fired
from trading.alerts.ports import AlertState
from trading.alerts.range_alerts import (
    MAX_RANGE_ALERTS,
    NewRangeAlert,
    RangeAlert,
    RangeAlertChanges,
    rearm_range,
)
from trading.alerts.stored_alerts import StoredAlerts
from trading.triggers.price_ranges import RangeFiring, RangeTrigger

SQL = load_queries(__package__, "range_alerts.sql")
KIND = str(RangeFired.__struct_config__.tag)

_MAX_SHOWN = 2 * MAX_RANGE_ALERTS
"""Maximum number of alerts read. Users whose accounts were merged may have the alerts of both."""


class PostgresRangeAlerts(StoredAlerts[NewRangeAlert, RangeAlert]):
    """`RangeAlerts` and `RangeAlertStore` on a pool whose role is paperdesk_app."""

    queries, too_many = SQL, TooManyRangeAlerts

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_RANGE_ALERTS) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        super().__init__(pool, max_alerts, jitter)
        self._alerts = RowReader("range_alert", range_alert_of)

    def _alert_of(self, row: asyncpg.Record) -> RangeAlert:
        return range_alert_of(row)

    def _columns(self, new: NewRangeAlert) -> tuple[Any, ...]:
        return _columns(new)

    # -- for the user ------------------------------------------------------------------------------

    async def waiting(self, person_id: int, market: str) -> Sequence[RangeAlert]:
        """Returns all armed alerts, the newest first."""
        return self._alerts.read(await self._rows("waiting", person_id, market, _MAX_SHOWN))

    async def repeat(self, person_id: int, alert_id: int, *, market_time: int) -> RangeAlert:
        """Arms an alert to fire every time. Raises UnknownAlert, TooManyRangeAlerts."""
        return await self._repeat(person_id, alert_id, market_time)

    # -- for the trigger worker --------------------------------------------------------------------

    async def changes(self, market: str, mark: str) -> RangeAlertChanges:
        """Returns the alerts of a market that changed since the mark; all armed ones if the mark is ""."""
        rows = await self._rows("changes", market, mark) if mark else await self._rows("armed", market)
        alerts = tuple(self._alerts.read(row for row in rows if row["id"] is not None))
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
