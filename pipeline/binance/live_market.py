"""Last known state of every symbol, merged from streams and snapshots into full ticks. Pure.

Times are the exchange's, UTC ms. Moments are times of receipt, in ms of this machine's steady clock.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from pipeline.binance.events import BookTop, MiniTicker
from pipeline.market import Symbol, Tick, Trade

REST = "rest"
"""`via` of ticks that were confirmed by a snapshot and not by the streams."""

_OVERLAP_MS = 2_000
"""Time after an event during which an older event, from a second connection, is ignored."""

_TICKER_LAG_MS = 5_000
"""Longest delay of a ticker behind the book's update for the same trade."""

_PATIENCE_MS = 2_000
"""Longest time in which a book may follow a move of the price."""


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """Moment and time (ms) at which a snapshot was requested."""

    moment: int
    time: int


@dataclass(slots=True)
class _Known:
    """Known state of one symbol. `mini_at`, `top_at` and `moved_at` are moments, 0 for never; the others are times.

    `moved_at` is the moment when the price first moved without the book since the book's last update. `shown` is the
    confirmed state: a frame in transit at that time may since have reported an older one.
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
    """Source of ticks, only for symbols that trade and were confirmed since their last tick.

    A stream reports only changes. It confirms a symbol only if no event can have been missed since the ticker and the
    book were last known for certain. Trades move the book, so a symbol whose price moves without updates of its book is
    doubtful: it is then confirmed by snapshots and not by the stream.
    """

    def __init__(self) -> None:
        self._known: dict[Symbol, _Known] = {}
        self._trading: frozenset[Symbol] = frozenset()

    def offer(self, symbols: Iterable[Symbol], trading: Iterable[Symbol]) -> None:
        """Sets the symbols and which of them trade; events of other symbols are ignored."""
        self._known = {symbol: self._known.get(symbol) or _Known() for symbol in symbols}
        before, self._trading = self._trading, frozenset(trading) & self._known.keys()
        for symbol in self._trading - before:  # no stream reports changes from before it traded again
            self._known[symbol].mini_at = self._known[symbol].top_at = 0
        for symbol in (before - self._trading) & self._known.keys():
            self._known[symbol].emitted = self._known[symbol].confirmed

    def take_mini(self, mini: MiniTicker, moment: int) -> None:
        """Takes a streamed ticker, received at `moment`."""
        known = self._known.get(mini.symbol)
        if known is None or (known.mini and mini.time < known.mini.time and moment - known.mini_at < _OVERLAP_MS):
            return
        moved = known.mini is not None and known.mini.price != mini.price
        if moved and not known.moved_at and moment - known.top_at > _TICKER_LAG_MS:
            known.moved_at = moment
        known.mini, known.mini_at = mini, moment

    def take_trade(self, trade: Trade, moment: int) -> None:
        """Takes a streamed trade, received at `moment`. Its price applies until the next ticker, which has the day's
        figures.
        """
        known = self._known.get(trade.symbol)
        if known is not None and known.mini is not None and trade.time >= known.mini.time:
            self.take_mini(msgspec.structs.replace(known.mini, price=trade.price, time=trade.time), moment)

    def take_top(self, top: BookTop, moment: int) -> None:
        """Takes a streamed top of a book, received at `moment`."""
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
        """Takes a REST snapshot: confirms the symbols that are in both lists, unless newer data is known.

        If `wanted` is given, takes only these symbols, even if they do not trade; otherwise all that trade.
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
        """Takes a snapshot of last prices alone, as `take_snapshot` does; the day's figures stay as last known."""
        minis = [
            self._with_price(symbol, price, asked.time) for symbol, price in prices.items() if symbol in self._known
        ]
        self.take_snapshot(minis, tops, asked, wanted)

    def confirm(self, covered: Mapping[Symbol, int], heard: int, moment: int) -> None:
        """Confirms these symbols at `heard`, the time of the newest pulse of their live stream.

        `covered` maps each symbol to the moment since when the stream has missed none of its events, up to `moment`.
        The state received since then was valid at `heard`.
        """
        for symbol, since in covered.items():
            if symbol not in self._trading:
                continue
            known = self._known[symbol]
            if known.mini is None or heard <= known.confirmed:
                continue
            if _settled(known, since) and not _doubtful(known, moment):
                known.confirmed, known.shown, known.via = heard, (known.mini, known.top), ""

    def unsettled(self, covered: Mapping[Symbol, int]) -> set[Symbol]:
        """Returns the symbols of `covered` (see `confirm`) that their stream cannot confirm until a snapshot of them is
        taken.
        """
        return {
            symbol
            for symbol, since in covered.items()
            if symbol in self._trading and not _settled(self._known[symbol], since)
        }

    def doubtful(self, moment: int) -> set[Symbol]:
        """Returns the symbols whose price moves while their book is silent."""
        return {symbol for symbol in self._trading if _doubtful(self._known[symbol], moment)}

    def ticks(self) -> tuple[Tick, ...]:
        """Returns a tick of every symbol that trades and was confirmed since the last call."""
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
