"""Frames that are kept for orders whose news comes late: of each only what matching reads, and not without end."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.market import Frame, Symbol, Tick, Trade
from trading.matching.symbol_orders import REPLAYED_MS

KEPT_EVENTS = 100_000
"""Maximum number of ticks and trades that one worker keeps, shared alike by its partitions."""


@dataclass(frozen=True, slots=True)
class _Kept:
    time: int
    ticks: tuple[Tick, ...]
    trades: tuple[Trade, ...]

    def __len__(self) -> int:
        return len(self.ticks) + len(self.trades)


class RecentFrames:
    """Frames of one partition: those of the last 30 s, at most `max_events` ticks and trades. The oldest go first."""

    def __init__(self, max_events: int) -> None:
        self._max_events = max_events
        self._frames: deque[_Kept] = deque()
        self._events = 0

    def add(self, frame: Frame) -> None:
        """Adds a frame."""
        kept = _Kept(frame.time, tuple(map(_prices_of, frame.ticks)), frame.trades)
        if len(kept):
            self._frames.append(kept)
            self._events += len(kept)
        while self._frames and (self._events > self._max_events or self._frames[0].time < frame.time - REPLAYED_MS):
            self._events -= len(self._frames.popleft())

    def of(self, symbol: Symbol) -> Iterator[tuple[list[Trade], list[Tick]]]:
        """Yields the trades and the ticks of a symbol in each frame that has any, oldest first."""
        for frame in self._frames:
            trades = [trade for trade in frame.trades if trade.symbol == symbol]
            ticks = [tick for tick in frame.ticks if tick.symbol == symbol]
            if trades or ticks:
                yield trades, ticks

    def __len__(self) -> int:
        """Number of ticks and trades."""
        return self._events


def _prices_of(tick: Tick) -> Tick:
    """Returns the tick without the figures of its day, of which it needs half of its memory."""
    return Tick(tick.symbol, tick.time, tick.price, tick.bid, tick.bid_size, tick.ask, tick.ask_size)
