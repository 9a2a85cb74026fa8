"""Many small writes in few statements: what comes up while one statement is under way goes out with the next."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

MOST = 200
"""Rows in one statement."""

Row = TypeVar("Row")


class WriteBatcher(Generic[Row]):
    """Rows on their way to the database, in their order. A single one waits for nothing."""

    def __init__(self, write: Callable[[list[Row]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, row: Row) -> None:
        """Returns when the row is written. Raises what the statement raised."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._drain())
        await written

    async def _drain(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            failure: BaseException | None = None
            try:
                await self._write([row for row, _ in some])
            except BaseException as error:  # noqa: BLE001 - raised again where the rows came from
                failure = error
            for _, written in some:
                if written.done():
                    continue
                if failure is None:
                    written.set_result(None)
                else:
                    written.set_exception(failure)
            if isinstance(failure, asyncio.CancelledError):
                raise failure
