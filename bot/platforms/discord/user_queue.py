"""Queue of commands: one at a time for each user, so that no user delays the others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

AT_ONCE = 32
"""Maximum number of commands that run concurrently."""

EACH = 8
"""Maximum number of running and waiting commands of one user; more are refused."""


class PerUserQueue:
    """Fair and bounded queue. A user's commands run in the order of their arrival."""

    def __init__(self, *, at_once: int = AT_ONCE, each: int = EACH) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._each = each
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._there: Counter[int] = Counter()

    def enter(self, user_id: int) -> bool:
        """Takes a place in the queue. False if the user has too many already. Pairs with `leave`."""
        if self._there[user_id] >= self._each:
            return False
        self._there[user_id] += 1
        return True

    def leave(self, user_id: int) -> None:
        """Releases a place in the queue."""
        self._there[user_id] -= 1
        if not self._there[user_id]:
            del self._there[user_id]

    @asynccontextmanager
    async def of(self, user_id: int) -> AsyncIterator[None]:
        """Waits for the user's turn and holds it while the context is open."""
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        async with lock, self._room:
            yield
