"""Sizes and immediate fills of orders that are being accepted. Pure and exact."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import structs

from core.decimals import EXACT, ROUNDING, down_to_step, up_to_step
from pipeline.market import Level
from pipeline.rules import SymbolRules
from trading.errors import BelowMinimumQuantity
from trading.matching.ladders import Ladder, behind, tick_of
from trading.matching.market_orders import Terms, execution_at, quantity_worth, total, walk
from trading.matching.sizing import size_wanted
from trading.matching.taking import part_of, sum_of
from trading.orders.effects import FillRule
from trading.orders.terms import PriceWish, RelativePrice
from trading.orders.types import Balance, BaseQuantity, Execution, Side, Size


def resolve_price(wish: PriceWish, reference: Decimal, rules: SymbolRules, *, upwards: bool) -> Decimal:
    """Returns a price as it is, or one relative to `reference`, rounded to the tick."""
    if not isinstance(wish, RelativePrice):
        return wish
    price = EXACT.multiply(reference, 1 + wish.fraction)
    if price <= 0:
        return price  # refused by the checks
    return up_to_step(price, tick_of(rules)) if upwards else down_to_step(price, tick_of(rules))


def levels_within(side: Side, ladder: Ladder, limit: Decimal, used: Decimal) -> list[Level]:
    """Returns the levels at no worse a price than the limit, behind the first `used` of the ladder. Nothing is there if
    the first of them is further from the quote than an order may begin.
    """
    found: list[Level] = []
    for level in behind(ladder.levels, used):
        if level.price > limit if side is Side.BUY else level.price < limit:
            break
        found.append(level)
    start = ladder.worst_start
    if found and start is not None and (found[0].price > start if side is Side.BUY else found[0].price < start):
        return []
    return found


def wanted_quantity(
    side: Side,
    size: Size,
    price: Decimal | Iterable[Level],
    *,
    step: Decimal,
    rules: SymbolRules,
    balances: tuple[Balance, Balance],
) -> Decimal:
    """Resolves a size by the balances of base and quote asset, in whole steps; an amount at `price`, or at the prices
    of levels. Raises the errors of `sizing.size_wanted` and BelowMinimumQuantity.
    """
    wanted = size_wanted(side, size, rules, *balances).size
    if isinstance(wanted, BaseQuantity):
        quantity = down_to_step(wanted.amount, step)
    elif isinstance(price, Decimal):
        quantity = EXACT.multiply(ROUNDING.divide_int(wanted.amount, EXACT.multiply(price, step)), step)
    else:
        quantity = quantity_worth(wanted.amount, price, step)
    if quantity <= 0:
        raise BelowMinimumQuantity(rules.base, step)
    return quantity


def fill_at_once(
    side: Side, quantity: Decimal, levels: list[Level], ladder: Ladder, *, terms: Terms, step: Decimal
) -> Execution | None:
    """Returns the execution of what the levels give, in whole steps; `unfilled` rests or expires."""
    part = part_of(quantity, sum_of(levels), step)
    if not part:
        return None
    fills = walk(levels, part)
    rest = EXACT.subtract(quantity, total(fills))
    rule = FillRule.BOOK if ladder.from_book else FillRule.IMPACT
    return structs.replace(execution_at(side, fills, rest, ladder, terms, whole_balance=True), rule=rule.value)
