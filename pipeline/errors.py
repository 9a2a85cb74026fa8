"""Errors as data.

DeskError
├── Refused       the person can act on it (a typo, too little money, a halted market)
└── Unavailable   nothing the person did; trying later helps (stale prices, a store that is down)

An error carries its code and typed fields, never a sentence: the sentences live in the text
catalogs of `bot`, under the key `error-<code>`. Anything that is not a DeskError is our own mistake.
"""

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Literal

from pipeline.trust import Distrust

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class DeskError(Exception):
    """Base of every error a person may be shown; subclasses are `@dataclass(eq=False)`."""

    @classmethod
    def code(cls) -> str:
        """The class name in kebab case: `UnknownSymbol` is `unknown-symbol`, `NotANumber` is `not-a-number`."""
        return _WORD_START.sub("-", cls.__name__).lower()

    def details(self) -> dict[str, object]:
        """The typed fields, by name, for the sentence."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.code()} {self.details()}"


@dataclass(eq=False)
class Refused(DeskError):
    """The person can act on it."""


@dataclass(eq=False)
class Unavailable(DeskError):
    """Trying later helps."""


# -- numbers -----------------------------------------------------------------------------------


@dataclass(eq=False)
class NotANumber(Refused):
    """`text` is not a plain ASCII decimal such as 0.25 (at most 18 digits on either side)."""

    text: str


@dataclass(eq=False)
class NotPositive(Refused):
    """Zero or negative where an amount above zero is needed."""

    text: str


# -- symbols and prices ------------------------------------------------------------------------


@dataclass(eq=False)
class UnknownSymbol(Refused):
    """No such symbol on this desk; `nearest` are at most three suggestions, best first."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class SymbolHalted(Refused):
    """The exchange does not trade it now; `status` is the exchange's word (HALT, BREAK, ...)."""

    symbol: str
    status: str


@dataclass(eq=False)
class NoPriceYet(Unavailable):
    """The symbol is listed but the source has not sent a price for it."""

    symbol: str


@dataclass(eq=False)
class StalePrice(Unavailable):
    """The last price is older than the desk trades on."""

    symbol: str
    age_seconds: int
    limit_seconds: int


@dataclass(eq=False)
class CrossedQuote(Unavailable):
    """The bid stands above the ask: the quote is broken and nothing trades on it."""

    symbol: str
    bid: Decimal
    ask: Decimal


@dataclass(eq=False)
class MarketDown(Unavailable):
    """The market store or the source does not answer."""


@dataclass(eq=False)
class KafkaDenied(Unavailable):
    """The Kafka broker at `where` and this desk do not trust each other; trying again does not help."""

    where: str
    reason: Distrust | Literal["password", "mechanism", "rights"]


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

    `why` is missing, unreadable, truncated, empty, too-big, bad-start or quote (the names `what` tell no quote asset);
    for candles also columns (`what` are missing or of another type), interval (not one the desk reads), duplicates (two
    different candles of one symbol and time, `what` the first) or rows (no candle is left, `what` the first bad one).
    """

    path: str
    why: str
    what: str = ""


@dataclass(eq=False)
class BadReplayStart(Refused):
    """The start asked for is no UTC time between `first` and `last`, both ISO text."""

    text: str
    first: str
    last: str


# -- exchange rules ----------------------------------------------------------------------------


@dataclass(eq=False)
class RuleBroken(Refused):
    """An exchange filter forbids the order.

    `rule` is the filter's official name (LOT_SIZE, MARKET_LOT_SIZE, NOTIONAL, ...), `limit` the bound that was
    missed and `what` which one: `min`, `max` or `step`. `value` is what the order had; `unit` the asset of both.
    """

    symbol: str
    rule: str
    what: str
    value: Decimal
    limit: Decimal
    unit: str
