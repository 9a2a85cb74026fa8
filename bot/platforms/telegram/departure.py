"""Marking of an answer as being sent. The mark is written before the first message is sent."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar


class Departure:
    """Mark of the answer to one update. `leaving` is true once the mark may be written and a message may be sent."""

    def __init__(self, write: Callable[[], Awaitable[None]]) -> None:
        """`write` durably stores that the answer is being sent."""
        self._write = write
        self._written = False
        self.leaving = False

    async def mark(self) -> None:
        """Writes the mark if it is not written yet; called before each message. Raises the errors of `write`."""
        self.leaving = True  # a cancelled write may still reach the database
        if not self._written:
            await self._write()
            self._written = True


CURRENT: ContextVar[Departure | None] = ContextVar("departure", default=None)
"""Mark of the update that the current task answers; every message sent by the task belongs to that answer.

None for a notification.
"""
