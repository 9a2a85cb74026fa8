"""Holds of open orders, and what fills take from them."""

from dataclasses import replace
from decimal import Decimal

from tests.support.open_orders import RULES, opened
from trading.orders.holds import affordable, after_fills, hold_need, hold_price_of, live_quantity, need_of, pair_need
from trading.orders.open_orders import OrderStatus
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Fill, Side

D = Decimal
BUY, SELL = Side.BUY, Side.SELL


def test_purchase_rounds_up_to_the_unit() -> None:
    assert need_of(BUY, D("0.333"), D("0.00000001"), RULES) == D("0.00000001")


def test_hold_prices() -> None:
    stop = OrderTerms(RULES.symbol, BUY, OrderType.STOP_LOSS, D(1), stop_price=D(100))
    assert hold_price_of(stop, D(90)) == 105
    assert hold_price_of(replace(stop, limit_price=D(101)), D(90)) == 101
    assert hold_price_of(replace(stop, trailing_delta=1_000), D(90)) == D("115.5")
    assert hold_price_of(replace(stop, trailing_delta=1_000, stop_price=None), D(90)) == D("103.95")
    assert hold_price_of(replace(stop, side=SELL), D(90)) is None


def test_pair_needs_the_larger() -> None:
    limit, stop = opened(1, BUY, OrderType.LIMIT, "2", "90"), opened(2, BUY, OrderType.STOP_LOSS, "2", stop="110")
    assert pair_need((limit, stop), RULES) == D("231")
    assert hold_need(replace(limit, status=OrderStatus.PENDING_NEW), RULES) == 0


def test_better_price_gives_back() -> None:
    order = replace(opened(1, BUY, OrderType.LIMIT, "2", "100"), filled=D(1))
    after = after_fills(order, [Fill(D(90), D(1))], RULES)
    assert after.hold is not None
    assert after.hold.amount == 100
    assert after.received == D("0.999")


def test_cut_to_the_money_ends_on_a_step() -> None:
    fills = (Fill(D(100), D("2.4")), Fill(D(101), D("0.6")))
    assert affordable(D(300), fills, D("0.5"), RULES) == (Fill(D(100), D("2.4")), Fill(D(101), D("0.1")))
    assert affordable(D(302), fills, D("0.5"), RULES) == fills
    assert affordable(D("300.59"), fills, D("0.5"), RULES) == (Fill(D(100), D("2.4")), Fill(D(101), D("0.1")))
    assert affordable(D(49), fills, D("0.5"), RULES) == ()
    assert affordable(D("300.60"), (Fill(D("100.2"), D(3)),), D(1), RULES) == (Fill(D("100.2"), D(3)),)


def test_what_goes_live_is_net_of_fees() -> None:
    legs = [opened(2, SELL, OrderType.LIMIT, "1", "110"), opened(3, SELL, OrderType.STOP_LOSS, "1", stop="95")]
    working = replace(opened(1, BUY, OrderType.LIMIT, "1", "100"), filled=D(1), received=D("0.9989"))
    assert live_quantity(working, legs, RULES) == D("0.998")
    assert live_quantity(replace(working, received=None), legs, RULES) == D("0.998")
    assert live_quantity(replace(working, received=D("0.0009")), legs, RULES) == 0
    assert live_quantity(replace(working, received=D(5)), legs, RULES) == 1
