"""Planning of amendments of open orders. Pure and exact."""

from dataclasses import replace
from decimal import Decimal

from core.decimals import EXACT, down_to_step
from trading.errors import BelowMinimumQuantity, InsufficientFunds
from trading.matching.immediate_fills import resolve_price
from trading.matching.resting_orders import queue_at
from trading.matching.situation import Situation
from trading.orders.bookings import Amendment
from trading.orders.checks import check_percent_price, check_price, check_quantity, check_stop
from trading.orders.errors import AmendBelowFilled, AmendNothing, WouldTakeLiquidity
from trading.orders.holds import hold_price_of, pair_need, step_of
from trading.orders.open_orders import OpenOrder
from trading.orders.terms import PriceWish
from trading.orders.types import Side


def plan_amendment(
    order: OpenOrder, price: PriceWish | None, quantity: Decimal | None, situation: Situation, mate: OpenOrder | None
) -> Amendment:
    """Returns the amendment to a new limit price (for orders without one: stop price) or quantity. `mate` is the other
    order of a pair, whose need the common hold covers too. The order keeps its place only if nothing but its quantity
    changes, and falls. It must not take liquidity at the new price.

    Raises AmendNothing, AmendBelowFilled, BelowMinimumQuantity, InsufficientFunds, WouldTakeLiquidity and the errors of
    `trading.orders.checks`.
    """
    after = _amended(order, price, quantity, situation)
    _check(order, after, situation)
    hold = pair_need((each for each in (after, mate) if each is not None), situation.rules)
    had = order.hold.amount if order.hold is not None else Decimal(0)
    balance = situation.funds if order.terms.side is Side.BUY else situation.base
    more = EXACT.subtract(hold, had)
    if more > balance.available:
        raise InsufficientFunds(balance.asset, more, balance.available, EXACT.subtract(more, balance.available))
    loses = _prices(after) != _prices(order) or after.quantity > order.quantity
    return Amendment(
        order.order_id,
        order.version,
        after.quantity,
        after.limit_price,
        after.stop_price,
        after.hold_price,
        hold,
        _queue(after, situation) if loses else order.queue_ahead,
        loses,
    )


def _amended(order: OpenOrder, price: PriceWish | None, quantity: Decimal | None, at: Situation) -> OpenOrder:
    """Returns the order with its new values. Raises AmendNothing, AmendBelowFilled."""
    terms, after = order.terms, order
    if price is not None:
        if order.limit_price is not None:
            upwards = terms.side is Side.SELL
            after = replace(after, limit_price=resolve_price(price, at.quote.price, at.rules, upwards=upwards))
        elif order.stop_price is not None and not order.triggered and order.extreme is None:
            upwards = not terms.reached_from_above
            after = replace(after, amended_stop=resolve_price(price, at.quote.price, at.rules, upwards=upwards))
        else:
            raise AmendNothing(order.order_id)
    if quantity is not None:
        if quantity.is_finite() and quantity > 0:
            step = step_of(terms.type, at.rules)
            quantity = down_to_step(quantity, step)
            if quantity == 0:
                raise BelowMinimumQuantity(at.rules.base, step)
        if not quantity > order.filled:
            raise AmendBelowFilled(order.order_id, order.filled, at.rules.base)
        after = replace(after, quantity=quantity)
    if (after.quantity, *_prices(after)) == (order.quantity, *_prices(order)):
        raise AmendNothing(order.order_id)
    now = replace(terms, limit_price=after.limit_price, stop_price=after.stop_price)
    return replace(after, hold_price=hold_price_of(now, at.quote.price))


def _prices(order: OpenOrder) -> tuple[Decimal | None, Decimal | None]:
    return (order.limit_price, order.stop_price)


def _check(order: OpenOrder, after: OpenOrder, at: Situation) -> None:
    rules, limit, side = at.rules, after.limit_price, order.terms.side
    terms = replace(order.terms, quantity=after.quantity, limit_price=limit, stop_price=after.stop_price)
    for price in _prices(after):
        if price is not None:
            check_price(price, rules)
    if after.stop_price != order.stop_price:
        check_stop(terms, at.quote.price)
    if limit is not None and limit != order.limit_price:
        check_percent_price(side, limit, at.quote.price, rules)
        best = at.quote.ask if side is Side.BUY else at.quote.bid
        takes = limit >= best if side is Side.BUY else limit <= best
        if takes and (order.triggered or not order.terms.type.waits):
            raise WouldTakeLiquidity(rules.symbol, limit, best, amended=True)
    check_quantity(terms, at.quote.price, rules)


def _queue(order: OpenOrder, at: Situation) -> Decimal | None:
    if order.limit_price is None or (order.terms.type.waits and not order.triggered):
        return None
    quote = at.quote
    own = (quote.bid, quote.bid_size) if order.terms.side is Side.BUY else (quote.ask, quote.ask_size)
    return queue_at(order.terms.side, order.limit_price, *own)
