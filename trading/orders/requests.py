"""Requests for resting orders, as a user states them: sizes may be shares or amounts, prices may be relative."""

from dataclasses import dataclass

from pipeline.market import Symbol
from trading.orders.terms import OrderType, PriceWish, TimeInForce
from trading.orders.types import Side, Size


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
