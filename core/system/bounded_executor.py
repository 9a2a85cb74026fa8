"""Executor of costly work of all users: one thread, and a bound on what waits for it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import Generic, TypeVar

from core.errors import Overloaded

PLACES = 8
"""Callers that are served at once, the one whose work is done included."""

T = TypeVar("T")


class BoundedExecutor:
    """One thread for work that would slow every other answer if several were done at once.

    What waits is bounded: who would wait longer than the time of a command is refused at once. A caller that gives up
    leaves its place; work that has begun ends, and work that has not is dropped with all that it refers to.
    """

    def __init__(self, name: str, *, places: int = PLACES) -> None:
        """`name` is that of the thread, in logs and profiles."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._free = places
        self._line: deque[asyncio.Future[None]] = deque()

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

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Takes a place and waits in line, for work that reads much before it computes: only the first of the line
        does. Raises Overloaded.
        """
        with self.place():
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._line.append(mine)
            self._call()
            try:
                await mine
                yield
            finally:
                self._line.remove(mine)
                self._call()

    def _call(self) -> None:
        if self._line and not self._line[0].done():
            self._line[0].set_result(None)

    async def compute(self, work: Callable[[], T], *, ended: Callable[[], object] | None = None) -> T:
        """Returns the result of a step of a caller who has a place.

        `ended` is called, in any thread, once the work has ended or will never begin; both may be after the caller gave
        up.
        """
        step = _Step(work)
        del work  # the error of a cancelled caller keeps this frame
        future = self._thread.submit(step)
        if ended is not None:
            future.add_done_callback(lambda _: ended())
        try:
            return await asyncio.wrap_future(future)
        finally:
            step.work = None

    async def run(self, work: Callable[[], T]) -> T:
        """Returns the result of work of one step. Raises Overloaded."""
        with self.place():
            return await self.compute(work)


class _Step(Generic[T]):
    """Work in the line of a thread, which keeps what is cancelled until it gets to it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.work: Callable[[], T] | None = work

    def __call__(self) -> T:
        if self.work is None:
            raise RuntimeError("the caller gave up before the work began")
        return self.work()
