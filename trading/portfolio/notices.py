"""Notifications of accounts: the digest, and corrections by an operator."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from pipeline.market import Symbol
from trading.orders.types import Side


class DigestPosition(msgspec.Struct, frozen=True):
    """A position in a digest: `value` and `profit` in the quote asset."""

    symbol: Symbol
    value: Decimal
    profit: Decimal


class Digest(msgspec.Struct, frozen=True, tag_field="kind", tag="digest"):
    """State of an account after the `days` of the user's own calendar up to `date`. `before` is the equity at `since`
    (UTC ms), raised by what was granted since. The worst position is None if there is only one.
    """

    date: str
    every: str
    market: str
    quote: str
    equity: Decimal
    granted: Decimal
    cash: Decimal
    positions: int
    alerts: int
    before: Decimal | None = None
    since: int | None = None
    best: DigestPosition | None = None
    worst: DigestPosition | None = None
    days: int = 1


class AccountCorrected(msgspec.Struct, frozen=True, tag_field="kind", tag="correction"):
    """An operator reversed an order of the account, or adjusted its cash, at `time` (ms of the market's clock). `moved`
    is what this added to the account, by asset; `reason` is the operator's own text. The order is not set for an
    adjustment and its reversal.
    """

    entry_id: int
    market: str
    quote: str
    moved: Mapping[str, Decimal]
    reason: str
    time: int
    order_id: int | None = None
    side: Side | None = None
    symbol: Symbol | None = None
    base: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None


class SymbolHeld(msgspec.Struct, frozen=True, tag_field="kind", tag="symbol-held"):
    """A symbol that the user holds, or has orders or alerts on, returned from a gap in trading at another price, and
    waits for an operator. `last_price` is that before the gap, None where an operator holds it.
    """

    market: str
    symbol: Symbol
    time: int
    last_price: Decimal | None = None


class CorporateActionTold(msgspec.Struct, frozen=True, tag_field="kind", tag="corporate-action"):
    """A corporate action (`what`: rename, redenomination, conversion, delisting) on a symbol: `quantity` of `asset`
    became `became` of `became_asset`; `orders` of the account and `alerts` of the user ended. One of both is told.
    """

    market: str
    symbol: Symbol
    what: str
    time: int
    asset: str = ""
    quantity: Decimal = Decimal(0)
    became_asset: str = ""
    became: Decimal = Decimal(0)
    orders: int = 0
    alerts: int = 0
    reason: str = ""
