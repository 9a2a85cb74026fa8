"""Values that planning and matching hand to the ledger: orders to accept, effects to book, amendments to write."""

from dataclasses import dataclass
from decimal import Decimal

from trading.orders.effects import OrderEffect
from trading.orders.open_orders import ListRole
from trading.orders.terms import OrderTerms
from trading.orders.types import Execution


@dataclass(frozen=True, slots=True)
class NewRestingOrder:
    """One order to accept. `hold_price` bounds what a purchase may cost per unit (None for a sale): the hold of a
    purchase is the remaining quantity at this price, rounded up. `queue_ahead` is displayed ahead of it now.
    """

    terms: OrderTerms
    role: ListRole | None = None
    hold_price: Decimal | None = None
    queue_ahead: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BookedEffect:
    """An effect, and for a fill the execution that is booked with it. Effects of orders that are being accepted name
    them by their position: `order_id` is 0 for the first. `version` is that of the order before the effect, and each
    effect adds one to it: if the order has another, nothing is written. None applies the effect to any version, and so
    does what follows from another order of its list (the reason LIST, and Activated), whatever it names.
    """

    effect: OrderEffect
    execution: Execution | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """New values of an open order; None keeps the present one. `hold_price` and `hold_amount` are those of the amended
    order. The order loses its place in the queue if `loses_place`.
    """

    order_id: int
    version: int
    quantity: Decimal
    limit_price: Decimal | None
    stop_price: Decimal | None
    hold_price: Decimal | None
    hold_amount: Decimal
    queue_ahead: Decimal | None
    loses_place: bool
