"""Resting orders on PostgreSQL; a command is one call, one transaction."""

import random
from collections.abc import Mapping, Sequence

from core.database import Database, Pool
from pipeline.market import Symbol
from trading.constraints import LEDGER_REFUSALS
from trading.ledger.order_ports import (
    Amendment,
    Applied,
    BookedEffect,
    NewOrders,
    OpenOrderChanges,
    OrderState,
    StreamPosition,
)
from trading.ledger.ports import LedgerCommand
from trading.orders.open_orders import EndReason, OpenOrder
from trading.orders.records import OrderRecord, PlacedOrders


class PostgresOrderStore:
    """`trading.ledger.order_ports.OrderStore` on a pool whose role is paperdesk_app."""

    def __init__(self, pool: Pool, *, jitter: random.Random | None = None) -> None:
        self._database = Database(pool, jitter=jitter or random.SystemRandom(), refusals=LEDGER_REFUSALS)

    async def accept(self, new: NewOrders, command: LedgerCommand) -> PlacedOrders:
        """See `OrderStore.accept`."""
        raise NotImplementedError

    async def cancel(
        self, account_id: int, order_ids: Sequence[int] | None, symbol: Symbol | None, command: LedgerCommand
    ) -> Sequence[OrderRecord]:
        """See `OrderStore.cancel`."""
        raise NotImplementedError

    async def amend(self, account_id: int, change: Amendment, command: LedgerCommand) -> OrderRecord:
        """See `OrderStore.amend`."""
        raise NotImplementedError

    async def open_orders(self, account_id: int, symbol: Symbol | None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""
        raise NotImplementedError

    async def order(self, account_id: int, order_id: int) -> OrderRecord | None:
        """See `OrderStore.order`."""
        raise NotImplementedError

    async def open_order(self, account_id: int, order_id: int) -> OpenOrder | None:
        """Returns an order of this account if it is open."""
        raise NotImplementedError

    async def changes(self, market: str, cursor: str) -> OpenOrderChanges:
        """See `OrderStore.changes`."""
        raise NotImplementedError

    async def positions(self, market: str, log: str) -> Mapping[int, int]:
        """Returns the stored position of each partition of a log; partitions without one are absent."""
        raise NotImplementedError

    async def apply(
        self,
        market: str,
        effects: Sequence[BookedEffect],
        states: Sequence[OrderState],
        position: StreamPosition | None,
        command: LedgerCommand,
    ) -> Applied:
        """See `OrderStore.apply`."""
        raise NotImplementedError

    async def expire(
        self, market: str, symbols: Sequence[Symbol], reason: EndReason, command: LedgerCommand
    ) -> Sequence[int]:
        """See `OrderStore.expire`."""
        raise NotImplementedError
