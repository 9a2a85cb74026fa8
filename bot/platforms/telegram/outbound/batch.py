"""Batching of writes: rows added during a statement are written together by the next one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

BATCH_SIZE = 200
"""Maximum number of rows in one statement."""

Row = TypeVar("Row")


class WriteBatcher(Generic[Row]):
    """Batcher of rows for the database, in their order. A single row is written without delay."""

    def __init__(self, write: Callable[[list[Row]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Row, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, row: Row) -> None:
        """Returns when the row is written. Raises the error of the statement."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._drain())
        await written

    async def _drain(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:BATCH_SIZE], self._waiting[BATCH_SIZE:]
            failure: BaseException | None = None
            try:
                await self._write([row for row, _ in some])
            except BaseException as error:  # noqa: BLE001 - raised again in the callers of `add`
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
