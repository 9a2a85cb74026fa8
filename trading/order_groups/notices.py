"""Notification of a group of orders that nobody waited for: placed by a schedule, or after an interruption."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.orders.types import Side
from trading.recurring.notices import Obstacle


class OrderOutcome(msgspec.Struct, frozen=True):
    """One order of the group: what was executed of it, or the reason why it was not placed. `amount` is that of the
    execution in the quote asset, of an order that was not placed the wished one, in the asset of its size.
    """

    side: Side
    symbol: Symbol
    amount: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    order_id: int | None = None
    unfilled: Decimal = Decimal(0)
    obstacle: Obstacle | None = None


class GroupPlaced(msgspec.Struct, frozen=True, tag_field="kind", tag="order-group"):
    """Orders of a group, in their order, and the reasons why there is none for a coin, or not one in full. `scheduled`
    if a schedule placed them; `reduced` if the sales brought less than the purchases were to spend. `time` is UTC ms of
    the market's clock.
    """

    market: str
    quote: str
    orders: tuple[OrderOutcome, ...]
    time: int
    scheduled: bool = False
    reduced: bool = False
    untraded: dict[Symbol, Obstacle] = {}
