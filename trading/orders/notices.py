"""Notifications of orders: filled, expired."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.orders.types import Side


class OrderFilled(msgspec.Struct, frozen=True, tag_field="kind", tag="fill"):
    """An order was filled, wholly or in part, at `time` (ms of the market's clock): `quantity` of `base` for
    `quote_amount` of `quote`, at `price` on average. `realised` is a sale's profit in the quote asset."""

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
