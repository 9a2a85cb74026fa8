"""Notification preferences of users in PostgreSQL."""

import json
import random
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import asyncpg

from core.clock import Clock
from core.database import Database, Pool
from core.outbox import Chat, NotificationTarget
from core.sql import load_queries
from people.notifications.errors import UnknownChat
from people.notifications.preferences import (
    KINDS,
    DigestCadence,
    DigestSchedule,
    NotificationPreferences,
    NotificationSetting,
    Seen,
)
from people.notifications.quiet_hours import DeliveryMode, QuietHours

SQL = load_queries(__package__, "preferences.sql")

REMEMBERED_MS = 60_000
MAX_REMEMBERED = 20_000


class PostgresPreferences:
    """`people.notifications.preferences.PreferenceStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, clock: Clock, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom())
        self._clock = clock
        self._targets: OrderedDict[int, tuple[int, NotificationTarget | None]] = OrderedDict()
        self._changes = 0

    async def choices(self, person_id: int) -> NotificationPreferences:
        """Returns all preferences of a user."""
        (row,) = await self._rows("choices", person_id)
        return NotificationPreferences(
            modes={kind: DeliveryMode(mode) for kind, mode in json.loads(row["modes"]).items()},
            quiet_hours=None if row["starts"] is None else QuietHours(row["starts"], row["ends"]),
            digest=None if row["every"] is None else DigestSchedule(DigestCadence(row["every"]), row["hour"]),
            home=_chat(row["home_platform"], row["home_chat"], public=bool(row["home_public"])),
            own=_chat(row["own_platform"], row["own_chat"]),
        )

    async def set_mode(self, person_id: int, kind: str, mode: DeliveryMode) -> None:
        """Sets the mode of a kind of notification."""
        await self._change("set_mode", person_id, kind, mode.value)

    async def set_quiet_hours(self, person_id: int, quiet_hours: QuietHours | None) -> None:
        """Sets the hours in which every notification is silent; None removes them."""
        if quiet_hours is None:
            await self._change("end_quiet", person_id)
        else:
            await self._change("set_quiet", person_id, quiet_hours.starts, quiet_hours.ends)

    async def set_digest(self, person_id: int, plan: DigestSchedule | None) -> None:
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
        elif not await self._change("set_home", person_id, chat.platform, chat.chat_id, chat.public):
            raise UnknownChat

    async def notification_target(self, person_id: int) -> NotificationTarget | None:
        """Returns the chat to notify about orders, or None.

        The result is cached for a minute, so a choice made in another process takes effect here within that time. The
        ledger writes no notification to a chat that is not the user's any more.
        """
        now = self._clock()
        known = self._targets.get(person_id)
        if known is not None and now - known[0] < REMEMBERED_MS:
            return known[1]
        changes = self._changes
        telling = notification_target(await self.choices(person_id))
        if changes != self._changes:  # the choices read may predate a change made meanwhile
            return telling
        self._targets[person_id] = (now, telling)
        self._targets.move_to_end(person_id)
        if len(self._targets) > MAX_REMEMBERED:
            self._targets.popitem(last=False)
        return telling

    async def _change(self, name: str, person_id: int, *arguments: Any) -> list[asyncpg.Record]:
        try:
            return await self._rows(name, person_id, *arguments)
        finally:
            self.forget(person_id)

    def forget(self, person_id: int) -> None:
        """Drops the cached chat of a user whose chats have changed: by a link, an unlink or a deletion."""
        self._changes += 1
        self._targets.pop(person_id, None)

    async def _rows(self, name: str, *arguments: Any) -> list[asyncpg.Record]:
        return await self._database.fetch(SQL[name], *arguments)


def _chat(platform: str | None, chat_id: str | None, *, public: bool = False) -> Chat | None:
    return None if platform is None or chat_id is None else Chat(platform, chat_id, public)


def notification_target(choices: NotificationPreferences) -> NotificationTarget | None:
    """Returns the chat to notify about orders, or None if orders are reported in their answer alone."""
    modes = {
        KINDS[topic]: choices.mode(topic) is not DeliveryMode.OFF
        for topic in (NotificationSetting.FILLS, NotificationSetting.EXPIRIES)
    }
    if choices.home is None or not any(modes.values()):
        return None
    return NotificationTarget(choices.home, fills=modes["fill"], expiries=modes["expiry"])
