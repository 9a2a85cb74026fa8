"""Rules of limits: whether an order passes one, what would be allowed, and when a change applies. Pure.

Purchases are risk, sales reduce it: only purchases are refused, except that the number of open orders counts both
sides. Cancellations are never refused. The database has the same rules (0064.limits.sql), which bind; these are for
previews.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.decimals import EXACT, down
from trading.errors import LimitReached, minutes_parted
from trading.limits.types import Limit, LimitKind, OwnLimit, ProposedOrder, Standing
from trading.orders.holds import hold_price_of
from trading.orders.records import OrderPlan
from trading.orders.types import Execution

ZERO = Decimal(0)
_CENTS = 2


@dataclass(frozen=True, slots=True)
class LimitChange:
    """Limit before and after a change that a user asked for: at once, or at `at`. None is no limit."""

    kind: LimitKind
    before: OwnLimit | None
    after: OwnLimit | None
    at: datetime | None


def proposed(execution: Execution) -> ProposedOrder:
    """Returns a purchase at the market as limits see it: what it buys is worth the market's price, less the fee."""
    return ProposedOrder(
        adds=True,
        amount=execution.quote_amount,
        bought=EXACT.multiply(execution.received, execution.mid_price),
    )


def proposed_orders(plan: OrderPlan) -> ProposedOrder:
    """Returns orders that are accepted together as limits see them: each may fill at its worst price, and of the
    purchases of a list one counts, since they exclude or follow each other.
    """
    prices = [(terms.quantity, hold_price_of(terms, plan.reference_price)) for terms in plan.terms]
    costs = [EXACT.multiply(quantity, price) for quantity, price in prices if price is not None]
    return ProposedOrder(adds=bool(costs), amount=max(costs, default=ZERO), resting=len(plan.terms))


def check_order(order: ProposedOrder, limits: Sequence[Limit], standing: Standing, at: datetime) -> LimitReached | None:
    """Returns the refusal of an order at `at` by the first limit that it would pass, or None."""
    pause = standing.pause
    if order.adds and pause is not None and (pause.until is None or pause.until > at):
        return LimitReached(pause.kind, pause.value, ZERO, standing.asset, pause.of_desk, *_time_left(pause.until, at))
    return next((found for limit in limits if (found := _refusal(order, limit, standing, at)) is not None), None)


def _refusal(order: ProposedOrder, limit: Limit, standing: Standing, at: datetime) -> LimitReached | None:
    kind, value = limit.kind, limit.value
    if kind is LimitKind.ORDERS:
        passed = bool(order.resting) and standing.open_orders + order.resting > value
        return _reached(limit, value, standing) if passed else None
    if not order.adds:
        return None
    if kind is LimitKind.ORDER:
        return _reached(limit, value, standing) if order.amount > value else None
    if kind in (LimitKind.STREAK, LimitKind.LOSS):
        until = cooldown_end(limit, standing)
        return _reached(limit, ZERO, standing, until, at) if until is not None and until > at else None
    return _refusal_by_equity(order, limit, standing, at)


def _refusal_by_equity(order: ProposedOrder, limit: Limit, standing: Standing, at: datetime) -> LimitReached | None:
    equity = standing.equity if not order.bought else EXACT.subtract(standing.equity, _cost(order))
    if limit.kind is LimitKind.COIN:
        most = EXACT.multiply(limit.value, equity)
        left = down(max(EXACT.subtract(most, standing.coin), ZERO), _CENTS)
        passed = EXACT.add(standing.coin, order.bought or order.amount) > most
        return _reached(limit, left, standing) if passed else None
    of_day = limit.kind is LimitKind.DAY
    if not lost(standing.day_start if of_day else standing.peak, equity, limit.value):
        return None
    return _reached(limit, ZERO, standing, standing.day_ends if of_day else None, at)


def _cost(order: ProposedOrder) -> Decimal:
    """Returns what a purchase loses at once: the fee and the distance from the market's price."""
    return EXACT.subtract(order.amount, order.bought)


def lost(reference: Decimal, equity: Decimal, fraction: Decimal) -> bool:
    """True if the equity is below the reference by the fraction or more. A loss of exactly the fraction counts."""
    return EXACT.subtract(reference, equity) >= EXACT.multiply(fraction, reference)


def cooldown_end(limit: Limit, standing: Standing) -> datetime | None:
    """Returns when the cool-down after the last losses ends, None if they are none. It may be past."""
    sales = standing.sales
    if limit.kind is LimitKind.STREAK:
        newest = sales[: int(limit.value)]
        if len(newest) < limit.value or any(sale.realised >= 0 for sale in newest):
            return None
        ended = newest[0].at
    else:
        heavy = [
            sale.at for sale in sales if sale.realised < 0 and -sale.realised >= EXACT.multiply(limit.value, sale.cost)
        ]
        if not heavy:
            return None
        ended = max(heavy)
    return ended + timedelta(minutes=limit.cooldown_minutes)


def _reached(
    limit: Limit, allowed: Decimal, standing: Standing, until: datetime | None = None, at: datetime | None = None
) -> LimitReached:
    left = (0, 0) if until is None or at is None else _time_left(until, at)
    return LimitReached(limit.kind, limit.value, allowed, standing.asset, limit.of_desk, *left)


def _time_left(until: datetime | None, at: datetime) -> tuple[int, int]:
    """Returns hours and minutes until then, rounded up to a minute."""
    return (0, 0) if until is None else minutes_parted(-((at - until) // timedelta(minutes=1)))


def in_force(own: OwnLimit | None, at: datetime) -> OwnLimit | None:
    """Returns the limit as it is at `at`: a change whose time has come is made."""
    if own is None or own.next_at is None or own.next_at > at:
        return own
    return None if own.next_value is None else OwnLimit(own.kind, own.next_value)


def changed(kind: LimitKind, own: OwnLimit | None, wish: Decimal | None, at: datetime, delay: timedelta) -> LimitChange:
    """Returns what setting a limit to `wish` (None: no limit) at `at` changes. A stricter limit applies at once and
    ends what was to come. A weaker one applies after `delay`; asking for the same again does not restart the delay.
    """
    own = in_force(own, at)
    if own is None:
        return LimitChange(kind, None, None if wish is None else OwnLimit(kind, wish), None)
    if wish is not None and wish <= own.value:
        return LimitChange(kind, own, OwnLimit(kind, wish), None)
    if own.next_at is not None and own.next_value == wish:
        return LimitChange(kind, own, own, own.next_at)
    if not delay:
        return LimitChange(kind, own, None if wish is None else OwnLimit(kind, wish), None)
    return LimitChange(kind, own, OwnLimit(kind, own.value, wish, at + delay), at + delay)
