"""Orders as users see them: terms, state and events."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from trading.orders.open_orders import EndReason, Hold, ListPlace, OrderEventKind, OrderStatus
from trading.orders.requests import AnyOrderRequest
from trading.orders.terms import OrderTerms
from trading.orders.types import Balance, Execution, Receipt

LAST_EVENTS = 12
"""Number of events that are read where one order is shown: an order can be filled any number of times."""


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Event in the life of an order. `execution_id` names the receipt of a fill; `price` and `quantity` are those of
    the fill, the trigger or the amendment.
    """

    number: int
    kind: OrderEventKind
    at: datetime
    market_time: int
    price: Decimal | None = None
    quantity: Decimal | None = None
    execution_id: int | None = None
    reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order with its present state. `events` are the last ones where one order is read, oldest first.
    `average_price` is that of its fills, None without one. `base` and `quote` are its assets.
    """

    order_id: int
    terms: OrderTerms
    status: OrderStatus
    base: str
    quote: str
    quantity: Decimal
    filled: Decimal
    limit_price: Decimal | None
    average_price: Decimal | None
    hold: Hold | None
    accepted_at: datetime
    place: ListPlace | None = None
    triggered: bool = False
    extreme: Decimal | None = None
    events: tuple[OrderEvent, ...] = ()
    amended_stop: Decimal | None = None
    """Stop price after an amendment; None while it is that of the terms."""

    @property
    def present(self) -> OrderTerms:
        """The terms with the present quantity and prices."""
        stop = self.terms.stop_price if self.amended_stop is None else self.amended_stop
        return replace(self.terms, quantity=self.quantity, limit_price=self.limit_price, stop_price=stop)


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """Result of a request at the present prices: the terms of its orders (the working order of a bracket first, of a
    pair the limit order first), the immediate fill, the money to hold for the rest, and the balances of base and quote
    asset right after. Relative prices refer to `reference_price`. `exit_hold` is what the exits of a bracket
    hold at once because its entry fills at once; the balances are those after it.
    """

    request: AnyOrderRequest
    terms: tuple[OrderTerms, ...]
    immediate: Execution | None
    hold_asset: str
    hold_amount: Decimal
    reference_price: Decimal
    balances_after: tuple[Balance, Balance]
    exit_hold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrders:
    """Accepted orders, in the order of `OrderPlan.terms`, and the receipt of what filled at once."""

    orders: tuple[OrderRecord, ...]
    receipt: Receipt | None
    balances: tuple[Balance, Balance]
