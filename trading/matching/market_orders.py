"""Execution of market orders against displayed liquidity. Pure and exact; rounding is never in the user's favour.

Liquidity is a ladder of levels, best first. If the source has an order book, the book is the ladder. If it has only bid
and ask, the ladder follows the published size-impact rule (docs/adr/0004-fill-model.md): with touch price `t` and
displayed size `s`, level m (m = 0 .. DEPTH_MULTIPLES - 1) offers `s` at

    buy:  t * (1 + IMPACT_PER_MULTIPLE * m), rounded up to the tick
    sell: t * (1 - IMPACT_PER_MULTIPLE * m), rounded down to the tick

which is the upper sum of a price that worsens linearly with the multiple of the displayed size. The part of an order
beyond the ladder expires, as on the exchange.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.decimals import EXACT, ROUNDING, down, down_to_step, up, up_to_step
from core.errors import NotANumber, NotPositive
from pipeline.errors import CrossedQuote
from pipeline.market import Level, OrderBook, Quote, SourceKind
from pipeline.rules import SymbolRules
from trading.errors import AmountTooLarge, BelowMinimumQuantity, NoLiquidity, PriceMoved, SaleTooSmall
from trading.matching.price_bounds import check_touch, protected_price, too_far, within, within_depth, worst_start
from trading.orders.effects import PROTECTION
from trading.orders.types import BaseQuantity, Execution, Fill, QuoteAmount, Side

IMPACT_PER_MULTIPLE = Decimal("0.0002")
"""Price impact of each further displayed size: 2 basis points of the touch."""

DEPTH_MULTIPLES = 20
"""Multiple of the displayed size that is available at one quote."""

AMOUNT_LIMIT = Decimal(10) ** 15
"""Largest single amount of any asset."""

SLIPPAGE_SCALE = 8
AVERAGE_EXTRA_DIGITS = 4
"""Decimals of an average price in addition to those of the tick."""

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ImpactLevels:
    """Ladder of the published size-impact rule, computed level by level: most orders need only the first one."""

    side: Side
    touch: Decimal
    displayed: Decimal
    tick: Decimal

    def __iter__(self) -> Iterator[Level]:
        sign = 1 if self.side is Side.BUY else -1
        for multiple in range(DEPTH_MULTIPLES if self.displayed > 0 else 0):
            price = EXACT.multiply(self.touch, 1 + sign * IMPACT_PER_MULTIPLE * multiple)
            on_tick = _to_tick(self.side, price, self.tick)
            if on_tick > 0:
                yield Level(on_tick, self.displayed)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Displayed liquidity of one side, best level first, as of `time` (the market's clock)."""

    levels: Iterable[Level]
    mid_price: Decimal
    time: int
    age_ms: int
    from_book: bool
    since: int | None = None
    """First time of this display, None for `time`."""
    worst_start: Decimal | None = None
    """Worst price at which an order may begin; None without such a bound."""

    @property
    def displayed_at(self) -> int:
        """Time that identifies this display."""
        return self.time if self.since is None else self.since


@dataclass(frozen=True, slots=True)
class RequestedSize:
    """Resolved size. `whole_balance` lets a sale end at exactly zero, without a minimum or a step."""

    size: BaseQuantity | QuoteAmount
    whole_balance: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of an order other than the prices; `max_slippage` is the price protection of a market order, a fraction."""

    rules: SymbolRules
    fee_rate: Decimal
    source: SourceKind
    max_slippage: Decimal = PROTECTION


def ladder_of(side: Side, quote: Quote, book: OrderBook | None, rules: SymbolRules) -> Ladder:
    """Returns the liquidity that the order can take. Raises StalePrice, CrossedQuote, BookDisagrees.

    Uses the quote if the book is stale or one-sided, or if it is older than the quote and has no level at which an
    order may fill (`within_depth`). The age of a book is measured on the market's clock: `quote.time + quote.age_ms` is
    now.
    """
    quote.check_tradable()
    tick = tick_of(rules)
    if book is not None and book.bids and book.asks:
        age_ms = quote.time + quote.age_ms - book.time
        if age_ms <= quote.stale_after_ms:
            best_bid, best_ask = book.bids[0].price, book.asks[0].price
            if best_bid > best_ask:
                raise CrossedQuote(quote.symbol, best_bid, best_ask)
            check_touch(side, quote, book)
            shown = book.asks if side is Side.BUY else book.bids
            levels = (
                Level(price, each.quantity)
                for each in shown
                if (price := _to_tick(side, each.price, tick)) > 0 and each.quantity > 0
            )
            allowed = within_depth(side, quote, book, levels)
            if allowed or book.time >= quote.time:
                return Ladder(
                    allowed,
                    mid_price(best_bid, best_ask),
                    book.time,
                    max(age_ms, 0),
                    from_book=True,
                    since=book.since,
                    worst_start=worst_start(side, quote),
                )
    touch, displayed = (quote.ask, quote.ask_size) if side is Side.BUY else (quote.bid, quote.bid_size)
    levels_by_rule = ImpactLevels(side, touch, displayed, tick)
    return Ladder(levels_by_rule, mid_price(quote.bid, quote.ask), quote.time, quote.age_ms, from_book=False)


def tick_of(rules: SymbolRules) -> Decimal:
    """Returns the price step; the quote asset's smallest unit if the exchange states none."""
    return rules.tick_size or Decimal(1).scaleb(-rules.quote_scale)


def mid_price(bid: Decimal, ask: Decimal) -> Decimal:
    """Returns the exact mean of the best prices."""
    return EXACT.multiply(EXACT.add(bid, ask), Decimal("0.5"))


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
    rules = terms.rules
    in_base = isinstance(wanted.size, BaseQuantity)
    check_size(wanted.size, rules.base if in_base else rules.quote)
    touch = next(iter(ladder.levels), None)
    bound = None if touch is None else protected_price(side, touch.price, terms.max_slippage)
    best = next(within(side, behind(ladder.levels, used), bound), None)
    if best is None or too_far(side, best.price, ladder.worst_start):
        raise NoLiquidity(rules.symbol)
    asked = _asked_quantity(wanted, behind(ladder.levels, used), rules)
    _check_rules(side, wanted, asked, best.price, rules)
    stepped = down_to_step(asked, rules.step)
    if stepped == 0:  # a whole balance below one step fills at the best price
        return execution_at(side, [Fill(best.price, asked)], ZERO, ladder, terms, whole_balance=wanted.whole_balance)
    fills = walk(within(side, behind(ladder.levels, used), bound), stepped)
    depth, protected = total(fills), False
    if depth < stepped:
        protected = any(too_far(side, level.price, bound) for level in behind(ladder.levels, used))
        stepped = down_to_step(depth, rules.step)
        if stepped == 0:
            raise NoLiquidity(rules.symbol)
        fills = walk(behind(ladder.levels, used), stepped)
    quantity = stepped
    if wanted.whole_balance and EXACT.subtract(asked, stepped) < rules.step:
        fills, quantity = _with_remainder(fills, EXACT.subtract(asked, stepped)), asked
    unfilled, whole = EXACT.subtract(asked, quantity), wanted.whole_balance
    return replace(execution_at(side, fills, unfilled, ladder, terms, whole_balance=whole), protected=protected)


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
    worth = EXACT.add(EXACT.multiply(quantity, price), left)
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
    side: Side, fills: Sequence[Fill], unfilled: Decimal, ladder: Ladder, terms: Terms, *, whole_balance: bool
) -> Execution:
    """Computes the amounts of the fills. Raises AmountTooLarge, and BelowMinimumQuantity if the fee would take all of
    what is received: only a whole balance may be sold for nothing.
    """
    rules = terms.rules
    quantity, exact = total(fills), ZERO
    for fill in fills:
        exact = EXACT.add(exact, EXACT.multiply(fill.price, fill.quantity))
    buying = side is Side.BUY
    quote_amount = up(exact, rules.quote_scale) if buying else down(exact, rules.quote_scale)
    if quote_amount > AMOUNT_LIMIT:
        raise AmountTooLarge(AMOUNT_LIMIT, rules.quote)
    gross, scale, fee_asset = (
        (quantity, rules.base_scale, rules.base) if buying else (quote_amount, rules.quote_scale, rules.quote)
    )
    fee = up(EXACT.multiply(gross, terms.fee_rate), scale)
    received = EXACT.subtract(gross, fee)
    if received <= 0 and not whole_balance:
        raise BelowMinimumQuantity(rules.base, rules.step)
    average = _average(side, exact, quantity, rules)
    return Execution(
        symbol=rules.symbol,
        side=side,
        fills=tuple(fills),
        quantity=quantity,
        unfilled=unfilled,
        quote_amount=quote_amount,
        average_price=average,
        mid_price=ladder.mid_price,
        slippage=_slippage(side, average, ladder.mid_price),
        fee=fee,
        fee_asset=fee_asset,
        received=received,
        source=terms.source,
        from_book=ladder.from_book,
        price_time=ladder.time,
        price_age_ms=ladder.age_ms,
    )


def _average(side: Side, exact: Decimal, quantity: Decimal, rules: SymbolRules) -> Decimal:
    """Returns the average price per unit, rounded against the user a few digits beyond the tick."""
    tick = tick_of(rules).normalize()
    exponent = tick.as_tuple().exponent
    scale = max(-int(exponent), 0) + AVERAGE_EXTRA_DIGITS
    average = ROUNDING.divide(exact, quantity)
    return up(average, scale) if side is Side.BUY else down(average, scale)


def _slippage(side: Side, average: Decimal, mid: Decimal) -> Decimal:
    """Returns the distance from the mid price as a fraction, positive if it costs the user, rounded up."""
    against = EXACT.subtract(average, mid) if side is Side.BUY else EXACT.subtract(mid, average)
    return up(ROUNDING.divide(against, mid), SLIPPAGE_SCALE)


def _to_tick(side: Side, price: Decimal, tick: Decimal) -> Decimal:
    return up_to_step(price, tick) if side is Side.BUY else down_to_step(price, tick)


def behind(levels: Iterable[Level], used: Decimal) -> Iterator[Level]:
    """Yields the levels without their first `used` of quantity."""
    for level in levels:
        if used >= level.quantity:
            used = EXACT.subtract(used, level.quantity)
        else:
            yield Level(level.price, EXACT.subtract(level.quantity, used)) if used else level
            used = ZERO


def total(fills: Iterable[Fill]) -> Decimal:
    """Returns the quantity of all fills."""
    found = ZERO
    for fill in fills:
        found = EXACT.add(found, fill.quantity)
    return found
