"""The moment from which an answer may have reached the person: it is written down before the first message leaves."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar


class Departure:
    """Marks the answer to one update as being sent. `leaving`: the mark may be written, and a message may be out."""

    def __init__(self, write: Callable[[], Awaitable[None]]) -> None:
        """`write` remembers durably that the answer is being sent."""
        self._write = write
        self._written = False
        self.leaving = False

    async def begin(self) -> None:
        """Before each message. Raises what `write` raises."""
        self.leaving = True  # a cancelled write may still reach the database
        if not self._written:
            await self._write()
            self._written = True


CURRENT: ContextVar[Departure | None] = ContextVar("departure", default=None)
"""Of the update that this task answers: whatever it sends, by whatever way, is an answer to it. None for a push."""
