"""Group commit: while one call is at the database, orders that arrive wait and then go together as one call.

An order alone goes at once. Orders of one call share a transaction: each is still whole, carries its own command id
and gets its own answer; refusals write nothing and disturb nobody. Should one break the transaction, each is repeated
in a transaction of its own, so that only the culprit fails.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from trading.errors import LedgerDown

MAX_IN_FLIGHT = 2
MAX_TOGETHER = 32
MAX_WAITING = 1000

Send = Callable[[Sequence[str]], Awaitable[list[asyncpg.Record]]]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    account_id: int
    order: str
    answer: "asyncio.Future[asyncpg.Record]"


class OrderQueue:
    """`send` places a list of orders in one transaction and answers with one row each, in their order."""

    def __init__(self, send: Send, *, max_waiting: int = MAX_WAITING) -> None:
        self._send = send
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiting] = deque()
        self._calls: set[asyncio.Task[None]] = set()

    async def place(self, account_id: int, order: str) -> asyncpg.Record:
        """The order's row; raises what `send` raises for it, LedgerDown when too many wait already."""
        if len(self._waiting) >= self._max_waiting:
            raise LedgerDown
        waiting = _Waiting(account_id, order, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._call()
        return await waiting.answer

    def _call(self) -> None:
        if self._waiting and len(self._calls) < MAX_IN_FLIGHT:
            together = [self._waiting.popleft() for _ in range(min(MAX_TOGETHER, len(self._waiting)))]
            # Every call locks accounts in the same order, so that two calls cannot wait for each other.
            together.sort(key=lambda each: each.account_id)
            call = asyncio.create_task(self._place(together))
            self._calls.add(call)
            call.add_done_callback(self._called)

    def _called(self, call: "asyncio.Task[None]") -> None:
        self._calls.discard(call)
        self._call()

    async def _place(self, together: Sequence[_Waiting]) -> None:
        try:
            rows = await self._send([each.order for each in together])
        except asyncio.CancelledError:
            for each in together:
                each.answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, it belongs to the callers
            if len(together) == 1 or isinstance(error, LedgerDown):
                for each in together:
                    _answer(each, error)
                return
            for each in together:
                await self._place([each])
            return
        for each, row in zip(together, rows, strict=True):
            _answer(each, row)


def _answer(waiting: _Waiting, answer: "asyncpg.Record | Exception") -> None:
    if waiting.answer.done():  # its caller was cancelled meanwhile
        return
    if isinstance(answer, Exception):
        waiting.answer.set_exception(answer)
    else:
        waiting.answer.set_result(answer)
