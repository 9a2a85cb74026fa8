"""Notification preferences of users in PostgreSQL."""

import json
import random
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.clock import Clock
from core.database import Connection, Database, Pool
from core.outbox import Chat, NotificationTarget
from core.sql import load_queries
from people.notifications.errors import UnknownChat
from people.notifications.preferences import KINDS, Choices, DigestCadence, DigestPlan, Seen, Topic
from people.notifications.quiet_hours import Mode, QuietHours

SQL = load_queries(__package__, "preferences.sql")

REMEMBERED_MS = 60_000
MOST_REMEMBERED = 20_000


class PostgresNotices:
    """`people.notifications.preferences.Notices` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, clock: Clock, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._clock = clock
        self._tellings: OrderedDict[int, tuple[int, NotificationTarget | None]] = OrderedDict()
        self._changes = 0

    async def choices(self, person_id: int) -> Choices:
        """Returns all preferences of a user."""
        (row,) = await self._rows("choices", person_id)
        return Choices(
            modes={kind: Mode(mode) for kind, mode in json.loads(row["modes"]).items()},
            quiet=None if row["starts"] is None else QuietHours(row["starts"], row["ends"]),
            digest=None if row["every"] is None else DigestPlan(DigestCadence(row["every"]), row["hour"]),
            home=_chat(row["home_platform"], row["home_chat"], public=bool(row["home_public"])),
            own=_chat(row["own_platform"], row["own_chat"]),
        )

    async def set_mode(self, person_id: int, kind: str, mode: Mode) -> None:
        """Sets the mode of a kind of notification."""
        await self._change("set_mode", person_id, kind, mode.value)

    async def set_quiet(self, person_id: int, quiet: QuietHours | None) -> None:
        """Sets the hours in which every notification is silent; None removes them."""
        if quiet is None:
            await self._change("end_quiet", person_id)
        else:
            await self._change("set_quiet", person_id, quiet.starts, quiet.ends)

    async def set_digest(self, person_id: int, plan: DigestPlan | None) -> None:
        """Sets the schedule of the digest; None turns it off."""
        if plan is None:
            await self._change("end_digest", person_id)
        else:
            await self._change("set_digest", person_id, plan.every.value, plan.hour)

    async def reach(self, person_id: int, chat: Chat) -> None:
        """Records that the user can be reached in the chat."""
        await self.note([(person_id, chat)])

    async def note(self, seen: Sequence[Seen]) -> None:
        """Records users and the chats in which they can be reached. Raises DatabaseUnavailable."""
        latest = {(person, chat.platform, chat.chat_id): chat.public for person, chat in seen}
        persons, platforms, chats = ([key[part] for key in latest] for part in range(3))
        await self._rows("reach", persons, platforms, chats, list(latest.values()))

    async def set_home(self, person_id: int, chat: Chat | None) -> None:
        """Sets the chat for notifications about money; None removes it. Raises UnknownChat."""
        if chat is None:
            await self._change("end_home", person_id)
        elif not await self._change("set_home", person_id, chat.platform, chat.chat_id):
            raise UnknownChat

    async def telling(self, person_id: int) -> NotificationTarget | None:
        """Returns the chat to notify about orders, or None.

        The result is cached for a minute, so a choice made in another process takes effect here within that time. The
        ledger writes no notification to a chat that is not the user's any more.
        """
        now = self._clock()
        known = self._tellings.get(person_id)
        if known is not None and now - known[0] < REMEMBERED_MS:
            return known[1]
        changes = self._changes
        telling = telling_of(await self.choices(person_id))
        if changes != self._changes:  # the choices read may predate a change made meanwhile
            return telling
        self._tellings[person_id] = (now, telling)
        self._tellings.move_to_end(person_id)
        if len(self._tellings) > MOST_REMEMBERED:
            self._tellings.popitem(last=False)
        return telling

    async def _change(self, name: str, person_id: int, *arguments: Any) -> list[asyncpg.Record]:
        try:
            return await self._rows(name, person_id, *arguments)
        finally:
            self.forget(person_id)

    def forget(self, person_id: int) -> None:
        """Drops what is cached about a user whose chats have changed: by a link, an unlink or a deletion."""
        self._changes += 1
        self._tellings.pop(person_id, None)

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        async def work(connection: Connection) -> list[asyncpg.Record]:
            return await connection.fetch(SQL[name], *arguments)

        return await self._database.run(work)


def _chat(platform: str | None, chat_id: str | None, *, public: bool = False) -> Chat | None:
    return None if platform is None or chat_id is None else Chat(platform, chat_id, public)


def telling_of(choices: Choices) -> NotificationTarget | None:
    """Returns the chat to notify about orders, or None if orders are reported in their answer alone."""
    modes = {KINDS[topic]: choices.mode(topic) is not Mode.OFF for topic in (Topic.FILLS, Topic.EXPIRIES)}
    if choices.home is None or not any(modes.values()):
        return None
    return NotificationTarget(choices.home, fills=modes["fill"], expiries=modes["expiry"])
