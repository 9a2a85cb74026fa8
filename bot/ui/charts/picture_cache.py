"""Cache of pictures that are requested often."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

SECONDS = 30.0
MAX_SIZE = 256
_AT_ONCE = 2
"""Maximum number of pictures drawn at a time, so that other charts are not delayed."""


@dataclass(frozen=True, slots=True)
class _Entry:
    drawing: "asyncio.Task[bytes]"
    until: float


class PictureCache:
    """Cache of at most `max_size` pictures by key, each kept for `seconds`. Failed drawings are not cached."""

    def __init__(
        self, *, seconds: float = SECONDS, max_size: int = MAX_SIZE, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._max_size = max_size
        self._monotonic = monotonic
        self._kept: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def get(self, key: Hashable, draw: Callable[[], Awaitable[bytes]]) -> bytes:
        """Returns the picture of the key, drawn on the first request. Raises the errors of `draw`.

        Cancelling a caller does not stop the drawing.
        """
        kept = self._kept.get(key)
        if kept is None or kept.until <= self._monotonic():
            kept = _Entry(asyncio.create_task(self._in_turn(key, draw)), self._monotonic() + self._seconds)
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._max_size:
                self._kept.popitem(last=False)
        return await asyncio.shield(kept.drawing)

    async def _in_turn(self, key: Hashable, draw: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            async with self._turns:
                return await draw()
        except BaseException:
            self._forget(key)
            raise

    def _forget(self, key: Hashable) -> None:
        kept = self._kept.get(key)
        if kept is not None and kept.drawing is asyncio.current_task():
            del self._kept[key]
