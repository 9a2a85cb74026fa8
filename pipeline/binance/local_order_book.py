"""Local order book, built from a depth snapshot and the diffs after it. Pure.

Source of the procedure: Binance spot, "How to manage a local order book correctly".
"""

from collections import deque
from decimal import Decimal
from heapq import nlargest, nsmallest

from pipeline.binance.events import DepthDiff, DepthSnapshot
from pipeline.binance.validation import WireLevel
from pipeline.market import Level, OrderBook, Symbol

DEPTH = 100
"""Number of levels on each side of the result of `order_book`."""

_MAX_EARLY = 1000
_MAX_LEVELS = 10_000


class LocalBook:
    """Order book of one symbol. It is unknown until a snapshot arrives, and again after a missed update."""

    def __init__(self, symbol: Symbol) -> None:
        self.symbol = symbol
        self._last_id: int | None = None
        self._bids: dict[Decimal, Decimal] = {}
        self._asks: dict[Decimal, Decimal] = {}
        self._early: deque[DepthDiff] = deque(maxlen=_MAX_EARLY)
        self._shown: tuple[int, int] | None = None

    def take_snapshot(self, snapshot: DepthSnapshot) -> None:
        """Starts again from the snapshot, then applies the diffs that arrived before it but are newer."""
        self._last_id = snapshot.last_id
        self._bids = {Decimal(price): Decimal(quantity) for price, quantity in snapshot.bids}
        self._asks = {Decimal(price): Decimal(quantity) for price, quantity in snapshot.asks}
        early = list(self._early)
        self._early.clear()
        for diff in early:
            self.take_diff(diff)

    def take_diff(self, diff: DepthDiff) -> None:
        """Applies one diff; a missed update makes the book unknown."""
        if self._last_id is None:
            self._early.append(diff)
            return
        if diff.last_id <= self._last_id:
            return
        if diff.first_id > self._last_id + 1:
            self._forget(diff)
            return
        self._last_id = diff.last_id
        _apply(self._bids, diff.bids)
        _apply(self._asks, diff.asks)
        if max(len(self._bids), len(self._asks)) > _MAX_LEVELS:
            self._trim()

    def order_book(self, time: int) -> OrderBook | None:
        """Returns the best levels as of `time`, or None while the book is unknown, one-sided or crossed."""
        if self._last_id is None or not self._bids or not self._asks or max(self._bids) >= min(self._asks):
            return None
        bids = tuple(Level(price, self._bids[price]) for price in nlargest(DEPTH, self._bids))
        asks = tuple(Level(price, self._asks[price]) for price in nsmallest(DEPTH, self._asks))
        if self._shown is None or self._shown[0] != self._last_id:
            self._shown = self._last_id, time
        return OrderBook(self.symbol, time, bids, asks, self._shown[1])

    def _forget(self, diff: DepthDiff) -> None:
        self._last_id = None
        self._bids, self._asks = {}, {}
        self._early.append(diff)

    def _trim(self) -> None:
        self._bids = {price: self._bids[price] for price in nlargest(_MAX_LEVELS // 2, self._bids)}
        self._asks = {price: self._asks[price] for price in nsmallest(_MAX_LEVELS // 2, self._asks)}


def _apply(side: dict[Decimal, Decimal], levels: tuple[WireLevel, ...]) -> None:
    for text, quantity in levels:
        price, left = Decimal(text), Decimal(quantity)
        if left:
            side[price] = left
        else:
            side.pop(price, None)
