"""Who may manage a group: its creator and administrators, as Telegram says, remembered for a minute."""

import asyncio
import logging
from collections.abc import Callable

from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.telegram.client import Client

REMEMBERED_SECONDS = 60.0
MOST = 10_000
_MANAGING = frozenset((ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR))
_log = logging.getLogger(__name__)


class Managers:
    """Asks Telegram at most once a minute for each member of a group."""

    def __init__(self, client: Client, clock: Callable[[], float] | None = None) -> None:
        """`clock` gives seconds that never go back; the event loop's by default."""
        self._client = client
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def manages(self, chat_id: int, user_id: int) -> bool:
        """False also where Telegram does not say: nobody manages by accident."""
        member, now = (chat_id, user_id), self._clock()
        until, known = self._known.get(member, (0.0, False))
        if now < until:
            return known
        try:
            found = await self._client.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            _log.warning("who manages a group is not known: %s", type(error).__name__)
            return False
        manages = found.status in _MANAGING
        self._remember(member, now, manages=manages)
        return manages

    def forget(self, chat_id: int) -> None:
        """Something changed in the group."""
        self._known = {member: known for member, known in self._known.items() if member[0] != chat_id}

    def _remember(self, member: tuple[int, int], now: float, *, manages: bool) -> None:
        if len(self._known) >= MOST:
            self._known = {key: known for key, known in self._known.items() if known[0] > now}
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[member] = (now + REMEMBERED_SECONDS, manages)
