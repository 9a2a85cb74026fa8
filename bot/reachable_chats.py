"""Chats from which users write, and in which they can therefore be reached. A chat is noted once an hour, and never
while a user waits for an answer.
"""

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
MAX_REMEMBERED = 20_000
MAX_WAITING = 5_000
BATCH_SIZE = 500

Store = Callable[[Sequence[Seen]], Awaitable[None]]
"""Function that stores users and their chats as reachable."""

log = logging.getLogger(__name__)


def chat_of(inbound: Inbound) -> Chat:
    """Returns the chat in which the sender of `inbound` can receive messages that they did not ask for."""
    return Chat(inbound.platform, *inbound.unasked)


def shows_answer(chat: Chat, inbound: Inbound, person: Person) -> bool:
    """Returns whether `chat` shows the answer about the user's money. It is shown in the chat of the request and, for a
    request in a public chat, in the user's private chat unless the user shows their money publicly.
    """
    shown = [inbound.chat_id or inbound.external_id]
    if inbound.public and not person.public:
        shown.append(inbound.external_id)
    return chat.platform == inbound.platform and chat.chat_id in shown


class ReachableChats:
    """Chats that were noted lately, and chats that wait to be stored. If too many wait, a chat is noted with its next
    message.
    """

    def __init__(self, *, every_ms: int = EVERY_MS, max_size: int = MAX_REMEMBERED, waiting: int = MAX_WAITING) -> None:
        self._every_ms = every_ms
        self._max_size = max_size
        self._noted: OrderedDict[Seen, int] = OrderedDict()
        self._waiting: OrderedDict[Seen, None] = OrderedDict()
        self._most_waiting = waiting
        self._work = asyncio.Event()

    def saw(self, person_id: int, inbound: Inbound, now: int) -> None:
        """Notes the chat of a line or a press; `now` is UTC ms. Costs only a look-up in memory."""
        seen = (person_id, chat_of(inbound))
        noted = self._noted.get(seen)
        if (noted is not None and now - noted < self._every_ms) or len(self._waiting) >= self._most_waiting:
            return
        self._noted[seen] = now
        self._noted.move_to_end(seen)
        if len(self._noted) > self._max_size:
            self._noted.popitem(last=False)
        self._waiting[seen] = None
        self._work.set()

    def forget(self, platform: str, chat_id: str) -> None:
        """Forgets a chat that was given up, so that a new message from it makes it reachable again at once."""
        gone = [seen for seen in self._noted if (seen[1].platform, seen[1].chat_id) == (platform, chat_id)]
        for seen in gone:
            del self._noted[seen]

    async def run(self, store: Store) -> None:
        """Stores the chats that were seen, as a service. A chat that cannot be stored now is noted with its next
        message.
        """
        while True:
            await self._work.wait()
            self._work.clear()
            while self._waiting:
                together = [self._waiting.popitem(last=False)[0] for _ in range(min(BATCH_SIZE, len(self._waiting)))]
                try:
                    await store(together)
                except DatabaseUnavailable:
                    log.warning("chats seen are not noted: PostgreSQL does not answer")
                    for seen in together:
                        self._noted.pop(seen, None)
