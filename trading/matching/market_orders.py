"""Execution of market orders against a ladder of displayed liquidity. Pure and exact; rounding is never in the user's
favour. The part of an order beyond the ladder, or beyond the price protection, expires, as on the exchange.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from core.decimals import EXACT, ROUNDING, down, down_to_step, up
from core.errors import NotANumber, NotPositive
from pipeline.market import Level, SourceKind
from pipeline.rules import SymbolRules
from trading.errors import AmountTooLarge, BelowMinimumQuantity, NoLiquidity, PriceMoved, SaleTooSmall
from trading.matching.ladders import Ladder, behind, tick_of
from trading.matching.price_bounds import protected_price, too_far, within
from trading.orders.effects import PROTECTION
from trading.orders.types import BaseQuantity, Execution, Fill, QuoteAmount, Side

AMOUNT_LIMIT = Decimal(10) ** 15
"""Largest single amount of any asset."""

SLIPPAGE_SCALE = 8
AVERAGE_EXTRA_DIGITS = 4
"""Decimals of an average price in addition to those of the tick."""

ZERO = Decimal(0)


class RequestedSize(Struct, frozen=True, gc=False):
    """Resolved size. `whole_balance` lets a sale end at exactly zero, without a minimum or a step."""

    size: BaseQuantity | QuoteAmount
    whole_balance: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of an order other than the prices; `max_slippage` is the price protection of a market order, a fraction;
    `latency_ms` the simulated time that it took to the market.
    """

    rules: SymbolRules
    fee_rate: Decimal
    source: SourceKind
    max_slippage: Decimal = PROTECTION
    latency_ms: int = 0


def check_size(size: BaseQuantity | QuoteAmount, asset: str) -> None:
    """Raises NotANumber, NotPositive or AmountTooLarge."""
    amount = size.amount
    if not amount.is_finite():
        raise NotANumber(str(amount))
    if amount <= 0:
        raise NotPositive(f"{amount:f}")
    if amount > AMOUNT_LIMIT:
        raise AmountTooLarge(AMOUNT_LIMIT, asset)


def check_moved(execution: Execution, previewed: Decimal, tolerance: Decimal) -> None:
    """Raises PriceMoved if the average price is worse than the previewed one by more than `tolerance`, a fraction. A
    price that moved in the user's favour is accepted.
    """
    now = execution.average_price
    worse = EXACT.subtract(now, previewed) if execution.side is Side.BUY else EXACT.subtract(previewed, now)
    if worse > EXACT.multiply(previewed, tolerance):
        raise PriceMoved(execution.symbol, previewed, now, tolerance)


def match(side: Side, wanted: RequestedSize, ladder: Ladder, terms: Terms, used: Decimal = ZERO) -> Execution:
    """Executes a market order on the ladder behind the first `used` of it (base asset), within the price protection.

    Raises NotANumber, NotPositive, AmountTooLarge, BelowMinimumQuantity, SaleTooSmall, ExchangeFilterViolation,
    NoLiquidity.
    """
    rules, whole = terms.rules, wanted.whole_balance
    check_size(wanted.size, rules.base if isinstance(wanted.size, BaseQuantity) else rules.quote)
    levels = ladder.levels
    touch = best = next(iter(levels), None)
    bound = None if touch is None else protected_price(side, touch.price, terms.max_slippage)
    if used:
        levels = tuple(behind(levels, used))
        best = next(within(side, levels, bound), None)
    if best is None or too_far(side, best.price, ladder.worst_start):
        raise NoLiquidity(rules.symbol)
    asked = _asked_quantity(wanted, levels, rules)
    _check_rules(side, wanted, asked, best.price, rules)
    stepped = down_to_step(asked, rules.step) if whole else asked
    if stepped == 0:  # a whole balance below one step fills at the best price
        return execution_at(side, [Fill(best.price, asked)], ZERO, ladder, terms, whole_balance=whole)
    if stepped <= best.quantity:  # most orders need only the first level
        fills, protected = [Fill(best.price, stepped)], False
    else:
        fills, protected = _walked(side, levels, bound, stepped)
        stepped = down_to_step(total(fills), rules.step)
        if stepped == 0:
            raise NoLiquidity(rules.symbol)
        fills = walk(levels, stepped)
    quantity = stepped
    if whole and EXACT.subtract(asked, stepped) < rules.step:
        fills, quantity = _with_remainder(fills, EXACT.subtract(asked, stepped)), asked
    unfilled = EXACT.subtract(asked, quantity)
    return execution_at(side, fills, unfilled, ladder, terms, whole_balance=whole, protected=protected)


def _walked(side: Side, levels: Iterable[Level], bound: Decimal | None, quantity: Decimal) -> tuple[list[Fill], bool]:
    """Returns what the levels within the bound give of a quantity, and whether the bound leaves out the rest."""
    fills = walk(within(side, levels, bound), quantity)
    return fills, total(fills) < quantity and any(too_far(side, level.price, bound) for level in levels)


def _check_rules(side: Side, wanted: RequestedSize, asked: Decimal, touch: Decimal, rules: SymbolRules) -> None:
    if asked > AMOUNT_LIMIT:
        raise AmountTooLarge(AMOUNT_LIMIT, rules.base)
    value = wanted.size.amount if isinstance(wanted.size, QuoteAmount) else EXACT.multiply(asked, touch)
    if not wanted.whole_balance:
        if side is Side.SELL and (asked < rules.smallest_quantity or value < rules.smallest_value):
            raise SaleTooSmall(rules.symbol, rules.base, smallest_part(rules, touch))
        if asked < rules.step:
            raise BelowMinimumQuantity(rules.base, rules.step)
    rules.check_market_quantity(asked, whole_balance=wanted.whole_balance)
    rules.check_market_notional(value, whole_balance=wanted.whole_balance)


def smallest_part(rules: SymbolRules, price: Decimal) -> Decimal:
    """Returns the smallest quantity that can be sold at `price` (above 0) if it is not the whole balance."""
    steps = ROUNDING.divide_int(rules.smallest_value, EXACT.multiply(price, rules.step))
    worth = EXACT.multiply(steps, rules.step)
    if EXACT.multiply(worth, price) < rules.smallest_value:
        worth = EXACT.add(worth, rules.step)
    return max(rules.smallest_quantity, worth)


def _asked_quantity(wanted: RequestedSize, levels: Iterable[Level], rules: SymbolRules) -> Decimal:
    """Returns the size in the base asset, rounded down to a step unless it is a whole balance. May be zero, or more
    than the levels hold.
    """
    match wanted.size:
        case BaseQuantity(amount):
            return down(amount, rules.base_scale) if wanted.whole_balance else down_to_step(amount, rules.step)
        case QuoteAmount(amount):
            return quantity_worth(down(amount, rules.quote_scale), levels, rules.step)


def quantity_worth(amount: Decimal, levels: Iterable[Level], step: Decimal) -> Decimal:
    """Returns the largest multiple of the step whose exact cost is at most `amount`; quantities beyond the ladder cost
    its last price.
    """
    left, quantity, price = amount, ZERO, ZERO
    for level in levels:
        price = level.price
        cost = EXACT.multiply(price, level.quantity)
        if cost > left:
            break
        left = EXACT.subtract(left, cost)
        quantity = EXACT.add(quantity, level.quantity)
    # An exact floor of (quantity + left / price) to the step: the numerator is exact, the division whole.
    worth = EXACT.fma(quantity, price, left)
    return EXACT.multiply(ROUNDING.divide_int(worth, EXACT.multiply(price, step)), step)


def walk(levels: Iterable[Level], quantity: Decimal) -> list[Fill]:
    """Takes up to `quantity` (above 0) from the levels, best first; levels at one price make one fill."""
    fills: list[Fill] = []
    left = quantity
    for level in levels:
        taken = min(left, level.quantity)
        if fills and fills[-1].price == level.price:
            fills[-1] = Fill(level.price, EXACT.add(fills[-1].quantity, taken))
        else:
            fills.append(Fill(level.price, taken))
        left = EXACT.subtract(left, taken)
        if left == 0:
            break
    return fills


def _with_remainder(fills: list[Fill], remainder: Decimal) -> list[Fill]:
    last = fills[-1]
    return [*fills[:-1], Fill(last.price, EXACT.add(last.quantity, remainder))]


def execution_at(
    side: Side,
    fills: Sequence[Fill],
    unfilled: Decimal,
    ladder: Ladder,
    terms: Terms,
    *,
    whole_balance: bool,
    protected: bool = False,
) -> Execution:
    """Computes the amounts of the fills. Raises AmountTooLarge, and BelowMinimumQuantity if the fee would take all of
    what is received: only a whole balance may be sold for nothing.
    """
    rules = terms.rules
    quantity = exact = ZERO
    for fill in fills:
        quantity, exact = EXACT.add(quantity, fill.quantity), EXACT.fma(fill.price, fill.quantity, exact)
    buying, mid = side is Side.BUY, ladder.mid_price
    against_user = up if buying else down
    quote_amount = against_user(exact, rules.quote_scale)
    if quote_amount > AMOUNT_LIMIT:
        raise AmountTooLarge(AMOUNT_LIMIT, rules.quote)
    gross, scale, fee_asset = (
        (quantity, rules.base_scale, rules.base) if buying else (quote_amount, rules.quote_scale, rules.quote)
    )
    fee = up(EXACT.multiply(gross, terms.fee_rate), scale)
    received = EXACT.subtract(gross, fee)
    if received <= 0 and not whole_balance:
        raise BelowMinimumQuantity(rules.base, rules.step)
    average = against_user(ROUNDING.divide(exact, quantity), _average_scale(tick_of(rules)))
    worse = EXACT.subtract(average, mid) if buying else EXACT.subtract(mid, average)
    return Execution(
        symbol=rules.symbol,
        side=side,
        fills=tuple(fills),
        quantity=quantity,
        unfilled=unfilled,
        quote_amount=quote_amount,
        average_price=average,
        mid_price=mid,
        slippage=up(ROUNDING.divide(worse, mid), SLIPPAGE_SCALE),
        fee=fee,
        fee_asset=fee_asset,
        received=received,
        source=terms.source,
        from_book=ladder.from_book,
        price_time=ladder.time,
        price_age_ms=ladder.age_ms,
        protected=protected,
        latency_ms=terms.latency_ms,
    )


@lru_cache(maxsize=256)
def _average_scale(tick: Decimal) -> int:
    """Returns the decimals of an average price: a few digits beyond the tick."""
    exponent = tick.normalize().as_tuple().exponent
    return max(-int(exponent), 0) + AVERAGE_EXTRA_DIGITS


def total(fills: Iterable[Fill]) -> Decimal:
    """Returns the quantity of all fills."""
    found = ZERO
    for fill in fills:
        found = EXACT.add(found, fill.quantity)
    return found
