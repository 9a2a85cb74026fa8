"""Life of an order: which event may follow in which status, and the order after it.

The table is the only definition. The ledger enforces the same rows in the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from core.decimals import EXACT
from trading.orders.effects import Activated, Expired, Filled, OrderEffect, Triggered
from trading.orders.open_orders import OpenOrder, OrderEventKind, OrderStatus

_S, _E = OrderStatus, OrderEventKind

TRANSITIONS: Mapping[tuple[OrderStatus | None, OrderEventKind], tuple[OrderStatus, ...]] = {
    (None, _E.ACCEPTED): (_S.NEW, _S.PENDING_NEW),
    (_S.PENDING_NEW, _E.ACTIVATED): (_S.NEW,),
    # A user may move the stop of a bracket before its entry fills; nothing is held for it yet.
    (_S.PENDING_NEW, _E.AMENDED): (_S.PENDING_NEW,),
    (_S.PENDING_NEW, _E.CANCELED): (_S.CANCELED,),
    # The working order of its list ended with nothing filled, or bought less than one step.
    (_S.PENDING_NEW, _E.EXPIRED): (_S.EXPIRED,),
    # A trigger is an event and no status: Binance reports such an order as NEW before and after it.
    (_S.NEW, _E.TRIGGERED): (_S.NEW,),
    (_S.NEW, _E.FILLED): (_S.PARTIALLY_FILLED, _S.FILLED),
    (_S.NEW, _E.AMENDED): (_S.NEW,),
    (_S.NEW, _E.CANCELED): (_S.CANCELED,),
    (_S.NEW, _E.EXPIRED): (_S.EXPIRED,),
    (_S.PARTIALLY_FILLED, _E.FILLED): (_S.PARTIALLY_FILLED, _S.FILLED),
    (_S.PARTIALLY_FILLED, _E.AMENDED): (_S.PARTIALLY_FILLED,),
    # What was filled stays filled: the status names how the rest ended.
    (_S.PARTIALLY_FILLED, _E.CANCELED): (_S.CANCELED,),
    (_S.PARTIALLY_FILLED, _E.EXPIRED): (_S.EXPIRED,),
}
"""Statuses after an event, by the status before it (None: the order does not exist yet). Other events cannot happen."""


@dataclass(eq=False)
class ForbiddenTransition(Exception):
    """The event cannot happen to the order. This is a defect of the caller, not a refusal."""

    order_id: int
    status: str
    event: str


def status_after(order: OpenOrder, kind: OrderEventKind, remaining: Decimal) -> OrderStatus:
    """Returns the status after an event that leaves `remaining` unfilled. Raises ForbiddenTransition."""
    following = TRANSITIONS.get((order.status, kind))
    if following is None or remaining < 0 or (kind is _E.TRIGGERED and (order.triggered or not order.terms.type.waits)):
        raise ForbiddenTransition(order.order_id, order.status, kind)
    if kind is _E.FILLED:
        return _S.PARTIALLY_FILLED if remaining else _S.FILLED
    return following[0]


def applied(order: OpenOrder, effect: OrderEffect) -> OpenOrder:
    """Returns the order after an effect, with the next version. Money (`hold`, `received`) does not change here: see
    `trading.orders.holds`. Raises ForbiddenTransition.
    """
    version = order.version + 1
    match effect:
        case Triggered():
            status = status_after(order, _E.TRIGGERED, order.remaining)
            return replace(order, version=version, status=status, triggered=True)
        case Filled():
            filled = order.filled
            for fill in effect.fills:
                filled = EXACT.add(filled, fill.quantity)
            status = status_after(order, _E.FILLED, EXACT.subtract(order.quantity, filled))
            return replace(order, version=version, status=status, filled=filled)
        case Activated():
            status = status_after(order, _E.ACTIVATED, effect.quantity)
            return replace(order, version=version, status=status, quantity=effect.quantity)
        case Expired():
            return replace(order, version=version, status=status_after(order, _E.EXPIRED, order.remaining))
        case _:
            assert_never(effect)
