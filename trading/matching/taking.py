"""Orders that take displayed liquidity after their trigger, by the published size-impact rule. Pure and exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT, down_to_step
from pipeline.market import Level
from pipeline.rules import SymbolRules
from trading.matching.market_orders import total, walk
from trading.orders.holds import affordable, step_of
from trading.orders.open_orders import OpenOrder
from trading.orders.types import Fill, Side
from trading.triggers.trailing_stops import trigger_price

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taking:
    """Result of one display for an order: `beyond` if the next price is worse than the order accepts, `short` if the
    money held does not suffice for the rest.
    """

    fills: tuple[Fill, ...]
    beyond: bool
    short: bool


def worst_price(order: OpenOrder, best: Decimal, protection: Decimal) -> Decimal | None:
    """Returns the worst price at which a triggered order fills: its limit, or else `protection`, a fraction, away from
    its trigger price. For a sale it counts from `best`, the best price of the display, if that is below the trigger
    price, so that a stop that the market has jumped still sells. For a purchase it does not: no more money is held.
    """
    if order.limit_price is not None:
        return order.limit_price
    terms = order.terms
    trigger = order.stop_price
    if terms.trailing_delta is not None and order.extreme is not None:
        trigger = trigger_price(terms.side, order.extreme, terms.trailing_delta)
    if trigger is None:
        return None
    if terms.side is Side.BUY:
        return EXACT.multiply(trigger, 1 + protection)
    return EXACT.multiply(min(trigger, best), 1 - protection)


def take_from(ladder: Iterable[Level], order: OpenOrder, worst: Decimal | None, rules: SymbolRules) -> Taking:
    """Takes what the order can get of a ladder, at no worse a price than `worst`."""
    allowed, beyond = _within(order.terms.side, ladder, worst, order.remaining)
    step = step_of(order.terms.type, rules)
    quantity = part_of(order.remaining, sum_of(allowed), step)
    fills = tuple(walk(allowed, quantity)) if quantity else ()
    kept = paid_by_hold(order, fills, step, rules)
    return Taking(kept, beyond, short=total(kept) < total(fills))


def part_of(remaining: Decimal, available: Decimal, step: Decimal) -> Decimal:
    """Returns what an order gets of an available quantity: all it wants, or as many whole steps as there are."""
    if remaining <= available:
        return remaining
    return down_to_step(available, step) if available > 0 else ZERO


def paid_by_hold(order: OpenOrder, fills: tuple[Fill, ...], step: Decimal, rules: SymbolRules) -> tuple[Fill, ...]:
    """Returns the fills that the money held for a purchase pays; those of a sale are covered by its quantity."""
    if order.terms.side is Side.SELL or order.hold is None:
        return fills
    return affordable(order.hold.amount, fills, step, rules)


def sum_of(levels: Iterable[Level]) -> Decimal:
    """Returns the quantity of all levels."""
    found = ZERO
    for level in levels:
        found = EXACT.add(found, level.quantity)
    return found


def _within(side: Side, levels: Iterable[Level], worst: Decimal | None, wanted: Decimal) -> tuple[list[Level], bool]:
    """Returns the first levels at acceptable prices until they suffice, and True if a worse level ended them."""
    found: list[Level] = []
    have = ZERO
    for level in levels:
        if worst is not None and (level.price > worst if side is Side.BUY else level.price < worst):
            return found, True
        found.append(level)
        have = EXACT.add(have, level.quantity)
        if have >= wanted:
            break
    return found, False
