"""Refusals of a back-test; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from decimal import Decimal

from core.errors import Refused
from pipeline.market import Interval


@dataclass(eq=False)
class TooFewCandles(Refused):
    """There are `found` candles; the rule needs `needed` before its first signal can trade."""

    needed: int
    found: int


@dataclass(eq=False)
class UnexplainedJump(Refused):
    """The price jumped from `before` to `after` at `time` (UTC ms), as a split or a redenomination makes it do."""

    symbol: str
    time: int
    before: Decimal
    after: Decimal


@dataclass(eq=False)
class OtherCandles(Refused):
    """The candles are not those of one symbol in this interval: at `time` (UTC ms) they are out of order, off the
    interval, or have no price.
    """

    interval: Interval
    time: int
