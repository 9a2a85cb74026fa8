"""Alerts of every kind in PostgreSQL: what their stores have in common."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import asyncpg

from core.database import Connection, Database, Pool
from core.errors import DatabaseUnavailable, Refused
from core.outbox import Chat
from trading.alerts.errors import UnknownAlert
from trading.alerts.ports import AlertState
from trading.constraints import LEDGER_REFUSALS

_WAITING = (AlertState.ARMED, AlertState.MUTED)


class _New(Protocol):
    """Alert to be created, of any kind."""

    @property
    def command_id(self) -> str: ...
    @property
    def person_id(self) -> int: ...
    @property
    def chat(self) -> Chat: ...
    @property
    def market(self) -> str: ...


AlertT = TypeVar("AlertT")
NewT = TypeVar("NewT", bound=_New)


class StoredAlerts(ABC, Generic[NewT, AlertT]):
    """Alerts of one kind on a pool whose role is paperdesk_app.

    `queries` are those of the kind: `lock_person`, `by_command`, `waiting_count`, `seen`, `create`, `find`, `cancel`,
    `cancel_all`, `bring` and `repeat` at least.
    """

    queries: ClassVar[Mapping[str, str]]
    too_many: ClassVar[type[Refused]]
    """Raised, with the limit, when the user has no room for another alert."""
    unknown: ClassVar[type[Refused]] = UnknownAlert
    """Raised, with the number, when the user has no such alert."""

    def __init__(self, pool: Pool, max_alerts: int, jitter: random.Random | None) -> None:
        """Limits each user to `max_alerts` waiting alerts in one market."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)
        self._max_alerts = max_alerts

    @abstractmethod
    def _alert_of(self, row: asyncpg.Record) -> AlertT:
        """Converts a row."""

    @abstractmethod
    def _columns(self, new: NewT) -> tuple[Any, ...]:
        """Returns the arguments of the query `create`."""

    async def _check_new(self, connection: Connection, new: NewT) -> None:
        """Raises the refusals of the kind, before the room is checked."""

    async def create(self, new: NewT) -> AlertT:
        """Returns the alert, created by the first call of its command. Raises `too_many`."""

        async def work(connection: Connection) -> AlertT:
            async with connection.transaction():
                await connection.execute(self.queries["lock_person"], new.person_id)
                made = await connection.fetchrow(self.queries["by_command"], new.command_id, new.person_id)
                if made is not None:
                    return self._alert_of(made)
                await self._check_new(connection, new)
                await self._check_room(connection, new.person_id, new.market)
                chat = new.chat
                await connection.execute(self.queries["seen"], new.person_id, chat.platform, chat.chat_id, chat.public)
                row = await connection.fetchrow(self.queries["create"], *self._columns(new))
                if row is None:
                    raise DatabaseUnavailable
                return self._alert_of(row)

        return await self._database.run(work)

    async def find(self, person_id: int, alert_id: int) -> AlertT:
        """Returns the user's own alert. Raises `unknown`."""
        return await self._one("find", person_id, alert_id)

    async def cancel(self, person_id: int, alert_id: int) -> AlertT:
        """Ends an alert; a repeated call returns it as cancelled. Raises `unknown` if it fired."""
        return await self._one("cancel", person_id, alert_id)

    async def cancel_all(self, person_id: int, market: str, newest: int) -> int:
        """Ends all alerts that wait up to alert `newest`; returns their number."""
        return len(await self._rows("cancel_all", person_id, market, newest))

    async def bring(self, person_id: int, alert_id: int, chat: Chat) -> None:
        """Moves the alert to the chat, away from another public one."""

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                await connection.execute(self.queries["seen"], person_id, chat.platform, chat.chat_id, chat.public)
                await connection.execute(self.queries["bring"], person_id, alert_id, chat.platform, chat.chat_id)

        await self._database.run(work)

    async def _repeat(self, person_id: int, alert_id: int, *arguments: Any) -> AlertT:
        """Arms an alert to fire every time; one that does not wait needs room. Raises `unknown`, `too_many`."""

        async def work(connection: Connection) -> AlertT:
            async with connection.transaction():
                await connection.execute(self.queries["lock_person"], person_id)
                there = await connection.fetchrow(self.queries["find"], person_id, alert_id)
                if there is None:
                    raise self.unknown(alert_id)
                if there["state"] not in _WAITING:
                    await self._check_room(connection, person_id, there["market"])
                row = await connection.fetchrow(self.queries["repeat"], person_id, alert_id, *arguments)
                if row is None:
                    raise self.unknown(alert_id)
                return self._alert_of(row)

        return await self._database.run(work)

    async def _check_room(self, connection: Connection, person_id: int, market: str) -> None:
        if await connection.fetchval(self.queries["waiting_count"], person_id, market) >= self._max_alerts:
            raise self.too_many(self._max_alerts)

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(self.queries[name], *arguments)

    async def _one(self, name: str, person_id: int, alert_id: int, *more: Any) -> AlertT:
        rows = await self._rows(name, person_id, alert_id, *more)
        if not rows:
            raise self.unknown(alert_id)
        return self._alert_of(rows[0])
