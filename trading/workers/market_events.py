"""Events of one symbol's market, as frames tell them: trades, last prices and quotes in the order of their time.

A last price is a trade of which the size is not known. Where the stream has the trades themselves, a last price repeats
one of them, or names one that is still to come: then, and where the price before it is not known, it is an event
without a size, which can trigger orders and fill none. A price that has not changed is no event.

A trade along the path of a candle comes with the size that the last quote before it displayed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from core.decimals import is_plain
from pipeline.market import Tick, Trade
from trading.orders.effects import BestQuote, MarketEvent, MarketTrade, PathStep

TRADED_MS = 60_000
"""Time after a trade for which the stream counts as one that has the symbol's trades."""

_ZERO = Decimal(0)
_TIME = attrgetter("time")


class MarketEvents:
    """Reader of the frames of one symbol."""

    def __init__(self) -> None:
        self._last: Decimal | None = None
        self._traded_at: int | None = None
        self._trade_id = -1
        self._displayed = _ZERO

    def read(self, trades: Iterable[Trade], ticks: Sequence[Tick] = ()) -> Sequence[MarketEvent]:
        """Returns the events of one frame, by time. Values that are not plain decimals are left out.

        Of several ticks, as in a replay at high speed, each follows the trades up to its time.
        """
        if len(ticks) < 2:  # noqa: PLR2004 - almost every frame
            return self._read(trades, ticks[0] if ticks else None)
        events: list[MarketEvent] = []
        ordered, begin = sorted(trades, key=_TIME), 0
        for tick in sorted(ticks, key=_TIME):
            end = bisect_right(ordered, tick.time, begin, key=_TIME)
            events += self._read(ordered[begin:end], tick)
            begin = end
        return [*events, *self._read(ordered[begin:], None)]

    def _read(self, trades: Iterable[Trade], tick: Tick | None) -> Sequence[MarketEvent]:
        new = [trade for trade in trades if self._is_new(trade) and is_plain(trade.price) and is_plain(trade.quantity)]
        events: list[MarketEvent] = [self._traded(trade) for trade in sorted(new, key=_TIME)]
        if tick is None:
            return events
        if (price := self._changed(tick)) is not None:
            events.append(price)
        if (quote := quote_of(tick)) is not None:
            events.append(quote)
            self._displayed = min(quote.bid_size, quote.ask_size)
        events.sort(
            key=_TIME
        )  # a trade stays before the quote of its time: it has consumed what the quote no longer shows
        return events

    def _is_new(self, trade: Trade) -> bool:
        """True unless the trade was read before: a source that connects again may repeat some. Ids that begin again at
        a later time are new.
        """
        if trade.trade_id <= self._trade_id and self._traded_at is not None and trade.time <= self._traded_at:
            return False
        self._trade_id = trade.trade_id
        return True

    def _traded(self, trade: Trade) -> MarketTrade:
        """Returns the event of a trade. A path counts only from the trade before: where that did not pass the checks of
        quality, the price leaps.
        """
        price, path, before = Decimal(trade.price), None, self._last
        if is_plain(trade.path_from):
            path = PathStep(price if before is None or Decimal(trade.path_from) != before else before, self._displayed)
        self._last, self._traded_at = price, trade.time
        return MarketTrade(trade.time, price, Decimal(trade.quantity), path)

    def _changed(self, tick: Tick) -> MarketTrade | None:
        """Returns the last price of the tick if it is news."""
        if not is_plain(tick.price):
            return None
        price, known = Decimal(tick.price), self._last
        if price <= 0 or price == known:
            return None
        self._last = price
        streamed = self._traded_at is not None and tick.time - self._traded_at < TRADED_MS
        return MarketTrade(tick.time, price, _ZERO if streamed or known is None else None)


def quote_of(tick: Tick) -> BestQuote | None:
    """Returns the best bid and ask, or None if the tick has not both. A crossed quote is none: nothing fills on it."""
    if not (is_plain(tick.bid) and is_plain(tick.ask)):
        return None
    bid, ask = Decimal(tick.bid), Decimal(tick.ask)
    if not 0 < bid <= ask:
        return None
    return BestQuote(tick.time, bid, _size(tick.bid_size), ask, _size(tick.ask_size))


def _size(text: str) -> Decimal:
    return Decimal(text) if is_plain(text) else _ZERO
