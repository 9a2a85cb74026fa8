"""Permission to manage a group: its creator and administrators, as reported by Telegram, cached for a minute."""

import logging
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.platforms.telegram.client import MALFORMED, Client

REMEMBERED_SECONDS = 60.0
MAX_SIZE = 10_000
_MANAGING = frozenset((ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR))
_log = logging.getLogger(__name__)

Key = TypeVar("Key")


class AdminCache(Generic[Key]):
    """Cache of answers of Telegram for at most MAX_SIZE keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns monotonic seconds."""
        self._clock = clock
        self._known: dict[Key, tuple[float, bool]] = {}

    def recall(self, key: Key) -> bool | None:
        """Returns the cached value. None if there is none or it has expired."""
        until, value = self._known.get(key, (0.0, False))
        return value if self._clock() < until else None

    def put(self, key: Key, *, value: bool) -> None:
        """Caches the value for a minute."""
        if len(self._known) >= MAX_SIZE:
            now = self._clock()
            self._known = {known: entry for known, entry in self._known.items() if entry[0] > now}
        if len(self._known) >= MAX_SIZE:
            self._known.clear()
        self._known[key] = (self._clock() + REMEMBERED_SECONDS, value)

    def forget(self, about: Callable[[Key], bool]) -> None:
        """Removes the keys for which `about` is true."""
        self._known = {key: entry for key, entry in self._known.items() if not about(key)}


class GroupAdmins:
    """Check of group managers, at most once a minute for each member of a group."""

    def __init__(self, client: Client, remembered: AdminCache[tuple[int, int]] | None = None) -> None:
        self._client = client
        self._remembered: AdminCache[tuple[int, int]] = remembered or AdminCache()

    async def manages(self, chat_id: int, user_id: int) -> bool:
        """True if the user may manage the group. False also if Telegram does not answer."""
        known = self._remembered.recall((chat_id, user_id))
        if known is not None:
            return known
        try:
            found = await self._client.get_chat_member(chat_id, user_id)
        except (TelegramError, *MALFORMED) as error:
            _log.warning("the managers of a group are unknown: %s", type(error).__name__)
            return False
        manages = found.status in _MANAGING
        self._remembered.put((chat_id, user_id), value=manages)
        return manages

    def forget(self, chat_id: int) -> None:
        """Clears the cache of a group whose members or rights changed."""
        self._remembered.forget(lambda member: member[0] == chat_id)
