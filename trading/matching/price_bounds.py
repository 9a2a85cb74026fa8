"""Bounds of the prices at which an order may fill. Pure.

An order book is compared with the quote, whose prices have passed the inspector. The audit compares the same fills with
the archived candles (`trading.ledger.fill_price_audit`) and uses the same tolerances, so a fill that passes here passes
there. All tolerances are fractions of a price:

    best price of a book, both sides            TOUCH, more and less
    better for the user than the quote          FAVOUR in a book that is newer than the quote, else nothing
    first level that an order takes             SPREAD
    deeper levels                               DEPTH
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import Level, OrderBook, Quote
from trading.errors import BookDisagrees
from trading.orders.types import Side

TOUCH = Decimal("0.1")
"""Largest move within a minute that the quote inspector considers ordinary."""

FAVOUR = Decimal("0.02")
"""Covers moves of bid and ask between two quotes and between trades, and the difference of a few milliseconds between
the market's clock and the archive's.
"""

SPREAD = Decimal("0.2")
"""Covers a wide spread, and the size-impact rule (ADR 0004), which extends 0.4 % beyond the touch."""

DEPTH = Decimal("0.5")
"""Covers an order that empties a thin book."""


def check_touch(side: Side, quote: Quote, book: OrderBook) -> None:
    """Raises BookDisagrees if a best price of the book (which has both sides) is too far from the quote's. A book
    older than the quote may begin at better prices, because `depth_bounds` leaves them out.
    """
    for taken, ours, theirs in (
        (Side.SELL, quote.bid, book.bids[0].price),
        (Side.BUY, quote.ask, book.asks[0].price),
    ):
        below, above = TOUCH, TOUCH
        if taken is side and not _outdated(quote, book):
            below, above = (FAVOUR, TOUCH) if side is Side.BUY else (TOUCH, FAVOUR)
        lowest, highest = _around(ours, below, above)
        if not lowest <= theirs <= highest:
            raise BookDisagrees(quote.symbol, theirs, ours)


def depth_bounds(side: Side, quote: Quote, book: OrderBook) -> tuple[Decimal, Decimal]:
    """Returns the lowest and the highest price of the book at which an order may fill.

    Levels better than a newer quote, better than an older quote by more than FAVOUR, or worse by more than DEPTH are
    outside.
    """
    favour = Decimal(0) if _outdated(quote, book) else FAVOUR
    touch, (below, above) = (quote.ask, (favour, DEPTH)) if side is Side.BUY else (quote.bid, (DEPTH, favour))
    return _around(touch, below, above)


def worst_start(side: Side, quote: Quote) -> Decimal:
    """Returns the worst price at which an order may begin, if earlier orders took the levels before it."""
    if side is Side.BUY:
        return EXACT.multiply(quote.ask, 1 + SPREAD)
    return EXACT.multiply(quote.bid, 1 - SPREAD)


def _outdated(quote: Quote, book: OrderBook) -> bool:
    """True if the quote is newer than the book. An order must not fill at prices that are known to be gone."""
    return book.time < quote.time


def _around(price: Decimal, below: Decimal, above: Decimal) -> tuple[Decimal, Decimal]:
    return EXACT.multiply(price, 1 - below), EXACT.multiply(price, 1 + above)


def protected_price(side: Side, best: Decimal, max_slippage: Decimal) -> Decimal:
    """Returns the worst price at which a market order fills, a fraction away from the best one."""
    return EXACT.multiply(best, 1 + max_slippage if side is Side.BUY else 1 - max_slippage)


def too_far(side: Side, price: Decimal, worst: Decimal | None) -> bool:
    """True if a price is worse for the user than `worst` (None: no bound)."""
    return worst is not None and (price > worst if side is Side.BUY else price < worst)


def within(side: Side, levels: Iterable[Level], worst: Decimal | None) -> Iterator[Level]:
    """Yields the levels before the first that is worse than `worst`."""
    for level in levels:
        if too_far(side, level.price, worst):
            return
        yield level
