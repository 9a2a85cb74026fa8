"""Prices of orders that are so far from the market that they must be a slip, such as a price typed as the quantity."""

from decimal import Decimal

from bot.arguments.sizes import typed_size
from bot.arguments.symbols import short_name
from bot.context import Context
from bot.reply import Button, Text, Tone
from bot.views.buttons import button
from bot.views.prices import price_text
from bot.views.resting_terms import last_prices
from core.decimals import EXACT
from pipeline.market import Symbol
from trading.orders.records import OrderRecord
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, PriceWish
from trading.orders.types import BaseQuantity

FARTHEST = Decimal(10)
"""Factor between a price and the market from which an order is previewed for every user."""


def far_price(request: AnyOrderRequest, last: Decimal | None) -> Decimal | None:
    """Returns the first price of the request that is `FARTHEST` times `last` or more, or at most that part of it; None
    if there is none or the market has no price. Percentages are never far.
    """
    prices = [price for price in _prices(request) if isinstance(price, Decimal)]
    return None if last is None else next((price for price in prices if _is_far(price, last)), None)


async def far_change(order: OrderRecord, price: PriceWish | None, ctx: Context) -> tuple[Text, ...]:
    """Returns the warning if the new price of an open order is far from the market, () otherwise."""
    symbol = order.terms.symbol
    last = (await last_prices({symbol}, ctx)).get(symbol)
    if not isinstance(price, Decimal) or last is None or not _is_far(price, last):
        return ()
    return (far_note(price, symbol, last, ctx),)


def far_note(price: Decimal, symbol: Symbol, last: Decimal, ctx: Context) -> Text:
    """Returns the warning that the price is far from the last one."""
    prices = {"price": price_text(price, symbol, ctx), "market": price_text(last, symbol, ctx)}
    return Text(ctx.text("order-far-note", **prices), Tone.WARNING)


def swapped_button(request: AnyOrderRequest, last: Decimal | None, ctx: Context) -> Button | None:
    """Returns a button with price and quantity of a limit order exchanged, if that price is near the market."""
    match request:
        case OrderRequest(
            symbol=symbol,
            side=side,
            type=OrderType.LIMIT | OrderType.LIMIT_MAKER,
            size=BaseQuantity(amount),
            limit_price=Decimal() as price,
        ) if last is not None and not _is_far(amount, last):
            words = (short_name(symbol, ctx), side.value, typed_size(BaseQuantity(price), ""), f"{amount:f}")
            return button(" ".join(words), "limit", *words)
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
