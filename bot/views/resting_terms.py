"""Words for the terms of orders that rest: their kind, prices and life, as previews, cards, lists and notices show
them.
"""

from decimal import Decimal

from bot.context import Context
from bot.ui.charts.ports import OrderLineKind
from bot.views.prices import price_text
from core.decimals import EXACT, ROUNDING
from core.errors import DeskError
from pipeline.market import Symbol
from trading.orders.open_orders import ListKind, ListRole
from trading.orders.records import OrderRecord
from trading.orders.terms import OrderTerms, OrderType, TimeInForce
from trading.orders.types import Side

_KINDS = {
    OrderType.LIMIT: "limit",
    OrderType.LIMIT_MAKER: "maker",
    OrderType.STOP_LOSS: "stop",
    OrderType.STOP_LOSS_LIMIT: "stop-limit",
    OrderType.TAKE_PROFIT: "take-profit",
    OrderType.TAKE_PROFIT_LIMIT: "take-profit-limit",
}
_BASIS_POINTS = 4


def kind_words(terms: OrderTerms, ctx: Context) -> str:
    """Returns the kind of the order: `Stop-limit order`."""
    kind = "trailing" if terms.trailing_delta is not None else _KINDS[terms.type]
    return ctx.text(f"order-kind-{kind}")


def list_words(kind: ListKind, ctx: Context) -> str:
    """Returns the kind of a list of orders: `OCO pair`."""
    return ctx.text("order-kind-oco" if kind is ListKind.OCO else "order-kind-bracket")


def role_words(role: ListRole, ctx: Context) -> str:
    """Returns the role of an order in its list: `Take profit`."""
    return ctx.text(f"order-role-{role.value}")


def trade_words(side: Side, quantity: Decimal, base: str, ctx: Context) -> str:
    """Returns `Sell 0.1 BTC`."""
    return ctx.text(f"order-trade-{side.value}", quantity=ctx.format.amount(quantity, base))


def delta_words(delta: int, ctx: Context) -> str:
    """Returns a distance in basis points as a percentage."""
    return ctx.format.percent(Decimal(delta).scaleb(-_BASIS_POINTS))


def falls(terms: OrderTerms) -> bool:
    """Returns whether the order is triggered by a falling price: of trailing orders, every sale."""
    if terms.trailing_delta is not None:
        return terms.side is Side.SELL
    return (terms.side is Side.SELL) == (terms.type in (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT))


async def last_prices(symbols: set[Symbol], ctx: Context) -> dict[Symbol, Decimal]:
    """Returns the last price of each symbol; a price that is not known or not available is left out."""
    try:
        known = symbols & set(ctx.market.symbols())
        return {symbol: quote.price for symbol, quote in (await ctx.market.quotes(sorted(known))).items()}
    except DeskError:
        return {}


def distance(price: Decimal, last: Decimal | None) -> Decimal | None:
    """Returns how far the price is from the last one, as a fraction of that; None if that is not known."""
    return None if not last else ROUNDING.divide(price, last) - 1


def price_words(price: Decimal, symbol: Symbol, last: Decimal | None, ctx: Context) -> str:
    """Returns the price and its distance from the market: `70,000.00 (+20.69% from the market)`."""
    shown = price_text(price, symbol, ctx)
    far = distance(price, last)
    if far is None:
        return shown
    return ctx.text("order-distance", price=shown, distance=ctx.format.percent(far, signed=True))


def trigger_words(terms: OrderTerms, price: Decimal, last: Decimal | None, ctx: Context) -> str:
    """Returns the price at which the order is triggered, with the direction from which the market comes."""
    return f"{'≤' if falls(terms) else '≥'} {price_words(price, terms.symbol, last, ctx)}"


def life_words(terms: OrderTerms, ctx: Context) -> str:
    """Returns how long the order lives."""
    if terms.time_in_force is not TimeInForce.GTD or terms.expires_at is None:
        return ctx.text(f"order-life-{terms.time_in_force.value}")
    return ctx.text("order-life-GTD", moment=ctx.format.moment(terms.expires_at))


def term_rows(
    terms: OrderTerms, limit_price: Decimal | None, last: Decimal | None, ctx: Context
) -> tuple[tuple[str, str], ...]:
    """Returns the rows of the prices at which the order is triggered and fills."""
    rows: list[tuple[str, str]] = []
    if terms.trailing_delta is not None:
        rows.append((ctx.text("label-order-trailing"), delta_words(terms.trailing_delta, ctx)))
    elif terms.stop_price is not None:
        rows.append((ctx.text("label-order-trigger"), trigger_words(terms, terms.stop_price, last, ctx)))
    if limit_price is not None:
        rows.append((ctx.text("label-order-limit"), price_words(limit_price, terms.symbol, last, ctx)))
    return tuple(rows)


def trailing_row(order: OrderRecord, ctx: Context) -> tuple[tuple[str, str], ...]:
    """Returns the row of what a trailing order follows at present; () for other orders and after the trigger."""
    terms, delta = order.present, order.terms.trailing_delta
    if delta is None or order.triggered or not order.status.open:
        return ()
    if order.extreme is None:
        waits = terms.stop_price is not None
        price = price_text(terms.stop_price, terms.symbol, ctx)
        said = ctx.text("order-trailing-waits", price=price) if waits else ctx.text("order-trailing-begins")
        return ((ctx.text("label-order-follows"), said),)
    said = ctx.text(
        "order-trailing-state",
        price=price_text(trailing_trigger(terms, order.extreme), terms.symbol, ctx),
        distance=delta_words(delta, ctx),
        extreme=price_text(order.extreme, terms.symbol, ctx),
    )
    return ((ctx.text("label-order-follows"), said),)


def trailing_trigger(terms: OrderTerms, extreme: Decimal) -> Decimal:
    """Returns the price that triggers a trailing order which has followed the market to `extreme`."""
    share = Decimal(terms.trailing_delta or 0).scaleb(-_BASIS_POINTS)
    return EXACT.multiply(extreme, EXACT.subtract(Decimal(1), share) if falls(terms) else EXACT.add(Decimal(1), share))


def deciding_price(order: OrderRecord) -> Decimal | None:
    """Returns the price for which the order waits: its trigger until that is reached, then its limit. None for a
    trailing order that does not follow the market yet.
    """
    terms = order.present
    if terms.trailing_delta is not None and not order.triggered:
        return None if order.extreme is None else trailing_trigger(terms, order.extreme)
    return order.limit_price if order.triggered or terms.stop_price is None else terms.stop_price


def line_kind(order: OrderRecord) -> OrderLineKind:
    """Returns how a chart names the order: after its trigger, and for a limit order that is no exit, by its side."""
    waits = order.terms.type.waits and not order.triggered
    if order.terms.trailing_delta is not None and waits:
        return OrderLineKind.TRAIL
    if waits:
        losing = order.terms.type in {OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT}
        return OrderLineKind.STOP if losing else OrderLineKind.PROFIT
    if order.place is not None and order.place.role is ListRole.LIMIT and not order.terms.type.waits:
        return OrderLineKind.PROFIT
    return OrderLineKind.BUY if order.terms.side is Side.BUY else OrderLineKind.SELL
