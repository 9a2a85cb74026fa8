"""One order of the store in memory with its events, and the money that is held."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import count

from core.decimals import EXACT, ROUNDING, up
from pipeline.market import Symbol
from trading.ledger.order_ports import NewOrders
from trading.ledger.ports import LedgerCommand
from trading.orders.bookings import Amendment, NewRestingOrder
from trading.orders.effects import Activated, Triggered
from trading.orders.open_orders import (
    EndReason,
    Hold,
    ListPlace,
    OpenOrder,
    OrderEventKind,
    OrderStatus,
)
from trading.orders.records import OrderEvent, OrderRecord
from trading.orders.types import Balance, Execution, Receipt, Side


class Holds:
    """Money reserved for orders."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[int, str, Decimal]] = {}
        self._numbers = count(1)

    def open(self, account_id: int, asset: str, amount: Decimal) -> int:
        number = next(self._numbers)
        self._held[number] = (account_id, asset, amount)
        return number

    def asset(self, hold_id: int) -> str:
        return self._held[hold_id][1]

    def amount(self, hold_id: int) -> Decimal:
        return self._held[hold_id][2]

    def of(self, account_id: int, asset: str) -> Decimal:
        """All that is held of an asset."""
        return sum((each[2] for each in self._held.values() if each[:2] == (account_id, asset)), Decimal(0))

    def set(self, hold_id: int, amount: Decimal) -> None:
        account_id, asset, _ = self._held[hold_id]
        assert amount >= 0
        self._held[hold_id] = (account_id, asset, amount)

    def use(self, hold_id: int, amount: Decimal) -> None:
        """Pays a fill. A fill never takes more than the hold."""
        self.set(hold_id, self.amount(hold_id) - amount)


@dataclass
class KeptOrder:
    """An order, open or ended."""

    order: OpenOrder
    market: str
    symbol: Symbol
    base: str
    quote: str
    quote_scale: int
    hold_price: Decimal | None
    hold_id: int | None
    at: datetime
    notify: bool
    events: list[OrderEvent] = field(default_factory=list)
    executions: list[Execution] = field(default_factory=list)

    @staticmethod
    def of(
        number: int, new: NewOrders, each: NewRestingOrder, command: LedgerCommand, money: tuple[int | None, int | None]
    ) -> "KeptOrder":
        """`money` are the numbers of its list and of its hold."""
        list_id, hold_id = money
        terms, rules = each.terms, new.rules
        place = ListPlace(list_id, new.list_kind, each.role) if list_id and new.list_kind and each.role else None
        order = OpenOrder(
            number,
            new.account_id,
            terms,
            OrderStatus.PENDING_NEW if hold_id is None else OrderStatus.NEW,
            version=1,
            accepted_at=command.market_time,
            quantity=terms.quantity,
            filled=Decimal(0),
            limit_price=terms.limit_price,
            hold=None,
            fee_rate=new.fee_rate,
            priority=number,
            place=place,
            queue_ahead=each.queue_ahead,
            hold_price=each.hold_price,
        )
        kept = KeptOrder(
            order,
            new.market,
            terms.symbol,
            rules.base,
            rules.quote,
            rules.quote_scale,
            each.hold_price,
            hold_id,
            command.at,
            new.notification is not None,
        )
        kept.events.append(OrderEvent(1, OrderEventKind.ACCEPTED, command.at, command.market_time))
        return kept

    # -- events ----------------------------------------------------------------------------------

    def trigger(self, effect: Triggered) -> None:
        self.order = replace(self.order, triggered=True)
        self._add(OrderEventKind.TRIGGERED, effect.time, price=effect.price)

    def activate(self, effect: Activated, hold_id: int) -> None:
        self.hold_id = hold_id
        self.order = replace(
            self.order,
            status=OrderStatus.NEW,
            quantity=min(self.order.quantity, effect.quantity),
            accepted_at=max(effect.time, 0),
        )
        self._add(OrderEventKind.ACTIVATED, effect.time, quantity=effect.quantity)

    def fill(self, execution: Execution, execution_id: int, time: int) -> None:
        filled = EXACT.add(self.order.filled, execution.quantity)
        assert filled <= self.order.quantity
        status = OrderStatus.FILLED if filled == self.order.quantity else OrderStatus.PARTIALLY_FILLED
        self.order = replace(self.order, filled=filled, status=status)
        self.executions.append(execution)
        self._add(
            OrderEventKind.FILLED,
            time,
            price=execution.average_price,
            quantity=execution.quantity,
            execution_id=execution_id,
        )

    def amend(self, change: Amendment, command: LedgerCommand, priority: int) -> None:
        self.order = replace(
            self.order,
            amended_stop=change.stop_price or self.order.amended_stop,
            quantity=change.quantity,
            limit_price=change.limit_price or self.order.limit_price,
            queue_ahead=change.queue_ahead if change.loses_place else self.order.queue_ahead,
            priority=priority if change.loses_place else self.order.priority,
            accepted_at=command.market_time,
        )
        self.hold_price = change.hold_price
        self.order = replace(self.order, hold_price=change.hold_price)
        self._add(OrderEventKind.AMENDED, command.market_time, price=change.limit_price, quantity=change.quantity)

    def end(self, kind: OrderEventKind, reason: EndReason, time: int) -> None:
        status = OrderStatus.CANCELED if kind is OrderEventKind.CANCELED else OrderStatus.EXPIRED
        self.order = replace(self.order, status=status)
        self._add(kind, time, reason=reason)

    def _add(
        self,
        kind: OrderEventKind,
        time: int,
        *,
        price: Decimal | None = None,
        quantity: Decimal | None = None,
        execution_id: int | None = None,
        reason: EndReason | None = None,
    ) -> None:
        number = self.order.version + 1
        self.order = replace(self.order, version=number)
        self.events.append(OrderEvent(number, kind, self.at, time, price, quantity, execution_id, reason))

    # -- reads -----------------------------------------------------------------------------------

    def need(self, quantity: Decimal) -> tuple[str, Decimal]:
        """The money that this quantity needs, and its asset."""
        if self.order.terms.side is Side.SELL:
            return self.base, quantity
        assert self.hold_price is not None
        return self.quote, up(EXACT.multiply(quantity, self.hold_price), self.quote_scale)

    def relatives(self, kept: Mapping[int, "KeptOrder"]) -> Iterator["KeptOrder"]:
        """The other orders of its list."""
        place = self.order.place
        for other in kept.values():
            theirs = other.order.place
            if other is not self and place and theirs and theirs.list_id == place.list_id:
                yield other

    def family(self, kept: Mapping[int, "KeptOrder"]) -> set[int]:
        """Its number and those of its list."""
        return {self.order.order_id, *(other.order.order_id for other in self.relatives(kept))}

    def hold(self, holds: Holds) -> Hold | None:
        if self.hold_id is None or not self.order.status.open:
            return None
        return Hold(self.hold_id, holds.asset(self.hold_id), holds.amount(self.hold_id))

    def now(self, holds: Holds) -> OpenOrder:
        return replace(self.order, hold=self.hold(holds))

    def record(self, holds: Holds, *, events: int = 0) -> OrderRecord:
        order = self.order
        paid = sum((fill.price * fill.quantity for e in self.executions for fill in e.fills), Decimal(0))
        return OrderRecord(
            order.order_id,
            order.terms,
            order.status,
            self.base,
            self.quote,
            order.quantity,
            order.filled,
            order.limit_price,
            ROUNDING.divide(paid, order.filled) if order.filled else None,
            self.hold(holds),
            self.at,
            order.place,
            order.triggered,
            order.extreme,
            tuple(self.events[-events:]) if events else (),
            order.amended_stop,
        )


def receipt_of(
    number: int, parent_id: int, execution: Execution, at: datetime, balances: tuple[Balance, Balance]
) -> Receipt:
    """Receipt of one execution of a resting order."""
    return Receipt(number, at, execution, balances, None, parent_id)
