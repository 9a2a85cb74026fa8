"""Whose turn it is: one command at a time for each person, so that nobody keeps the others waiting."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

AT_ONCE = 32
"""Commands that run at the same time."""

EACH = 8
"""Commands of one person that run or wait; more are refused."""


class Turns:
    """Fair and bounded: a person's commands run in the order in which they were asked."""

    def __init__(self, *, at_once: int = AT_ONCE, each: int = EACH) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._each = each
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._there: Counter[int] = Counter()

    def enter(self, user_id: int) -> bool:
        """Takes a place in the queue; False where the person has too many already. Pairs with `leave`."""
        if self._there[user_id] >= self._each:
            return False
        self._there[user_id] += 1
        return True

    def leave(self, user_id: int) -> None:
        """Gives the place back."""
        self._there[user_id] -= 1
        if not self._there[user_id]:
            del self._there[user_id]

    @asynccontextmanager
    async def of(self, user_id: int) -> AsyncIterator[None]:
        """The person's turn."""
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        async with lock, self._room:
            yield
