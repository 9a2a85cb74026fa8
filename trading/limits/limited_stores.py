"""Ledger and store of orders of accounts with limits: an account is valued when a limit depends on its value."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from core.database import Pool
from core.errors import DatabaseUnavailable
from trading.errors import ValuationNeeded
from trading.ledger.order_ports import NewOrders
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.ports import LedgerCommand, NewOrder, Placed
from trading.ledger.postgres import PostgresLedger
from trading.limits.ports import LimitGuard
from trading.orders.bookings import Amendment
from trading.orders.records import OrderRecord, PlacedOrders

ATTEMPTS = 3
"""Attempts at an order: the account may buy another coin while it is valued."""

T = TypeVar("T")


class LimitedLedger(PostgresLedger):
    """Ledger that values an account and books its order again if a limit needs that. Raises LimitReached."""

    def __init__(self, pool: Pool, limits: LimitGuard, *, jitter: random.Random | None = None) -> None:
        super().__init__(pool, jitter=jitter)
        self._limits = limits

    async def place(self, order: NewOrder, command: LedgerCommand) -> Placed:
        """Books an order; see `Ledger.place`."""
        attempt = super().place
        return await _valued(self._limits, order.account_id, lambda: attempt(order, command))


class LimitedOrderStore(PostgresOrderStore):
    """Store that values an account and repeats a command of its orders if a limit needs that. Raises LimitReached."""

    def __init__(self, pool: Pool, limits: LimitGuard, *, jitter: random.Random | None = None) -> None:
        super().__init__(pool, jitter=jitter)
        self._limits = limits

    async def accept(self, new: NewOrders, command: LedgerCommand) -> PlacedOrders:
        """Accepts orders; see `OrderStore.accept`."""
        attempt = super().accept
        return await _valued(self._limits, new.account_id, lambda: attempt(new, command))

    async def amend(self, account_id: int, change: Amendment, command: LedgerCommand) -> OrderRecord:
        """Amends an order; see `OrderStore.amend`."""
        attempt = super().amend
        return await _valued(self._limits, account_id, lambda: attempt(account_id, change, command))


async def _valued(limits: LimitGuard, account_id: int, attempt: Callable[[], Awaitable[T]]) -> T:
    for _ in range(ATTEMPTS):
        try:
            return await attempt()
        except ValuationNeeded:
            await limits.value(account_id)
    raise DatabaseUnavailable
