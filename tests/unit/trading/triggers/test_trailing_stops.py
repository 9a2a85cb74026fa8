"""Trailing stops: the scenarios of Binance's "Spot Trailing Stop order FAQ", and many orders at once."""

from decimal import Decimal

import pytest

from tests.support.open_orders import opened, orders, trade
from trading.orders.effects import Triggered
from trading.orders.terms import OrderType
from trading.orders.types import Side
from trading.triggers.trailing_stops import TrailingStops, trigger_price

BUY, SELL = Side.BUY, Side.SELL

SCENARIOS = {
    "A": (BUY, OrderType.STOP_LOSS_LIMIT, "44000", 500, "45000", "40000 37000 44000 45000 46000 42000 44099", "44100"),
    "B": (SELL, OrderType.STOP_LOSS_LIMIT, "39000", 1000, "38000", "40000 41500 39000 37000 41000 36901", "36900"),
    "C": (
        BUY, OrderType.TAKE_PROFIT_LIMIT, "38000", 850, "38500", "40000 42000 38000 37000 39000 38000 40144", "40145"
    ),
    "D": (
        SELL, OrderType.TAKE_PROFIT_LIMIT, "42000", 750, "41000",
        "40000 41500 39000 42000 45000 44000 46500 43013", "43012.5",
    ),
    "E": (SELL, OrderType.STOP_LOSS_LIMIT, None, 700, "39000", "40000 42000 39500 45500 42316", "42315"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_binance_scenarios(name: str) -> None:
    side, kind, stop, delta, limit, quiet, last = SCENARIOS[name]
    book = orders()
    book.put(opened(1, side, kind, "1", limit, stop=stop, delta=delta))
    for time, price in enumerate(quiet.split(), start=1):
        assert book.take(trade(time, price)) == [], price
    assert book.take(trade(100, last)) == [Triggered(1, 100, Decimal(last))]


def test_activation_is_not_a_trigger() -> None:
    book = orders()
    book.put(opened(1, SELL, OrderType.TAKE_PROFIT, "1", stop="110", delta=10))
    assert book.take(trade(1, "111")) == []
    order = book.get(1)
    assert order is not None
    assert order.extreme == 111


def test_trigger_price_is_exact() -> None:
    assert trigger_price(SELL, Decimal(46_500), 750) == Decimal("43012.5")
    assert trigger_price(BUY, Decimal("0.00000001"), 1) == Decimal("0.000000010001")


def test_orders_with_one_extreme_move_together() -> None:
    stops = TrailingStops(SELL)
    for order_id in range(1_000):
        stops.add(order_id, Decimal(100 + order_id % 7), 1 + order_id)
    assert stops.take(Decimal(200)) == {}
    assert {stops.extreme(order_id) for order_id in range(1_000)} == {Decimal(200)}
    assert sorted(stops.take(Decimal("199.8"))) == list(range(10))
    assert len(stops) == 990
    stops.remove(500)
    assert 500 not in stops.take(Decimal(100))
