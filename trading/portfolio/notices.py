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
