"""Recent events of a symbol with what our orders have used of them, so that no quantity is used twice."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from trading.orders.effects import BestQuote, MarketEvent, MarketTrade
from trading.orders.types import Side

ZERO = Decimal(0)


@dataclass(slots=True)
class Display:
    """Quantity shown at one best price since a time. What our orders `used` counts until the price changes: a size that
    is confirmed, or shown again, is not new.
    """

    price: Decimal
    since: int
    used: Decimal = ZERO


@dataclass(slots=True)
class LoggedTrade:
    """A trade; `taken` is what our orders used of its quantity."""

    event: MarketTrade
    taken: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class DisplayedMarket:
    """Last usable quote with its displays: asks for purchases, bids for sales. A crossed quote is no quote."""

    quote: BestQuote
    asks: Display
    bids: Display

    def opposite(self, side: Side) -> tuple[Display, Decimal]:
        """Returns the display that an order of this side takes from, and the size shown there."""
        return (self.asks, self.quote.ask_size) if side is Side.BUY else (self.bids, self.quote.bid_size)

    def own(self, side: Side) -> tuple[Decimal, Decimal]:
        """Returns the best price of the order's own side, and the size shown there."""
        return (
            (self.quote.bid, self.quote.bid_size) if side is Side.BUY else (self.quote.ask, self.quote.ask_size)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoggedQuote:
    """A quote and the market with it; None if it is crossed."""

    event: BestQuote
    market: DisplayedMarket | None


Logged = LoggedTrade | LoggedQuote


@dataclass(slots=True)
class EventLog:
    """Events of the last `kept_ms`, each with the market before it."""

    kept_ms: int
    market: DisplayedMarket | None = None
    _events: deque[tuple[Logged, DisplayedMarket | None]] = field(default_factory=deque)

    def add(self, event: MarketEvent) -> Logged:
        """Adds the newest event."""
        logged = LoggedTrade(event) if isinstance(event, MarketTrade) else LoggedQuote(event, self._after(event))
        self._events.append((logged, self.market))
        if isinstance(logged, LoggedQuote):
            self.market = logged.market
        oldest = event.time - self.kept_ms
        while self._events[0][0].event.time < oldest:
            self._events.popleft()
        return logged

    def since(self, time: int) -> tuple[DisplayedMarket | None, list[Logged]]:
        """Returns the events later than `time`, oldest first, and the market before the first of them."""
        found: list[Logged] = []
        market = self.market
        for logged, before in self._backwards():
            if logged.event.time <= time:
                break
            found.append(logged)
            market = before
        found.reverse()
        return market, found

    def _backwards(self) -> Iterator[tuple[Logged, DisplayedMarket | None]]:
        return reversed(self._events)

    def _after(self, quote: BestQuote) -> DisplayedMarket | None:
        if quote.bid > quote.ask:
            return None
        asks = bids = None
        if self.market is not None:
            asks = self.market.asks if self.market.quote.ask == quote.ask else None
            bids = self.market.bids if self.market.quote.bid == quote.bid else None
        return DisplayedMarket(quote, asks or Display(quote.ask, quote.time), bids or Display(quote.bid, quote.time))
