"""Binance's exchangeInfo -> the symbols' rules and the request limits. Pure.

Source: Binance spot API, "Exchange Information" and "Filters". Every filter is optional; the 2021
form has MIN_NOTIONAL, newer servers send NOTIONAL.
"""

import contextlib
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Raw, Struct, field

from core.decimals import parse_decimal
from core.errors import NotANumber
from pipeline.binance.events import Dropped
from pipeline.binance.request_weight import INTERVALS, RAW_REQUESTS, WEIGHT, RateLimit
from pipeline.binance.validation import MOST_ROWS, InvalidField, check_symbol
from pipeline.errors import MarketUnavailable
from pipeline.market import Symbol
from pipeline.rules import (
    MAX_SCALE,
    MIN_QUOTE_SCALE,
    STATUS,
    LotSize,
    Notional,
    PercentPrice,
    PriceBounds,
    SymbolRules,
    TrailingDelta,
)

_MAX_LIMIT = 1_000_000_000
"""Greatest limit of requests that counts, thousands of times the real ones."""


class ExchangeInfo(Struct, frozen=True):
    """Server time (UTC ms), request limits and symbol rules read from exchangeInfo. `limits` is () if exchangeInfo
    states none. `unreadable` are the symbols that are listed in a form that cannot be read.
    """

    server_time: int
    limits: tuple[RateLimit, ...]
    rules: tuple[SymbolRules, ...]
    unreadable: frozenset[Symbol] = frozenset()


class _RateLimit(Struct):
    kind: str = field(name="rateLimitType")
    interval: str
    count: int = field(name="intervalNum")
    limit: int


class _Body(Struct):
    symbols: list[Raw]
    server_time: int = field(name="serverTime", default=0)
    rate_limits: list[_RateLimit] = field(name="rateLimits", default_factory=list)


_Count = Annotated[int, msgspec.Meta(ge=0, le=_MAX_LIMIT)]


class _Filter(Struct):
    kind: str = field(name="filterType", default="")
    min_price: str = field(name="minPrice", default="0")
    max_price: str = field(name="maxPrice", default="0")
    tick_size: str = field(name="tickSize", default="0")
    up: str = field(name="multiplierUp", default="0")
    down: str = field(name="multiplierDown", default="0")
    bid_up: str = field(name="bidMultiplierUp", default="0")
    bid_down: str = field(name="bidMultiplierDown", default="0")
    ask_up: str = field(name="askMultiplierUp", default="0")
    ask_down: str = field(name="askMultiplierDown", default="0")
    average_minutes: _Count = field(name="avgPriceMins", default=0)
    min_qty: str = field(name="minQty", default="0")
    max_qty: str = field(name="maxQty", default="0")
    step_size: str = field(name="stepSize", default="0")
    min_notional: str = field(name="minNotional", default="0")
    max_notional: str = field(name="maxNotional", default="0")
    apply_to_market: bool = field(name="applyToMarket", default=True)
    apply_min_to_market: bool = field(name="applyMinToMarket", default=True)
    apply_max_to_market: bool = field(name="applyMaxToMarket", default=True)
    max_orders: _Count = field(name="maxNumOrders", default=0)
    max_algo_orders: _Count = field(name="maxNumAlgoOrders", default=0)
    min_above: _Count = field(name="minTrailingAboveDelta", default=0)
    max_above: _Count = field(name="maxTrailingAboveDelta", default=0)
    min_below: _Count = field(name="minTrailingBelowDelta", default=0)
    max_below: _Count = field(name="maxTrailingBelowDelta", default=0)


class _Symbol(Struct):
    symbol: str
    status: str
    base: str = field(name="baseAsset")
    quote: str = field(name="quoteAsset")
    base_scale: int = field(name="baseAssetPrecision", default=8)
    quote_scale: int = field(name="quoteAssetPrecision", default=8)
    filters: list[_Filter] = field(default_factory=list)


class _Name(Struct):
    symbol: str


_BODY = msgspec.json.Decoder(_Body)
_SYMBOL = msgspec.json.Decoder(_Symbol)
_NAME = msgspec.json.Decoder(_Name)


def read_exchange_info(body: bytes | str, dropped: Dropped) -> ExchangeInfo:
    """Reads the rules of every symbol from the body. A symbol that cannot be read is counted in `dropped`, and named
    among the unreadable ones if its name can be read. Raises MarketUnavailable, also for more symbols than an exchange
    has.
    """
    try:
        wire = _BODY.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise MarketUnavailable from error
    if len(wire.symbols) > MOST_ROWS:
        raise MarketUnavailable
    rules: list[SymbolRules] = []
    unreadable: set[Symbol] = set()
    for raw in wire.symbols:
        try:
            rules.append(_rules(_SYMBOL.decode(raw)))
            continue
        except InvalidField as bad:
            dropped[str(bad)] += 1
        except NotANumber:
            dropped["not a decimal"] += 1
        except (msgspec.DecodeError, ValueError, RecursionError):
            dropped["malformed"] += 1
        with contextlib.suppress(msgspec.DecodeError, ValueError, RecursionError):
            unreadable.add(check_symbol(_NAME.decode(raw).symbol))
    unreadable.difference_update(each.symbol for each in rules)
    return ExchangeInfo(wire.server_time, _limits(wire.rate_limits), tuple(rules), frozenset(unreadable))


def _limits(wire: list[_RateLimit]) -> tuple[RateLimit, ...]:
    return tuple(
        RateLimit(limit.kind, limit.interval, limit.count, limit.limit)
        for limit in wire
        if limit.kind in (WEIGHT, RAW_REQUESTS)
        and limit.interval in INTERVALS
        and 0 < min(limit.count, limit.limit) <= max(limit.count, limit.limit) <= _MAX_LIMIT
    )


def _rules(wire: _Symbol) -> SymbolRules:
    by_kind = {f.kind: f for f in wire.filters}
    price, trailing = by_kind.get("PRICE_FILTER"), by_kind.get("TRAILING_DELTA")
    orders, algo_orders = by_kind.get("MAX_NUM_ORDERS"), by_kind.get("MAX_NUM_ALGO_ORDERS")
    if not 0 <= wire.base_scale <= MAX_SCALE or not MIN_QUOTE_SCALE <= wire.quote_scale <= MAX_SCALE:
        raise InvalidField("precision")
    if not STATUS(wire.status):
        raise InvalidField("status")
    return SymbolRules(
        symbol=check_symbol(wire.symbol),
        base=check_symbol(wire.base),
        quote=check_symbol(wire.quote),
        status=wire.status,
        base_scale=wire.base_scale,
        quote_scale=wire.quote_scale,
        tick_size=_set(price.tick_size) if price else None,
        lot=_lot(by_kind.get("LOT_SIZE")),
        market_lot=_lot(by_kind.get("MARKET_LOT_SIZE")),
        notional=_notional(by_kind),
        price_bounds=_price_bounds(price),
        percent_price=_percent_price(by_kind),
        max_open_orders=(orders.max_orders or None) if orders else None,
        max_algo_orders=(algo_orders.max_algo_orders or None) if algo_orders else None,
        trailing_delta=(
            TrailingDelta(trailing.min_above, trailing.max_above, trailing.min_below, trailing.max_below)
            if trailing
            else None
        ),
    )


def _set(text: str) -> Decimal | None:
    return parse_decimal(text) or None


def _lot(wire: _Filter | None) -> LotSize | None:
    if wire is None:
        return None
    return LotSize(parse_decimal(wire.min_qty), parse_decimal(wire.max_qty), parse_decimal(wire.step_size))


def _price_bounds(wire: _Filter | None) -> PriceBounds | None:
    if wire is None:
        return None
    bounds = PriceBounds(parse_decimal(wire.min_price), parse_decimal(wire.max_price))
    return bounds if bounds.minimum or bounds.maximum else None


def _percent_price(by_kind: dict[str, _Filter]) -> PercentPrice | None:
    sided, both = by_kind.get("PERCENT_PRICE_BY_SIDE"), by_kind.get("PERCENT_PRICE")
    if sided is not None:
        return PercentPrice(
            parse_decimal(sided.bid_up),
            parse_decimal(sided.bid_down),
            parse_decimal(sided.ask_up),
            parse_decimal(sided.ask_down),
            sided.average_minutes,
        )
    if both is not None:
        up, down = parse_decimal(both.up), parse_decimal(both.down)
        return PercentPrice(up, down, up, down, both.average_minutes, "PERCENT_PRICE")
    return None


def _notional(by_kind: dict[str, _Filter]) -> Notional | None:
    newer, older = by_kind.get("NOTIONAL"), by_kind.get("MIN_NOTIONAL")
    if newer is not None:
        return Notional(
            parse_decimal(newer.min_notional),
            parse_decimal(newer.max_notional),
            applies_to_market=newer.apply_min_to_market,
            max_applies_to_market=newer.apply_max_to_market,
        )
    if older is not None:
        minimum = parse_decimal(older.min_notional)
        return Notional(minimum, Decimal(0), applies_to_market=older.apply_to_market, name="MIN_NOTIONAL")
    return None
