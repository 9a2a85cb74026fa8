"""Range alerts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.outbox import Chat
from trading.alerts.errors import TooManyRangeAlerts, UnknownAlert
from trading.alerts.ports import AlertState
from trading.alerts.range_alerts import (
    MAX_RANGE_ALERTS,
    NewRangeAlert,
    RangeAlert,
    RangeAlertChanges,
    rearm_range,
)
from trading.triggers.price_ranges import RangeFiring, RangeTrigger

FIRST = 501
"""First number, beyond those of the price alerts in memory."""


class MemoryRangeAlerts:
    """`RangeAlerts` and `RangeAlertStore` in a dictionary; `told` are the firings."""

    def __init__(self) -> None:
        self.alerts: dict[int, RangeAlert] = {}
        self.made: dict[str, int] = {}
        self.brought: list[tuple[int, int, Chat]] = []
        self.told: list[RangeFiring] = []

    async def create(self, new: NewRangeAlert) -> RangeAlert:
        if new.command_id not in self.made:
            self._check_room(new.person_id)
            number = FIRST + len(self.alerts)
            self.made[new.command_id] = number
            self.alerts[number] = RangeAlert(
                number,
                new.person_id,
                new.market,
                new.symbol,
                new.fraction,
                new.window,
                new.repeat,
                AlertState.ARMED,
                new.ready,
                0,
                new.market_time,
                datetime(2021, 4, 1, 18, tzinfo=UTC),
                rearm_range(new.fraction),
                new.pause_ms,
                new.note,
                new.expires_at,
            )
        return self.alerts[self.made[new.command_id]]

    def _check_room(self, person_id: int) -> None:
        if sum(one.person_id == person_id and one.state is AlertState.ARMED for one in self.alerts.values()) >= 10:
            raise TooManyRangeAlerts(MAX_RANGE_ALERTS)

    async def waiting(self, person_id: int, market: str) -> list[RangeAlert]:
        armed = [one for one in self.alerts.values() if one.market == market and one.state is AlertState.ARMED]
        return [one for one in reversed(armed) if one.person_id == person_id]

    async def find(self, person_id: int, alert_id: int) -> RangeAlert:
        if alert_id not in self.alerts or self.alerts[alert_id].person_id != person_id:
            raise UnknownAlert(alert_id)
        return self.alerts[alert_id]

    async def cancel(self, person_id: int, alert_id: int) -> RangeAlert:
        return await self._become(person_id, alert_id, AlertState.CANCELLED, AlertState.FIRED)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        gone = [one for one in await self.waiting(person_id, market) if one.alert_id <= newest]
        for one in gone:
            self.alerts[one.alert_id] = replace(one, state=AlertState.CANCELLED)
        return len(gone)

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        self.brought.append((person_id, alert_id, chat))

    async def repeat(self, person_id: int, alert_id: int, *, market_time: int) -> RangeAlert:
        there = await self.find(person_id, alert_id)
        again = await self._become(person_id, alert_id, AlertState.ARMED, AlertState.CANCELLED)
        since = there.market_time if there.state is AlertState.ARMED else market_time
        self.alerts[alert_id] = replace(again, repeat=True, market_time=since)
        return self.alerts[alert_id]

    async def _become(self, person_id: int, alert_id: int, state: AlertState, *over: AlertState) -> RangeAlert:
        there = await self.find(person_id, alert_id)
        if there.state in over:
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(there, state=state)
        return self.alerts[alert_id]

    async def changes(self, market: str, mark: str) -> RangeAlertChanges:
        return RangeAlertChanges(tuple(one for one in self.alerts.values() if one.market == market), mark or "1")

    async def fire(self, market: str, firings: Sequence[RangeFiring]) -> frozenset[int]:
        for firing in firings:
            there = self.alerts[firing.trigger.alert_id]
            state = AlertState.ARMED if there.repeat else AlertState.FIRED
            self.alerts[there.alert_id] = replace(there, state=state, ready=False, firings=there.firings + 1)
            self.told.append(firing)
        return frozenset(firing.trigger.alert_id for firing in firings)

    async def returned(self, triggers: Sequence[RangeTrigger]) -> None:
        for trigger in triggers:
            self.alerts[trigger.alert_id] = replace(self.alerts[trigger.alert_id], ready=True)
