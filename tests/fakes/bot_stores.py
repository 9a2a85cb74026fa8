"""Stores of the bot in memory: people, previews and alerts."""

from dataclasses import replace
from datetime import UTC, datetime

from core.outbox import Chat
from people.person import Language, Person
from trading.alerts.errors import TooManyAlerts, UnknownAlert
from trading.alerts.ports import MAX_ALERTS, Alert, AlertCounts, AlertPage, AlertState, NewAlert, NewLevel
from trading.previews import Previewed


class MemoryPeople:
    """People in a dictionary."""

    def __init__(self) -> None:
        self.persons: dict[int, Person] = {}
        self.identities: dict[tuple[str, str], int] = {}

    async def find(self, platform: str, external_id: str) -> Person | None:
        person_id = self.identities.get((platform, external_id))
        return None if person_id is None else self.persons[person_id]

    async def meet(self, platform: str, external_id: str, language: Language, timezone: str) -> Person:
        person_id = self.identities.setdefault((platform, external_id), len(self.persons) + 1)
        return self.persons.setdefault(person_id, Person(person_id, language, timezone))

    async def update(self, person: Person) -> None:
        self.persons[person.person_id] = person


class MemoryPreviews:
    """Previews in a dictionary; `expire` ends them all."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], Previewed] = {}
        self.claimed: set[tuple[int, str]] = set()

    async def save(self, person_id: int, token: str, preview: Previewed) -> None:
        self.kept[person_id, token] = preview

    async def find(self, person_id: int, token: str) -> Previewed | None:
        return self.kept.get((person_id, token))

    async def claim(self, person_id: int, token: str) -> Previewed | None:
        if (person_id, token) in self.kept:
            self.claimed.add((person_id, token))
        return self.kept.get((person_id, token))

    async def drop(self, person_id: int, token: str) -> bool:
        there = self.kept.pop((person_id, token), None) is not None
        return there and (person_id, token) not in self.claimed

    async def drop_all(self, person_id: int) -> bool:
        open_ = [place for place in self.kept if place[0] == person_id and place not in self.claimed]
        for place in open_:
            del self.kept[place]
        return bool(open_)

    def expire(self) -> None:
        self.kept.clear()


class MemoryAlerts:
    """Alerts in a dictionary; `made` are the commands that made them."""

    def __init__(self) -> None:
        self.alerts: dict[int, Alert] = {}
        self.made: dict[str, int] = {}
        self.chats: dict[int, Chat] = {}
        self.most = MAX_ALERTS

    async def create(self, new: NewAlert) -> Alert:
        if new.command_id not in self.made:
            self._check_room(new.person_id)
            at = datetime(2021, 4, 1, 18, tzinfo=UTC)
            alert = Alert(
                len(self.alerts) + 1,
                new.person_id,
                new.market,
                new.symbol,
                new.direction,
                new.level,
                new.repeat,
                AlertState.ARMED,
                new.ready,
                0,
                new.market_time,
                at,
                new.rearm,
                new.pause_ms,
                new.note,
                new.expires_at,
            )
            self.alerts[alert.alert_id] = alert
            self.chats[alert.alert_id] = new.chat
            self.made[new.command_id] = alert.alert_id
        return self.alerts[self.made[new.command_id]]

    def _check_room(self, person_id: int) -> None:
        waiting = (AlertState.ARMED, AlertState.MUTED)
        armed = [a for a in self.alerts.values() if a.person_id == person_id and a.state in waiting]
        if len(armed) >= self.most:
            raise TooManyAlerts(self.most)

    async def waiting(self, person_id: int, market: str, limit: int, before: int | None = None) -> AlertPage:
        found = [
            a
            for a in reversed(self.alerts.values())
            if (a.person_id, a.market) == (person_id, market)
            and a.state in (AlertState.ARMED, AlertState.MUTED)
            and (before is None or a.alert_id < before)
        ]
        return AlertPage(tuple(found[:limit]), found[limit - 1].alert_id if len(found) > limit else None)

    async def find(self, person_id: int, alert_id: int) -> Alert:
        if alert_id not in self.alerts or self.alerts[alert_id].person_id != person_id:
            raise UnknownAlert(alert_id)
        return self.alerts[alert_id]

    async def cancel(self, person_id: int, alert_id: int) -> Alert:
        return await self._become(person_id, alert_id, AlertState.CANCELLED, AlertState.FIRED)

    async def count(self, person_id: int, market: str) -> AlertCounts:
        there = (await self.waiting(person_id, market, len(self.alerts))).alerts
        muted = sum(alert.state is AlertState.MUTED for alert in there)
        return AlertCounts(len(there), muted, there[0].alert_id if there else 0)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        there = (await self.waiting(person_id, market, len(self.alerts))).alerts
        gone = [alert for alert in there if alert.alert_id <= newest]
        for alert in gone:
            self.alerts[alert.alert_id] = replace(alert, state=AlertState.CANCELLED)
        return len(gone)

    async def edit(self, person_id: int, alert_id: int, change: NewLevel) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state not in (AlertState.ARMED, AlertState.MUTED):
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(
            there,
            direction=change.direction,
            level=change.level,
            ready=change.ready,
            market_time=change.market_time,
            rearm=change.rearm,
        )
        return self.alerts[alert_id]

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        if (await self.find(person_id, alert_id)) and self.chats[alert_id].public:
            self.chats[alert_id] = chat

    async def mute(self, person_id: int, alert_id: int) -> Alert:
        return await self._become(person_id, alert_id, AlertState.MUTED, AlertState.FIRED, AlertState.CANCELLED)

    async def repeat(self, person_id: int, alert_id: int, *, ready: bool, market_time: int) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state not in (AlertState.ARMED, AlertState.MUTED):
            self._check_room(person_id)
        again = await self._become(person_id, alert_id, AlertState.ARMED, AlertState.CANCELLED)
        self.alerts[alert_id] = replace(again, repeat=True, ready=ready, market_time=market_time)
        return self.alerts[alert_id]

    async def _become(self, person_id: int, alert_id: int, state: AlertState, *over: AlertState) -> Alert:
        there = await self.find(person_id, alert_id)
        if there.state in over:
            raise UnknownAlert(alert_id)
        self.alerts[alert_id] = replace(there, state=state)
        return self.alerts[alert_id]
