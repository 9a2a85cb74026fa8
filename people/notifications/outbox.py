"""The outbox in PostgreSQL: pending notifications, their leases and their results. Other files do not query it.

A row is claimed for an attempt by a lease, during which no other process takes it. The row is marked as being sent
right before it is sent. After a crash before the mark, the row is claimed again; after a crash later, it is uncertain.
The number of the attempt rejects updates from a process whose lease has lapsed.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg

from core.database import Connection, Database, Pool
from core.outbox import Chat, encode, kind_of
from core.sql import load_queries
from people.notices import ChatGone
from people.notifications.quiet_hours import DeliveryMode, QuietHours, SoundPolicy
from people.person import Language, Person, Theme

SQL = load_queries(__package__, "outbox.sql")

BATCH_SIZE = 25
"""Maximum number of notifications of one kind sent to a chat as one message, for kinds that can be joined."""

JOINABLE_KINDS = frozenset(("alert", "range", "condition", "fill", "expiry", "repeat", "repeat-missed", "delisted"))

CHATS_OF_A_PERSON = 4
"""Most chats at once that a user's notifications may occupy; the others stay free for other users."""

COMPOSE_SECONDS = 30.0
SENDING_SECONDS = 180.0
OLDEST_SECONDS = 3 * 86_400.0
"""Age in seconds at which an unsent notification is marked dead, because its content is no longer useful."""

_KEPT_SECONDS = 30 * 86_400.0
_FORGOTTEN_A_CALL = 1000
_ALERTS_KEPT_SECONDS = 90 * 86_400.0


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A row of the outbox, claimed for an attempt (counted from 1). `body` is a notification as JSON."""

    outbox_id: int
    kind: str
    body: str
    attempt: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """Letters of one kind for one user in one chat, oldest first, sent as one message with one result.

    `bulk` marks a parcel that can wait.
    """

    chat: Chat
    person: Person
    letters: tuple[OutboxMessage, ...]
    loudness: SoundPolicy
    retired: bool
    bulk: bool = False
    banned: bool = False

    @property
    def nonce(self) -> str:
        """An id that is the same for every attempt at these letters."""
        return str(self.letters[0].outbox_id)

    @property
    def attempt(self) -> int:
        """Number of attempts at its oldest letter, including this one."""
        return self.letters[0].attempt


def _nobody_cares(platform: str, chat_id: str) -> None:
    del platform, chat_id


class Outbox:
    """Queue of notifications. Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        pool: Pool,
        *,
        jitter: random.Random | None = None,
        together: int = BATCH_SIZE,
        on_retired: Callable[[str, str], None] = _nobody_cares,
    ) -> None:
        """`on_retired` is called with the platform and the id of a chat that is gone."""
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._together = together
        self._on_retired = on_retired

    async def claim(
        self,
        platform: str,
        chats: int,
        bulk: int | None = None,
        *,
        left_out: Collection[str] = (),
        people: Collection[int] = (),
    ) -> list[Delivery]:
        """Claims due notifications of a platform, one parcel a chat, for at most `chats` chats.

        At most `bulk` of these chats are taken for notifications that can wait; None means no separate limit. The
        topics of a group count as one chat. `left_out` are the groups and chats that are excluded. `people` are
        the users of the urgent parcels under way, one for each; a user has at most CHATS_OF_A_PERSON of them.
        """
        patient = chats if bulk is None else min(bulk, chats)
        bounds = (platform, chats, patient, list(left_out), list(people), CHATS_OF_A_PERSON)

        async def work(connection: Connection) -> list[Delivery]:
            async with connection.transaction():
                await connection.execute(SQL["by_index"])
                heads = [row["chat_id"] for row in await connection.fetch(SQL["heads"], *bounds)]
                if not heads:
                    return []
                rows = await connection.fetch(SQL["waiting"], platform, heads, self._together)
                parcels = _parcels(rows)
                ids = [letter.outbox_id for parcel in parcels for letter in parcel.letters]
                await connection.execute(SQL["claim"], ids, COMPOSE_SECONDS)
                return parcels

        return await self._database.run(work)

    async def mark_sending(self, parcel: Delivery) -> bool:
        """Marks the parcel as being sent.

        Returns False if the lease lapsed and another process took any of its letters.
        """
        return len(await self._fetch("begin", *_claimed(parcel), SENDING_SECONDS)) == len(parcel.letters)

    async def sent(self, parcel: Delivery, message_id: str) -> None:
        """Records that the platform confirmed the message."""
        await self._fetch("finish", *_claimed(parcel), "sent", None, message_id)

    async def uncertain(self, parcel: Delivery, reason: str) -> None:
        """Records that the message may have arrived. It is sent again only on an operator's request."""
        await self._fetch("finish", *_claimed(parcel), "uncertain", reason, None)

    async def dead(self, parcel: Delivery, reason: str) -> None:
        """Records that the message did not arrive and will not be sent again."""
        await self._fetch("finish", *_claimed(parcel), "dead", reason, None)

    async def later(self, parcel: Delivery, reason: str, seconds: float) -> None:
        """Records that the message did not arrive, and schedules another attempt after `seconds`."""
        await self._fetch("later", *_claimed(parcel), reason, seconds)

    async def redirect(self, parcel: Delivery, reason: str) -> None:
        """Records that the chat does not take the parcel, and sends it to the user's newest private chat, if any."""
        await self._fetch("redirect", *_claimed(parcel), reason)

    async def retire(self, parcel: Delivery, reason: str) -> None:
        """Retires a chat that is gone.

        Its pending notifications are marked dead and sent to the users' other private chats, the first time together
        with a notice. Alerts of the chat are moved there as well.
        """
        chat = parcel.chat
        notice = ChatGone(chat.platform, chat.chat_id)
        told = None if parcel.retired else encode(notice)
        await self._fetch("retire", chat.platform, chat.chat_id, reason, told, kind_of(notice))
        self._on_retired(chat.platform, chat.chat_id)

    async def tidy(self) -> None:
        """Marks notifications whose sending was interrupted as uncertain and those that waited too long as dead.

        Also deletes old rows, and alerts that ended long ago.
        """
        await self._fetch("lapse")
        await self._fetch("expire", OLDEST_SECONDS)
        await self._fetch("forget", _KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_forecast_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_range_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)
        await self._fetch("forget_condition_alerts", _ALERTS_KEPT_SECONDS, _FORGOTTEN_A_CALL)

    async def _fetch(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        async def work(connection: Connection) -> list[asyncpg.Record]:
            return await connection.fetch(SQL[name], *arguments)

        return await self._database.run(work)


def _parcels(rows: Sequence[asyncpg.Record]) -> list[Delivery]:
    """Groups rows into parcels: the first run of rows of each chat that have the same user and kind."""
    by_chat = sorted(rows, key=lambda row: (row["chat_id"], row["id"]))
    parcels = []
    for _, chat_rows in groupby(by_chat, key=lambda row: row["chat_id"]):
        _, run = next(groupby(chat_rows, key=lambda row: (row["person_id"], row["kind"])))
        letters = list(run)
        parcels.append(_parcel(letters if letters[0]["kind"] in JOINABLE_KINDS else letters[:1]))
    return sorted(parcels, key=lambda parcel: parcel.letters[0].outbox_id)


def _parcel(rows: Sequence[asyncpg.Record]) -> Delivery:
    first = rows[0]
    quiet = None if first["starts"] is None else QuietHours(first["starts"], first["ends"])
    return Delivery(
        Chat(first["platform"], first["chat_id"], first["public"]),
        Person(
            first["person_id"],
            Language(first["language"]),
            first["timezone"],
            first["confirm"],
            Theme(first["theme"]),
        ),
        tuple(
            OutboxMessage(row["id"], row["kind"], row["body"], row["attempts"] + 1, row["created_at"]) for row in rows
        ),
        SoundPolicy(DeliveryMode(first["mode"]), quiet),
        first["retired"],
        first["bulk"],
        first["banned"],
    )


def _claimed(parcel: Delivery) -> tuple[list[int], list[int]]:
    return [letter.outbox_id for letter in parcel.letters], [letter.attempt for letter in parcel.letters]
