"""Tracking of the 1-minute candles already delivered, so that none is missed and none is delivered twice. Pure.

Candles are the exchange's own and never built here. Each symbol's `@kline_1m` stream delivers its closed candle within
a second of the minute's end and costs no request weight, regardless of the number of symbols. REST would cost one
`klines` request of weight 2 per symbol and minute: 250 symbols would use a twelfth of the 6,000 a minute, 1,500 symbols
half of it, and 3,000 symbols all of it.

REST is therefore used only for candles that the stream did not deliver: a candle that is ten seconds late, and every
minute of an outage, up to 1,000 minutes in one call of the same weight. The candles that are longest overdue are
requested first, and with at most half of the request limits. Under a shortage, a symbol is requested less often and for
more minutes at once, and no minute is left out. A delivered candle is final; the same candle received again, by an
overlapping connection or by REST, is recognised by its minute and ignored.
"""

from collections import deque
from collections.abc import Collection, Iterable

from pipeline.market import MINUTE_MS, Candle, Symbol

GRACE_MS = 10_000
"""Time after a minute's end in which its candle may still arrive by the stream before it is requested by REST."""

_MAX_PENDING = 100_000


class CandleTracker:
    """Next expected candle of each symbol, and the candles that wait for the next frame."""

    def __init__(self) -> None:
        self._next: dict[Symbol, int] = {}
        self._asked: dict[Symbol, int] = {}
        self._pending: deque[Candle] = deque()

    def start(self, symbols: Iterable[Symbol], time: int) -> None:
        """Expects candles of these symbols from the minute that contains `time`. Symbols already expected are
        unchanged.
        """
        for symbol in symbols:
            self._next.setdefault(symbol, time - time % MINUTE_MS)

    def forget_all_but(self, symbols: Collection[Symbol]) -> None:
        """Stops expecting candles of all other symbols."""
        for symbol in [symbol for symbol in self._next if symbol not in symbols]:
            del self._next[symbol]
            self._asked.pop(symbol, None)

    def resume(self, time: int) -> None:
        """Expects candles from the minute that contains `time`, for every symbol whose next expected candle is
        later.
        """
        start = time - time % MINUTE_MS
        self._next = {symbol: min(start, expected) for symbol, expected in self._next.items()}

    def take_streamed(self, candle: Candle) -> None:
        """Takes the candle if it is the next one. A later candle is ignored; REST delivers it with the gap before
        it.
        """
        if candle.open_time == self._next.get(candle.symbol):
            self._take(candle)

    def take_history(self, candles: Iterable[Candle]) -> None:
        """Takes candles of Binance's own record, oldest first. Minutes without a candle in it are skipped."""
        for candle in candles:
            if candle.open_time >= self._next.get(candle.symbol, candle.open_time + 1) and not self._take(candle):
                return

    def missing(self, now: int) -> list[tuple[Symbol, int]]:
        """Returns the symbols whose next candle is overdue, with its open time, the longest overdue first.

        A symbol is returned at most once a minute after an answer for it.
        """
        overdue = [
            (symbol, start)
            for symbol, start in self._next.items()
            if start + MINUTE_MS + GRACE_MS <= now and now - self._asked.get(symbol, 0) >= MINUTE_MS
        ]
        return sorted(overdue, key=lambda pair: pair[1]) if len(self._pending) < _MAX_PENDING else []

    def note_asked(self, symbol: Symbol, now: int) -> None:
        """Records that the source has answered for this symbol's missing candles and may have no more."""
        self._asked[symbol] = now

    def drain(self, limit: int = _MAX_PENDING) -> tuple[Candle, ...]:
        """Returns the candles that arrived since the last call, oldest first, at most `limit`."""
        return tuple(self._pending.popleft() for _ in range(min(limit, len(self._pending))))

    def _take(self, candle: Candle) -> bool:
        if len(self._pending) >= _MAX_PENDING:
            return False
        self._pending.append(candle)
        self._next[candle.symbol] = candle.open_time + MINUTE_MS
        return True
