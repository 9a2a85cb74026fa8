"""The last known market of every symbol, merged from streams and snapshots into full ticks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.binance.parse import BookTop, MiniTicker
from pipeline.market import Symbol, Tick

_OVERLAP_MS = 2_000
"""During this time after an event an older one, from a second connection, is recognised and ignored."""

_TICKER_LAG_MS = 5_000
"""A ticker tells of a trade at most so long after the book did."""

_PATIENCE_MS = 2_000
"""So long a book may take to follow a price that moved."""


@dataclass(slots=True)
class _Known:
    """What is known of one symbol; the times are our receipt on the server's clock, 0 for never.

    `moved_at` is when the price first moved without the book since the book was last heard of.
    """

    mini: MiniTicker | None = None
    mini_at: int = 0
    top: BookTop | None = None
    top_at: int = 0
    moved_at: int = 0
    confirmed: int = 0
    emitted: int = 0


class LiveMarket:
    """Ticks are given out only for symbols confirmed since their last tick.

    Who trades moves the book: a symbol whose price moves while nothing comes of its book is doubtful, and the
    stream no longer confirms it (a snapshot does).
    """

    def __init__(self) -> None:
        self._known: dict[Symbol, _Known] = {}

    def offer(self, symbols: Iterable[Symbol]) -> None:
        """The desk's symbols from here on; events of others are ignored."""
        self._known = {symbol: self._known.get(symbol) or _Known() for symbol in symbols}

    def take_mini(self, mini: MiniTicker, now: int) -> None:
        """A streamed ticker, received at `now`."""
        known = self._known.get(mini.symbol)
        if known is None or (known.mini and mini.time < known.mini.time and now - known.mini_at < _OVERLAP_MS):
            return
        moved = known.mini is not None and known.mini.price != mini.price
        if moved and not known.moved_at and now - known.top_at > _TICKER_LAG_MS:
            known.moved_at = now
        known.mini, known.mini_at = mini, now

    def take_top(self, top: BookTop, now: int) -> None:
        """A streamed top of a book, received at `now`."""
        known = self._known.get(top.symbol)
        if known is None or (known.top and top.update_id < known.top.update_id and now - known.top_at < _OVERLAP_MS):
            return
        known.top, known.top_at, known.moved_at = top, now, 0

    def take_snapshot(self, minis: Iterable[MiniTicker], tops: Iterable[BookTop], asked: int) -> None:
        """REST's view of the exchange, asked for at `asked`: confirms what is in both, unless newer is known."""
        by_symbol = {top.symbol: top for top in tops}
        for mini in minis:
            known, top = self._known.get(mini.symbol), by_symbol.get(mini.symbol)
            if known is None or top is None:
                continue
            if known.mini_at <= asked:
                known.mini, known.mini_at = mini, asked
            if known.top_at <= asked:
                known.top, known.top_at, known.moved_at = top, asked, 0
            known.confirmed = max(known.confirmed, asked)

    def confirm(self, symbols: Iterable[Symbol], heard: int) -> None:
        """The live stream of these symbols last spoke at `heard`: what is known of them was true then."""
        for symbol in symbols:
            known = self._known.get(symbol)
            if known is not None and not _doubtful(known, heard):
                known.confirmed = max(known.confirmed, heard)

    def doubtful(self, now: int) -> list[Symbol]:
        """Symbols that trade while their book is silent."""
        return [symbol for symbol, known in self._known.items() if _doubtful(known, now)]

    def ticks(self) -> tuple[Tick, ...]:
        """A tick of every symbol confirmed since the last call."""
        return tuple(tick for symbol, known in self._known.items() if (tick := _tick(symbol, known)) is not None)


def _doubtful(known: _Known, now: int) -> bool:
    return known.moved_at > 0 and now > known.moved_at + _PATIENCE_MS


def _tick(symbol: Symbol, known: _Known) -> Tick | None:
    if known.mini is None or known.confirmed <= known.emitted:
        return None
    known.emitted = known.confirmed
    mini, top = known.mini, known.top or BookTop(symbol, "", "", "", "")
    return Tick(
        symbol,
        known.confirmed,
        mini.price,
        bid=top.bid,
        bid_size=top.bid_size,
        ask=top.ask,
        ask_size=top.ask_size,
        open_24h=mini.open,
        high_24h=mini.high,
        low_24h=mini.low,
        volume_24h=mini.volume,
    )
