"""The “typing…” indicator during long answers."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from telegram.error import TelegramError

from bot.platforms.telegram.client import Client
from bot.platforms.telegram.outbound.send import ChatTopic

AFTER_SECONDS = 1.0
"""Delay in seconds before the indicator is shown, so that quick answers show none."""

EVERY_SECONDS = 4.5
"""Interval in seconds between refreshes; Telegram shows the indicator for five seconds."""

MAX_TIMES = 7
"""Maximum number of refreshes for one answer: no command takes longer."""

MAX_CONCURRENT = 20
"""Maximum number of concurrent indicators, so that Telegram's rate limit is left to the answers."""

Later = Callable[[float, Callable[[], None]], asyncio.TimerHandle]
_log = logging.getLogger(__name__)


class Typing:
    """“typing…” indicator. Never raises errors of Telegram or the network."""

    def __init__(self, client: Client, *, later: Later | None = None, every_seconds: float = EVERY_SECONDS) -> None:
        """`later` calls a function after a number of seconds; by default it is the event loop's `call_later`."""
        self._client = client
        self._later = later
        self._every = every_seconds
        self._shown: set[asyncio.Task[None]] = set()

    @contextmanager
    def awaited(self, place: ChatTopic) -> Iterator[None]:
        """Shows the indicator at the place if the context is open for longer than AFTER_SECONDS."""
        started: list[asyncio.Task[None]] = []

        def start() -> None:
            if len(self._shown) < MAX_CONCURRENT:
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
            for _ in range(MAX_TIMES):
                await self._client.post("sendChatAction", chat_id=place.chat_id, action="typing", **topic)
                await asyncio.sleep(self._every)
        except TelegramError as error:
            _log.info("“typing” is not shown: %s", type(error).__name__)
