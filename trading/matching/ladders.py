"""Ladders: displayed liquidity of one side, level by level, best first. Pure and exact.

If the source has an order book, the book is the ladder. If it has only bid and ask, the ladder follows the published
size-impact rule (docs/adr/0004-fill-model.md): with touch price `t` and displayed size `s`, level m
(m = 0 .. DEPTH_MULTIPLES - 1) offers `s` at

    buy:  t * (1 + IMPACT_PER_MULTIPLE * m), rounded up to the tick
    sell: t * (1 - IMPACT_PER_MULTIPLE * m), rounded down to the tick

which is the upper sum of a price that worsens linearly with the multiple of the displayed size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from core.decimals import EXACT, down_to_step, is_multiple, up_to_step
from pipeline.errors import CrossedQuote
from pipeline.market import Level, OrderBook, Quote
from pipeline.rules import SymbolRules
from trading.matching.price_bounds import check_touch, depth_bounds, worst_start
from trading.orders.types import Side

IMPACT_PER_MULTIPLE = Decimal("0.0002")
"""Price impact of each further displayed size: 2 basis points of the touch."""

DEPTH_MULTIPLES = 20
"""Multiple of the displayed size that is available at one quote."""

_RISING, _FALLING = (
    tuple(1 + sign * IMPACT_PER_MULTIPLE * multiple for multiple in range(DEPTH_MULTIPLES)) for sign in (1, -1)
)


class ImpactLevels(Struct, frozen=True):
    """Ladder of the published size-impact rule, computed level by level: most orders need only the first one."""

    side: Side
    touch: Decimal
    displayed: Decimal
    tick: Decimal

    def __iter__(self) -> Iterator[Level]:
        if self.displayed > 0:
            factors, to_tick = (_RISING, up_to_step) if self.side is Side.BUY else (_FALLING, down_to_step)
            for factor in factors:
                on_tick = to_tick(EXACT.multiply(self.touch, factor), self.tick)
                if on_tick > 0:
                    yield Level(on_tick, self.displayed)


@dataclass(frozen=True, slots=True)
class BookLevels:
    """Levels of a book on ticks, from a lowest to a highest price, computed level by level."""

    side: Side
    shown: Sequence[Level]
    tick: Decimal
    lowest: Decimal
    highest: Decimal

    def __iter__(self) -> Iterator[Level]:
        for level in self.shown:
            price = level.price
            if not is_multiple(price, self.tick):
                price = _to_tick(self.side, price, self.tick)
            if price > 0 and level.quantity > 0 and self.lowest <= price <= self.highest:
                yield level if price is level.price else Level(price, level.quantity)


class Ladder(Struct, frozen=True):
    """Displayed liquidity of one side, best level first, as of `time` (the market's clock)."""

    levels: Iterable[Level]
    mid_price: Decimal
    time: int
    age_ms: int
    from_book: bool
    since: int | None = None
    """First time of this display, None for `time`."""
    worst_start: Decimal | None = None
    """Worst price at which an order may begin; None without such a bound."""

    @property
    def displayed_at(self) -> int:
        """Time that identifies this display."""
        return self.time if self.since is None else self.since


def ladder_of(side: Side, quote: Quote, book: OrderBook | None, rules: SymbolRules) -> Ladder:
    """Returns the liquidity that the order can take. Raises StalePrice, CrossedQuote, BookDisagrees.

    Uses the quote if the book is stale or one-sided, or if it is older than the quote and has no level at which an
    order may fill (`depth_bounds`). The age of a book is measured on the market's clock: `quote.time + quote.age_ms` is
    now.
    """
    quote.check_tradable()
    tick = tick_of(rules)
    if book is not None and book.bids and book.asks:
        age_ms = quote.time + quote.age_ms - book.time
        if age_ms <= quote.stale_after_ms:
            best_bid, best_ask = book.bids[0].price, book.asks[0].price
            if best_bid > best_ask:
                raise CrossedQuote(quote.symbol, best_bid, best_ask)
            check_touch(side, quote, book)
            shown = book.asks if side is Side.BUY else book.bids
            allowed = BookLevels(side, shown, tick, *depth_bounds(side, quote, book))
            if book.time >= quote.time or any(True for _ in allowed):
                return Ladder(
                    allowed,
                    mid_price(best_bid, best_ask),
                    book.time,
                    max(age_ms, 0),
                    from_book=True,
                    since=book.since,
                    worst_start=worst_start(side, quote),
                )
    touch, displayed = (quote.ask, quote.ask_size) if side is Side.BUY else (quote.bid, quote.bid_size)
    levels_by_rule = ImpactLevels(side, touch, displayed, tick)
    return Ladder(levels_by_rule, mid_price(quote.bid, quote.ask), quote.time, quote.age_ms, from_book=False)


def tick_of(rules: SymbolRules) -> Decimal:
    """Returns the price step; the quote asset's smallest unit if the exchange states none."""
    return rules.tick_size or Decimal(1).scaleb(-rules.quote_scale)


def mid_price(bid: Decimal, ask: Decimal) -> Decimal:
    """Returns the exact mean of the best prices."""
    return EXACT.multiply(EXACT.add(bid, ask), Decimal("0.5"))


def _to_tick(side: Side, price: Decimal, tick: Decimal) -> Decimal:
    return up_to_step(price, tick) if side is Side.BUY else down_to_step(price, tick)


def behind(levels: Iterable[Level], used: Decimal) -> Iterator[Level]:
    """Yields the levels without their first `used` of quantity."""
    for level in levels:
        if used >= level.quantity:
            used = EXACT.subtract(used, level.quantity)
        else:
            yield Level(level.price, EXACT.subtract(level.quantity, used)) if used else level
            used = Decimal(0)
