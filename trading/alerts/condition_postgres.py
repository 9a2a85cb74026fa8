"""Condition alerts in PostgreSQL: the only module that accesses their tables."""

import random
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.database import Connection, Pool
from core.outbox import encode
from core.postgres.rows import RowReader
from core.sql import load_queries
from pipeline.market import MINUTE_MS, Interval, Symbol
from trading.alerts.condition_alerts import (
    MAX_CONDITION_ALERTS,
    ConditionAlert,
    ConditionAlertChanges,
    NewCondition,
    NewConditionAlert,
)
from trading.alerts.errors import SameAlert, TooManyConditionAlerts
from trading.alerts.notices import ConditionFired, condition_fired
from trading.alerts.ports import AlertState
from trading.alerts.stored_alerts import StoredAlerts
from trading.triggers.conditions import Condition, ConditionFiring, ConditionTrigger, Measure
from trading.triggers.price_levels import Direction

SQL = load_queries(__package__, "condition_alerts.sql")
KIND = str(ConditionFired.__struct_config__.tag)

_MAX_SHOWN = 2 * MAX_CONDITION_ALERTS
"""Maximum number of alerts read. Users whose accounts were merged may have the alerts of both."""

_INTERVALS = {interval.ms // MINUTE_MS: interval for interval in Interval}


class PostgresConditionAlerts(StoredAlerts[NewConditionAlert, ConditionAlert]):
    """`ConditionAlerts` and `ConditionAlertStore` on a pool whose role is paperdesk_app."""

    queries, too_many = SQL, TooManyConditionAlerts

    def __init__(
        self, pool: Pool, *, jitter: random.Random | None = None, max_alerts: int = MAX_CONDITION_ALERTS
    ) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        super().__init__(pool, max_alerts, jitter)
        self._alerts = RowReader("condition_alert", condition_alert_of)

    def _alert_of(self, row: asyncpg.Record) -> ConditionAlert:
        return condition_alert_of(row)

    def _columns(self, new: NewConditionAlert) -> tuple[Any, ...]:
        return _row(new)

    async def _check_new(self, connection: Connection, new: NewConditionAlert) -> None:
        """Raises SameAlert if an active alert waits for the same."""
        *wanted, _, rule = _columns(new.condition)
        same = await connection.fetchval(SQL["same"], new.person_id, new.market, new.symbol, *wanted, rule)
        if same is not None:
            raise SameAlert(same)

    # -- for the user ------------------------------------------------------------------------------

    async def waiting(self, person_id: int, market: str) -> Sequence[ConditionAlert]:
        """Returns all armed and muted alerts, the newest first."""
        return self._alerts.read(await self._rows("waiting", person_id, market, _MAX_SHOWN))

    async def edit(self, person_id: int, alert_id: int, change: NewCondition) -> ConditionAlert:
        """Changes the condition of an armed or muted alert. Raises UnknownAlert."""
        columns = (*_columns(change.condition), change.rearm, change.ready, change.market_time)
        return await self._one("edit", person_id, alert_id, *columns)

    async def mute(self, person_id: int, alert_id: int) -> ConditionAlert:
        """Mutes an armed alert. Raises UnknownAlert if it has ended."""
        return await self._one("mute", person_id, alert_id)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> ConditionAlert:
        """Arms an alert to fire every time. Raises UnknownAlert, TooManyConditionAlerts."""
        return await self._repeat(person_id, alert_id, market_time, ready)

    # -- for the trigger worker --------------------------------------------------------------------

    async def changes(self, market: str, mark: str) -> ConditionAlertChanges:
        """Returns the alerts of a market that changed since the mark; all armed ones if the mark is ""."""
        rows = await self._rows("changes", market, mark) if mark else await self._rows("armed", market)
        alerts = tuple(self._alerts.read(row for row in rows if row["id"] is not None))
        return ConditionAlertChanges(alerts, rows[0]["mark"])

    async def fire(self, market: str, firings: Sequence[ConditionFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox, in one transaction."""
        conditions = [_columns(firing.trigger.condition) for firing in firings]
        measures, directions, levels, minutes, lengths, _, references, rules = (
            list(column) for column in zip(*conditions, strict=True)
        )
        rows = await self._rows(
            "fire",
            [firing.trigger.alert_id for firing in firings],
            [firing.trigger.firings for firing in firings],
            [firing.time for firing in firings],
            [encode(condition_fired(market, firing)) for firing in firings],
            KIND,
            measures,
            directions,
            levels,
            minutes,
            lengths,
            references,
            rules,
        )
        return frozenset(row["id"] for row in rows)

    async def returned(self, triggers: Sequence[ConditionTrigger]) -> None:
        """Marks these triggers ready, because their figures returned."""
        conditions = [trigger.condition for trigger in triggers]
        await self._rows(
            "returned",
            [trigger.alert_id for trigger in triggers],
            [trigger.firings for trigger in triggers],
            [trigger.since for trigger in triggers],
            [condition.measure.value for condition in conditions],
            [condition.level for condition in conditions],
            [condition.reference for condition in conditions],
            [condition.rule or None for condition in conditions],
        )


def _columns(condition: Condition) -> tuple[Any, ...]:
    return (
        condition.measure.value,
        condition.direction.value,
        condition.level,
        condition.interval.ms // MINUTE_MS,
        condition.length,
        condition.order_id,
        condition.reference,
        condition.rule or None,
    )


def _row(new: NewConditionAlert) -> tuple[Any, ...]:
    return (
        new.command_id,
        new.person_id,
        new.chat.platform,
        new.chat.chat_id,
        new.market,
        new.symbol,
        *_columns(new.condition),
        new.rearm,
        new.repeat,
        new.ready,
        new.market_time,
        new.pause_ms,
        new.note,
        new.expires_at,
    )


def condition_alert_of(row: asyncpg.Record) -> ConditionAlert:
    """Converts a row of `condition_alert`."""
    condition = Condition(
        Measure(row["measure"]),
        Direction(row["direction"]),
        row["level"],
        _INTERVALS[row["interval_minutes"]],
        row["length"],
        row["order_id"],
        row["reference"],
        row["rule"] or "",
    )
    return ConditionAlert(
        row["id"],
        row["person_id"],
        row["market"],
        Symbol(row["symbol"]),
        condition,
        row["rearm"],
        row["repeat"],
        AlertState(row["state"]),
        row["ready"],
        row["firings"],
        row["market_time_ms"],
        row["created_at"],
        row["pause_ms"],
        row["note"],
        row["expires_at_ms"],
    )
