"""Requests for resting orders, as a user states them: sizes may be shares or amounts, prices may be relative."""

from dataclasses import dataclass
from typing import assert_never

from pipeline.market import Symbol
from trading.orders.terms import OrderType, PriceWish, TimeInForce, price_text
from trading.orders.types import Side, Size, size_text


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """Request for one order; see `OrderTerms`. A relative price refers to the last price. `expires_in_ms` is set for
    GTD only.
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
    at the market. Relative prices refer to the entry price.
    """

    symbol: Symbol
    side: Side
    size: Size
    take_profit: PriceWish
    stop_loss: PriceWish
    entry_price: PriceWish | None = None
    stop_limit_price: PriceWish | None = None


AnyOrderRequest = OrderRequest | OcoRequest | BracketRequest


def request_text(request: AnyOrderRequest) -> tuple[object, ...]:
    """Returns the canonical parts of a request, which are part of the body to which a command id is bound."""
    order = (request.symbol, request.side, size_text(request.size))
    match request:
        case OrderRequest(type=kind, trailing_delta=delta, time_in_force=force, expires_in_ms=lifetime):
            prices = (request.limit_price, request.stop_price)
            return (kind, *order, *map(price_text, prices), delta, force, lifetime)
        case OcoRequest(limit_price=limit, stop_price=stop, stop_limit_price=stop_limit):
            return ("oco", *order, price_text(limit), price_text(stop), price_text(stop_limit))
        case BracketRequest(entry_price=entry, take_profit=profit, stop_loss=loss, stop_limit_price=stop_limit):
            return ("bracket", *order, *map(price_text, (entry, profit, loss, stop_limit)))
        case _:
            assert_never(request)
