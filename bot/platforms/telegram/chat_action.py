"""“typing…” while an answer takes long."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from telegram.error import TelegramError

from bot.platforms.telegram.client import Client
from bot.platforms.telegram.outbound.send import ChatTopic

AFTER_SECONDS = 1.0
"""An answer that comes sooner shows nothing."""

EVERY_SECONDS = 4.5
"""Telegram shows it for five seconds."""

MOST_TIMES = 7
"""For one answer: no command takes longer."""

MOST_AT_ONCE = 20
"""Answers that show it together: the rest of Telegram's limit is for the answers themselves."""

Later = Callable[[float, Callable[[], None]], asyncio.TimerHandle]
_log = logging.getLogger(__name__)


class Typing:
    """Shows that an answer is on its way. Never raises for what Telegram or the network does."""

    def __init__(self, client: Client, *, later: Later | None = None, every_seconds: float = EVERY_SECONDS) -> None:
        """`later` calls a function after so many seconds; the event loop's by default."""
        self._client = client
        self._later = later
        self._every = every_seconds
        self._shown: set[asyncio.Task[None]] = set()

    @contextmanager
    def awaited(self, place: ChatTopic) -> Iterator[None]:
        """While the context is open for longer than AFTER_SECONDS, the place shows it."""
        started: list[asyncio.Task[None]] = []

        def start() -> None:
            if len(self._shown) < MOST_AT_ONCE:
                task = asyncio.create_task(self._show(place))
                started.append(task)
                self._shown.add(task)
                task.add_done_callback(self._shown.discard)

        later = self._later or asyncio.get_running_loop().call_later
        timer = later(AFTER_SECONDS, start)
        try:
            yield
        finally:
            timer.cancel()
            for task in started:
                task.cancel()

    async def _show(self, place: ChatTopic) -> None:
        topic = {"message_thread_id": place.topic} if place.topic else {}
        try:
            for _ in range(MOST_TIMES):
                await self._client.post("sendChatAction", chat_id=place.chat_id, action="typing", **topic)
                await asyncio.sleep(self._every)
        except TelegramError as error:
            _log.info("“typing” is not shown: %s", type(error).__name__)
