"""Distribution of symbols over as many websocket connections as they need."""

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pipeline.binance.stream import MAX_STREAMS, MarketStream
from pipeline.market import Symbol

BOOK, KLINE, TRADES = "bookTicker", "kline_1m", "aggTrade"

OpenStream = Callable[[Callable[[], Sequence[str]]], MarketStream]
"""Opens a connection whose streams are named by the function, which is called for every new connection."""


@dataclass(eq=False)
class _Group:
    """Symbols of one connection; `asked` are those to which its newest connection subscribed."""

    symbols: dict[Symbol, None] = field(default_factory=dict)
    asked: frozenset[Symbol] = frozenset()


class Connections:
    """Connections of all symbols. Each symbol keeps its connection, so that a new listing affects only one connection.

    `kinds` are the streams of each symbol.
    """

    def __init__(self, kinds: Sequence[str], open_stream: OpenStream, max_symbols: int | None = None) -> None:
        self.streams: list[MarketStream] = []
        self._kinds = kinds
        self._open_stream = open_stream
        self._most = max_symbols or (MAX_STREAMS - 1) // len(kinds)
        self._groups: list[_Group] = []
        self._trading: AbstractSet[Symbol] = frozenset()

    def follow(self, trading: AbstractSet[Symbol]) -> None:
        """Streams the symbols that trade. A connection that gains symbols is renewed with overlap. A connection that
        loses symbols is kept, because the exchange sends no events for them.
        """
        self._trading = trading
        followed: set[Symbol] = set()
        for group in self._groups:
            group.symbols = {symbol: None for symbol in group.symbols if symbol in trading or symbol in group.asked}
            followed.update(group.symbols)
        self._place(sorted(trading - followed))
        for group, stream in zip(self._groups, self.streams, strict=False):
            if any(symbol in trading and symbol not in group.asked for symbol in group.symbols):
                stream.renew()
        for group in self._groups[len(self.streams) :]:
            self.streams.append(self._open_stream(lambda group=group: self._names(group)))  # type: ignore[misc]

    def covered(self) -> Iterator[tuple[MarketStream, dict[Symbol, int]]]:
        """Yields each connection, and its symbols with the moment since when none of their events can have been
        missed.
        """
        for group, stream in zip(self._groups, self.streams, strict=True):
            covered = stream.covered
            since = {symbol: covered.get(_name(symbol, self._kinds[0])) for symbol in group.symbols}
            yield stream, {symbol: moment for symbol, moment in since.items() if moment is not None}

    def symbols_of(self, stream: MarketStream) -> Collection[Symbol]:
        """Returns the symbols of one connection."""
        return self._groups[self.streams.index(stream)].symbols.keys()

    def _place(self, symbols: Sequence[Symbol]) -> None:
        """Adds the symbols to the groups with room, then to new ones. Where they do not fit, symbols that no longer
        trade make room: the connection is renewed without them.
        """
        for group in self._groups:
            if symbols and len(group.symbols) + len(symbols) > self._most:
                group.symbols = {symbol: None for symbol in group.symbols if symbol in self._trading}
            room = self._most - len(group.symbols)
            group.symbols |= dict.fromkeys(symbols[:room])
            symbols = symbols[room:]
        for first in range(0, len(symbols), self._most):
            self._groups.append(_Group(dict.fromkeys(symbols[first : first + self._most])))

    def _names(self, group: _Group) -> list[str]:
        group.asked = frozenset(symbol for symbol in group.symbols if symbol in self._trading)
        return [_name(symbol, kind) for symbol in sorted(group.asked) for kind in self._kinds]


def _name(symbol: Symbol, kind: str) -> str:
    return f"{symbol.lower()}@{kind}"
