"""The moment from which an answer may have reached the person: it is written down before the first message leaves."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar


class Departure:
    """Of the answer to one update; `begun` once its first message may have left."""

    def __init__(self, write: Callable[[], Awaitable[None]]) -> None:
        """`write` remembers durably that the answer is being sent."""
        self._write = write
        self.begun = False

    async def begin(self) -> None:
        """Before each message. Raises what `write` raises."""
        if not self.begun:
            await self._write()
            self.begun = True


CURRENT: ContextVar[Departure | None] = ContextVar("departure", default=None)
"""Of the update that this task answers: whatever it sends, by whatever way, is an answer to it. None for a push."""
