"""Holds: the money that an open order reserves, and what its fills take from it. Pure and exact.

A purchase holds its remaining quantity at `hold_price`, rounded up to the unit of the quote asset; a sale holds its
remaining quantity of the base asset. The two orders of a pair share one hold, the larger of their needs. No fee is part
of a hold: it is taken from what is received.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from core.decimals import EXACT, ROUNDING, down, down_to_step, up, up_to_step
from pipeline.rules import SymbolRules
from trading.orders.effects import PROTECTION
from trading.orders.open_orders import Hold, OpenOrder, OrderStatus
from trading.orders.terms import OrderTerms, OrderType
from trading.orders.types import Fill, Side

ZERO = Decimal(0)
BASIS_POINTS = 10_000


def hold_asset(side: Side, rules: SymbolRules) -> str:
    """Returns the asset that an order of this side spends, and so holds."""
    return rules.quote if side is Side.BUY else rules.base


def hold_price_of(terms: OrderTerms, reference: Decimal) -> Decimal | None:
    """Returns what a purchase may cost per unit; None for a sale.

    This is the limit price. Without one it is the largest trigger price x (1 + PROTECTION), where a trailing order
    follows the price from its activation price, or from `reference`, the last price, if it has none.
    """
    if terms.side is Side.SELL:
        return None
    if terms.limit_price is not None:
        return terms.limit_price
    trigger = reference if terms.stop_price is None else terms.stop_price
    if terms.trailing_delta is not None:
        trigger = EXACT.divide(EXACT.multiply(trigger, Decimal(BASIS_POINTS + terms.trailing_delta)), BASIS_POINTS)
    return EXACT.multiply(trigger, 1 + PROTECTION)


def need_of(side: Side, quantity: Decimal, hold_price: Decimal | None, rules: SymbolRules) -> Decimal:
    """Returns what an order holds for `quantity`: quote asset, rounded up, for a purchase; base asset for a sale."""
    if side is Side.SELL or hold_price is None:
        return quantity
    return up(EXACT.multiply(quantity, hold_price), rules.quote_scale)


def hold_need(order: OpenOrder, rules: SymbolRules) -> Decimal:
    """Returns what the order has to hold for its remaining quantity. A pending order holds nothing."""
    if order.status is OrderStatus.PENDING_NEW:
        return ZERO
    return need_of(order.terms.side, order.remaining, hold_price(order), rules)


def pair_need(orders: Iterable[OpenOrder], rules: SymbolRules) -> Decimal:
    """Returns what orders with one common hold have to hold: the largest of their needs."""
    return max((hold_need(order, rules) for order in orders), default=ZERO)


def hold_price(order: OpenOrder) -> Decimal | None:
    """Returns what the purchase may cost per unit; None for a sale."""
    if order.terms.side is Side.SELL:
        return None
    return order.limit_price if order.hold_price is None else order.hold_price


def spent(side: Side, fills: Iterable[Fill], rules: SymbolRules) -> Decimal:
    """Returns what fills take from the hold: the cost, rounded up (purchase), or the quantity (sale)."""
    if side is Side.BUY:
        return up(_worth(fills), rules.quote_scale)
    total = ZERO
    for fill in fills:
        total = EXACT.add(total, fill.quantity)
    return total


def cost_of(after: OpenOrder, fills: Sequence[Fill], rules: SymbolRules) -> Decimal:
    """Returns what fills take from the hold of an order; `after` is the order after them, with its hold before."""
    if after.hold is None:
        return spent(after.terms.side, fills, rules)
    rest = need_of(after.terms.side, after.remaining, hold_price(after), rules)
    return cost_within(after.terms.side, fills, EXACT.subtract(after.hold.amount, rest), rules)


def cost_within(side: Side, fills: Sequence[Fill], bound: Decimal, rules: SymbolRules) -> Decimal:
    """Returns what fills take from a hold, `bound` of which is not needed for the rest of the order.

    The cost of a purchase is rounded up, as `spent` says, but down where it would otherwise pass the bound: a hold is
    rounded up once and fills many times, and what is held for an order pays for all of it.
    """
    cost = spent(side, fills, rules)
    less = down(_worth(fills), rules.quote_scale)
    return less if side is Side.BUY and cost > bound >= less > 0 else cost


def received(side: Side, fills: Iterable[Fill], fee_rate: Decimal, rules: SymbolRules) -> Decimal:
    """Returns what fills bring after the fee: base asset (purchase) or quote asset (sale). The fee is rounded up."""
    gross = ZERO
    for fill in fills:
        amount = fill.quantity if side is Side.BUY else EXACT.multiply(fill.price, fill.quantity)
        gross = EXACT.add(gross, amount)
    scale = rules.base_scale if side is Side.BUY else rules.quote_scale
    gross = down(gross, scale)
    return EXACT.subtract(gross, up(EXACT.multiply(gross, fee_rate), scale))


def after_fills(order: OpenOrder, fills: Iterable[Fill], rules: SymbolRules) -> OpenOrder:
    """Returns a filled order (its `filled` includes the fills) with what is left of its hold, and with what it
    received. What the hold has beyond the new need is available again.
    """
    fills = tuple(fills)
    side, hold = order.terms.side, order.hold
    if hold is not None:
        left = max(EXACT.subtract(hold.amount, cost_of(order, fills, rules)), ZERO)
        hold = replace(hold, amount=min(left, need_of(side, order.remaining, hold_price(order), rules)))
    known = order.received
    if known is not None:
        known = EXACT.add(known, received(side, fills, order.fee_rate, rules))
    return replace(order, hold=hold, received=known)


def affordable(amount: Decimal, fills: Iterable[Fill], step: Decimal, rules: SymbolRules) -> tuple[Fill, ...]:
    """Returns the fills of a purchase, cut down to what `amount` of the quote asset pays; a cut ends on a step."""
    left, quantity = down(amount, rules.quote_scale), ZERO
    fills = tuple(fills)
    for fill in fills:
        cost = EXACT.multiply(fill.price, fill.quantity)
        if cost > left:
            worth = EXACT.add(EXACT.multiply(quantity, fill.price), left)
            return _first(fills, EXACT.multiply(ROUNDING.divide_int(worth, EXACT.multiply(fill.price, step)), step))
        left = EXACT.subtract(left, cost)
        quantity = EXACT.add(quantity, fill.quantity)
    return fills


def _worth(fills: Iterable[Fill]) -> Decimal:
    """Returns price x quantity of all fills."""
    total = ZERO
    for fill in fills:
        total = EXACT.add(total, EXACT.multiply(fill.price, fill.quantity))
    return total


def _first(fills: Iterable[Fill], quantity: Decimal) -> tuple[Fill, ...]:
    """Returns the first `quantity` of the fills."""
    kept: list[Fill] = []
    for fill in fills:
        part = min(fill.quantity, quantity)
        if part:
            kept.append(Fill(fill.price, part))
        quantity = EXACT.subtract(quantity, part)
    return tuple(kept)


def live_quantity(working: OpenOrder, pending: Sequence[OpenOrder], rules: SymbolRules) -> Decimal:
    """Returns the quantity for which the pending orders of a list go live: at most that of their terms and what the
    working order received, rounded down to the step. Zero if that is less than a step.
    """
    brought = working.received if working.received is not None else _least_received(working, rules)
    quantity = min(order.quantity for order in pending)
    if working.terms.side is Side.BUY:
        quantity = min(quantity, brought)
    else:
        worst = max(hold_price(order) or ZERO for order in pending)
        quantity = min(quantity, ROUNDING.divide(brought, worst)) if worst else ZERO
    return down_to_step(max(quantity, ZERO), max(step_of(order.terms.type, rules) for order in pending))


def live_hold(pending: OpenOrder, hold_id: int, rules: SymbolRules) -> Hold:
    """Returns the hold of an order that has just gone live."""
    return Hold(hold_id, hold_asset(pending.terms.side, rules), hold_need(pending, rules))


def step_of(kind: OrderType, rules: SymbolRules) -> Decimal:
    """Returns the step of a quantity: that of LOT_SIZE, and for orders without a limit also that of MARKET_LOT_SIZE."""
    smallest = Decimal(1).scaleb(-rules.base_scale)
    if kind in {OrderType.STOP_LOSS, OrderType.TAKE_PROFIT}:
        return max(rules.step, smallest)
    return max(rules.lot.step, smallest) if rules.lot is not None and rules.lot.step > 0 else smallest


def _least_received(working: OpenOrder, rules: SymbolRules) -> Decimal:
    """Returns a lower bound: each execution may have rounded its fee up, so a step less than all of it is certain."""
    if working.terms.side is Side.SELL:
        return ZERO
    net = EXACT.subtract(working.filled, up(EXACT.multiply(working.filled, working.fee_rate), rules.base_scale))
    step = step_of(working.terms.type, rules)
    return EXACT.subtract(up_to_step(max(net, ZERO), step), step)
