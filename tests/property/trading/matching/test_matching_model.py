"""Matching against a naive model that knows every unit of quantity by its price, in fractions."""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.market import Level, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import LotSize, Notional, SymbolRules
from trading.errors import BelowMinimumQuantity, NoLiquidity, SaleTooSmall
from trading.matching.ladders import DEPTH_MULTIPLES, IMPACT_PER_MULTIPLE, Ladder, ladder_of
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.matching.price_bounds import DEPTH, SPREAD
from trading.orders.types import BaseQuantity, Execution, QuoteAmount, Side

STEP = Decimal("0.1")
STEPPED = SymbolRules(
    Symbol("XUSDC"),
    "X",
    "USDC",
    base_scale=3,
    quote_scale=2,
    tick_size=Decimal("0.01"),
    lot=LotSize(STEP, Decimal(0), STEP),
)

ROOMY = Decimal(20)
"""A price protection that protects from nothing."""

sides = st.sampled_from(Side)
prices = st.integers(1, 400).map(lambda cents: Decimal(cents) / 100)
lots = st.integers(1, 12).map(lambda units: units * STEP)
fees = st.sampled_from([Decimal(0), Decimal("0.001"), Decimal("0.05")])


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Level], list[Level]]:
    """Bids fall, asks rise, and never cross."""
    found = draw(st.lists(prices, min_size=2, max_size=8, unique=True).map(sorted))
    cut = draw(st.integers(1, len(found) - 1))
    bids = [Level(price, draw(lots)) for price in reversed(found[:cut])]
    asks = [Level(price, draw(lots)) for price in found[cut:]]
    return bids, asks


def quote_at(bid: Decimal, ask: Decimal, size: Decimal = Decimal(1)) -> Quote:
    return Quote(STEPPED.symbol, 1000, 5, 15_000, bid, bid, size, ask, size)


def ladder_from(side: Side, bids: list[Level], asks: list[Level]) -> Ladder:
    book = OrderBook(STEPPED.symbol, 1000, tuple(bids), tuple(asks))
    return ladder_of(side, quote_at(bids[0].price, asks[0].price), book, STEPPED)


def units_for(side: Side, bids: list[Level], asks: list[Level], used: int) -> list[Fraction]:
    """The price of every step of quantity that is left, the best for the person first, whatever the order of the
    levels: none beyond DEPTH of the best, and none at all where the rest begins beyond SPREAD of it.
    """
    shown = asks if side is Side.BUY else bids
    found = [Fraction(level.price) for level in shown for _ in range(int(level.quantity / STEP))]
    found.sort(reverse=side is Side.SELL)
    touch = found[0]
    left = [price for price in found if abs(price - touch) <= touch * Fraction(DEPTH)][used:]
    return left if left and abs(left[0] - touch) <= touch * Fraction(SPREAD) else []


def rounded(exact: Fraction, scale: int, rounding: Callable[[Fraction], int]) -> Fraction:
    return Fraction(rounding(exact * 10**scale), 10**scale)


def check_money(side: Side, execution: Execution, worth: Fraction, fee_rate: Decimal) -> None:
    money = rounded(worth, 2, math.ceil if side is Side.BUY else math.floor)
    gross, scale = (Fraction(execution.quantity), 3) if side is Side.BUY else (money, 2)
    fee = rounded(gross * Fraction(fee_rate), scale, math.ceil)
    assert Fraction(execution.quote_amount) == money
    assert Fraction(execution.fee) == fee
    assert Fraction(execution.received) == gross - fee
    average = Fraction(execution.average_price)
    exact_average = worth / Fraction(execution.quantity)
    assert 0 <= (average - exact_average) * (1 if side is Side.BUY else -1) < Fraction(1, 10**6)
    distance = (average - Fraction(execution.mid_price)) / Fraction(execution.mid_price)
    slippage = distance if side is Side.BUY else -distance
    assert 0 <= Fraction(execution.slippage) - slippage < Fraction(1, 10**8)


@given(
    sides, books(), st.integers(1, 150), st.integers(0, 100), st.tuples(fees, st.sampled_from([ROOMY, Decimal("0.05")]))
)
def test_a_quantity_takes_the_best_displayed_units_that_nobody_took_before(
    side: Side, book: tuple[list[Level], list[Level]], wanted: int, used: int, terms: tuple[Decimal, Decimal]
) -> None:
    fee_rate, protection = terms
    units, touch = units_for(side, *book, used), Fraction((book[1] if side is Side.BUY else book[0])[0].price)
    units = [price for price in units if abs(price - touch) <= touch * Fraction(protection)]
    wish, all_terms = (
        RequestedSize(BaseQuantity(wanted * STEP)),
        Terms(STEPPED, fee_rate, SourceKind.REPLAY, protection),
    )
    try:
        execution = match(side, wish, ladder_from(side, *book), all_terms, used=used * STEP)
    except NoLiquidity:
        assert not units
        return
    except BelowMinimumQuantity:
        assert sum(units[:wanted], Fraction()) * Fraction(STEP) < Fraction(1, 50)
        return
    taken = units[:wanted]
    assert execution.quantity == len(taken) * STEP
    assert execution.unfilled == (wanted - len(taken)) * STEP
    assert sum(fill.quantity for fill in execution.fills) == execution.quantity
    walked = [Fraction(fill.price) for fill in execution.fills for _ in range(int(fill.quantity / STEP))]
    assert walked == taken
    check_money(side, execution, sum(taken, Fraction()) * Fraction(STEP), fee_rate)


@given(sides, books(), st.integers(1, 8000), st.integers(0, 100), fees)
def test_an_amount_trades_as_much_as_the_step_allows_and_never_exceeds_it(
    side: Side, book: tuple[list[Level], list[Level]], cents: int, used: int, fee_rate: Decimal
) -> None:
    units = units_for(side, *book, used)
    amount = Decimal(cents) / 100
    affordable = 0
    spent = Fraction()
    for price in units:
        if spent + price * Fraction(STEP) > Fraction(amount):
            break
        spent += price * Fraction(STEP)
        affordable += 1
    terms = Terms(STEPPED, fee_rate, SourceKind.REPLAY, ROOMY)
    try:
        execution = match(side, RequestedSize(QuoteAmount(amount)), ladder_from(side, *book), terms, used=used * STEP)
    except NoLiquidity:
        assert not units
        return
    except (BelowMinimumQuantity, SaleTooSmall):
        assert not affordable or spent < Fraction(1, 50)
        return
    assert execution.quantity == affordable * STEP
    assert execution.quote_amount <= amount
    check_money(side, execution, spent, fee_rate)
    assert (execution.unfilled > 0) <= (affordable == len(units))


@given(sides, prices, st.integers(0, 40), lots, st.integers(1, 400))
def test_the_impact_rule_fills_each_further_displayed_size_worse_by_its_published_step(
    side: Side, bid: Decimal, spread: int, displayed: Decimal, wanted: int
) -> None:
    quote = quote_at(bid, bid + Decimal(spread) / 100, displayed)
    touch = Fraction(quote.ask if side is Side.BUY else quote.bid)
    cents, sign = (math.ceil, 1) if side is Side.BUY else (math.floor, -1)
    units = [
        rounded(touch * (1 + sign * multiple * Fraction(IMPACT_PER_MULTIPLE)), 2, cents)
        for multiple in range(DEPTH_MULTIPLES)
        for _ in range(int(displayed / STEP))
    ]
    taken = [price for price in units if price > 0][:wanted]
    terms = Terms(STEPPED, Decimal(0), SourceKind.REPLAY, ROOMY)
    try:
        execution = match(
            side, RequestedSize(BaseQuantity(wanted * STEP)), ladder_of(side, quote, None, STEPPED), terms
        )
    except (BelowMinimumQuantity, NoLiquidity):
        assert sum(taken, Fraction()) * Fraction(STEP) < Fraction(1, 100)
        return
    assert [Fraction(fill.price) for fill in execution.fills for _ in range(int(fill.quantity / STEP))] == taken
    assert all((Fraction(fill.price) - touch) * sign >= 0 for fill in execution.fills)
    check_money(side, execution, sum(taken, Fraction()) * Fraction(STEP), Decimal(0))


@given(books(), st.integers(1, 5000), st.integers(0, 60), fees, st.sampled_from([Decimal(0), Decimal(3)]))
def test_a_whole_balance_is_sold_to_the_last_unit_or_ends_on_a_step(
    book: tuple[list[Level], list[Level]], thousandths: int, used: int, fee_rate: Decimal, least: Decimal
) -> None:
    balance = Decimal(thousandths) / 1000
    units = units_for(Side.SELL, *book, used)
    steps = int(balance / STEP)
    rules = replace(STEPPED, lot=LotSize(least, Decimal(0), STEP), notional=Notional(least, Decimal(0)))
    terms = Terms(rules, fee_rate, SourceKind.REPLAY, ROOMY)
    wanted = RequestedSize(BaseQuantity(balance), whole_balance=True)
    try:
        execution = match(Side.SELL, wanted, ladder_from(Side.SELL, *book), terms, used=used * STEP)
    except NoLiquidity:
        assert not units
        return
    if 0 < len(units) >= steps:
        assert execution.quantity == balance
        assert execution.unfilled == 0
        remainder = Fraction(balance - steps * STEP)
        worth = sum(units[:steps], Fraction()) * Fraction(STEP) + remainder * units[max(steps - 1, 0)]
    else:
        assert execution.quantity == len(units) * STEP
        assert execution.unfilled == balance - len(units) * STEP
        worth = sum(units, Fraction()) * Fraction(STEP)
    check_money(Side.SELL, execution, worth, fee_rate)
    assert execution.received >= 0
