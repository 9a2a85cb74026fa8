"""Notifications of orders: filled, expired, triggered, ended."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.orders.open_orders import EndReason
from trading.orders.terms import OrderType
from trading.orders.types import Side


class OrderFilled(msgspec.Struct, frozen=True, tag_field="kind", tag="fill"):
    """An order was filled, wholly or in part, at `time` (ms of the market's clock): `quantity` of `base` for
    `quote_amount` of `quote`, at `price` on average. `realised` is a sale's profit in the quote asset. For a resting
    order this is one execution: `parent_id` is the order, `remaining` what of it still rests."""

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    base: str
    quote: str
    quantity: Decimal
    price: Decimal
    quote_amount: Decimal
    fee: Decimal
    fee_asset: str
    received: Decimal
    time: int
    realised: Decimal | None = None
    parent_id: int | None = None
    remaining: Decimal | None = None


class OrderExpired(msgspec.Struct, frozen=True, tag_field="kind", tag="expiry"):
    """The part of an order that could not be filled at once expired at `time` (ms of the market's clock): `unfilled` of
    `base`, after `filled` was filled.
    """

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    base: str
    filled: Decimal
    unfilled: Decimal
    time: int


class OrderTriggered(msgspec.Struct, frozen=True, tag_field="kind", tag="order-triggered"):
    """The stop price of an order was reached by `price` at `time` (ms of the market's clock). `quantity` of `base` is
    filled at the market now, or rests at the order's limit.
    """

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    type: OrderType
    base: str
    quote: str
    quantity: Decimal
    price: Decimal
    time: int


class OrderEnded(msgspec.Struct, frozen=True, tag_field="kind", tag="order-ended"):
    """A resting order ended at `time` (ms of the market's clock) for `reason`, after `filled` of its `quantity` of
    `base` was filled. No notification about it follows.
    """

    order_id: int
    market: str
    symbol: Symbol
    side: Side
    type: OrderType
    base: str
    quantity: Decimal
    filled: Decimal
    reason: EndReason
    time: int
