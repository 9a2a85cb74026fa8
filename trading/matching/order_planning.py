"""Planning of resting orders: what a request comes to at the present prices. Pure and exact."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import assert_never

from msgspec import structs

from core.decimals import EXACT, ROUNDING, down_to_step, up_to_step
from pipeline.rules import SymbolRules
from trading.errors import NoLiquidity
from trading.matching.immediate_fills import fill_at_once, levels_within, resolve_price, wanted_quantity
from trading.matching.ladders import tick_of
from trading.matching.market_orders import Terms
from trading.matching.resting_orders import queue_at
from trading.matching.situation import Situation
from trading.matching.sizing import refuse_short
from trading.matching.taking import sum_of
from trading.orders.bookings import BookedEffect, NewRestingOrder
from trading.orders.checks import GTD_DAYS, MINUTE_MS, check_pair, check_price, check_quantity, check_terms
from trading.orders.effects import PROTECTION, Activated, Expired, Filled, FillRule
from trading.orders.errors import CannotFillWhole, ExpiryInPast, WouldTakeLiquidity
from trading.orders.holds import cost_within, hold_asset, hold_price_of, need_of, step_of
from trading.orders.open_orders import EndReason, ListKind, ListRole
from trading.orders.records import OrderPlan
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderTerms, OrderType, PriceWish, TimeInForce
from trading.orders.types import Balance, Execution, Side, Size

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what the ledger needs to accept it: the parts of `NewOrders`.

    `hold_amount` (of `plan.hold_asset`) is held before `effects` are applied; `plan.hold_amount` is held after them.
    `taken` is the quantity of the ladder that the immediate fill uses: pass it to `Liquidity.take`.
    """

    plan: OrderPlan
    orders: tuple[NewRestingOrder, ...]
    list_kind: ListKind | None
    hold_amount: Decimal
    effects: tuple[BookedEffect, ...]
    taken: Decimal


def plan(request: AnyOrderRequest, situation: Situation) -> Planned:
    """Resolves sizes and relative prices, checks the exchange's rules and the balances, and fills at once what can be.

    Raises SymbolHalted, ShareOutOfRange, NothingToSell, NothingToSpend, InsufficientFunds, BelowMinimumQuantity,
    AmountTooLarge, NotANumber, NotPositive, ExchangeFilterViolation, NoLiquidity (a bracket that enters at the market),
    and the errors of `trading.orders.checks`, WouldTakeLiquidity and CannotFillWhole.
    """
    situation.rules.check_trading()
    match request:
        case OrderRequest():
            return _plan_order(request, situation)
        case OcoRequest():
            return _plan_pair(request, situation)
        case BracketRequest():
            return _plan_bracket(request, situation)
        case _:
            assert_never(request)


def _plan_order(request: OrderRequest, at: Situation) -> Planned:
    rules, last, buys = at.rules, at.quote.price, request.side is Side.BUY
    limit, stop = request.limit_price, request.stop_price
    if request.expires_in_ms is not None and request.expires_in_ms < MINUTE_MS:
        raise ExpiryInPast(GTD_DAYS)
    terms = OrderTerms(
        request.symbol,
        request.side,
        request.type,
        ZERO,
        None if limit is None else resolve_price(limit, last, rules, upwards=not buys),
        None if stop is None else resolve_price(stop, last, rules, upwards=_stop_rounds_up(request, last)),
        request.trailing_delta,
        request.time_in_force,
        request.expires_at if request.expires_in_ms is None else at.now + request.expires_in_ms,
    )
    terms = replace(terms, type=_type_of(terms, last))
    for price in (terms.limit_price, terms.stop_price):
        if price is not None:
            check_price(price, rules)
    terms = replace(terms, quantity=_quantity(terms, request.size, at))
    check_terms(terms, last, at.now, rules)
    return _planned(request, (terms,), (None,), None, at)


def _type_of(terms: OrderTerms, last: Decimal) -> OrderType:
    """Returns the type. That of a trailing order says on which side of the market its activation price is."""
    stop = terms.stop_price
    if terms.trailing_delta is None or stop is None or stop == last:
        return terms.type
    falls = replace(terms, type=OrderType.STOP_LOSS).reached_from_above
    return OrderType.STOP_LOSS if (stop < last) is falls else OrderType.TAKE_PROFIT


def _plan_pair(request: OcoRequest, at: Situation) -> Planned:
    limit, stop = _legs(
        request.side,
        request.limit_price,
        request.stop_price,
        request.stop_limit_price,
        reference=at.quote.price,
        rules=at.rules,
    )
    check_pair(request.side, limit.limit_price or ZERO, stop.stop_price or ZERO, at.quote.price, at.rules.symbol)
    dearest = max((limit, stop), key=lambda each: hold_price_of(each, at.quote.price) or ZERO)
    quantity = _quantity(dearest, request.size, at, step_of(OrderType.STOP_LOSS, at.rules))
    orders = (replace(limit, type=OrderType.LIMIT_MAKER, quantity=quantity), replace(stop, quantity=quantity))
    for each in orders:
        check_terms(each, at.quote.price, at.now, at.rules)
    return _planned(request, orders, (ListRole.LIMIT, ListRole.STOP), ListKind.OCO, at)


def _plan_bracket(request: BracketRequest, at: Situation) -> Planned:
    rules, side, last = at.rules, request.side, at.quote.price
    buys, touch = side is Side.BUY, at.quote.ask if side is Side.BUY else at.quote.bid
    step = step_of(OrderType.STOP_LOSS, rules)
    if request.entry_price is None:
        worst = EXACT.multiply(touch, 1 + PROTECTION if buys else 1 - PROTECTION)
        entry = touch
        limit = down_to_step(worst, tick_of(rules)) if buys else up_to_step(worst, tick_of(rules))
        levels = levels_within(side, at.ladder, limit, at.used)
        if not levels:
            raise NoLiquidity(rules.symbol)
        quantity = wanted_quantity(side, request.size, levels, step=step, rules=rules, balances=(at.base, at.funds))
        working = OrderTerms(rules.symbol, side, OrderType.LIMIT, quantity, limit, time_in_force=TimeInForce.IOC)
    else:
        entry = limit = resolve_price(request.entry_price, last, rules, upwards=not buys)
        check_price(limit, rules)
        working = OrderTerms(rules.symbol, side, OrderType.LIMIT, ZERO, limit)
        working = replace(working, quantity=_quantity(working, request.size, at, step))
    check_terms(working, last, at.now, rules)
    other = Side.SELL if buys else Side.BUY
    legs = _legs(other, request.take_profit, request.stop_loss, request.stop_limit_price, reference=entry, rules=rules)
    check_pair(other, legs[0].limit_price or ZERO, legs[1].stop_price or ZERO, entry, rules.symbol, entry=True)
    pending = tuple(replace(each, quantity=working.quantity) for each in legs)
    for each in pending:
        for price in (each.limit_price, each.stop_price):
            if price is not None:
                check_price(price, rules)
        check_quantity(each, entry, rules)
    roles = (ListRole.WORKING, ListRole.LIMIT, ListRole.STOP)
    return _planned(request, (working, *pending), roles, ListKind.OTOCO, at)


def _legs(
    side: Side,
    limit: PriceWish,
    stop: PriceWish,
    stop_limit: PriceWish | None,
    *,
    reference: Decimal,
    rules: SymbolRules,
) -> tuple[OrderTerms, OrderTerms]:
    """Returns a limit order and a stop loss with one side, without a quantity."""
    sells = side is Side.SELL
    price = resolve_price(limit, reference, rules, upwards=sells)
    trigger = resolve_price(stop, reference, rules, upwards=not sells)
    worst = None if stop_limit is None else resolve_price(stop_limit, reference, rules, upwards=sells)
    kind = OrderType.STOP_LOSS if worst is None else OrderType.STOP_LOSS_LIMIT
    for each in (price, trigger, *(() if worst is None else (worst,))):
        check_price(each, rules)
    return (
        OrderTerms(rules.symbol, side, OrderType.LIMIT, ZERO, price),
        OrderTerms(rules.symbol, side, kind, ZERO, worst, trigger),
    )


def _quantity(terms: OrderTerms, size: Size, at: Situation, step: Decimal | None = None) -> Decimal:
    price = hold_price_of(terms, at.quote.price) or terms.limit_price or terms.stop_price or at.quote.price
    step = step_of(terms.type, at.rules) if step is None else step
    return wanted_quantity(terms.side, size, price, step=step, rules=at.rules, balances=(at.base, at.funds))


def _planned(
    request: AnyOrderRequest,
    terms: tuple[OrderTerms, ...],
    roles: tuple[ListRole | None, ...],
    kind: ListKind | None,
    at: Situation,
) -> Planned:
    """Fills the first order at once as far as it goes, and computes holds, effects and balances."""
    first, rules, last = terms[0], at.rules, at.quote.price
    execution = _immediate(first, at)
    prices = [hold_price_of(each, last) for each in terms]
    live = 1 if kind is ListKind.OTOCO else len(terms)
    needs = [need_of(each.side, each.quantity, price, rules) for each, price in zip(terms, prices, strict=True)]
    before = max(needs[:live])
    at_once = first.time_in_force in {TimeInForce.IOC, TimeInForce.FOK}
    rest = EXACT.subtract(first.quantity, execution.quantity) if execution is not None else first.quantity
    paid = ZERO
    if execution is not None:
        short = ZERO if at_once else _need_of_rest(first, rest, last, rules)
        paid = cost_within(first.side, execution.fills, EXACT.subtract(before, short), rules)
        if first.side is Side.BUY:
            execution = structs.replace(execution, quote_amount=paid)
    if at_once:
        before, rest = paid, ZERO
    after = before if execution is None else min(EXACT.subtract(before, paid), _need_of_rest(first, rest, last, rules))
    if execution is None and at_once:
        after = ZERO
    held = at.funds if first.side is Side.BUY else at.base
    if before > held.available:
        refuse_short(first.side, at.base, at.funds, first.quantity, before)
    orders = tuple(
        NewRestingOrder(each, role, price, _queue(each, at) if index < live else None)
        for index, (each, role, price) in enumerate(zip(terms, roles, prices, strict=True))
    )
    effects = _effects(terms, execution, kind, at)
    exits = _exit_hold(terms[1:], prices[1:], effects, rules)
    balances = _balances_after(first.side, execution, after, exits or ZERO, at)
    shown = OrderPlan(request, terms, execution, hold_asset(first.side, rules), after, last, balances, exits)
    return Planned(shown, orders, kind, before, effects, execution.quantity if execution is not None else ZERO)


def _exit_hold(
    exits: tuple[OrderTerms, ...],
    prices: list[Decimal | None],
    effects: tuple[BookedEffect, ...],
    rules: SymbolRules,
) -> Decimal | None:
    """Returns what the exits of a bracket hold if its entry has brought them live at once; None otherwise."""
    live = [each.effect.quantity for each in effects if isinstance(each.effect, Activated)]
    needs = zip(exits, prices, live, strict=False)
    return max((need_of(each.side, quantity, price, rules) for each, price, quantity in needs), default=None)


def _need_of_rest(terms: OrderTerms, rest: Decimal, last: Decimal, rules: SymbolRules) -> Decimal:
    """Returns what an order holds for the rest of its quantity."""
    return need_of(terms.side, rest, hold_price_of(terms, last), rules)


def _stop_rounds_up(request: OrderRequest, last: Decimal) -> bool:
    """True if a relative stop price is rounded up: away from the last price."""
    terms = OrderTerms(request.symbol, request.side, request.type, last)
    return not terms.reached_from_above


def _immediate(terms: OrderTerms, at: Situation) -> Execution | None:
    """Returns what fills at once. Raises WouldTakeLiquidity, CannotFillWhole."""
    limit, rules = terms.limit_price, at.rules
    if limit is None or terms.type.waits:
        return None
    best = at.quote.ask if terms.side is Side.BUY else at.quote.bid
    if terms.type is OrderType.LIMIT_MAKER:
        if limit >= best if terms.side is Side.BUY else limit <= best:
            raise WouldTakeLiquidity(rules.symbol, limit, best)
        return None
    levels = levels_within(terms.side, at.ladder, limit, at.used)
    if terms.time_in_force is TimeInForce.FOK and (available := sum_of(levels)) < terms.quantity:
        raise CannotFillWhole(rules.symbol, rules.base, terms.quantity, available, some=available > 0)
    fee_terms = Terms(rules, at.fee_rate, at.source, latency_ms=at.latency_ms)
    return fill_at_once(terms.side, terms.quantity, levels, at.ladder, terms=fee_terms, step=step_of(terms.type, rules))


def _effects(
    terms: tuple[OrderTerms, ...], execution: Execution | None, kind: ListKind | None, at: Situation
) -> tuple[BookedEffect, ...]:
    found: list[BookedEffect] = []
    first = terms[0]
    whole = execution is not None and not execution.unfilled
    if execution is not None:
        rule = FillRule(execution.rule)
        filled = Filled(0, at.now, execution.fills, execution.mid_price, maker=False, rule=rule)
        found.append(BookedEffect(filled, execution))
    ends = first.time_in_force in {TimeInForce.IOC, TimeInForce.FOK} and not whole
    if ends:
        found.append(BookedEffect(Expired(0, at.now, EndReason.IMMEDIATE)))
    if kind is ListKind.OTOCO and (whole or ends):
        quantity = _brought(execution, terms[1:], at) if execution is not None else ZERO
        for index in range(1, len(terms)):
            effect = Activated(index, at.now, quantity) if quantity else Expired(index, at.now, EndReason.LIST)
            found.append(BookedEffect(effect))
    return tuple(found)


def _brought(execution: Execution, pending: tuple[OrderTerms, ...], at: Situation) -> Decimal:
    quantity = execution.received
    if execution.side is Side.SELL:
        dearest = max(hold_price_of(each, at.quote.price) or ZERO for each in pending)
        quantity = ROUNDING.divide(execution.received, dearest)
    step = max(step_of(each.type, at.rules) for each in pending)
    return down_to_step(min(quantity, *(each.quantity for each in pending)), step)


def _queue(terms: OrderTerms, at: Situation) -> Decimal | None:
    if terms.limit_price is None or terms.type.waits:
        return None
    quote = at.quote
    own = (quote.bid, quote.bid_size) if terms.side is Side.BUY else (quote.ask, quote.ask_size)
    return queue_at(terms.side, terms.limit_price, *own)


def _balances_after(
    side: Side, execution: Execution | None, hold: Decimal, exits: Decimal, at: Situation
) -> tuple[Balance, Balance]:
    """Returns base and quote balance with the immediate fill, the hold that remains and that of exits that are live;
    what goes live later counts as available.
    """
    base, funds = at.base.available, at.funds.available
    if execution is not None and side is Side.BUY:
        base, funds = EXACT.add(base, execution.received), EXACT.subtract(funds, execution.quote_amount)
    elif execution is not None:
        base, funds = EXACT.subtract(base, execution.quantity), EXACT.add(funds, execution.received)
    in_base, in_funds = (exits, hold) if side is Side.BUY else (hold, exits)
    return (
        Balance(at.base.asset, EXACT.subtract(base, in_base), EXACT.add(at.base.held, in_base)),
        Balance(at.funds.asset, EXACT.subtract(funds, in_funds), EXACT.add(at.funds.held, in_funds)),
    )
