"""Check for banned users, with a cached list so that not every command queries the database."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from bot.command import Audience, Command
from bot.context import Context
from core.errors import DatabaseUnavailable
from people.identity.ports import Identity
from people.operators.errors import Banned, OnlyInPrivate

FRESH_SECONDS = 2.0

OWN_DATA = frozenset(("privacy", "privacy_export", "privacy_delete", "forget_me"))
"""Commands that a banned user may use: a user's own data can always be exported and deleted."""

PARTING = frozenset(("unlink", "unlink_now"))
"""Commands that a banned user may use while a join can be undone, because a ban of the host does not apply to the
guest.
"""


class BanList(Protocol):
    """Store of bans."""

    async def banned(self) -> Mapping[int, str]:
        """Returns the reason of every ban, by user number. Raises DatabaseUnavailable."""


class Bans:
    """`bot.router.Check`: refuses banned users. A ban by another process applies within FRESH_SECONDS; that of a user
    who deleted their data and returns applies at once.
    """

    def __init__(self, store: BanList, *, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now = now
        self._reasons: Mapping[int, str] = {}
        self._read_at = -FRESH_SECONDS
        self._newest = 0
        self._reading = asyncio.Lock()

    async def __call__(self, command: Command, ctx: Context) -> None:
        """Raises Banned, except for operators, for commands on the user's own data, and for undoing a join."""
        if command.name in OWN_DATA:
            return
        person = ctx.person.person_id
        if not self._knows(person):
            await self._read(person)
        reason = self._reasons.get(person)
        if reason is None or ctx.operator:
            return
        identity = Identity(ctx.inbound.platform, ctx.inbound.external_id)
        joins = int(await ctx.services.identities.brought(identity) is not None)
        if not joins or command.name not in PARTING:
            raise Banned(reason, joins)

    def forget(self) -> None:
        """Makes the next command read the list again, after this process banned or unbanned a user."""
        self._read_at = -FRESH_SECONDS

    def _knows(self, person: int) -> bool:
        """Returns whether the list is fresh and was read after this user registered: later users have higher
        numbers.
        """
        return person <= self._newest and self._now() - self._read_at < FRESH_SECONDS

    async def _read(self, person: int) -> None:
        """Reads the list once for all waiting commands. While the ledger is down, the last list applies."""
        async with self._reading:
            if self._knows(person):
                return
            begun = self._now()
            with suppress(DatabaseUnavailable):
                self._reasons = await self._store.banned()
            self._read_at = begun
            self._newest = max(self._newest, person)


async def only_in_private(command: Command, ctx: Context) -> None:
    """`bot.router.Check`: keeps operators' commands out of public chats. Raises OnlyInPrivate."""
    if command.audience is Audience.OPERATORS and ctx.inbound.public:
        raise OnlyInPrivate
