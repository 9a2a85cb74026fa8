"""Interface of the store of resting orders: commands of users, and what the matching worker reads and writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.ledger.ports import LedgerCommand, OrderNotification
from trading.matching.liquidity import LiquidityReservation
from trading.orders.bookings import Amendment, BookedEffect, NewRestingOrder
from trading.orders.open_orders import EndReason, ListKind, OpenOrder
from trading.orders.records import OrderRecord, PlacedOrders


@dataclass(frozen=True, slots=True)
class NewOrders:
    """Orders to accept together. `hold_amount` is held for all of them before `effects` are applied in their order:
    what fills at once, what expires at once, and what goes live because of it. `taken` is the part of the display that
    the fills use. `max_of_symbol` and `max_open` bound the
    open orders of the account.
    """

    account_id: int
    market: str
    rules: SymbolRules
    orders: tuple[NewRestingOrder, ...]
    list_kind: ListKind | None
    hold_asset: str
    hold_amount: Decimal
    fee_rate: Decimal
    max_of_symbol: int
    max_open: int
    effects: tuple[BookedEffect, ...] = ()
    notification: OrderNotification | None = None
    taken: LiquidityReservation | None = None


@dataclass(frozen=True, slots=True)
class OpenOrderChanges:
    """Orders of a market that changed since a cursor: those that are open now, and the numbers of those that ended.
    `cursor` continues; "" begins with all open orders.
    """

    orders: tuple[OpenOrder, ...]
    ended: frozenset[int]
    cursor: str


@dataclass(frozen=True, slots=True)
class OrderState:
    """Queue position and extreme of an open order, which the matching worker learned since they were written last.
    `version` is that of the order after the effects that are written with it: if the order has another, it was amended
    meanwhile, and nothing is written.
    """

    order_id: int
    queue_ahead: Decimal | None
    extreme: Decimal | None
    version: int


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """Position of the worker in the stream: the next offset of each partition of the log `log`. A write succeeds only
    if `before` are the stored positions, so that of two owners of a partition only one writes.
    """

    log: str
    before: Mapping[int, int]
    after: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Applied:
    """Result of `OrderStore.apply`. `gone` are the orders that had ended or changed before: nothing of them was
    written. `fenced` is True if another worker has moved the position: then nothing was written at all. An order of
    which the store rejected an effect has ended, and is `gone`; if it could not be ended, it is `stuck` as well, with
    the version that it has: the same effect would be rejected again. `taken` says for effects, by their place in the
    call, how much others had taken of the display from which they were to fill: their orders are `gone` too.
    """

    gone: frozenset[int] = frozenset()
    taken: Mapping[int, Decimal] = field(default_factory=dict)
    stuck: Mapping[int, int] = field(default_factory=dict)
    fenced: bool = False
    notified: bool = False


class OrderStore(Protocol):
    """Store of resting orders. Every method raises DatabaseUnavailable; commands of users raise NoAccount,
    AccountReassigned, IdempotencyKeyReused, TradingHalted, and then write nothing.
    """

    async def accept(self, new: NewOrders, command: LedgerCommand) -> PlacedOrders:
        """Accepts orders, holds their money and applies their first effects, in one transaction. Repeated with the same
        command it returns the first answer. Raises InsufficientFunds, NothingToSell, TooManyOrders, DisplayTaken.
        """

    async def cancel(
        self, account_id: int, order_ids: Sequence[int] | None, symbol: Symbol | None, command: LedgerCommand
    ) -> Sequence[OrderRecord]:
        """Cancels these open orders and their lists; for None all of the account, or of a symbol. Returns them, newest
        first. Orders can be cancelled while trading is halted. Raises UnknownOrderId, OrderNotOpen.
        """

    async def amend(self, account_id: int, change: Amendment, command: LedgerCommand) -> OrderRecord:
        """Amends an open order. Raises OrderNotOpen, BalanceConflict if its version is another, InsufficientFunds,
        TooManyAmendments.
        """

    async def open_orders(self, account_id: int, symbol: Symbol | None) -> Sequence[OrderRecord]:
        """Returns the open orders of the account, newest first."""

    async def order(self, account_id: int, order_id: int, *, events: int = 0) -> OrderRecord | None:
        """Returns an order of this account or of one that was merged into it, with its last events, or None."""

    async def open_order(self, account_id: int, order_id: int) -> OpenOrder | None:
        """Returns an order of this account if it is open."""

    async def changes(self, market: str, cursor: str) -> OpenOrderChanges:
        """Returns the open orders of a market that changed since the cursor, and those that ended."""

    async def positions(self, market: str, log: str) -> Mapping[int, int]:
        """Returns the stored position of each partition of a log; partitions without one are absent."""

    async def apply(
        self,
        market: str,
        effects: Sequence[BookedEffect],
        states: Sequence[OrderState],
        position: StreamPosition | None,
        command: LedgerCommand,
    ) -> Applied:
        """Writes effects with their notifications, states and the position, in one transaction. The command id names
        this batch alone: repeated with it, every effect takes place once. What follows from an effect that is gone (the
        end of the other order of its list, an order that goes live) is gone too. A fill that the hold does not pay
        expires its order, and is gone. An effect that the store rejects leaves the others as they are: it expires its
        order with FAULT, or is passed over, and an error is logged. Raises TradingHalted if there are fills while
        trading is halted.
        """

    async def expire(
        self, market: str, symbols: Sequence[Symbol], reason: EndReason, command: LedgerCommand
    ) -> Sequence[int]:
        """Expires all open orders of these symbols, returns their holds, and notifies their owners."""
