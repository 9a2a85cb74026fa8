"""Open orders along the path of a candle: the worked example of docs/fills.md, and what is shared on the way."""

from decimal import Decimal

import pytest

from pipeline.market import MINUTE_MS
from pipeline.replay.candle_path import candle_path
from tests.support.open_orders import filled, opened, orders, quote
from trading.matching.symbol_orders import SymbolOrders
from trading.orders.effects import Activated, Expired, Filled, FillRule, MarketTrade, OrderEffect, PathStep, Triggered
from trading.orders.open_orders import ListKind, ListPlace, ListRole, OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Side

D = Decimal
BUY, SELL = Side.BUY, Side.SELL
LIMIT, STOP, STOP_LIMIT = OrderType.LIMIT, OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT
FALLING = (100.0, 101.0, 97.0, 99.0)


def play(
    book: SymbolOrders, prices: tuple[float, float, float, float], *, shown: str = "8", begins: int = MINUTE_MS
) -> list[OrderEffect]:
    """Effects of the path of a candle of open, high, low, close, with a volume of 12."""
    found: list[OrderEffect] = []
    for time, start, price, quantity in candle_path(begins, MINUTE_MS, prices, 12.0):
        step = PathStep(D(repr(start)), D(shown))
        found += book.take(MarketTrade(time, D(repr(price)), D(repr(quantity)), step))
    return found


def test_a_stop_takes_where_the_path_reaches_it() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "10", stop="98.5"), opened(2, SELL, LIMIT, "5", "100.50"))
    effects = play(book, FALLING)
    assert filled(effects) == [(1, "98.5", "8"), (1, "98.48", "2"), (2, "100.5", "3")]
    assert [each.time - MINUTE_MS for each in effects] == [20_000, 20_000, 40_000]


def test_behind_a_leap_a_stop_takes_at_the_open() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "1", stop="100.50"), opened(2, BUY, STOP, "1", stop="99.80"))
    assert filled(play(book, FALLING)) == [(1, "100", "1"), (2, "100", "1")]


def test_a_pair_that_a_candle_reaches_on_both_sides_is_stopped() -> None:
    place = [ListPlace(7, ListKind.OCO, role) for role in (ListRole.LIMIT, ListRole.STOP)]
    book = orders()
    book.put(
        opened(1, SELL, LIMIT, "1", "100.50", place=place[0]), opened(2, SELL, STOP, "1", stop="98", place=place[1])
    )
    effects = play(book, FALLING)
    assert [type(each) for each in effects] == [Triggered, Expired, Filled]
    assert filled(effects) == [(2, "98", "1")]


def test_trailing_stops_follow_the_path() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "1", delta=100), opened(2, BUY, STOP, "1", delta=100))
    effects = play(book, FALLING)
    assert filled(effects) == [(1, "99", "1"), (2, "97.97", "1")]
    assert {each.rule for each in effects if isinstance(each, Filled)} == {FillRule.IMPACT}


def test_a_trigger_is_rounded_to_the_tick_that_the_price_reaches_with_it() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "1", stop="98.505"), opened(2, BUY, STOP, "1", stop="100.105"))
    assert filled(play(book, FALLING)) == [(1, "98.5", "1"), (2, "100.11", "1")]


@pytest.mark.parametrize("late", [False, True])
def test_a_display_on_the_way_is_used_once_whenever_an_order_is_known(late: bool) -> None:  # noqa: FBT001
    book = orders()
    first, second = opened(1, SELL, STOP, "6", stop="98.5"), opened(2, SELL, STOP, "4", stop="98.5")
    book.put(*([first] if late else [first, second]))
    step = PathStep(D(100), D(8))
    effects = book.take(MarketTrade(20, D("98.5"), D(3), step))
    effects += book.put(second) if late else []
    assert filled(effects) == [(1, "98.5", "6"), (2, "98.5", "2"), (2, "98.48", "2")]


def test_what_is_left_waits_for_the_next_point_and_not_for_triggers_of_others() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "3", stop="99.5"), opened(2, SELL, STOP, "1", stop="99"))
    effects = play(book, (100.0, 100.0, 98.0, 98.0), shown="0.05")
    first = [price for order, price, _ in filled(effects) if order == 1]
    assert first[0] == "99.5"
    assert "99" not in first
    assert "98" in first


def test_a_quote_at_the_price_of_the_path_shows_no_more_than_is_left() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "170", stop="98"))
    play(book, (100.0, 100.0, 98.0, 98.0))
    assert filled(book.take(quote(2 * MINUTE_MS, "98", "98", bid_size="8"))) == []


def test_a_stop_limit_that_the_path_passes_rests_at_its_limit() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP_LIMIT, "10", "98.49", stop="98.5"))
    assert filled(play(book, FALLING)) == [(1, "98.5", "8"), (1, "98.49", "2")]


def test_a_bracket_that_was_bought_below_its_stop_sells_at_once() -> None:
    """The purchase fills at the low, which is below the stop loss: the price that comes from there has passed it."""
    roles = (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP)
    places = [ListPlace(7, ListKind.OTOCO, role) for role in roles]
    pending = OrderStatus.PENDING_NEW
    book = orders()
    book.put(
        opened(1, BUY, LIMIT, "1", "99", place=places[0]),
        opened(2, SELL, LIMIT, "1", "110", place=places[1], status=pending),
        opened(3, SELL, STOP, "1", stop="98", place=places[2], status=pending),
    )
    effects = play(book, FALLING)
    assert [each.order_id for each in effects if isinstance(each, Activated)] == [2, 3]
    assert filled(effects) == [(1, "99", "1"), (3, "97", "0.999")]
