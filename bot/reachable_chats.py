"""Chats in which people write: they can be reached there. Noted once an hour, and never while somebody waits."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from bot.inbound import Inbound
from core.errors import DatabaseUnavailable
from core.outbox import Chat
from people.notifications.preferences import Seen
from people.person import Person

EVERY_MS = 3_600_000
MOST_REMEMBERED = 20_000
MOST_WAITING = 5_000
TOGETHER = 500

Store = Callable[[Sequence[Seen]], Awaitable[None]]
"""Notes persons and their chats as reachable."""

log = logging.getLogger(__name__)


def chat_of(inbound: Inbound) -> Chat:
    """Where they can be written to unasked after they wrote this."""
    return Chat(inbound.platform, *inbound.unasked)


def shows_answer(chat: Chat, inbound: Inbound, person: Person) -> bool:
    """Whether the answer about somebody's money is shown in the chat: where they asked or, asked for in
    public, in their own chat unless they show their money."""
    shown = [inbound.chat_id or inbound.external_id]
    if inbound.public and not person.public:
        shown.append(inbound.external_id)
    return chat.platform == inbound.platform and chat.chat_id in shown


class ChatsSeen:
    """What was noted lately, and what waits to be. Where too much waits the next message notes it."""

    def __init__(self, *, every_ms: int = EVERY_MS, most: int = MOST_REMEMBERED, waiting: int = MOST_WAITING) -> None:
        self._every_ms = every_ms
        self._most = most
        self._noted: OrderedDict[Seen, int] = OrderedDict()
        self._waiting: OrderedDict[Seen, None] = OrderedDict()
        self._most_waiting = waiting
        self._work = asyncio.Event()

    def saw(self, person_id: int, inbound: Inbound, now: int) -> None:
        """Somebody wrote or pressed; `now` is UTC ms. Costs a look into memory."""
        seen = (person_id, chat_of(inbound))
        noted = self._noted.get(seen)
        if (noted is not None and now - noted < self._every_ms) or len(self._waiting) >= self._most_waiting:
            return
        self._noted[seen] = now
        self._noted.move_to_end(seen)
        if len(self._noted) > self._most:
            self._noted.popitem(last=False)
        self._waiting[seen] = None
        self._work.set()

    def forget(self, platform: str, chat_id: str) -> None:
        """The chat was given up: who writes there again can be reached again at once."""
        gone = [seen for seen in self._noted if (seen[1].platform, seen[1].chat_id) == (platform, chat_id)]
        for seen in gone:
            del self._noted[seen]

    async def run(self, store: Store) -> None:
        """A service: stores what was seen. What cannot be stored now is noted with the next message."""
        while True:
            await self._work.wait()
            self._work.clear()
            while self._waiting:
                together = [self._waiting.popitem(last=False)[0] for _ in range(min(TOGETHER, len(self._waiting)))]
                try:
                    await store(together)
                except DatabaseUnavailable:
                    log.warning("chats seen are not noted: PostgreSQL does not answer")
                    for seen in together:
                        self._noted.pop(seen, None)
