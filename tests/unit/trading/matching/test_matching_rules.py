from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import NotANumber, NotPositive
from pipeline.errors import CrossedQuote, ExchangeFilterViolation, StalePrice
from pipeline.market import Level, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import SymbolRules
from tests.fakes.priced_market import BTC, levels, rules_for
from trading.errors import AmountTooLarge, BelowMinimumQuantity, NoLiquidity
from trading.matching.ladders import DEPTH_MULTIPLES, Ladder, ladder_of
from trading.matching.liquidity import CLOCK_JUMP_MS, Liquidity
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.orders.types import BaseQuantity, Execution, Fill, QuoteAmount, Side

RULES = rules_for("BTC", step="0.001")
D = Decimal


def quote_of(bid: str = "99.99", ask: str = "100.01", size: str = "2", age_ms: int = 10) -> Quote:
    return Quote(BTC, 5000, age_ms, 15_000, D(100), D(bid), D(size), D(ask), D(size))


def execute(
    side: Side,
    size: BaseQuantity | QuoteAmount,
    *,
    quote: Quote | None = None,
    book: OrderBook | None = None,
    rules: SymbolRules = RULES,
    used: str = "0",
    fee_rate: str = "0.001",
    whole: bool = False,
) -> Execution:
    ladder = ladder_of(side, quote or quote_of(), book, rules)
    return match(side, RequestedSize(size, whole), ladder, Terms(rules, D(fee_rate), SourceKind.BINANCE), D(used))


def test_a_buy_within_the_displayed_size_fills_at_the_ask() -> None:
    execution = execute(Side.BUY, BaseQuantity(D("1.5")))
    assert execution.fills == (Fill(D("100.01"), D("1.5")),)
    assert execution.quote_amount == D("150.015")
    assert (execution.fee, execution.fee_asset, execution.received) == (D("0.0015"), "BTC", D("1.4985"))
    assert execution.slippage == D("0.0001")
    assert (execution.mid_price, execution.average_price) == (D(100), D("100.01"))
    assert (execution.price_time, execution.price_age_ms, execution.from_book) == (5000, 10, False)


def test_a_sale_pays_its_fee_in_the_quote_asset() -> None:
    execution = execute(Side.SELL, BaseQuantity(D("1.5")))
    assert execution.quote_amount == D("149.985")
    assert (execution.fee, execution.fee_asset, execution.received) == (D("0.149985"), "USDC", D("149.835015"))


def test_beyond_the_displayed_size_each_further_size_costs_two_basis_points_more() -> None:
    fills = execute(Side.BUY, BaseQuantity(D(5))).fills
    assert fills == (Fill(D("100.01"), D(2)), Fill(D("100.04"), D(2)), Fill(D("100.06"), D(1)))


def test_what_lies_beyond_twenty_displayed_sizes_expires() -> None:
    execution = execute(Side.SELL, BaseQuantity(D(100)))
    assert execution.quantity == 2 * DEPTH_MULTIPLES
    assert execution.unfilled == 100 - 2 * DEPTH_MULTIPLES


def test_the_book_is_taken_level_by_level() -> None:
    book = OrderBook(BTC, 4990, levels(("99", "1")), levels(("100.5", "0.4"), ("101", "0.4")))
    execution = execute(Side.BUY, BaseQuantity(D(1)), book=book)
    assert execution.fills == (Fill(D("100.5"), D("0.4")), Fill(D(101), D("0.4")))
    assert (execution.unfilled, execution.from_book, execution.mid_price) == (D("0.2"), True, D("99.75"))
    assert (execution.price_time, execution.price_age_ms) == (4990, 20)


def test_a_stale_or_one_sided_book_yields_to_the_quote() -> None:
    for book in (
        OrderBook(BTC, 5000 - 15_000, levels(("99", "1")), levels(("100.5", "1"))),
        OrderBook(BTC, 5000, (), levels(("100.5", "1"))),
        OrderBook(BTC, 5000, levels(("99", "1")), ()),
    ):
        assert execute(Side.BUY, BaseQuantity(D(1)), book=book).average_price == D("100.01")


def test_a_book_newer_than_the_quote_has_no_negative_age() -> None:
    book = OrderBook(BTC, 9000, levels(("99", "1")), levels(("100.5", "1")))
    assert execute(Side.BUY, BaseQuantity(D(1)), book=book).price_age_ms == 0


def test_empty_levels_are_passed_over() -> None:
    book = OrderBook(BTC, 5000, levels(("99", "1")), levels(("100.5", "0"), ("101", "1")))
    assert execute(Side.BUY, BaseQuantity(D(1)), book=book).fills == (Fill(D(101), D(1)),)


def test_nothing_fills_on_a_stale_quote() -> None:
    with pytest.raises(StalePrice):
        execute(Side.BUY, BaseQuantity(D(1)), quote=quote_of(age_ms=15_001))


def test_nothing_fills_on_a_crossed_quote_or_book() -> None:
    with pytest.raises(CrossedQuote):
        execute(Side.BUY, BaseQuantity(D(1)), quote=quote_of(bid="100.02"))
    with pytest.raises(CrossedQuote):
        execute(
            Side.BUY,
            BaseQuantity(D(1)),
            book=OrderBook(BTC, 5000, levels(("101", "1")), levels(("100", "1"))),
        )


@pytest.mark.parametrize("side", Side)
def test_where_nothing_is_displayed_nothing_trades(side: Side) -> None:
    with pytest.raises(NoLiquidity):
        execute(side, BaseQuantity(D(1)), quote=quote_of(size="0"))


def test_what_was_used_before_is_not_used_again() -> None:
    assert execute(Side.BUY, BaseQuantity(D(1)), used="3.5").fills == (
        Fill(D("100.04"), D("0.5")),
        Fill(D("100.06"), D("0.5")),
    )
    with pytest.raises(NoLiquidity):
        execute(Side.BUY, BaseQuantity(D(1)), used="40")


def test_less_than_a_step_of_liquidity_is_none() -> None:
    with pytest.raises(NoLiquidity):
        execute(Side.BUY, BaseQuantity(D(1)), used="39.9995")


def test_prices_off_the_tick_are_rounded_against_the_person() -> None:
    quote = quote_of(bid="99.994", ask="100.006")
    assert execute(Side.BUY, BaseQuantity(D(1)), quote=quote).average_price == D("100.01")
    assert execute(Side.SELL, BaseQuantity(D(1)), quote=quote).average_price == D("99.99")


def test_without_a_tick_size_prices_keep_the_quote_scale() -> None:
    rules = SymbolRules(BTC, "BTC", "USDC")
    quote = quote_of(ask="100.0000000123")
    assert execute(Side.BUY, BaseQuantity(D(1)), quote=quote, rules=rules).average_price == D("100.00000002")


def test_a_price_that_rounds_to_nothing_is_no_liquidity() -> None:
    with pytest.raises(NoLiquidity):
        execute(Side.SELL, BaseQuantity(D(1)), quote=quote_of(bid="0.001"))


def test_a_quantity_is_cut_down_to_the_step() -> None:
    assert execute(Side.BUY, BaseQuantity(D("1.23456"))).quantity == D("1.234")


def test_a_quantity_below_the_step_is_too_small() -> None:
    with pytest.raises(BelowMinimumQuantity) as refused:
        execute(Side.BUY, BaseQuantity(D("0.0009")))
    assert (refused.value.asset, refused.value.step) == ("BTC", D("0.001"))


def test_an_amount_buys_as_much_as_the_step_allows() -> None:
    execution = execute(Side.BUY, QuoteAmount(D(100)))
    assert execution.quantity == D("0.999")
    assert execution.quote_amount == D("99.90999")


def test_an_amount_raises_no_more_than_asked_for() -> None:
    assert execute(Side.SELL, QuoteAmount(D(100))).quantity == D("1.000")


def test_an_amount_below_the_price_of_a_step_is_too_small() -> None:
    with pytest.raises(BelowMinimumQuantity):
        execute(Side.BUY, QuoteAmount(D("0.0000000001")))


def test_a_whole_balance_takes_the_remainder_below_a_step_along() -> None:
    execution = execute(Side.SELL, BaseQuantity(D("1.23456")), whole=True)
    assert execution.fills == (Fill(D("99.99"), D("1.23456")),)
    assert execution.unfilled == 0


def test_a_whole_balance_that_is_filled_in_part_ends_on_a_step() -> None:
    execution = execute(Side.SELL, BaseQuantity(D("50.00056")), whole=True)
    assert (execution.quantity, execution.unfilled) == (D(40), D("10.00056"))


def test_the_broken_filter_is_named() -> None:
    with pytest.raises(ExchangeFilterViolation) as refused:
        execute(Side.BUY, BaseQuantity(D("0.001")))
    assert (refused.value.rule, refused.value.what) == ("NOTIONAL", "min")
    with pytest.raises(ExchangeFilterViolation) as refused:
        execute(Side.BUY, BaseQuantity(D(9001)))
    assert (refused.value.rule, refused.value.what) == ("LOT_SIZE", "max")


@pytest.mark.parametrize(
    ("amount", "error"),
    [("NaN", NotANumber), ("Infinity", NotANumber), ("0", NotPositive), ("-1", NotPositive), ("1e30", AmountTooLarge)],
)
@pytest.mark.parametrize("kind", [BaseQuantity, QuoteAmount])
def test_amounts_that_are_none_are_refused(
    kind: type[BaseQuantity] | type[QuoteAmount], amount: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        execute(Side.BUY, kind(D(amount)))


def test_no_amount_of_any_asset_passes_the_desks_bound() -> None:
    free = SymbolRules(BTC, "BTC", "USDC")
    cheap = quote_of(bid="0.00000001", ask="0.00000001", size="1e20")
    with pytest.raises(AmountTooLarge) as refused:
        execute(Side.BUY, QuoteAmount(D(10) ** 9), quote=cheap, rules=free)
    assert refused.value.asset == "BTC"
    dear = quote_of(bid="10000000", ask="10000000", size="1e20")
    with pytest.raises(AmountTooLarge) as refused:
        execute(Side.SELL, BaseQuantity(D(10) ** 12), quote=dear, rules=free)
    assert refused.value.asset == "USDC"


def test_a_fee_that_would_take_everything_makes_the_order_too_small() -> None:
    free = SymbolRules(BTC, "BTC", "USDC")
    with pytest.raises(BelowMinimumQuantity):
        execute(Side.BUY, BaseQuantity(D("0.00000001")), rules=free)


@pytest.mark.parametrize("used", ["0", "3"])
@pytest.mark.parametrize("size", [BaseQuantity(D(9)), QuoteAmount(D(945))])
def test_price_protection_leaves_what_is_too_far_from_the_best_price(used: str, size: BaseQuantity) -> None:
    book = OrderBook(BTC, 5000, levels(("99.99", "5")), levels(("100", "4"), ("105", "2"), ("105.01", "9")))
    execution = execute(Side.BUY, size, book=book, used=used)
    assert (execution.fills[-1], execution.protected) == (Fill(D(105), D(2)), True)
    assert execution.quantity == 6 - D(used)
    assert execution.unfilled > 0
    whole = execute(Side.BUY, BaseQuantity(D(6)), book=book)
    assert (whole.unfilled, whole.protected) == (0, False)


def test_price_protection_holds_for_sales_and_for_the_size_impact_rule() -> None:
    book = OrderBook(BTC, 5000, levels(("100", "4"), ("95", "2"), ("94.99", "9")), levels(("100.01", "5")))
    sold = execute(Side.SELL, BaseQuantity(D(9)), book=book)
    assert (sold.quantity, sold.unfilled, sold.protected) == (6, 3, True)
    ladder = ladder_of(Side.BUY, quote_of(ask="100.00"), None, RULES)
    terms = Terms(RULES, D(0), SourceKind.BINANCE, max_slippage=D("0.001"))
    bought = match(Side.BUY, RequestedSize(BaseQuantity(D(100))), ladder, terms)
    assert (bought.fills[-1].price, bought.quantity, bought.protected) == (D("100.10"), 12, True)
    assert not execute(Side.BUY, BaseQuantity(D(100))).protected, "here the ladder ends first"


def shown_at(time: int) -> Ladder:
    return Ladder(levels(("100", "5")), D(100), time, 0, from_book=False)


def test_liquidity_remembers_the_newest_quote_only() -> None:
    liquidity = Liquidity()
    liquidity.take(BTC, Side.BUY, shown_at(1000), D(3))
    assert liquidity.used(BTC, Side.BUY, shown_at(1000)) == 3
    assert liquidity.used(BTC, Side.SELL, shown_at(1000)) == 0
    assert liquidity.used(BTC, Side.BUY, shown_at(1001)) == 0


def test_an_order_that_still_holds_an_older_quote_counts_against_the_newest() -> None:
    liquidity = Liquidity()
    liquidity.take(BTC, Side.BUY, shown_at(2000), D(3))
    liquidity.take(BTC, Side.BUY, shown_at(1000), D(1))
    assert liquidity.used(BTC, Side.BUY, shown_at(2000)) == 4


def test_a_market_begun_anew_in_the_past_starts_afresh() -> None:
    liquidity = Liquidity()
    liquidity.take(BTC, Side.BUY, shown_at(10**12), D(3))
    assert liquidity.used(BTC, Side.BUY, shown_at(10**12 - CLOCK_JUMP_MS)) == 3
    assert liquidity.used(BTC, Side.BUY, shown_at(10**12 - CLOCK_JUMP_MS - 1)) == 0


def test_a_refused_order_gives_back_what_it_took() -> None:
    liquidity = Liquidity()
    liquidity.take(BTC, Side.BUY, shown_at(1000), D(3))
    liquidity.give_back(liquidity.take(BTC, Side.BUY, shown_at(1000), D(2)))
    assert liquidity.used(BTC, Side.BUY, shown_at(1000)) == 3


def test_nothing_is_given_back_under_an_order_that_matched_behind_it() -> None:
    liquidity = Liquidity()
    first = liquidity.take(BTC, Side.BUY, shown_at(1000), D(3))
    liquidity.take(BTC, Side.BUY, shown_at(1000), D(2))
    liquidity.give_back(first)
    assert liquidity.used(BTC, Side.BUY, shown_at(1000)) == 5


def test_liquidity_forgets_the_side_that_was_quiet_longest() -> None:
    liquidity = Liquidity(max_sides=2)
    for name in ("A", "B", "C"):
        liquidity.take(Symbol(name), Side.BUY, shown_at(1000), D(1))
    assert [liquidity.used(Symbol(name), Side.BUY, shown_at(1000)) for name in ("A", "B", "C")] == [0, 1, 1]


def test_an_impact_ladder_is_made_anew_each_time_it_is_read() -> None:
    ladder: Ladder = ladder_of(Side.BUY, quote_of(), None, RULES)
    assert list(ladder.levels) == list(ladder.levels)


@pytest.mark.parametrize(
    ("side", "bids", "asks", "now", "fills"),
    [
        (Side.BUY, ("99.99", "99.98"), ("100.01", "101.81"), ("101.79", "101.81"), ["101.81"]),
        (Side.SELL, ("99.99", "98.17"), ("100.01", "100.02"), ("98.17", "98.21"), ["98.17"]),
    ],
)
def test_no_fill_beats_a_newer_quote(
    side: Side, bids: tuple[str, str], asks: tuple[str, str], now: tuple[str, str], fills: list[str]
) -> None:
    """The market leapt by 1.8 % after the book was read, and the desk's own quote says so."""
    old = OrderBook(BTC, 4999, *(tuple(Level(D(price), D(5)) for price in shown) for shown in (bids, asks)))
    execution = execute(side, BaseQuantity(D(3)), quote=quote_of(*now), book=old)
    assert [fill.price for fill in execution.fills] == [D(price) for price in fills]
    assert execution.from_book
    newer = execute(side, BaseQuantity(D(3)), quote=quote_of(*now), book=replace(old, time=5000))
    assert newer.average_price in (D("100.01"), D("99.99")), "a newer book is what the market shows"


def test_a_book_that_is_all_gone_leaves_the_quote() -> None:
    old = OrderBook(BTC, 4999, (Level(D("99.99"), D(5)),), (Level(D("100.01"), D(5)),))
    execution = execute(Side.BUY, BaseQuantity(D(1)), quote=quote_of("101.79", "101.81"), book=old)
    assert (execution.average_price, execution.from_book) == (D("101.81"), False)
