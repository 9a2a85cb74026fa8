"""Requests for resting orders, as a user states them: sizes may be shares or amounts, prices may be relative."""

from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from pipeline.market import Symbol
from trading.orders.terms import OrderType, PriceWish, TimeInForce, price_text
from trading.orders.types import Side, Size, size_text


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """Request for one order; see `OrderTerms`. A relative price refers to the last price. For GTD, either `expires_at`
    (UTC ms of the market's clock) or the lifetime `expires_in_ms` is set. With a trailing delta, the side of the market
    on which the activation price is decides between a stop loss and a take profit.
    """

    symbol: Symbol
    side: Side
    type: OrderType
    size: Size
    limit_price: PriceWish | None = None
    stop_price: PriceWish | None = None
    trailing_delta: int | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    expires_in_ms: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class OcoRequest:
    """Request for a pair of which one cancels the other: a limit order and a stop loss, with one size and one hold. The
    stop loss fills at the market unless it has a limit.
    """

    symbol: Symbol
    side: Side
    size: Size
    limit_price: PriceWish
    stop_price: PriceWish
    stop_limit_price: PriceWish | None = None


@dataclass(frozen=True, slots=True)
class BracketRequest:
    """Request for an entry with a take profit and a stop loss around it (OTOCO). Without `entry_price` the entry fills
    at the market. Relative prices refer to the entry price. `previewed_price` is the average price at which the entry
    at the market was previewed: the request is refused if the price is worse by more than the tolerance.
    """

    symbol: Symbol
    side: Side
    size: Size
    take_profit: PriceWish
    stop_loss: PriceWish
    entry_price: PriceWish | None = None
    stop_limit_price: PriceWish | None = None
    previewed_price: Decimal | None = None


AnyOrderRequest = OrderRequest | OcoRequest | BracketRequest


def request_text(request: AnyOrderRequest) -> tuple[object, ...]:
    """Returns the canonical parts of a request, which are part of the body to which a command id is bound."""
    order = (request.symbol, request.side, size_text(request.size))
    match request:
        case OrderRequest(type=kind, trailing_delta=delta, time_in_force=force):
            prices = (request.limit_price, request.stop_price)
            life = (force, request.expires_in_ms, request.expires_at)
            return (kind, *order, *map(price_text, prices), delta, *life)
        case OcoRequest(limit_price=limit, stop_price=stop, stop_limit_price=stop_limit):
            return ("oco", *order, price_text(limit), price_text(stop), price_text(stop_limit))
        case BracketRequest(entry_price=entry, take_profit=profit, stop_loss=loss, stop_limit_price=stop_limit):
            previewed = price_text(request.previewed_price)
            return ("bracket", *order, *map(price_text, (entry, profit, loss, stop_limit)), previewed)
        case _:
            assert_never(request)


def may_fill_at_once(request: AnyOrderRequest, bid: Decimal, ask: Decimal) -> bool:
    """Returns whether the order may fill at once at these best prices; of a relative price this is not known."""
    match request:
        case OcoRequest():
            return False
        case BracketRequest():
            price = request.entry_price
        case OrderRequest():
            if request.type is not OrderType.LIMIT:
                return False
            price = request.limit_price
    if not isinstance(price, Decimal):
        return True
    return price >= ask if request.side is Side.BUY else price <= bid
