"""The outbox in PostgreSQL: what waits, who sends it now, what became of it. It speaks to PostgreSQL here alone.

A row is claimed for an attempt: a lease, during which nobody else takes the row. It is marked as being sent right
before it is: after a crash before that it is claimed again, after a crash later it is uncertain. The number of the
attempt fences off whoever comes back late.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.outbox import Chat, encode, kind_of
from core.sql import load_queries
from people.notices import ChatGone
from people.notifications.quiet_hours import Loudness, Mode, Quiet
from people.person import Language, Person, Theme

SQL = load_queries(__package__, "outbox.sql")

TOGETHER = 25
"""Notices of one kind that go to a chat as one message, of the kinds that can."""

JOINED = frozenset(("alert", "fill", "expiry", "repeat", "repeat-missed", "delisted"))

COMPOSE_SECONDS = 30.0
SENDING_SECONDS = 180.0
OLDEST_SECONDS = 3 * 86_400.0
"""What could not be sent for so long is dead: nobody wants to be woken by last week's price."""

_KEPT_SECONDS = 30 * 86_400.0
_FORGOTTEN_A_CALL = 1000
_ALERTS_KEPT_SECONDS = 90 * 86_400.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A row of the outbox, claimed for an attempt (counted from 1); `body` is a notice as JSON."""

    outbox_id: int
    kind: str
    body: str
    attempt: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """Letters of one kind for one person in one chat, oldest first: they go as one message and share its fate. `bulk`:
    it can wait."""

    chat: Chat
    person: Person
    letters: tuple[Letter, ...]
    loudness: Loudness
    retired: bool
    bulk: bool = False
    banned: bool = False

    @property
    def nonce(self) -> str:
        """The same for every attempt at these letters."""
        return str(self.letters[0].outbox_id)

    @property
    def attempt(self) -> int:
        """How often its oldest letter was tried, this time included."""
        return self.letters[0].attempt


def _nobody_cares(platform: str, chat_id: str) -> None:
    del platform, chat_id


class Outbox:
    """Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        pool: Pool,
        *,
        jitter: random.Random | None = None,
        together: int = TOGETHER,
        on_retired: Callable[[str, str], None] = _nobody_cares,
    ) -> None:
        """`on_retired` is told the platform and the chat that is gone."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._together = together
        self._on_retired = on_retired

    async def claim(self, platform: str, chats: int, bulk: int | None = None) -> list[Parcel]:
        """What is due on a platform, one parcel a chat, for at most so many chats, `bulk` of them for what can wait."""
        patient = chats if bulk is None else min(bulk, chats)

        async def work(connection: Connection) -> list[Parcel]:
            async with connection.transaction():
                await connection.execute(SQL["by_index"])
                heads = [row["chat_id"] for row in await connection.fetch(SQL["heads"], platform, chats, patient)]
                if not heads:
                    return []
                rows = await connection.fetch(SQL["waiting"], platform, heads, self._together)
                parcels = _parcels(rows)
                ids = [letter.outbox_id for parcel in parcels for letter in parcel.letters]
                await connection.execute(SQL["claim"], ids, COMPOSE_SECONDS)
                return parcels

        return await self._database.run(work)

    async def begin(self, parcel: Parcel) -> bool:
        """Marks it as being sent; False when the lease lapsed and somebody else took any of it."""
        return len(await self._fetch("begin", *_claimed(parcel), SENDING_SECONDS)) == len(parcel.letters)

    async def sent(self, parcel: Parcel, message_id: str) -> None:
        """The platform confirmed it."""
        await self._fetch("finish", *_claimed(parcel), "sent", None, message_id)

    async def uncertain(self, parcel: Parcel, reason: str) -> None:
        """It may have arrived; only a person decides to send it again."""
        await self._fetch("finish", *_claimed(parcel), "uncertain", reason, None)

    async def dead(self, parcel: Parcel, reason: str) -> None:
        """It did not arrive and never will."""
        await self._fetch("finish", *_claimed(parcel), "dead", reason, None)

    async def later(self, parcel: Parcel, reason: str, seconds: float) -> None:
        """It did not arrive; another attempt is due in so many seconds."""
        await self._fetch("later", *_claimed(parcel), reason, seconds)

    async def retire(self, parcel: Parcel, reason: str) -> None:
        """The chat is gone: what waits for it is dead, and goes to the people's own other chats, the first time with a
        notice."""
        chat = parcel.chat
        notice = ChatGone(chat.platform, chat.chat_id)
        told = None if parcel.retired else encode(notice)
        await self._fetch("retire", chat.platform, chat.chat_id, reason, told, kind_of(notice))
        self._on_retired(chat.platform, chat.chat_id)

    async def tidy(self) -> None:
        """What was being sent when a desk stopped is uncertain, what waited too long is dead, old rows go, and alerts
        that have long been over."""
        await self._fetch("lapse")
        await self._fetch("expire", OLDEST_SECONDS)
        await self._fetch("forget", _KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_forecast_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)

    async def _fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        async def work(connection: Connection) -> list[asyncpg.Record]:
            return await connection.fetch(SQL[name], *arguments)

        return await self._database.run(work)


def _parcels(rows: Sequence[asyncpg.Record]) -> list[Parcel]:
    """The first run of rows that belong together, of each chat."""
    by_chat = sorted(rows, key=lambda row: (row["chat_id"], row["id"]))
    parcels = []
    for _, chat_rows in groupby(by_chat, key=lambda row: row["chat_id"]):
        _, run = next(groupby(chat_rows, key=lambda row: (row["person_id"], row["kind"])))
        letters = list(run)
        parcels.append(_parcel(letters if letters[0]["kind"] in JOINED else letters[:1]))
    return sorted(parcels, key=lambda parcel: parcel.letters[0].outbox_id)


def _parcel(rows: Sequence[asyncpg.Record]) -> Parcel:
    first = rows[0]
    quiet = None if first["starts"] is None else Quiet(first["starts"], first["ends"])
    return Parcel(
        Chat(first["platform"], first["chat_id"], first["public"]),
        Person(
            first["person_id"],
            Language(first["language"]),
            first["timezone"],
            first["confirm"],
            Theme(first["theme"]),
        ),
        tuple(Letter(row["id"], row["kind"], row["body"], row["attempts"] + 1, row["created_at"]) for row in rows),
        Loudness(Mode(first["mode"]), quiet),
        first["retired"],
        first["bulk"],
        first["banned"],
    )


def _claimed(parcel: Parcel) -> tuple[list[int], list[int]]:
    return [letter.outbox_id for letter in parcel.letters], [letter.attempt for letter in parcel.letters]
