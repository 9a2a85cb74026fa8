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
        self._reels: dict[Symbol, _Reel] = {}
        self._missed: Counter[Symbol] = Counter()

    def follow(self, symbols: Collection[Symbol]) -> None:
        """Keeps the trades of these symbols only. What happened before a symbol was followed is no gap."""
        self._reels = {symbol: self._reels.get(symbol) or _Reel() for symbol in symbols}

    def take(self, trade: Trade) -> None:
        """Takes a trade, unless its symbol is not followed or the trade was taken before."""
        reel = self._reels.get(trade.symbol)
        if reel is None:
            return
        last = reel.last
        if last is not None and trade.trade_id <= last.trade_id:
            if trade.time < last.time + RESTART_MS:
                return
            reel.last = None
        if len(reel.waiting) < MAX_WAITING:
            reel.waiting.setdefault(trade.trade_id, trade)

    def drain(self, limit: int) -> tuple[Trade, ...]:
        """Returns the trades that wait, at most `limit`, sorted by time; the rest waits for the next call."""
        found: list[Trade] = []
        for symbol, reel in self._reels.items():
            if not reel.waiting:
                continue
            for number in sorted(reel.waiting)[: limit - len(found)]:
                if reel.last is not None and number > reel.last.trade_id + 1:
                    self._missed[symbol] += min(number - reel.last.trade_id - 1, _MOST_MISSED)
                reel.last = reel.waiting.pop(number)
                found.append(reel.last)
        return tuple(sorted(found, key=lambda trade: (trade.time, trade.trade_id)))

    def take_missed(self) -> Counter[Symbol]:
        """Returns the number of missed trades of each symbol since the last call."""
        missed, self._missed = self._missed, Counter()
        return missed
