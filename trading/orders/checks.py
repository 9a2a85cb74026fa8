"""Checks of resting orders: the exchange's filters and the sides of the market. Each refusal names what is allowed.

Source: Binance spot API, "Filters" (PRICE_FILTER, PERCENT_PRICE, PERCENT_PRICE_BY_SIDE, LOT_SIZE, NOTIONAL,
TRAILING_DELTA). The reference of PERCENT_PRICE is the last price.
"""

from decimal import Decimal

from core.decimals import EXACT, down_to_step, is_multiple, up_to_step
from core.errors import NotANumber, NotPositive
from pipeline.errors import ExchangeFilterViolation
from pipeline.rules import SymbolRules, TrailingDelta
from trading.orders.errors import (
    ExpiryInPast,
    PriceOffTick,
    PriceOutOfRange,
    PricesInWrongOrder,
    StopOnWrongSide,
    TrailingDeltaOutOfRange,
)
from trading.orders.terms import OrderTerms
from trading.orders.types import Side

GTD_DAYS = 90
"""Longest life of an order with a date."""

MINUTE_MS = 60_000
"""Shortest lifetime of an order with one. A date may be nearer: it was chosen before, in a preview."""

DAY_MS = 86_400_000
LARGEST_PRICE = Decimal(10) ** 15
DEFAULT_TRAILING = TrailingDelta(10, 2_000, 10, 2_000)
"""Bounds of a trailing delta where the exchange states none: Binance's usual ones."""


def check_terms(terms: OrderTerms, last_price: Decimal, now: int, rules: SymbolRules) -> None:
    """Checks an order that is accepted `now` (UTC ms of the market's clock) on its own.

    Raises PriceOffTick, PriceOutOfRange, StopOnWrongSide, TrailingDeltaOutOfRange, ExpiryInPast,
    ExchangeFilterViolation, NotANumber, NotPositive.
    """
    for price in (terms.limit_price, terms.stop_price):
        if price is not None:
            check_price(price, rules)
    if terms.limit_price is not None:
        check_percent_price(terms.side, terms.limit_price, last_price, rules)
    if terms.type.waits:
        check_stop(terms, last_price)
    if terms.trailing_delta is not None:
        check_trailing(terms, rules)
    if terms.expires_at is not None and not 0 < terms.expires_at - now <= GTD_DAYS * DAY_MS:
        raise ExpiryInPast(GTD_DAYS)
    check_quantity(terms, last_price, rules)


def check_price(price: Decimal, rules: SymbolRules) -> None:
    """Checks a limit or stop price. Raises PriceOffTick with the nearest allowed prices, PriceOutOfRange, NotANumber,
    NotPositive.
    """
    if not price.is_finite():
        raise NotANumber(str(price))
    if price <= 0:
        raise NotPositive(f"{price:f}")
    bounds = rules.price_bounds
    lowest = bounds.minimum if bounds is not None else Decimal(0)
    highest = bounds.maximum if bounds is not None and bounds.maximum > 0 else LARGEST_PRICE
    if not lowest <= price <= highest:
        raise PriceOutOfRange(rules.symbol, price, lowest, highest)
    tick = rules.tick_size or Decimal(1).scaleb(-rules.quote_scale)
    if not is_multiple(price, tick):
        raise PriceOffTick(rules.symbol, price, tick, down_to_step(price, tick), up_to_step(price, tick))


def check_percent_price(side: Side, price: Decimal, last_price: Decimal, rules: SymbolRules) -> None:
    """Raises PriceOutOfRange if a limit price is further from the last price than the exchange allows."""
    rule = rules.percent_price
    if rule is None:
        return
    below, above = (rule.bid_down, rule.bid_up) if side is Side.BUY else (rule.ask_down, rule.ask_up)
    tick = rules.tick_size or Decimal(1).scaleb(-rules.quote_scale)
    lowest = up_to_step(EXACT.multiply(last_price, below), tick)
    highest = down_to_step(EXACT.multiply(last_price, above), tick) if above > 0 else LARGEST_PRICE
    if not lowest <= price <= highest:
        raise PriceOutOfRange(rules.symbol, price, lowest, highest)


def check_stop(terms: OrderTerms, last_price: Decimal) -> None:
    """Raises StopOnWrongSide if the stop or activation price is reached already."""
    stop = terms.stop_price
    if stop is None:
        return
    falling = terms.reached_from_above
    if last_price <= stop if falling else last_price >= stop:
        raise StopOnWrongSide(terms.symbol, stop, last_price, above=not falling)


def check_trailing(terms: OrderTerms, rules: SymbolRules) -> None:
    """Raises TrailingDeltaOutOfRange. Orders that trigger when the price rises have bounds of their own."""
    bounds = rules.trailing_delta or DEFAULT_TRAILING
    lowest, highest = (
        (bounds.minimum_below, bounds.maximum_below)
        if terms.reached_from_above
        else (bounds.minimum_above, bounds.maximum_above)
    )
    lowest, highest = max(lowest, 1), min(highest or 9_999, 9_999)
    delta = terms.trailing_delta
    if delta is not None and not lowest <= delta <= highest:
        raise TrailingDeltaOutOfRange(terms.symbol, delta, lowest, highest)


def check_quantity(terms: OrderTerms, last_price: Decimal, rules: SymbolRules) -> None:
    """Raises ExchangeFilterViolation for LOT_SIZE, MARKET_LOT_SIZE (orders without a limit) and NOTIONAL. The value is
    that at the limit, or at the stop price, or at the last price.
    """
    limit, stop = terms.limit_price, terms.stop_price
    price = limit if limit is not None else stop if stop is not None else last_price
    if limit is None:
        rules.check_market_quantity(terms.quantity)
    elif rules.lot is not None:
        lot, quantity = rules.lot, terms.quantity
        if quantity < lot.minimum:
            raise ExchangeFilterViolation(rules.symbol, "LOT_SIZE", "min", quantity, lot.minimum, rules.base)
        if 0 < lot.maximum < quantity:
            raise ExchangeFilterViolation(rules.symbol, "LOT_SIZE", "max", quantity, lot.maximum, rules.base)
        if lot.step > 0 and not is_multiple(quantity, lot.step):
            raise ExchangeFilterViolation(rules.symbol, "LOT_SIZE", "step", quantity, lot.step, rules.base)
    check_notional(EXACT.multiply(price, terms.quantity), rules, market=limit is None)


def check_notional(value: Decimal, rules: SymbolRules, *, market: bool) -> None:
    """Raises ExchangeFilterViolation if a value in the quote asset is outside of NOTIONAL or MIN_NOTIONAL."""
    rule = rules.notional
    if market:
        rules.check_market_notional(value)
    elif rule is not None:
        if value < rule.minimum:
            raise ExchangeFilterViolation(rules.symbol, rule.name, "min", value, rule.minimum, rules.quote)
        if 0 < rule.maximum < value:
            raise ExchangeFilterViolation(rules.symbol, rule.name, "max", value, rule.maximum, rules.quote)


def check_pair(side: Side, limit: Decimal, stop: Decimal, middle: Decimal, symbol: str, *, entry: bool = False) -> None:
    """Raises PricesInWrongOrder unless `middle` (the last price, or that of the `entry`) is between both prices: a
    sale has its limit above and its stop below, a purchase the other way round. The error names them "limit" and
    "stop".
    """
    lower, upper = (stop, limit) if side is Side.SELL else (limit, stop)
    if not lower < middle < upper:
        names = ("stop", "limit") if side is Side.SELL else ("limit", "stop")
        raise PricesInWrongOrder(symbol, *names, middle, entry)
