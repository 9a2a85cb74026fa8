"""Events of Binance spot streams, named after the streams' forms. Prices are the exchange's decimal text."""

from collections import Counter

from msgspec import Struct, field

from pipeline.binance.validation import WireLevel
from pipeline.market import Candle, Symbol, Trade

Dropped = Counter[str]
"""Number of dropped events, by reason."""


class MiniTicker(Struct, frozen=True, gc=False):
    """A symbol's last price and rolling day at `time`; `volume` is in the quote asset. Unknown values are ""."""

    symbol: Symbol = field(name="s")
    time: int = field(name="E")
    price: str = field(name="c")
    open: str = field(name="o")
    high: str = field(name="h")
    low: str = field(name="l")
    volume: str = field(name="q")


class BookTop(Struct, frozen=True, gc=False):
    """Best bid and ask with their sizes; a side is "" when the book has none. Spot sends no event time."""

    symbol: Symbol = field(name="s")
    bid: str = field(name="b")
    bid_size: str = field(name="B")
    ask: str = field(name="a")
    ask_size: str = field(name="A")
    update_id: int = field(name="u", default=0)


class DepthDiff(Struct, frozen=True):
    """Changed levels of a book, update ids `first_id`..`last_id`; quantity zero removes the level."""

    symbol: Symbol = field(name="s")
    time: int = field(name="E")
    first_id: int = field(name="U")
    last_id: int = field(name="u")
    bids: tuple[WireLevel, ...] = field(name="b")
    asks: tuple[WireLevel, ...] = field(name="a")


class DepthSnapshot(Struct, frozen=True):
    """A whole book (or its best levels) as of update `last_id`, best levels first."""

    symbol: Symbol
    last_id: int
    bids: tuple[WireLevel, ...]
    asks: tuple[WireLevel, ...]


class ServerShutdown(Struct, frozen=True):
    """Announcement that the server will end the connection."""


class StreamReply(Struct, frozen=True):
    """Answer of the server to a request; `error` is "" if the request was granted."""

    id: int | str | None
    error: str


Event = MiniTicker | BookTop | Trade | Candle | DepthDiff | DepthSnapshot | ServerShutdown | StreamReply
