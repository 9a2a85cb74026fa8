"""Amendments of open orders."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.open_orders import opened
from tests.support.planning import situation
from trading.errors import BelowMinimumQuantity, InsufficientFunds
from trading.matching.amendments import plan_amendment
from trading.orders.errors import AmendBelowFilled, AmendNothing, StopOnWrongSide, WouldTakeLiquidity
from trading.orders.open_orders import OpenOrder
from trading.orders.terms import OrderType, PriceWish
from trading.orders.types import Side

D = Decimal
LIMIT = replace(opened(1, Side.BUY, OrderType.LIMIT, "3", "99", ahead="7"), filled=D(1))
STOP = opened(2, Side.SELL, OrderType.STOP_LOSS, "3", stop="95")


def test_smaller_quantity_keeps_the_place() -> None:
    change = plan_amendment(LIMIT, None, D("2.0004"), situation(Side.BUY), None)
    assert (change.quantity, change.hold_amount, change.queue_ahead, change.loses_place) == (2, 99, 7, False)


def test_larger_quantity_loses_the_place() -> None:
    change = plan_amendment(LIMIT, None, D(4), situation(Side.BUY), None)
    assert (change.hold_amount, change.queue_ahead, change.loses_place) == (297, None, True)


def test_new_price_joins_the_queue_there() -> None:
    change = plan_amendment(LIMIT, D(100), None, situation(Side.BUY), None)
    assert (change.limit_price, change.hold_price, change.hold_amount, change.queue_ahead) == (100, 100, 200, 5)


def test_stop_moves() -> None:
    change = plan_amendment(STOP, D(97), None, situation(Side.SELL), None)
    assert (change.stop_price, change.limit_price, change.hold_amount) == (97, None, 3)


def test_pair_keeps_the_larger_need() -> None:
    mate = opened(3, Side.BUY, OrderType.STOP_LOSS, "2", stop="110")
    assert plan_amendment(LIMIT, D(98), None, situation(Side.BUY), mate).hold_amount == D(231)


@pytest.mark.parametrize(
    ("order", "price", "quantity", "error"),
    [
        (LIMIT, None, None, AmendNothing),
        (LIMIT, D(99), D(3), AmendNothing),
        (LIMIT, None, D(1), AmendBelowFilled),
        (LIMIT, D("100.1"), None, WouldTakeLiquidity),
        (LIMIT, None, D(200), InsufficientFunds),
        (STOP, D(100), None, StopOnWrongSide),
        (opened(4, Side.SELL, OrderType.STOP_LOSS, "3", delta=100), D(90), None, AmendNothing),
    ],
)
def test_refusals(order: OpenOrder, price: PriceWish | None, quantity: Decimal | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_amendment(order, price, quantity, situation(order.terms.side), None)


def test_a_quantity_below_a_step_is_too_small() -> None:
    with pytest.raises(BelowMinimumQuantity):
        plan_amendment(replace(LIMIT, filled=D(0)), None, D("0.0004"), situation(Side.BUY), None)
