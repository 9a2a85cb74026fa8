"""No fill outside the bounds, whatever the order book: each passes the audit against a candle that holds the quote."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import DeskError
from pipeline.market import Level, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import SymbolRules
from trading.errors import BookDisagrees
from trading.ledger.fill_price_audit import PricedOrder, Shown, complaint
from trading.matching.ladders import ladder_of
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.orders.types import Execution, QuoteAmount, Side

NOW = 1_000_000
BTC = Symbol("BTCUSDC")
FINE = SymbolRules(BTC, "BTC", "USDC")
BID, ASK = Decimal("96999.99"), Decimal(97_000)

sides = st.sampled_from(Side)
sizes = st.integers(0, 50)


def multiples(lowest: int, highest: int) -> st.SearchStrategy[Decimal]:
    """Of the quote's price, by the thousandth."""
    return st.integers(lowest, highest).map(lambda thousandths: Decimal(thousandths) / 1_000)


def side_of_book(lowest: int, highest: int) -> st.SearchStrategy[list[tuple[Decimal, int]]]:
    """A first level that is often near the quote, and anything behind it."""
    best = st.tuples(st.one_of(multiples(lowest, highest), multiples(1, 3_000)), sizes)
    deeper = st.tuples(st.one_of(multiples(1, 3_000), multiples(700, 1_300)), sizes)
    return st.builds(lambda first, rest: [first, *rest], best, st.lists(deeper, max_size=5))


Shares = list[tuple[Decimal, int]]


def audited(side: Side, bids: Shares, asks: Shares, amount: int, used: int, *, time: int = NOW) -> Execution:
    """An order on a quote of 97,000 and a book of multiples of it."""
    quote = Quote(BTC, NOW, 300, 15_000, ASK, BID, Decimal(1), ASK, Decimal(1))
    book = OrderBook(
        BTC, time, *(tuple(Level(ASK * factor, Decimal(size)) for factor, size in shown) for shown in (bids, asks))
    )
    terms = Terms(FINE, Decimal("0.001"), SourceKind.BINANCE)
    ladder = ladder_of(side, quote, book, FINE)
    return match(side, RequestedSize(QuoteAmount(Decimal(amount))), ladder, terms, Decimal(used))


@given(sides, side_of_book(880, 1_000), side_of_book(1_000, 1_120), st.integers(10, 10_000_000), st.integers(0, 60))
@example(Side.BUY, [(Decimal("0.00001"), 5)], [(Decimal("0.00001"), 5000)], 1000, 0)
@example(Side.BUY, [(Decimal("0.99"), 5)], [(Decimal(1), 1), (Decimal("1.3"), 50)], 1000, 1)
@example(Side.SELL, [(Decimal(1), 1), (Decimal("0.7"), 50)], [(Decimal("1.01"), 5)], 1000, 1)
@example(Side.BUY, [(Decimal("0.99"), 5)], [(Decimal(1), 1), (Decimal(900), 50)], 10_000_000, 0)
def test_every_fill_passes_the_audit_whatever_the_book(
    side: Side, bids: Shares, asks: Shares, amount: int, used: int
) -> None:
    try:
        done = audited(side, bids, asks, amount, used)
    except DeskError:
        return
    found = [fill.price for fill in done.fills]
    shown = Shown(BID, ASK, 10)
    order = PricedOrder(
        "binance", side, min(found), max(found), done.from_book, done.price_time, done.price_age_ms, NOW + 300, shown
    )
    assert complaint(order) is None


@given(sides, st.sampled_from([Decimal("0.00001"), Decimal("0.89"), Decimal("1.11"), Decimal(10)]))
def test_a_book_that_begins_elsewhere_is_refused(side: Side, factor: Decimal) -> None:
    with pytest.raises(BookDisagrees) as refused:
        audited(side, [(factor * Decimal("0.999"), 5)], [(factor, 5)], 1000, 0)
    assert refused.value.symbol == BTC
    assert refused.value.quoted in {BID, ASK}


@given(sides, side_of_book(880, 1_000), side_of_book(1_000, 1_120), st.integers(10, 10_000_000), st.integers(0, 60))
@example(Side.BUY, [(Decimal("0.98"), 5)], [(Decimal("0.985"), 5000)], 1000, 0)
@example(Side.SELL, [(Decimal("1.015"), 5)], [(Decimal("1.019"), 5000)], 1000, 0)
def test_no_fill_of_an_older_book_beats_the_quote(
    side: Side, bids: Shares, asks: Shares, amount: int, used: int
) -> None:
    try:
        done = audited(side, bids, asks, amount, used, time=NOW - 1)
    except DeskError:
        return
    prices = [fill.price for fill in done.fills]
    assert min(prices) >= ASK if side is Side.BUY else max(prices) <= BID
