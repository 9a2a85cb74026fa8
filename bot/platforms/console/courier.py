"""Notifications on the console: printed during a session, kept in the outbox otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.platforms.console.send import ReaderLeft
from bot.reply import Reply

PLATFORM = "console"
_SOON = 1.0

Print = Callable[[Reply], Awaitable[None]]


class ConsoleCourier:
    """`Courier` of the open session, if there is one. `silent` has no effect."""

    platform = PLATFORM

    def __init__(self) -> None:
        self._opened = asyncio.Event()
        self._chat_id = ""
        self._print: Print | None = None

    @contextmanager
    def open(self, chat_id: str, print_push: Print) -> Iterator[None]:
        """Prints notifications to the chat while the context is open. `print_push` raises ReaderLeft."""
        self._chat_id, self._print = chat_id, print_push
        self._opened.set()
        try:
            yield
        finally:
            self._opened.clear()
            self._print = None

    async def ready(self) -> None:
        """Waits for a session. Without one, no notification is claimed, so none is given up."""
        await self._opened.wait()

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        """Prints the reply above the line that is being typed."""
        del silent
        if self._print is None or chat_id != self._chat_id:
            return RetryLater("no session is open", _SOON)
        try:
            await self._print(reply)
        except ReaderLeft:
            return OutcomeUnknown("the reader left")
        return Delivered(nonce)

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """Returns PermanentFailure: printed output cannot be changed."""
        del chat_id, message_id, reply
        return PermanentFailure("nothing printed can be changed", chat_gone=False)
