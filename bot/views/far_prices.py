"""Prices of orders that are so far from the market that they must be a slip, such as a price typed as the quantity."""

from decimal import Decimal
from types import MappingProxyType

from bot.arguments.sizes import typed_size
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Button, Text, Tone
from bot.views.buttons import button
from bot.views.prices import price_text
from core.decimals import EXACT
from pipeline.market import Symbol
from trading.order_previews import AmendmentWish
from trading.orders.records import OrderRecord
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, PriceWish, TimeInForce
from trading.orders.types import BaseQuantity, Side

FARTHEST = Decimal(10)
"""Factor between a price and the market from which an order is previewed for every user."""

WORST_BUY, WORST_SALE = Decimal("1.5"), Decimal("0.5")
"""Factors from which a limit price is previewed that is worse than the market: such an order fills at once."""

_LIMITS = (OrderType.LIMIT, OrderType.LIMIT_MAKER)
_COMMANDS = MappingProxyType(
    {
        OrderType.LIMIT: "limit",
        OrderType.LIMIT_MAKER: "limit",
        OrderType.STOP_LOSS: "stop",
        OrderType.TAKE_PROFIT: "tp",
    }
)
_LIVES = (TimeInForce.IOC, TimeInForce.FOK)


def far_price(request: AnyOrderRequest, last: Decimal | None) -> Decimal | None:
    """Returns the first price of the request that is `FARTHEST` times `last` or more, or at most that part of it; or a
    limit price beyond `WORST_BUY` or `WORST_SALE`. None if there is none or the market has no price. Percentages are
    never far.
    """
    prices = [price for price in _prices(request) if isinstance(price, Decimal)]
    if last is None:
        return None
    worse = _limit_price(request)
    if isinstance(worse, Decimal) and _is_worse(worse, request.side, last):
        return worse
    return next((price for price in prices if _is_far(price, last)), None)


def far_amendment(order: OrderRecord, wish: AmendmentWish, last: Decimal | None) -> Decimal | None:
    """Returns the new price of an order, if it is far from the market as in `far_price`; None otherwise."""
    price, terms = wish.price, order.terms
    if last is None or not isinstance(price, Decimal):
        return None
    worse = terms.type in _LIMITS and _is_worse(price, terms.side, last)
    return price if worse or _is_far(price, last) else None


def far_note(price: Decimal, symbol: Symbol, last: Decimal, ctx: Context) -> Text:
    """Returns the warning about a price that is far from the market."""
    prices = {"price": price_text(price, symbol, ctx), "market": price_text(last, symbol, ctx)}
    return Text(ctx.text("order-far-note", **prices), Tone.WARNING)


def swapped_button(request: AnyOrderRequest, last: Decimal | None, ctx: Context) -> Button | None:
    """Returns a button with price and quantity of an order exchanged, if that price is near the market; None if the
    order has other terms that the button would lose.
    """
    name, price, rest = _swappable(request)
    size = request.size
    if last is None or not name or not isinstance(price, Decimal) or not isinstance(size, BaseQuantity):
        return None
    if _is_far(size.amount, last):
        return None
    swapped = (typed_size(BaseQuantity(price), ""), f"{size.amount:f}")
    words = (short_name(request.symbol, ctx), request.side.value, *swapped, *rest)
    return button(" ".join(words), name, *words)


def amended_otherwise(order: OrderRecord, wish: AmendmentWish, last: Decimal | None, ctx: Context) -> Button | None:
    """Returns a button for the change that a far price may have meant: price and quantity exchanged, or the number as
    the quantity. None if neither is likely.
    """
    if not isinstance(wish.price, Decimal) or last is None:
        return None
    price, as_quantity = wish.quantity, f"{wish.price:f}"
    line = ("amend", str(wish.order_id), "quantity", as_quantity)
    label = f"{ctx.text('label-quantity')} {as_quantity}"
    if price is None:
        return None if _is_far(wish.price, order.quantity) else button(label, *line)
    label = f"{ctx.text('label-order-limit')} {price:f}, {label}"
    return None if _is_far(price, last) else button(label, *line, "price", f"{price:f}")


def _swappable(request: AnyOrderRequest) -> tuple[str, PriceWish | None, tuple[str, ...]]:
    """Returns the command of the order, the price that may be its quantity, and the words of its other terms."""
    match request:
        case OrderRequest(type=kind, trailing_delta=None) if kind in _COMMANDS and request.time_in_force is not (
            TimeInForce.GTD
        ):
            life = (request.time_in_force.value.lower(),) if request.time_in_force in _LIVES else ()
            maker = ("maker",) if kind is OrderType.LIMIT_MAKER else ()
            return _COMMANDS[kind], request.limit_price or request.stop_price, (*life, *maker)
        case _:
            return "", None, ()


def _limit_price(request: AnyOrderRequest) -> PriceWish | None:
    """Returns the price at which the order may fill at once."""
    match request:
        case OrderRequest(type=OrderType.LIMIT | OrderType.LIMIT_MAKER):
            return request.limit_price
        case BracketRequest():
            return request.entry_price
        case _:
            return None


def _prices(request: AnyOrderRequest) -> tuple[PriceWish | None, ...]:
    match request:
        case OrderRequest():
            return request.limit_price, request.stop_price
        case OcoRequest():
            return request.limit_price, request.stop_price, request.stop_limit_price
        case BracketRequest():
            return request.entry_price, request.take_profit, request.stop_loss, request.stop_limit_price


def _is_far(price: Decimal, last: Decimal) -> bool:
    return price >= EXACT.multiply(last, FARTHEST) or EXACT.multiply(price, FARTHEST) <= last


def _is_worse(price: Decimal, side: Side, last: Decimal) -> bool:
    if side is Side.BUY:
        return price >= EXACT.multiply(last, WORST_BUY)
    return price <= EXACT.multiply(last, WORST_SALE)
