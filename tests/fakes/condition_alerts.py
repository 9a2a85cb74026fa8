"""Condition alerts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.outbox import Chat
from trading.alerts.condition_alerts import (
    MAX_CONDITION_ALERTS,
    ConditionAlert,
    ConditionAlertChanges,
    NewCondition,
    NewConditionAlert,
)
from trading.alerts.errors import SameAlert, TooManyConditionAlerts, UnknownAlert
from trading.alerts.ports import AlertState
from trading.triggers.conditions import ConditionFiring, ConditionTrigger

FIRST = 701
"""First number, beyond those of the other alerts in memory."""

_WAITING = (AlertState.ARMED, AlertState.MUTED)


class MemoryConditionAlerts:
    """`ConditionAlerts` and `ConditionAlertStore` in a dictionary; `told` are the firings."""

    def __init__(self) -> None:
        self.alerts: dict[int, ConditionAlert] = {}
        self.made: dict[str, int] = {}
        self.brought: list[tuple[int, int, Chat]] = []
        self.told: list[ConditionFiring] = []

    async def create(self, new: NewConditionAlert) -> ConditionAlert:
        if new.command_id not in self.made:
            for one in await self.waiting(new.person_id, new.market):
                if (one.symbol, one.condition, one.state) == (new.symbol, new.condition, AlertState.ARMED):
                    raise SameAlert(one.alert_id)
            await self._check_room(new.person_id, new.market)
            number = FIRST + len(self.alerts)
            self.made[new.command_id] = number
            self.alerts[number] = ConditionAlert(
                number,
                new.person_id,
                new.market,
                new.symbol,
                new.condition,
                new.rearm,
                new.repeat,
                AlertState.ARMED,
                new.ready,
                0,
                new.market_time,
                datetime(2021, 4, 1, 18, tzinfo=UTC),
                new.pause_ms,
                new.note,
                new.expires_at,
            )
        return self.alerts[self.made[new.command_id]]

    async def _check_room(self, person_id: int, market: str) -> None:
        if len(await self.waiting(person_id, market)) >= MAX_CONDITION_ALERTS:
            raise TooManyConditionAlerts(MAX_CONDITION_ALERTS)

    async def waiting(self, person_id: int, market: str) -> list[ConditionAlert]:
        found = [one for one in self.alerts.values() if one.market == market and one.state in _WAITING]
        return [one for one in reversed(found) if one.person_id == person_id]

    async def find(self, person_id: int, alert_id: int) -> ConditionAlert:
        if alert_id not in self.alerts or self.alerts[alert_id].person_id != person_id:
            raise UnknownAlert(alert_id)
        return self.alerts[alert_id]

    async def cancel(self, person_id: int, alert_id: int) -> ConditionAlert:
        return await self._become(person_id, alert_id, AlertState.CANCELLED, AlertState.FIRED)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        gone = [one for one in await self.waiting(person_id, market) if one.alert_id <= newest]
        for one in gone:
            self.alerts[one.alert_id] = replace(one, state=AlertState.CANCELLED)
        return len(gone)

    async def edit(self, person_id: int, alert_id: int, change: NewCondition) -> ConditionAlert:
        there = await self.find(person_id, alert_id)
        self.alerts[alert_id] = replace(
            there,
            condition=change.condition,
            rearm=change.rearm,
            ready=change.ready,
            market_time=change.market_time,
        )
        return self.alerts[alert_id]

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        self.brought.append((person_id, alert_id, chat))

    async def mute(self, person_id: int, alert_id: int) -> ConditionAlert:
        return await self._become(person_id, alert_id, AlertState.MUTED, AlertState.FIRED, AlertState.CANCELLED)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> ConditionAlert:
        there = await self.find(person_id, alert_id)
        again = await self._become(person_id, alert_id, AlertState.ARMED, AlertState.CANCELLED)
        if there.state is not AlertState.ARMED:
            again = replace(again, ready=ready, market_time=market_time)
        self.alerts[alert_id] = replace(again, repeat=True)
        return self.alerts[alert_id]

    async def _become(self, person_id: int, alert_id: int, state: AlertState, *over: AlertState) -> ConditionAlert:
        there = await self.find(person_id, alert_id)
        if there.state in over:
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(there, state=state)
        return self.alerts[alert_id]

    async def changes(self, market: str, mark: str) -> ConditionAlertChanges:
        return ConditionAlertChanges(tuple(one for one in self.alerts.values() if one.market == market), mark or "1")

    async def fire(self, market: str, firings: Sequence[ConditionFiring]) -> frozenset[int]:
        for firing in firings:
            there = self.alerts[firing.trigger.alert_id]
            state = AlertState.ARMED if there.repeat else AlertState.FIRED
            self.alerts[there.alert_id] = replace(there, state=state, ready=False, firings=there.firings + 1)
            self.told.append(firing)
        return frozenset(firing.trigger.alert_id for firing in firings)

    async def returned(self, triggers: Sequence[ConditionTrigger]) -> None:
        for trigger in triggers:
            self.alerts[trigger.alert_id] = replace(self.alerts[trigger.alert_id], ready=True)
