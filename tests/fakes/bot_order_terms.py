"""Terms, quantities and holds of the resting orders in memory: what a request of the bot comes to. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from core.decimals import EXACT, down, down_to_step, is_multiple, up_to_step
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from tests.fakes.bot_market import NOW
from trading.errors import BelowMinimumQuantity, NothingToSell
from trading.orders.errors import (
    AmendBelowFilled,
    AmendNothing,
    ExpiryInPast,
    PriceOffTick,
    PricesInWrongOrder,
    StopOnWrongSide,
)
from trading.orders.records import OrderRecord
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderTerms, OrderType, PriceWish, RelativePrice
from trading.orders.types import BaseQuantity, Execution, QuoteAmount, Share, Side, Size

DAYS = 90
UNIT = 8


def terms_of(request: AnyOrderRequest, available: Decimal, quote: Quote, rules: SymbolRules) -> tuple[OrderTerms, ...]:
    """Terms of the orders of a request; `available` is what the account has of the asset that it gives."""
    match request:
        case OrderRequest():
            return (_single(request, available, quote.price, rules),)
        case OcoRequest():
            limit, stop = (
                price_of(request.limit_price, quote.price, rules),
                price_of(request.stop_price, quote.price, rules),
            )
            then = _or_none(request.stop_limit_price, quote.price, rules)
            quantity = _quantity(request.side, request.size, available, limit, rules)
            return _pair(request.symbol, request.side, quantity, (limit, stop, then), quote.price)
        case BracketRequest():
            entry = quote.price if request.entry_price is None else price_of(request.entry_price, quote.price, rules)
            quantity = _quantity(request.side, request.size, available, entry, rules)
            working = OrderTerms(request.symbol, request.side, OrderType.LIMIT, quantity, entry)
            other = Side.SELL if request.side is Side.BUY else Side.BUY
            exits = (price_of(request.take_profit, entry, rules), price_of(request.stop_loss, entry, rules))
            then = _or_none(request.stop_limit_price, entry, rules)
            return (working, *_pair(request.symbol, other, quantity, (*exits, then), entry, entry=True))


def _single(request: OrderRequest, available: Decimal, last: Decimal, rules: SymbolRules) -> OrderTerms:
    limit, stop = _or_none(request.limit_price, last, rules), _or_none(request.stop_price, last, rules)
    if request.type.waits and request.trailing_delta is None and stop is not None:
        loss = request.type in (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT)
        falls = (request.side is Side.SELL) == loss
        if (stop >= last) if falls else (stop <= last):
            raise StopOnWrongSide(request.symbol, stop, last, not falls)
    expires = request.expires_at if request.expires_in_ms is None else NOW + request.expires_in_ms
    earliest = 1 if request.expires_in_ms is None else 60_000
    if expires is not None and not earliest <= expires - NOW <= DAYS * 86_400_000:
        raise ExpiryInPast(DAYS)
    quantity = _quantity(request.side, request.size, available, limit or stop or last, rules)
    terms = OrderTerms(request.symbol, request.side, request.type, quantity, limit, stop, request.trailing_delta)
    return replace(terms, time_in_force=request.time_in_force, expires_at=expires)


def _quantity(side: Side, size: Size, available: Decimal, price: Decimal, rules: SymbolRules) -> Decimal:
    if side is Side.SELL and available == 0:
        raise NothingToSell(rules.base)
    match size:
        case BaseQuantity(amount):
            quantity = amount
        case QuoteAmount(amount):
            quantity = amount / price
        case Share(fraction):
            quantity = available * fraction / price if side is Side.BUY else available * fraction
    quantity = down(quantity, UNIT)
    if quantity == 0:
        raise BelowMinimumQuantity(rules.base, Decimal(1).scaleb(-UNIT))
    return quantity


def hold_of(terms: OrderTerms, quantity: Decimal) -> Decimal:
    """What is held for this quantity of an order."""
    if terms.side is Side.SELL:
        return quantity
    price = terms.limit_price or EXACT.multiply(terms.stop_price or Decimal(0), Decimal("1.05"))
    return EXACT.multiply(quantity, price).quantize(Decimal(1).scaleb(-UNIT), "ROUND_CEILING")


def amended(
    record: OrderRecord, price: PriceWish | None, quantity: Decimal | None, last: Decimal, rules: SymbolRules
) -> OrderRecord:
    """The order with a new price or quantity, and what it then needs."""
    wished = None if price is None else price_of(price, last, rules)
    wanted = record.quantity if quantity is None else quantity
    if wished in (None, record.limit_price) and wanted == record.quantity:
        raise AmendNothing(record.order_id)
    if wanted <= record.filled:
        raise AmendBelowFilled(record.order_id, record.filled, record.base)
    changed = replace(record, quantity=wanted)
    if wished is not None and record.limit_price is None:
        changed = replace(changed, amended_stop=wished)
    elif wished is not None:
        changed = replace(changed, limit_price=wished)
    if record.hold is None:
        return changed
    return replace(changed, hold=replace(record.hold, amount=hold_of(changed.present, wanted - record.filled)))


def partners(record: OrderRecord, records: Iterable[tuple[int, OrderRecord]]) -> list[OrderRecord]:
    """The other orders of an order's list."""
    return [
        other
        for _, other in records
        if record.place and other.place and other.place.list_id == record.place.list_id and other != record
    ]


def paid(execution: Execution) -> Decimal:
    """What an execution takes from the account."""
    return execution.quote_amount if execution.side is Side.BUY else execution.quantity


def price_of(wish: PriceWish, reference: Decimal, rules: SymbolRules) -> Decimal:
    """The price as a multiple of the tick."""
    tick = rules.tick_size or Decimal("0.01")
    if isinstance(wish, RelativePrice):
        return down_to_step(EXACT.multiply(reference, EXACT.add(Decimal(1), wish.fraction)), tick)
    if not is_multiple(wish, tick):
        raise PriceOffTick(rules.symbol, wish, tick, down_to_step(wish, tick), up_to_step(wish, tick))
    return wish


def _or_none(wish: PriceWish | None, reference: Decimal, rules: SymbolRules) -> Decimal | None:
    return None if wish is None else price_of(wish, reference, rules)


def _pair(
    symbol: Symbol,
    side: Side,
    quantity: Decimal,
    prices: tuple[Decimal, Decimal, Decimal | None],
    last: Decimal,
    *,
    entry: bool = False,
) -> tuple[OrderTerms, OrderTerms]:
    limit, stop, then = prices
    lower, upper = (stop, limit) if side is Side.SELL else (limit, stop)
    if not lower < last < upper:
        names = ("stop", "limit") if side is Side.SELL else ("limit", "stop")
        raise PricesInWrongOrder(symbol, *names, last, entry)
    kind = OrderType.STOP_LOSS if then is None else OrderType.STOP_LOSS_LIMIT
    return (
        OrderTerms(symbol, side, OrderType.LIMIT_MAKER, quantity, limit),
        OrderTerms(symbol, side, kind, quantity, then, stop),
    )
