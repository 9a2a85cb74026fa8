"""Group commit: orders that arrive while a call to the database is in progress are sent together as one call.

A single order is sent at once. The orders of one call share a transaction; each is atomic, carries its own command id
and gets its own answer. Commands of resting orders go the same way, in a queue of their own. A refused order writes
nothing and does not affect the others. If one order makes the transaction fail, each order is repeated in a transaction
of its own, so that only that order fails; if a call runs out of time, the orders of each account are. Two calls in
flight that share the waiting orders evenly were measured to be the fastest (docs/adr/0002-ledger.md).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from core.errors import DatabaseUnavailable
from trading.errors import TradingHalted

CALLS = 2
MAX_TOGETHER = 32
MAX_WAITING = 1000
OUT_OF_TIME = 3
"""Accounts of a call that run out of time by themselves until the database counts as down."""

Order = TypeVar("Order")
Answer = TypeVar("Answer")
Send = Callable[[Sequence[Order]], Awaitable[Sequence[Answer]]]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting(Generic[Order, Answer]):
    account_id: int
    order: Order
    answer: "asyncio.Future[Answer]"


class OrderQueue(Generic[Order, Answer]):
    """Queue of orders. `send` places orders in one transaction and returns one answer for each, in their order."""

    def __init__(self, send: Send[Order, Answer], *, max_waiting: int = MAX_WAITING) -> None:
        self._send = send
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiting[Order, Answer]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._callers = 0
        self._in_flight = 0

    async def place(self, account_id: int, order: Order) -> Answer:
        """Returns the answer to the order. Raises the errors of `send` for it, and DatabaseUnavailable if too many
        orders wait already.
        """
        if len(self._waiting) >= self._max_waiting:
            raise DatabaseUnavailable
        waiting: _Waiting[Order, Answer] = _Waiting(account_id, order, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._callers < CALLS:
            self._callers += 1
            caller = asyncio.create_task(self._call())
            self._tasks.add(caller)
            caller.add_done_callback(self._tasks.discard)
        return await waiting.answer

    async def _call(self) -> None:
        try:
            while self._waiting:
                together = self._next()
                self._in_flight += 1
                try:
                    await self._place(together)
                except asyncio.CancelledError:
                    for each in together:
                        each.answer.cancel()
                    raise
                finally:
                    self._in_flight -= 1
        finally:
            # Decremented here and not when the task is done: an order that arrives in between would not be sent.
            self._callers -= 1

    def _next(self) -> list[_Waiting[Order, Answer]]:
        """Returns this call's share of the waiting orders."""
        share = -(-len(self._waiting) // (CALLS - self._in_flight))
        together = [self._waiting.popleft() for _ in range(min(MAX_TOGETHER, share))]
        # Every call locks accounts in the same order, so that two calls cannot wait for each other.
        return sorted(together, key=lambda each: each.account_id)

    async def _place(self, together: Sequence[_Waiting[Order, Answer]]) -> bool:
        """Places and answers orders. Returns False if all of them ran out of time."""
        try:
            answers = await self._send([each.order for each in together])
        except Exception as error:  # noqa: BLE001 - any error is raised in the callers
            late = isinstance(error, DatabaseUnavailable) and isinstance(error.__cause__, TimeoutError)
            if late and (accounts := _by_account(together))[1:]:
                return await self._place_apart(accounts, error)
            if len(together) == 1 or isinstance(error, DatabaseUnavailable | TradingHalted):
                _refuse(together, error)
                return not late
            for each in together:
                await self._place([each])
            return True
        for each, answer in zip(together, answers, strict=True):
            _answer(each, answer)
        return True

    async def _place_apart(self, accounts: Sequence[Sequence[_Waiting[Order, Answer]]], error: Exception) -> bool:
        """Places the orders of each account by themselves: one that takes too long fails no other. If several do, the
        database is to blame, and nobody waits any longer. Returns False then.
        """
        late = 0
        for place, orders in enumerate(accounts):
            late += not await self._place(orders)
            if late == OUT_OF_TIME:
                _refuse([each for others in accounts[place + 1 :] for each in others], error)
                return False
        return True


def _by_account(together: Sequence[_Waiting[Order, Answer]]) -> list[list[_Waiting[Order, Answer]]]:
    return [list(orders) for _, orders in groupby(together, key=lambda each: each.account_id)]


def _refuse(together: Sequence[_Waiting[Order, Answer]], error: Exception) -> None:
    for each in together:
        _answer(each, error if len(together) == 1 else _own(error))


def _own(error: Exception) -> Exception:
    """Returns a copy of the error, because each caller that raises it extends its traceback."""
    own = copy(error)
    own.__cause__ = error
    return own


def _answer(waiting: _Waiting[Order, Answer], answer: Answer | Exception) -> None:
    if waiting.answer.done():  # its caller was cancelled meanwhile
        return
    if isinstance(answer, Exception):
        waiting.answer.set_exception(answer)
    else:
        waiting.answer.set_result(answer)
