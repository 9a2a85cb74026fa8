"""Trades of the followed symbols that wait for the next frame: each once, by id, with the gaps counted. Pure.

Binance numbers the aggregated trades of a symbol without gaps. Overlapping connections deliver a trade twice, and a
lost connection leaves a gap.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from pipeline.market import Symbol, Trade

MAX_WAITING = 20_000
"""Maximum number of trades of a symbol that wait. Further ones count as missed."""

MAX_WAITING_TOGETHER = 100_000
"""Maximum number of trades of all symbols that wait. Half of it is shared alike by the symbols, so that none can take
the room of the others.
"""

RESTART_MS = 5_000
"""Time (ms) by which a trade with a smaller id must be later for the ids to have begun anew."""

_MOST_MISSED = 100_000


@dataclass(slots=True)
class _Reel:
    """Trades of one symbol that wait, by id, and the last one that was drained (None before the first)."""

    waiting: dict[int, Trade] = field(default_factory=dict)
    last: Trade | None = None


class TradeTape:
    """Tape of many symbols."""

    def __init__(self) -> None:
        self._reels: dict[Symbol, _Reel] = {}  # in the order of their turns
        self._waiting = 0
        self._missed: Counter[Symbol] = Counter()

    def follow(self, symbols: Collection[Symbol]) -> None:
        """Keeps the trades of these symbols only. What happened before a symbol was followed is no gap."""
        kept = {symbol: reel for symbol, reel in self._reels.items() if symbol in symbols}
        self._reels = kept | {symbol: _Reel() for symbol in symbols if symbol not in kept}
        self._waiting = sum(len(reel.waiting) for reel in kept.values())

    def take(self, trade: Trade) -> None:
        """Takes a trade, unless its symbol is not followed, it was taken before, or there is no room for it."""
        reel = self._reels.get(trade.symbol)
        if reel is None:
            return
        last = reel.last
        if last is not None and trade.trade_id <= last.trade_id:
            if trade.time < last.time + RESTART_MS:
                return
            reel.last = None
        if trade.trade_id not in reel.waiting and self._has_room(reel):
            reel.waiting[trade.trade_id] = trade
            self._waiting += 1

    def _has_room(self, reel: _Reel) -> bool:
        if len(reel.waiting) >= MAX_WAITING:
            return False
        half = MAX_WAITING_TOGETHER // 2
        return self._waiting < half or len(reel.waiting) < half // len(self._reels)

    def drain(self, limit: int) -> tuple[Trade, ...]:
        """Returns the trades that wait, at most `limit`, sorted by time; the rest waits for the next call. If not all
        fit, the symbols take turns, and each gets as many as those with more.
        """
        due = [symbol for symbol, reel in self._reels.items() if reel.waiting][:limit]
        found: list[Trade] = []
        for left, symbol in zip(range(len(due), 0, -1), self._by_length(due), strict=True):
            found += self._unwind(symbol, (limit - len(found)) // left)
        for symbol in due:
            self._reels[symbol] = self._reels.pop(symbol)
        self._waiting -= len(found)
        return tuple(sorted(found, key=lambda trade: (trade.time, trade.trade_id)))

    def _by_length(self, symbols: Collection[Symbol]) -> list[Symbol]:
        return sorted(symbols, key=lambda symbol: len(self._reels[symbol].waiting))

    def _unwind(self, symbol: Symbol, limit: int) -> list[Trade]:
        """Takes the first trades of a symbol."""
        reel, found = self._reels[symbol], list[Trade]()
        for number in sorted(reel.waiting)[:limit]:
            if reel.last is not None and number > reel.last.trade_id + 1:
                self._missed[symbol] += min(number - reel.last.trade_id - 1, _MOST_MISSED)
            reel.last = reel.waiting.pop(number)
            found.append(reel.last)
        return found

    def take_missed(self) -> Counter[Symbol]:
        """Returns the number of missed trades of each symbol since the last call."""
        missed, self._missed = self._missed, Counter()
        return missed
