"""Fills of open orders: the worked examples of docs/fills.md, and five examples that others have published."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.open_orders import filled, opened, orders, quote, trade
from trading.orders.effects import Activated, Expired, Filled, FillRule, Triggered
from trading.orders.open_orders import EndReason, ListKind, ListPlace, ListRole, OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Side

D = Decimal
BUY, SELL = Side.BUY, Side.SELL
LIMIT, STOP, STOP_LIMIT = OrderType.LIMIT, OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT
PAIR = (ListPlace(7, ListKind.OCO, ListRole.LIMIT), ListPlace(7, ListKind.OCO, ListRole.STOP))


def test_published_queue() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "50", "100", ahead="100"))
    found = [filled(book.take(trade(time, "100", size))) for time, size in ((1, "80"), (2, "30"), (3, "50"))]
    assert found == [[], [(1, "100", "10")], [(1, "100", "40")]]


def test_published_liquidity_is_consumed() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1000", "100.05"))
    sizes = [("100.10", "50"), ("100.00", "30"), ("99.95", "200")]
    found = [
        filled(book.take(quote(time, "99", ask, ask_size=size))) for time, (ask, size) in enumerate(sizes, start=1)
    ]  # fmt: skip
    assert found == [[], [(1, "100.05", "30")], [(1, "100.05", "200")]]
    order = book.get(1)
    assert order is not None
    assert order.remaining == 770


def test_published_stop_is_behind_its_trigger() -> None:
    book = orders()
    book.put(opened(1, BUY, STOP, "5", stop="100"))
    book.take(quote(1, "99.99", "100", ask_size="10"))
    assert book.take(trade(2, "100", "8")) == [Triggered(1, 2, D(100))]
    effects = book.take(quote(2, "99.99", "100", ask_size="2"))
    assert filled(effects) == [(1, "100", "2"), (1, "100.02", "2"), (1, "100.04", "1")]


def test_published_gap_fills_at_the_market() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "1", stop="100"))
    book.take(trade(1, "105"))
    book.take(trade(2, "90"))
    assert filled(book.take(quote(2, "90", "90.01"))) == [(1, "90", "1")]


def test_published_path_through_the_stop() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP, "1", stop="100"))
    book.take(trade(1, "102"))
    book.take(trade(2, "100"))
    assert filled(book.take(quote(2, "100", "100.01"))) == [(1, "100", "1")]


def test_purchase_that_the_market_jumps_expires_beyond_its_protection() -> None:
    book = orders()
    book.put(opened(1, BUY, STOP, "1", stop="100"))
    book.take(trade(2, "110"))
    assert book.take(quote(2, "105", "105.01")) == [Expired(1, 2, EndReason.PROTECTION)]


def test_trade_beyond_the_limit_is_shared_by_price_and_time() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "2", "100"), opened(2, BUY, LIMIT, "2", "101"), opened(3, BUY, LIMIT, "2", "100"))
    effects = book.take(trade(1, "99", "5"))
    assert filled(effects) == [(2, "101", "2"), (1, "100", "2"), (3, "100", "1")]
    assert all(isinstance(each, Filled) and each.rule is FillRule.TRADE_THROUGH and each.maker for each in effects)


def test_old_trade_does_not_count() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100", at=10))
    assert book.take(trade(10, "99")) == []
    assert filled(book.take(trade(11, "99"))) == [(1, "100", "1")]


def test_a_trade_counts_that_arrives_after_a_newer_quote() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "3", "100"))
    book.take(quote(10, "101", "102"))
    assert filled(book.take(trade(8, "99", "2"))) == [(1, "100", "2")]
    assert book.take(trade(7, "99", "2")) == [], "older than the last trade"
    assert book.take(quote(9, "98", "99")) == [], "older than the last quote"


def test_a_late_trade_counts_for_orders_accepted_before_it_only() -> None:
    book = orders()
    stop = opened(3, SELL, STOP, "1", stop="100", at=9)
    book.put(opened(1, BUY, LIMIT, "1", "100", at=7), opened(2, BUY, LIMIT, "1", "100", at=8), stop)
    book.take(quote(10, "101", "102"))
    assert filled(book.take(trade(8, "99", "5"))) == [(1, "100", "1")]
    assert filled(book.take(trade(9, "99", "5"))) == [(2, "100", "1")]
    assert book.take(trade(10, "99", "5")) == [Triggered(3, 10, D(99))]


def test_a_late_trade_is_not_counted_twice_in_the_queue() -> None:
    """The quote shows what the trade has left; what it shows bounds the quantity ahead already."""
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100", ahead="8"))
    book.take(quote(10, "100", "101", bid_size="5"))
    assert book.take(trade(8, "100", "3")) == []
    order = book.get(1)
    assert order is not None
    assert order.queue_ahead == 5
    assert filled(book.take(trade(10, "100", "6"))) == [(1, "100", "1")]


def test_a_last_price_does_not_refuse_the_trade_behind_it() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100"))
    book.take(trade(10, "99", "0"))
    assert filled(book.take(trade(8, "99", "5"))) == [(1, "100", "1")]
    assert book.take(trade(7, "98", None)) == []


def test_late_news_replays_what_is_left() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "3", "100"))
    book.take(trade(10, "99", "5"))
    assert filled(book.put(opened(2, BUY, LIMIT, "9", "100", at=9))) == [(2, "100", "2")]
    assert book.put(opened(3, BUY, LIMIT, "9", "100", at=9)) == []
    assert book.put(opened(4, BUY, LIMIT, "9", "100", at=10)) == []


def test_unsized_trade_takes_what_the_quote_shows() -> None:
    book = orders()
    book.put(opened(1, SELL, LIMIT, "3", "100"))
    assert book.take(trade(1, "101", None)) == []
    book.take(quote(2, "99", "99.5", bid_size="2"))
    assert book.take(trade(3, "100", None)) == []
    assert filled(book.take(trade(4, "101", None))) == [(1, "100", "2")]
    assert book.take(trade(5, "101", None)) == []


def test_display_at_acceptance_is_not_new() -> None:
    book = orders()
    book.take(quote(1, "99", "100"))
    book.put(opened(1, BUY, LIMIT, "3", "100", at=2, ahead="0"))
    assert book.take(quote(3, "99", "100")) == []
    assert filled(book.take(quote(4, "99", "99.9"))) == [(1, "100", "3")]


def test_queue_follows_the_display() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100"))
    seen = []
    for event in (
        quote(1, "101", "102"), quote(2, "100", "102", bid_size="8"), quote(3, "100", "102", bid_size="9"),
        quote(4, "100", "102", bid_size="5"), trade(5, "100", "2"), quote(6, "99", "102"),
    ):  # fmt: skip
        book.take(event)
        seen += [each.queue_ahead for each in book.states()]
    assert seen == [D(8), D(5), D(3), D(0)]


@pytest.mark.parametrize(("price", "winner", "loser"), [("110.5", 1, 2), ("95", 2, 1)])
def test_pair_cancels(price: str, winner: int, loser: int) -> None:
    book = orders()
    book.put(opened(1, SELL, LIMIT, "5", "110", place=PAIR[0]), opened(2, SELL, STOP, "5", stop="95", place=PAIR[1]))
    effects = book.take(trade(1, price, "1"))
    assert [each.order_id for each in effects] == [winner, loser]
    assert effects[1] == Expired(loser, 1, EndReason.LIST)


def test_bracket_goes_live_with_what_was_bought() -> None:
    places = [ListPlace(7, ListKind.OTOCO, role) for role in (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP)]
    pending = OrderStatus.PENDING_NEW
    book = orders()
    book.put(
        opened(1, BUY, LIMIT, "1", "100", place=places[0]),
        opened(2, SELL, LIMIT, "1", "110", place=places[1], status=pending),
        opened(3, SELL, STOP, "1", stop="95", place=places[2], status=pending),
    )
    assert filled(book.take(trade(1, "99", "0.4"))) == [(1, "100", "0.4")]
    effects = book.take(trade(2, "90", "1"))
    assert effects[1:] == [Activated(2, 2, D("0.999")), Activated(3, 2, D("0.999"))]
    assert book.take(trade(3, "94")) == [Triggered(3, 3, D(94)), Expired(2, 3, EndReason.LIST)]


def test_an_order_that_goes_live_comes_behind_those_before_it_and_keeps_the_place_of_the_store() -> None:
    places = [ListPlace(7, ListKind.OTO, role) for role in (ListRole.WORKING, ListRole.LIMIT)]
    all_orders = orders()
    working = opened(1, Side.BUY, OrderType.LIMIT, "1", "90", ahead="0", place=places[0])
    pending = opened(2, Side.SELL, OrderType.LIMIT, "1", "110", place=places[1], status=OrderStatus.PENDING_NEW)
    all_orders.put(working, pending)
    all_orders.put(opened(3, Side.SELL, OrderType.LIMIT, "1", "110", ahead="0"))
    all_orders.take(trade(1, "89", "1"))
    live = all_orders.get(2)
    assert live is not None
    all_orders.take(quote(2, "100", "101"))
    stored = replace(live, priority=4)
    all_orders.put(stored, opened(5, Side.SELL, OrderType.LIMIT, "1", "110", at=2, ahead="0"))
    assert (live.version, all_orders.get(2)) == (2, stored)
    fills = [each for each in all_orders.take(trade(3, "111", "2.5")) if isinstance(each, Filled)]
    assert [(each.order_id, each.fills[0].quantity) for each in fills] == [(3, 1), (2, D("0.999")), (5, D("0.501"))]


def test_stop_limit_takes_then_rests() -> None:
    book = orders()
    book.put(opened(1, SELL, STOP_LIMIT, "15", "99.99", stop="100"))
    book.take(trade(1, "100"))
    effects = book.take(quote(1, "99.995", "100.01", bid_size="5"))
    assert filled(effects) == [(1, "99.99", "5")]
    assert filled(book.take(trade(2, "100", "4"))) == [(1, "99.99", "4")]


def test_smaller_quantity_keeps_the_place() -> None:
    book = orders()
    first = opened(1, BUY, LIMIT, "9", "100", ahead="4")
    book.put(first, opened(2, BUY, LIMIT, "9", "100", ahead="4"))
    book.take(trade(1, "100", "3"))
    assert book.put(replace(first, version=2, quantity=D(2))) == []
    order = book.get(1)
    assert order is not None
    assert order.queue_ahead == 1
    assert filled(book.take(trade(2, "100", "4"))) == [(1, "100", "2"), (2, "100", "1")]


def test_date_ends_the_order() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100", expires_at=50))
    assert book.take(trade(50, "99")) == [Expired(1, 50, EndReason.TIME)]


def test_fill_stops_at_the_money_held() -> None:
    book = orders()
    order = opened(1, BUY, STOP, "10", stop="100")
    assert order.hold is not None
    book.put(replace(order, hold=replace(order.hold, amount=D(250))))
    book.take(trade(1, "100"))
    effects = book.take(quote(1, "99", "100", ask_size="99"))
    assert filled(effects) == [(1, "100", "2.5")]
    assert effects[1] == Expired(1, 1, EndReason.FUNDS)


def test_bracket_that_ends_for_lack_of_funds_goes_live_for_its_part() -> None:
    places = [ListPlace(7, ListKind.OTO, role) for role in (ListRole.WORKING, ListRole.LIMIT)]
    book = orders()
    working = opened(1, BUY, STOP, "10", stop="100", place=places[0])
    assert working.hold is not None
    pending = opened(2, SELL, LIMIT, "10", "110", place=places[1], status=OrderStatus.PENDING_NEW)
    book.put(replace(working, hold=replace(working.hold, amount=D(250))), pending)
    book.take(trade(1, "100"))
    effects = book.take(quote(1, "99", "100", ask_size="99"))
    assert effects[1:] == [Expired(1, 1, EndReason.FUNDS), Activated(2, 1, D("2.497"))]


def test_crossed_quote_fills_nothing() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "1", "100"))
    assert book.take(quote(1, "99", "98")) == []
    assert book.take(trade(2, "99", None)) == []


def test_an_order_amended_before_its_first_event_starts_with_the_first_event_after() -> None:
    book = orders()
    book.put(opened(1, BUY, LIMIT, "2", "100"))
    first = book.get(1)
    assert first is not None
    book.put(replace(first, version=2, accepted_at=20, quantity=D(1)))
    assert filled(book.take(trade(15, "99", "5"))) == []
    assert filled(book.take(trade(25, "99", "5"))) == [(1, "100", "1")]
