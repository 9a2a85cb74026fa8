"""Recent events of a symbol with what our orders have used of them, so that no quantity is used twice."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from core.decimals import EXACT
from trading.orders.effects import BestQuote, DisplayedPart, MarketEvent, MarketTrade, PathStep
from trading.orders.types import Side

ZERO = Decimal(0)
BESIDE_MS = 1_000
"""Time by which other processes see a display under an earlier time, by another quote or an order book."""
UNKNOWN_MS = 60_000
"""How far back a display may have begun that the first quote shows."""


@dataclass(slots=True)
class Display:
    """Quantity shown at one best price since a time. What our orders `used` counts until the price changes: a size that
    is confirmed, or shown again, is not new. What other processes took of it is looked up from `counted_from` on.
    """

    price: Decimal
    since: int
    counted_from: int
    used: Decimal = ZERO

    def part(self, quote: BestQuote, start: Decimal, quantity: Decimal) -> DisplayedPart:
        """Returns a part of the display as the quote shows it."""
        return DisplayedPart(self.price, quote.time, self.counted_from, start, quantity)


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


@dataclass(slots=True)
class PathDisplays:
    """Displays along the way of the price to a trade, by price: one for all orders, whenever they are matched."""

    time: int
    step: PathStep
    before: DisplayedMarket | None
    _found: dict[Decimal, DisplayedMarket] = field(default_factory=dict)

    def at(self, price: Decimal) -> DisplayedMarket:
        """Returns the market at a price of the way."""
        market = self._found.get(price)
        if market is None:
            market = self._found[price] = shown_by(self.step.quote(self.time, price), self.before)
        return market

    @property
    def markets(self) -> tuple[DisplayedMarket, ...]:
        """The markets at the prices at which something was looked for, in the order of that."""
        return tuple(self._found.values())


@dataclass(slots=True)
class LoggedTrade:
    """A trade; `taken` is what our orders used of its quantity, `path` what is displayed on the way to it."""

    event: MarketTrade
    taken: Decimal = ZERO
    path: PathDisplays | None = None


@dataclass(frozen=True, slots=True)
class LoggedQuote:
    """A quote and the market with it; None if it is crossed."""

    event: BestQuote
    market: DisplayedMarket | None


Logged = LoggedTrade | LoggedQuote


@dataclass(slots=True)
class EventTimes:
    """Times of the last events of each kind. Trades and quotes come by different ways: a trade often arrives after a
    quote that is newer, and counts nevertheless. A last price (a trade without a size) is no news after a newer trade.
    """

    traded: int = -1
    priced: int = -1
    quoted: int = -1

    def admits(self, event: MarketEvent) -> bool:
        """Learns of an event. Returns False if it is older than the last one of its kind."""
        if isinstance(event, BestQuote):
            admitted = event.time >= self.quoted
            self.quoted = max(self.quoted, event.time)
        elif event.quantity:
            admitted = event.time >= self.traded
            self.traded = max(self.traded, event.time)
        else:
            admitted = event.time >= max(self.traded, self.priced)
            self.priced = max(self.priced, event.time)
        return admitted


@dataclass(slots=True)
class EventLog:
    """Events of the last `kept_ms` in the order of their arrival, each with the market before it. Of more than
    `max_events` the oldest go.
    """

    kept_ms: int
    max_events: int
    newest: int = 0
    market: DisplayedMarket | None = None
    _events: deque[tuple[Logged, DisplayedMarket | None]] = field(default_factory=deque)

    def add(self, event: MarketEvent) -> Logged:
        """Adds an event."""
        logged = self._logged(event)
        self._events.append((logged, self.market))
        if isinstance(logged, LoggedQuote):
            self.market = logged.market
        elif logged.path is not None:
            self.market = logged.path.at(logged.event.price)
        self.newest = max(self.newest, event.time)
        while len(self._events) > self.max_events or self._events[0][0].event.time < self.newest - self.kept_ms:
            self._events.popleft()
        return logged

    def since(self, time: int) -> list[tuple[Logged, DisplayedMarket | None]]:
        """Returns the events later than `time` in the order of their arrival, each with the market before it."""
        after = max(time, self.newest - self.kept_ms - 1)
        return [each for each in self._events if each[0].event.time > after]

    def _logged(self, event: MarketEvent) -> Logged:
        if isinstance(event, BestQuote):
            return LoggedQuote(event, None if event.bid > event.ask else shown_by(event, self.market))
        path = None if event.path is None else PathDisplays(event.time, event.path, self.market)
        return LoggedTrade(event, path=path)

    def learn(self, side: Side, part: DisplayedPart, used: Decimal) -> None:
        """Returns a part to its display, and learns that all of our orders had used `used` of that."""
        for display in self._displays(side):
            if (display.price, display.counted_from) == (part.price, part.since):
                display.used = max(EXACT.subtract(display.used, part.quantity), used)
                return

    def _displays(self, side: Side) -> Iterator[Display]:
        """Yields the displays from which an order of this side could take, the newest first."""
        markets = [self.market]
        for logged, before in reversed(self._events):
            if isinstance(logged, LoggedTrade) and logged.path is not None:
                markets += reversed(logged.path.markets)
            markets.append(before)
        yield from (market.opposite(side)[0] for market in markets if market is not None)


def shown_by(quote: BestQuote, before: DisplayedMarket | None) -> DisplayedMarket:
    """Returns the market of a quote that is not crossed: at an unchanged price the display is that of before."""
    asks = bids = None
    if before is not None:
        asks = before.asks if before.quote.ask == quote.ask else None
        bids = before.bids if before.quote.bid == quote.bid else None
    counted_from = quote.time - (UNKNOWN_MS if before is None else BESIDE_MS)
    return DisplayedMarket(
        quote,
        asks or Display(quote.ask, quote.time, counted_from),
        bids or Display(quote.bid, quote.time, counted_from),
    )
