"""Errors of the market: prices, recordings, exchange rules and servers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.errors import Refused, Unavailable
from core.network.tls_errors import Distrust

# -- symbols and prices ------------------------------------------------------------------------


@dataclass(eq=False)
class UnknownSymbol(Refused):
    """The symbol does not exist here; `nearest` are at most three suggestions, best first."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class SymbolHalted(Refused):
    """The exchange does not trade the symbol now; `status` is the exchange's status (HALT, BREAK, ...)."""

    symbol: str
    status: str


@dataclass(eq=False)
class NoPriceYet(Unavailable):
    """The symbol is listed but the source has not sent a price for it."""

    symbol: str


@dataclass(eq=False)
class StalePrice(Unavailable):
    """The last price is too old to trade on."""

    symbol: str
    age_seconds: int
    limit_seconds: int


@dataclass(eq=False)
class CrossedQuote(Unavailable):
    """The bid is above the ask: the quote is invalid and no order fills at it."""

    symbol: str
    bid: Decimal
    ask: Decimal


@dataclass(eq=False)
class MarketUnavailable(Unavailable):
    """The market store or the source does not answer."""


@dataclass(eq=False)
class KafkaDenied(Unavailable):
    """The Kafka broker at `where` and this process do not trust each other; a retry does not help.

    `elsewhere`: brokers on this machine name a broker on another machine, to which the connection would not be
    encrypted.
    """

    where: str
    reason: Distrust | Literal["password", "mechanism", "iterations", "rights", "elsewhere"]


@dataclass(eq=False)
class ConsumerStuck(Unavailable):
    """This process's member of `group` has committed nothing for `seconds` while more and more frames wait."""

    group: str
    seconds: int
    frames: int


@dataclass(eq=False)
class NoCandles(Unavailable):
    """No candle of this symbol is known yet."""

    symbol: str


@dataclass(eq=False)
class BadRecording(Refused):
    """The recording at `path` cannot be played.

    `why` is missing, unreadable, truncated, empty, too-big, bad-start or quote (no quote asset can be inferred from the
    names `what`). For candles it may also be columns (`what` are missing or of another type), interval (not supported),
    intervals (`what` is the usual one and the symbols with another), single (one candle has no interval), times (`what`
    is before any market), grid (`what` is no open time), names (`what` are no names of markets), twice (`what` name one
    market), duplicates (two different candles of one symbol and time, `what` is the first) or rows (no candle is left,
    `what` is the first bad one).
    """

    path: str
    why: str
    what: str = ""


@dataclass(eq=False)
class BadReplayStart(Refused):
    """The requested start is not a UTC time between `first` and `last`, both ISO text."""

    text: str
    first: str
    last: str


# -- exchange rules ----------------------------------------------------------------------------


@dataclass(eq=False)
class ExchangeFilterViolation(Refused):
    """An exchange filter forbids the order.

    `rule` is the filter's official name (LOT_SIZE, MARKET_LOT_SIZE, NOTIONAL, ...), `limit` the violated bound and
    `what` its kind: `min`, `max` or `step`. `value` is that of the order; `unit` is the asset of both.
    """

    symbol: str
    rule: str
    what: str
    value: Decimal
    limit: Decimal
    unit: str
