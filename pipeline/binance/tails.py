"""Which 1-minute candles have been given out, so that none is missed and none comes twice. Pure."""

from collections import deque
from collections.abc import Iterable

from pipeline.market import MINUTE_MS, Candle, Symbol

GRACE_MS = 10_000
"""How long after a minute's end its candle may still come by the stream before it is asked for."""

_MAX_PENDING = 100_000


class CandleTails:
    """Per symbol the next candle expected; what came and waits for the next frame."""

    def __init__(self) -> None:
        self._next: dict[Symbol, int] = {}
        self._asked: dict[Symbol, int] = {}
        self._pending: deque[Candle] = deque()

    def begin(self, symbols: Iterable[Symbol], now: int) -> None:
        """Expects candles of these symbols from the minute under way at `now`; those already expected stay."""
        for symbol in symbols:
            self._next.setdefault(symbol, now - now % MINUTE_MS)

    def resume(self, time: int) -> None:
        """Expects candles from the minute under way at `time` on, of every symbol that is expected later."""
        start = time - time % MINUTE_MS
        self._next = {symbol: min(start, expected) for symbol, expected in self._next.items()}

    def take_streamed(self, candle: Candle) -> None:
        """Takes the candle when it is the next one; a later one waits until the gap before it is filled."""
        if candle.open_time == self._next.get(candle.symbol):
            self._take(candle)

    def take_history(self, candles: Iterable[Candle]) -> None:
        """Takes the source's own record, oldest first: minutes absent from it do not exist."""
        for candle in candles:
            if candle.open_time >= self._next.get(candle.symbol, candle.open_time + 1):
                self._take(candle)

    def missing(self, now: int) -> list[tuple[Symbol, int]]:
        """Symbols whose next candle is overdue, and its open time; each at most once a minute."""
        overdue = [
            (symbol, start)
            for symbol, start in self._next.items()
            if start + MINUTE_MS + GRACE_MS <= now and now - self._asked.get(symbol, 0) >= MINUTE_MS
        ]
        return overdue if len(self._pending) < _MAX_PENDING else []

    def note_asked(self, symbol: Symbol, now: int) -> None:
        """The source is being asked for what is missing of this symbol."""
        self._asked[symbol] = now

    def drain(self) -> tuple[Candle, ...]:
        """The candles that came since the last call."""
        candles = tuple(self._pending)
        self._pending.clear()
        return candles

    def _take(self, candle: Candle) -> None:
        if len(self._pending) < _MAX_PENDING:
            self._pending.append(candle)
            self._next[candle.symbol] = candle.open_time + MINUTE_MS
