"""Previews of resting orders and of amendments in the JSON form in which they wait for their button."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, assert_never

import msgspec

from pipeline.market import Symbol
from trading.orders.requests import AnyOrderRequest, BracketRequest, OcoRequest, OrderRequest
from trading.orders.terms import OrderType, PriceWish, RelativePrice, TimeInForce
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size


@dataclass(frozen=True, slots=True)
class AmendmentWish:
    """Change of an order that waits for its confirmation; see `RestingOrders.amend`."""

    order_id: int
    price: PriceWish | None = None
    quantity: Decimal | None = None


class _Sized(msgspec.Struct, frozen=True):
    unit: Literal["base", "quote", "share"]
    amount: Decimal


class _Wished(msgspec.Struct, frozen=True):
    form: Literal["exact", "relative"]
    value: Decimal


class StoredOrder(msgspec.Struct, frozen=True, tag="resting"):
    """`OrderRequest`."""

    symbol: Symbol
    side: Side
    kind: OrderType
    size: _Sized
    limit_price: _Wished | None
    stop_price: _Wished | None
    trailing_delta: int | None
    time_in_force: TimeInForce
    expires_in_ms: int | None
    expires_at: int | None = None


class StoredOco(msgspec.Struct, frozen=True, tag="oco"):
    """`OcoRequest`."""

    symbol: Symbol
    side: Side
    size: _Sized
    limit_price: _Wished
    stop_price: _Wished
    stop_limit_price: _Wished | None


class StoredBracket(msgspec.Struct, frozen=True, tag="bracket"):
    """`BracketRequest`."""

    symbol: Symbol
    side: Side
    size: _Sized
    take_profit: _Wished
    stop_loss: _Wished
    entry_price: _Wished | None
    stop_limit_price: _Wished | None
    previewed_price: Decimal | None = None


class StoredAmendment(msgspec.Struct, frozen=True, tag="amendment"):
    """`AmendmentWish`."""

    order_id: int
    price: _Wished | None
    quantity: Decimal | None


StoredRequest = StoredOrder | StoredOco | StoredBracket | StoredAmendment


def stored(request: AnyOrderRequest | AmendmentWish) -> StoredRequest:
    """Returns the JSON form."""
    match request:
        case OrderRequest():
            return StoredOrder(
                request.symbol,
                request.side,
                request.type,
                _sized(request.size),
                _wished(request.limit_price),
                _wished(request.stop_price),
                request.trailing_delta,
                request.time_in_force,
                request.expires_in_ms,
                request.expires_at,
            )
        case OcoRequest():
            prices = (_price(request.limit_price), _price(request.stop_price), _wished(request.stop_limit_price))
            return StoredOco(request.symbol, request.side, _sized(request.size), *prices)
        case BracketRequest():
            exits = (_price(request.take_profit), _price(request.stop_loss))
            others = (_wished(request.entry_price), _wished(request.stop_limit_price))
            return StoredBracket(
                request.symbol, request.side, _sized(request.size), *exits, *others, request.previewed_price
            )
        case AmendmentWish(order_id, price, quantity):
            return StoredAmendment(order_id, _wished(price), quantity)
        case _:
            assert_never(request)


def restored(kept: StoredRequest) -> AnyOrderRequest | AmendmentWish:
    """Returns the request of its JSON form."""
    match kept:
        case StoredOrder():
            return OrderRequest(
                kept.symbol,
                kept.side,
                kept.kind,
                _size(kept.size),
                _wish(kept.limit_price),
                _wish(kept.stop_price),
                kept.trailing_delta,
                kept.time_in_force,
                kept.expires_in_ms,
                kept.expires_at,
            )
        case StoredOco():
            prices = (_of(kept.limit_price), _of(kept.stop_price), _wish(kept.stop_limit_price))
            return OcoRequest(kept.symbol, kept.side, _size(kept.size), *prices)
        case StoredBracket():
            exits = (_of(kept.take_profit), _of(kept.stop_loss))
            others = (_wish(kept.entry_price), _wish(kept.stop_limit_price))
            return BracketRequest(kept.symbol, kept.side, _size(kept.size), *exits, *others, kept.previewed_price)
        case StoredAmendment(order_id, price, quantity):
            return AmendmentWish(order_id, _wish(price), quantity)
        case _:
            assert_never(kept)


def _sized(size: Size) -> _Sized:
    match size:
        case BaseQuantity(amount):
            return _Sized("base", amount)
        case QuoteAmount(amount):
            return _Sized("quote", amount)
        case Share(fraction):
            return _Sized("share", fraction)
        case _:
            assert_never(size)


def _size(kept: _Sized) -> Size:
    if kept.unit == "base":
        return BaseQuantity(kept.amount)
    return QuoteAmount(kept.amount) if kept.unit == "quote" else Share(kept.amount)


def _price(wish: PriceWish) -> _Wished:
    return _Wished("relative", wish.fraction) if isinstance(wish, RelativePrice) else _Wished("exact", wish)


def _wished(wish: PriceWish | None) -> _Wished | None:
    return None if wish is None else _price(wish)


def _of(kept: _Wished) -> PriceWish:
    return RelativePrice(kept.value) if kept.form == "relative" else kept.value


def _wish(kept: _Wished | None) -> PriceWish | None:
    return None if kept is None else _of(kept)
