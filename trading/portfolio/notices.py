"""Notifications of accounts: the digest."""

from decimal import Decimal

import msgspec

from pipeline.market import Symbol


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
