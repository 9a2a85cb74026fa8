"""Executor of costly work of all users: one thread, and a bound on what waits for it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from core.errors import Overloaded

PLACES = 8
"""Callers that are served at once, the one whose work is done included."""

T = TypeVar("T")


class BoundedExecutor:
    """One thread for work that would slow every other answer if several were done at once.

    What waits is bounded: who would wait longer than the time of a command is refused at once. A caller that gives up
    leaves its place; work that has begun ends, and work that has not is dropped.
    """

    def __init__(self, name: str, *, places: int = PLACES) -> None:
        """`name` is that of the thread, in logs and profiles."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._free = places

    @contextmanager
    def place(self) -> Iterator[None]:
        """Takes a place, for work of several steps. Raises Overloaded if there is none."""
        if not self._free:
            raise Overloaded
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def compute(self, work: Callable[[], T]) -> T:
        """Returns the result of a step of a caller who has a place."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def run(self, work: Callable[[], T]) -> T:
        """Returns the result of work of one step. Raises Overloaded."""
        with self.place():
            return await self.compute(work)
