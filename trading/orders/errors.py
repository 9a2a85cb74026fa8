"""Refusals of resting orders, as data; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused


@dataclass(eq=False)
class UnknownOrderId(Refused):
    """The account has no such order."""

    order_id: int


@dataclass(eq=False)
class OrderNotOpen(Refused):
    """The order has ended: `status` is FILLED, CANCELED or EXPIRED."""

    order_id: int
    status: str


@dataclass(eq=False)
class PriceOffTick(Refused):
    """The price is no multiple of the tick size; `below` and `above` are the nearest allowed prices."""

    symbol: str
    price: Decimal
    tick: Decimal
    below: Decimal
    above: Decimal


@dataclass(eq=False)
class PriceOutOfRange(Refused):
    """The price is outside of the exchange's range around the market (PERCENT_PRICE, PRICE_FILTER)."""

    symbol: str
    price: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(eq=False)
class StopOnWrongSide(Refused):
    """The stop price would trigger at once: it must be above (`above`) or below the last price."""

    symbol: str
    stop_price: Decimal
    last_price: Decimal
    above: bool


@dataclass(eq=False)
class PricesInWrongOrder(Refused):
    """The prices of a pair must be on both sides of the last price, or of the price of the entry (`entry`): `lower` <
    last < `upper`.
    """

    symbol: str
    lower: str
    upper: str
    last_price: Decimal
    entry: bool = False


@dataclass(eq=False)
class WouldTakeLiquidity(Refused):
    """A LIMIT_MAKER order, or one that is amended, would fill at once at `best_price`."""

    symbol: str
    price: Decimal
    best_price: Decimal
    amended: bool = False


@dataclass(eq=False)
class CannotFillWhole(Refused):
    """A FOK order cannot be filled completely: only `available` of the base asset is displayed up to its limit, or
    nothing (not `some`).
    """

    symbol: str
    asset: str
    wanted: Decimal
    available: Decimal
    some: bool = True


@dataclass(eq=False)
class TrailingDeltaOutOfRange(Refused):
    """The trailing distance is outside of the exchange's bounds; all in basis points."""

    symbol: str
    delta: int
    lowest: int
    highest: int


@dataclass(eq=False)
class ExpiryInPast(Refused):
    """The date of a GTD order is not at least a minute and at most `days` days away."""

    days: int


@dataclass(eq=False)
class TooManyOrders(Refused):
    """The account already has the largest number of open orders, of a symbol or in all; of `waiting` ones, which have a
    stop price, the exchange allows fewer.
    """

    limit: int
    waiting: bool = False


@dataclass(eq=False)
class TooManyAmendments(Refused):
    """The order has been amended `limit` times already, the maximum."""

    order_id: int
    limit: int


@dataclass(eq=False)
class AmendBelowFilled(Refused):
    """The new quantity is not above what is filled already."""

    order_id: int
    filled: Decimal
    asset: str


@dataclass(eq=False)
class AmendNothing(Refused):
    """The amendment would change nothing, or this order has no such price."""

    order_id: int
