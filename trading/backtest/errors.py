"""Refusals of a back-test; the sentences are in the catalogs of `bot`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.errors import Refused
from pipeline.market import Interval
from trading.indicators.operators import ComputationStopped


@dataclass(eq=False)
class TooFewCandles(Refused):
    """There are `found` candles; the rule needs `needed` before its first signal can trade."""

    needed: int
    found: int


@dataclass(eq=False)
class UnexplainedJump(Refused):
    """The price jumped from `before` to `after` at a moment, as a split or a redenomination makes it do; the test can
    begin on `day`, the day after (UTC).
    """

    symbol: str
    at: datetime
    day: date
    before: Decimal
    after: Decimal


@dataclass(eq=False)
class OtherCandles(Refused):
    """The candles are not those of one symbol in this interval: at a moment they are out of order, off the interval, or
    have no price.
    """

    interval: Interval
    at: datetime


@dataclass(eq=False)
class TooManyTrades(Refused):
    """The rule places more than `limit` orders in this period."""

    limit: int


@dataclass(eq=False)
class BacktestTooCostly(Refused):
    """The test takes `percent` of the work, or of the memory, that one test may take."""

    percent: int


class BacktestStopped(ComputationStopped):
    """Nobody waits for the test any more."""
