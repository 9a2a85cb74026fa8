"""Life of an order: the table of transitions, and what each effect makes of an order."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from tests.support.open_orders import opened
from trading.orders.effects import Activated, Expired, Filled, FillRule, OrderEffect, Triggered
from trading.orders.lifecycle import TRANSITIONS, ForbiddenTransition, applied
from trading.orders.open_orders import EndReason, OpenOrder, OrderEventKind, OrderStatus
from trading.orders.terms import OrderType
from trading.orders.types import Fill, Side

D = Decimal
STOP = opened(1, Side.SELL, OrderType.STOP_LOSS, "3", stop="100")
LIMIT = opened(1, Side.SELL, OrderType.LIMIT, "3", "100")


def fill(quantity: str) -> Filled:
    return Filled(1, 5, (Fill(D(100), D(quantity)),), D(100), maker=True, rule=FillRule.QUEUE)


def test_ended_orders_never_change() -> None:
    ended = [status for status in OrderStatus if not status.open]
    assert not [each for each in product(ended, OrderEventKind) if each in TRANSITIONS]


def test_every_open_status_can_end() -> None:
    for status, kind in product(OrderStatus, (OrderEventKind.CANCELED, OrderEventKind.EXPIRED)):
        assert ((status, kind) in TRANSITIONS) is status.open


def test_every_row_leads_to_a_status_that_goes_on_or_ends() -> None:
    starts = {status for status, _ in TRANSITIONS if status is not None}
    assert all(each in starts or not each.open for following in TRANSITIONS.values() for each in following)


def test_effects_move_an_order() -> None:
    triggered = applied(STOP, Triggered(1, 5, D(99)))
    assert (triggered.status, triggered.triggered, triggered.version) == (OrderStatus.NEW, True, 2)
    part = applied(triggered, fill("1"))
    assert (part.status, part.filled, part.version) == (OrderStatus.PARTIALLY_FILLED, 1, 3)
    assert applied(part, fill("2")).status is OrderStatus.FILLED
    assert applied(part, Expired(1, 5, EndReason.FUNDS)).status is OrderStatus.EXPIRED


def test_activation_sets_the_quantity() -> None:
    pending = replace(LIMIT, status=OrderStatus.PENDING_NEW)
    live = applied(pending, Activated(1, 5, D(2)))
    assert (live.status, live.quantity) == (OrderStatus.NEW, 2)


@pytest.mark.parametrize(
    ("order", "effect"),
    [
        (LIMIT, Triggered(1, 5, D(99))),
        (replace(STOP, triggered=True), Triggered(1, 5, D(99))),
        (LIMIT, fill("4")),
        (LIMIT, Activated(1, 5, D(2))),
        (replace(LIMIT, status=OrderStatus.PENDING_NEW), fill("1")),
        (replace(LIMIT, status=OrderStatus.CANCELED), Expired(1, 5, EndReason.TIME)),
    ],
)
def test_forbidden_transitions(order: OpenOrder, effect: OrderEffect) -> None:
    with pytest.raises(ForbiddenTransition):
        applied(order, effect)
