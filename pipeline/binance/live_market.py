"""The last known market of every symbol, merged from streams and snapshots into full ticks. Pure.

Times are the exchange's, UTC ms. Moments are when we heard of something, in ms of a clock of ours that nobody sets.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from pipeline.binance.events import BookTop, MiniTicker
from pipeline.market import Symbol, Tick, Trade

REST = "rest"
"""What ticks say that were confirmed by a snapshot and not by the streams."""

_OVERLAP_MS = 2_000
"""During this time after an event an older one, from a second connection, is recognised and ignored."""

_TICKER_LAG_MS = 5_000
"""A ticker tells of a trade at most so long after the book did."""

_PATIENCE_MS = 2_000
"""So long a book may take to follow a price that moved."""


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """When a snapshot was asked for."""

    moment: int
    time: int


@dataclass(slots=True)
class _Known:
    """What is known of one symbol; `mini_at`, `top_at` and `moved_at` are moments, 0 for never, the rest are times.

    `moved_at` is when the price first moved without the book since the book was last heard of. `shown` is what was
    confirmed: a frame that was under way meanwhile may since have told of an older state.
    """

    mini: MiniTicker | None = None
    mini_at: int = 0
    top: BookTop | None = None
    top_at: int = 0
    moved_at: int = 0
    shown: tuple[MiniTicker, BookTop | None] | None = None
    confirmed: int = 0
    emitted: int = 0
    via: str = ""


class LiveMarket:
    """Ticks are given out only for symbols confirmed since their last tick, and only of those that trade.

    A stream says what changes and is silent of what does not: it confirms a symbol only when nothing can have been
    missed since ticker and book were last known for certain. And who trades moves the book: a symbol whose price
    moves while nothing comes of its book is doubtful, and the stream no longer confirms it (a snapshot does).
    """

    def __init__(self) -> None:
        self._known: dict[Symbol, _Known] = {}
        self._trading: frozenset[Symbol] = frozenset()

    def offer(self, symbols: Iterable[Symbol], trading: Iterable[Symbol]) -> None:
        """The symbols from here on, and which of them trade; events of others are ignored."""
        self._known = {symbol: self._known.get(symbol) or _Known() for symbol in symbols}
        before, self._trading = self._trading, frozenset(trading) & self._known.keys()
        for symbol in self._trading - before:  # what happened while it did not trade, no stream tells
            self._known[symbol].mini_at = self._known[symbol].top_at = 0
        for symbol in (before - self._trading) & self._known.keys():
            self._known[symbol].emitted = self._known[symbol].confirmed

    def take_mini(self, mini: MiniTicker, moment: int) -> None:
        """A streamed ticker, received at `moment`."""
        known = self._known.get(mini.symbol)
        if known is None or (known.mini and mini.time < known.mini.time and moment - known.mini_at < _OVERLAP_MS):
            return
        moved = known.mini is not None and known.mini.price != mini.price
        if moved and not known.moved_at and moment - known.top_at > _TICKER_LAG_MS:
            known.moved_at = moment
        known.mini, known.mini_at = mini, moment

    def take_trade(self, trade: Trade, moment: int) -> None:
        """A streamed trade, received at `moment`: the last price until the next ticker, which has the day's figures."""
        known = self._known.get(trade.symbol)
        if known is not None and known.mini is not None and trade.time >= known.mini.time:
            self.take_mini(msgspec.structs.replace(known.mini, price=trade.price, time=trade.time), moment)

    def take_top(self, top: BookTop, moment: int) -> None:
        """A streamed top of a book, received at `moment`."""
        known = self._known.get(top.symbol)
        if known is None or (known.top and top.update_id < known.top.update_id and moment - known.top_at < _OVERLAP_MS):
            return
        known.top, known.top_at, known.moved_at = top, moment, 0

    def take_snapshot(
        self,
        minis: Iterable[MiniTicker],
        tops: Iterable[BookTop],
        asked: SnapshotRequest,
        wanted: Collection[Symbol] | None = None,
    ) -> None:
        """REST's view of the exchange: confirms what is in both, unless newer is known.

        Of `wanted` symbols only, where they are given.
        """
        by_symbol = {top.symbol: top for top in tops}
        for mini in minis:
            known, top = self._known.get(mini.symbol), by_symbol.get(mini.symbol)
            if known is None or top is None or mini.symbol not in (self._trading if wanted is None else wanted):
                continue
            if known.mini_at <= asked.moment:
                known.mini, known.mini_at = mini, asked.moment
            if known.top_at <= asked.moment:
                known.top, known.top_at, known.moved_at = top, asked.moment, 0
            if asked.time > known.confirmed:
                known.confirmed, known.shown, known.via = asked.time, (mini, top), REST

    def take_prices(
        self,
        prices: Mapping[Symbol, str],
        tops: Iterable[BookTop],
        asked: SnapshotRequest,
        wanted: Collection[Symbol] | None = None,
    ) -> None:
        """Like `take_snapshot` of last prices alone: the day's figures stay as they were last known."""
        minis = [
            self._with_price(symbol, price, asked.time) for symbol, price in prices.items() if symbol in self._known
        ]
        self.take_snapshot(minis, tops, asked, wanted)

    def confirm(self, covered: Mapping[Symbol, int], heard: int, moment: int) -> None:
        """The live stream of these symbols last spoke at the time `heard`, and until this moment has missed nothing of
        each since the moment given with it: what became known of it since then was true at `heard`."""
        for symbol, since in covered.items():
            if symbol not in self._trading:
                continue
            known = self._known[symbol]
            if known.mini is None or heard <= known.confirmed:
                continue
            if _settled(known, since) and not _doubtful(known, moment):
                known.confirmed, known.shown, known.via = heard, (known.mini, known.top), ""

    def unsettled(self, covered: Mapping[Symbol, int]) -> set[Symbol]:
        """Of symbols as for `confirm` those that their stream cannot confirm yet: a snapshot settles them."""
        return {
            symbol
            for symbol, since in covered.items()
            if symbol in self._trading and not _settled(self._known[symbol], since)
        }

    def doubtful(self, moment: int) -> set[Symbol]:
        """Symbols that trade while their book is silent."""
        return {symbol for symbol in self._trading if _doubtful(self._known[symbol], moment)}

    def ticks(self) -> tuple[Tick, ...]:
        """A tick of every symbol that trades and was confirmed since the last call."""
        trading = self._trading
        return tuple(
            tick
            for symbol, known in self._known.items()
            if known.confirmed > known.emitted and symbol in trading and (tick := _tick(symbol, known)) is not None
        )

    def _with_price(self, symbol: Symbol, price: str, time: int) -> MiniTicker:
        mini = self._known[symbol].mini
        if mini is None:
            return MiniTicker(symbol, time, price, "", "", "", "")
        return msgspec.structs.replace(mini, price=price, time=time)


def _settled(known: _Known, since: int) -> bool:
    return known.mini_at >= since and known.top_at >= since


def _doubtful(known: _Known, moment: int) -> bool:
    return known.moved_at > 0 and moment > known.moved_at + _PATIENCE_MS


def _tick(symbol: Symbol, known: _Known) -> Tick | None:
    if known.shown is None:
        return None
    known.emitted = known.confirmed
    mini, top = known.shown[0], known.shown[1] or BookTop(symbol, "", "", "", "")
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
        via=known.via,
    )
