"""Vocabulary of the market, shared by all layers above.

Times are integers, UTC milliseconds of the source's own clock: times of a replay of 2021 are in 2021. On the bus,
prices are the exchange's own decimal text, so no digit is lost and nothing is parsed twice; `Quote` converts them to
Decimal for money. Candles are statistics, not money: they are floats.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from pipeline.errors import CrossedQuote, StalePrice

Symbol = NewType("Symbol", str)
"""An exchange symbol such as `BTCUSDC`; may hold non-ASCII letters (`币安人生USDC`)."""

LONGEST_NUMBER = 64

# Bounds that are enforced when ticks and candles are read from a message; longer or later values are refused.
BoundedSymbol = Annotated[Symbol, msgspec.Meta(min_length=1, max_length=64)]
NumberText = Annotated[str, msgspec.Meta(max_length=LONGEST_NUMBER)]
Time = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]

MINUTE_MS = 60_000
DAY_MS = 86_400_000
MIN_PRICE, MAX_PRICE = 1e-15, 1e15
"""Prices of candles, of whatever origin, are within these; so are sums and products of a few of them."""

MAX_VOLUME = 1e17
"""Largest volume of a 1-minute candle, and of a recorded one, in the base asset."""

EARLIEST_MS = 1_230_768_000_000
"""2009-01-01, before any coin was traded."""

LATEST_MS = 4_102_444_800_000
"""2100-01-01, the latest time of a candle."""


class Interval(StrEnum):
    """Supported candle widths. All but the first are built from the 1-minute archive."""

    M1 = "1m"
    M5 = "5m"
    M15 = "15m"
    H1 = "1h"
    H4 = "4h"
    D1 = "1d"

    @property
    def ms(self) -> int:
        """Width in milliseconds."""
        return _INTERVAL_MS[self]


_INTERVAL_MS = {
    Interval.M1: MINUTE_MS,
    Interval.M5: 5 * MINUTE_MS,
    Interval.M15: 15 * MINUTE_MS,
    Interval.H1: 60 * MINUTE_MS,
    Interval.H4: 240 * MINUTE_MS,
    Interval.D1: DAY_MS,
}


class Tick(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """State of a symbol's market, confirmed by the source at `time`: the last price and, if known, the other values.

    Every value is the exchange's decimal text; an empty string means "not known". Sizes are in the
    base asset, `volume_24h` in the quote asset; the `_24h` fields describe the rolling day before `time`.
    `via` names the path of the tick if it is not the source's usual one: "rest" while Binance's streams are down.
    The order of the fields is their order on the bus: new ones are added last and have a default.
    """

    symbol: BoundedSymbol
    time: Time
    price: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NUMBER)]
    bid: NumberText = ""
    bid_size: NumberText = ""
    ask: NumberText = ""
    ask_size: NumberText = ""
    open_24h: NumberText = ""
    high_24h: NumberText = ""
    low_24h: NumberText = ""
    volume_24h: NumberText = ""
    via: Annotated[str, msgspec.Meta(max_length=16)] = ""


class Trade(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One (aggregated) trade at `time`; price and quantity as decimal text, quantity in the base asset.

    Of two trades of a symbol, the later one has the larger `trade_id`. `path_from` is set for trades along the path of
    a recorded candle (`pipeline.replay.candle_path`): the price from which it came without a leap, its own after a
    leap. The order of the fields is their order on the bus: new ones are added last and have a default.
    """

    symbol: BoundedSymbol
    time: Time
    price: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NUMBER)]
    quantity: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NUMBER)]
    trade_id: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    path_from: NumberText = ""


class Candle(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A closed candle: `open_time` is its START; it is known only at `open_time` + its interval.

    `volume` is in the base asset, `quote_volume` in the quote asset (0.0 if the source does not state it). `trades` is
    0 if there were none or the source does not state them. `taker_volume` is the part of `volume` that takers bought,
    `quote_imbalance`, from -1 to 1, the mean of (bid size - ask size) / (bid size + ask size) at the best quotes of the
    candle; each of them is None if it is not known.
    The order of the fields is their order on the bus: new ones are added last and have a default.
    """

    symbol: BoundedSymbol
    open_time: Time
    open: float
    high: float
    low: float
    close: float
    volume: float
    quote_volume: float = 0.0
    trades: int = 0
    taker_volume: float | None = None
    quote_imbalance: float | None = None


def within_bounds(candle: Candle, minutes: int = 1) -> bool:
    """Returns whether the figures of a candle of so many minutes are possible: finite and within the bounds."""
    low, high = candle.low, candle.high
    return (
        MIN_PRICE <= low <= candle.open <= high <= MAX_PRICE  # a comparison with NaN is false
        and low <= candle.close <= high
        and 0 <= candle.volume <= MAX_VOLUME * minutes
    )


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Output of a source at one time: the ticks that changed or were confirmed, the 1-minute candles that closed, and
    the trades since the last frame of the symbols whose trades the source follows.

    Each symbol's trades are in the order of their ids. A trade may be earlier or later than its symbol's tick of the
    same frame: readers that need the order of both sort them by time, trades first.
    """

    time: int
    ticks: tuple[Tick, ...] = ()
    candles: tuple[Candle, ...] = ()
    trades: tuple[Trade, ...] = ()

    @property
    def empty(self) -> bool:
        """True if the frame holds nothing but its time."""
        return not (self.ticks or self.candles or self.trades)


@dataclass(frozen=True, slots=True)
class Level:
    """One price of an order book and the quantity (base asset) displayed there."""

    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Order book with the best levels first on both sides: bids fall, asks rise.

    `time` is when the source confirmed it, `since` when this display was first seen (None: at `time`).
    """

    symbol: Symbol
    time: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Price of a symbol that may be shown and, if `check_tradable` passes, traded on.

    `bid`, `ask` and their sizes fall back to the last price and zero size if the source has no book.
    `age_ms` is measured against the source's clock at the moment of reading.
    """

    symbol: Symbol
    time: int
    age_ms: int
    stale_after_ms: int
    price: Decimal
    bid: Decimal
    bid_size: Decimal
    ask: Decimal
    ask_size: Decimal
    open_24h: Decimal | None = None
    high_24h: Decimal | None = None
    low_24h: Decimal | None = None
    volume_24h: Decimal | None = None

    @property
    def stale(self) -> bool:
        """True if the quote is too old to trade on."""
        return self.age_ms > self.stale_after_ms

    @property
    def change_24h(self) -> Decimal | None:
        """Change over the rolling day as a fraction (0.05 is +5 %), or None if the day is not known."""
        return self.price / self.open_24h - 1 if self.open_24h else None

    def check_tradable(self) -> None:
        """Raises StalePrice or CrossedQuote if no order may fill at this quote."""
        if self.stale:
            raise StalePrice(self.symbol, self.age_ms // 1000, self.stale_after_ms // 1000)
        if self.bid > self.ask:
            raise CrossedQuote(self.symbol, self.bid, self.ask)


class SourceKind(StrEnum):
    """Kind of price source. Every price that is not from the live exchange is labelled."""

    BINANCE = "binance"
    REPLAY = "replay"
    SIMULATOR = "simulator"


class MarketInfo(msgspec.Struct, frozen=True):
    """Description of the running market, published by the source's process and read by all others.

    The market's time now is `source_ms + (wall_now - wall_ms) * speed`. `why` is one plain English line for logs
    ("Binance cannot be reached (connect error): using the simulator"). `identity` distinguishes markets of one source
    with different pasts (a digest of a simulator's seed). `label` is "" for the live exchange, SIMULATION, "replay" or
    "REPLAY 2021-04-30": users read it, so readers accept no other text.
    """

    source: SourceKind
    quote_asset: str
    cadence_ms: int
    stale_after_ms: int
    source_ms: int
    wall_ms: int
    speed: float = 1.0
    label: str = ""
    why: str = ""
    identity: str = ""

    @property
    def market(self) -> str:
        """Name under which the market's candles are archived. Markets with the same name have the same past."""
        return f"{self.source}:{self.identity}" if self.identity else self.source.value

    def now(self, wall_ms: int) -> int:
        """Returns the time of the source's clock, given the wall clock (both UTC ms): from 0 to LATEST_MS."""
        return min(max(0, self._clock(wall_ms)), LATEST_MS)

    def runs(self, wall_ms: int) -> bool:
        """Returns whether the source's clock is at a possible time, given the wall clock (both UTC ms)."""
        return 0 <= self._clock(wall_ms) <= LATEST_MS

    def _clock(self, wall_ms: int) -> int:
        return self.source_ms + int((wall_ms - self.wall_ms) * self.speed)
