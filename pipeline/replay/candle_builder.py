"""Builds 1-minute candles from trades. Pure: the time is that of the trades and of `close`.

The first and last price of a minute are those of its first and last trade by (time, trade id), in any order of arrival;
a trade received twice counts once. A minute closes when a trade of a later minute arrives, or when `close` is called
with a time after it. A trade that arrives after its minute has closed is LATE: it is counted in `late` and changes
nothing, because a returned candle is final. A minute without trades has no candle. Sums are exact decimals, which are
converted to floats at the end.
"""

from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import MINUTE_MS, Candle, Symbol, Trade


class CandleBuilder:
    """Builder of the candles of many symbols.

    `since` (UTC ms) is the start of the trades. The minute that contains it is incomplete and is never returned.
    """

    def __init__(self, since: int = 0) -> None:
        self.late = 0
        self._whole_from = -(-since // MINUTE_MS) * MINUTE_MS
        self._open: dict[Symbol, _Minute] = {}
        self._closed: dict[Symbol, int] = {}

    def add(self, trade: Trade) -> Candle | None:
        """Takes a trade. Returns the candle that it closes, if any."""
        start = trade.time - trade.time % MINUTE_MS
        if start <= self._closed.get(trade.symbol, -1):
            self.late += 1
            return None
        minute = self._open.get(trade.symbol)
        if minute is not None and start < minute.start:
            self.late += 1
            return None
        closed = None
        if minute is None or start > minute.start:
            closed = self._close(minute)
            minute = self._open[trade.symbol] = _Minute(trade.symbol, start)
        minute.add(trade)
        return closed

    def close(self, now: int) -> list[Candle]:
        """Closes every minute that ended at or before `now`. Returns the candles in the order of their symbols'
        arrival.
        """
        over = [minute for minute in self._open.values() if minute.start + MINUTE_MS <= now]
        candles = [self._close(minute) for minute in over]
        for minute in over:
            del self._open[minute.symbol]
        return [candle for candle in candles if candle is not None]

    def _close(self, minute: "_Minute | None") -> Candle | None:
        if minute is None:
            return None
        self._closed[minute.symbol] = minute.start
        return minute.candle() if minute.start >= self._whole_from else None


class _Minute:
    """Open minute of one symbol."""

    def __init__(self, symbol: Symbol, start: int) -> None:
        self.symbol = symbol
        self.start = start
        self._seen: set[int] = set()
        self._first: tuple[tuple[int, int], Decimal] | None = None
        self._last: tuple[tuple[int, int], Decimal] | None = None
        self._high = self._low = self._volume = self._quote_volume = Decimal(0)

    def add(self, trade: Trade) -> None:
        if trade.trade_id in self._seen:
            return
        self._seen.add(trade.trade_id)
        place, price, quantity = (trade.time, trade.trade_id), Decimal(trade.price), Decimal(trade.quantity)
        if self._first is None or place < self._first[0]:
            self._first = (place, price)
        if self._last is None or place > self._last[0]:
            self._last = (place, price)
        self._high = max(self._high, price)
        self._low = min(self._low or price, price)
        self._volume = EXACT.add(self._volume, quantity)
        self._quote_volume = EXACT.add(self._quote_volume, EXACT.multiply(price, quantity))

    def candle(self) -> Candle | None:
        if self._first is None or self._last is None:
            return None
        return Candle(
            self.symbol,
            self.start,
            float(self._first[1]),
            float(self._high),
            float(self._low),
            float(self._last[1]),
            float(self._volume),
            float(self._quote_volume),
            len(self._seen),
        )
