"""Effects of the market on open orders: what the matching of one symbol decides, before any money moves."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from core.decimals import EXACT, down_to_step, up_to_step
from trading.orders.open_orders import EndReason
from trading.orders.types import Fill


class FillRule(StrEnum):
    """Rule of docs/fills.md by which a fill came about."""

    BOOK = "book"
    """At the levels of the order book."""
    IMPACT = "impact"
    """At bid or ask and the published size-impact rule."""
    TRADE_THROUGH = "trade-through"
    """The market traded at a better price than the limit: the order fills at its limit."""
    QUEUE = "queue"
    """The market traded at the limit, after the displayed quantity ahead."""
    QUOTE_THROUGH = "quote-through"
    """The opposite side of the quote reached the limit: the order fills at its limit."""


@dataclass(frozen=True, slots=True)
class BestQuote:
    """Best bid and ask at `time`, with the sizes displayed there (zero: not known)."""

    time: int
    bid: Decimal
    bid_size: Decimal
    ask: Decimal
    ask_size: Decimal


@dataclass(frozen=True, slots=True)
class PathStep:
    """Way of the price along the path of a candle to a trade: from `start` through every price between; a start at the
    price of the trade is a leap.

    Wherever the price is, `displayed` is shown on both sides, `half_spread` (a fraction of the price) away from it, on
    multiples of `tick` (0: without a spread). Orders that are triggered there take it.
    """

    start: Decimal
    displayed: Decimal
    half_spread: Decimal = Decimal(0)
    tick: Decimal = Decimal(0)

    def quote(self, time: int, price: Decimal) -> BestQuote:
        """Returns the quote around a price of the way."""
        bid = ask = price
        if self.half_spread:
            bid = down_to_step(EXACT.multiply(price, 1 - self.half_spread), self.tick)
            ask = up_to_step(EXACT.multiply(price, 1 + self.half_spread), self.tick)
        return BestQuote(time, bid, self.displayed, ask, self.displayed)


@dataclass(frozen=True, slots=True)
class MarketTrade:
    """A trade of the market at `time`. `quantity` is None if the source states the last price only; `path` is set if
    the source knows candles only, and no quote inside of them.
    """

    time: int
    price: Decimal
    quantity: Decimal | None = None
    path: PathStep | None = None


MarketEvent = MarketTrade | BestQuote


@dataclass(frozen=True, slots=True)
class Triggered:
    """The stop price of the order was reached by `price`."""

    order_id: int
    time: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class DisplayedPart:
    """Part of a display that a fill uses: `quantity` behind the first `start` of what the quote of `time` shows at
    `price` and beyond. What others took at this price since `since` is in `start`, as far as it was known.
    """

    price: Decimal
    time: int
    since: int
    start: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Filled:
    """`fills` of the order, best price first. `mid_price` is that of the last quote, or the price without one. `cost`
    is what a purchase pays where that is rounded down (`trading.orders.holds.cost_of`); None: it is rounded up.
    `display` is what the fill uses of a display; None if it uses a trade.
    """

    order_id: int
    time: int
    fills: tuple[Fill, ...]
    mid_price: Decimal
    maker: bool
    rule: FillRule
    cost: Decimal | None = None
    display: DisplayedPart | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Activated:
    """A pending order went live for `quantity`, because the working order of its list was filled."""

    order_id: int
    time: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Expired:
    """The rest of the order expired. The other order of a pair that was triggered or filled has the reason LIST."""

    order_id: int
    time: int
    reason: EndReason


PROTECTION = Decimal("0.05")
"""Fraction by which an order that fills at the market after its trigger may fill worse; see `worst_price`."""

OrderEffect = Triggered | Filled | Activated | Expired
