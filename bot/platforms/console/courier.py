"""Pushes to the console: printed between the lines of a session, kept in the outbox while there is none."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from bot.notifications.courier import Delivered, Never, NotNow, Outcome, Uncertain
from bot.platforms.console.send import ReaderLeft
from bot.reply import Reply

PLATFORM = "console"
_SOON = 1.0

Print = Callable[[Reply], Awaitable[None]]


class ConsoleCourier:
    """`Courier` of the session that is open, if one is; `silent` means nothing here."""

    platform = PLATFORM

    def __init__(self) -> None:
        self._opened = asyncio.Event()
        self._chat_id = ""
        self._print: Print | None = None

    @contextmanager
    def open(self, chat_id: str, print_push: Print) -> Iterator[None]:
        """While this lasts, pushes to the chat are printed; `print_push` raises ReaderLeft."""
        self._chat_id, self._print = chat_id, print_push
        self._opened.set()
        try:
            yield
        finally:
            self._opened.clear()
            self._print = None

    async def ready(self) -> None:
        """Waits for a session: without one nothing is claimed, so nothing is given up either."""
        await self._opened.wait()

    async def deliver(self, chat_id: str, reply: Reply, *, nonce: str, silent: bool) -> Outcome:
        """Prints the reply above the line that is being typed."""
        del silent
        if self._print is None or chat_id != self._chat_id:
            return NotNow("no session is open", _SOON)
        try:
            await self._print(reply)
        except ReaderLeft:
            return Uncertain("the reader left")
        return Delivered(nonce)

    async def edit(self, chat_id: str, message_id: str, reply: Reply) -> Outcome:
        """What is printed stays as it is."""
        del chat_id, message_id, reply
        return Never("nothing printed can be changed", chat_gone=False)
