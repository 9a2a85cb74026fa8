"""Decisions of a rule: the orders that it places at the close of a candle and after a fill. Pure and exact.

Back-tests and robots take their orders from here alone, so the same rule over the same candles makes the same orders.

- A strategy holds one position. An entry signal in a position does nothing; an exit signal without one does nothing;
  of both on one candle the exit counts in a position, and the entry without one.
- What is decided at the close of candle i trades at the open of candle i + 1.
- After an entry is filled, `protection` rests in the order engine: a stop loss, a take profit, both as a pair (OCO), or
  a trailing stop. The desk has no pair with a trailing stop, so beside one the stop and the take profit of the rule are
  compared with each close, and an exit follows at the next open.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.decimals import EXACT, ROUNDING, down, down_to_step
from pipeline.market import Symbol
from pipeline.rules import SymbolRules
from trading.matching.immediate_fills import resolve_price
from trading.matching.market_orders import smallest_part
from trading.orders.requests import OcoRequest, OrderRequest
from trading.orders.terms import OrderType, RelativePrice
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.rules.rule import SizeKind

ZERO = Decimal(0)
BASIS_POINTS = 10_000


class RuleSize(Protocol):
    """Size of an order of a rule (`trading.rules.rule.Size`)."""

    @property
    def kind(self) -> str:
        """One of the values of SizeKind."""

    @property
    def amount(self) -> Decimal | None:
        """Fraction of the equity (purchase) or of the position (sale), amount of the asset, or None for "max"."""


class TradedRule(Protocol):
    """The part of `trading.rules.rule.Rule` that says how it trades; distances are fractions of a price."""

    @property
    def entry_size(self) -> RuleSize:
        """Size of the purchase."""

    @property
    def exit_size(self) -> RuleSize:
        """Size of the sale."""

    @property
    def stop(self) -> Decimal | None:
        """Distance of the stop loss below the entry price."""

    @property
    def take_profit(self) -> Decimal | None:
        """Distance of the take profit above the entry price."""

    @property
    def trailing(self) -> Decimal | None:
        """Distance of the trailing stop below the highest price since the entry."""


@dataclass(frozen=True, slots=True)
class MarketRequest:
    """Request for a market order: the arguments of `TradingDesk.place`."""

    symbol: Symbol
    side: Side
    size: BaseQuantity | QuoteAmount


@dataclass(frozen=True, slots=True)
class StrategyState:
    """Holdings of a strategy at the close of a candle.

    `quantity` (base asset) is its position, what protective orders hold included, bought at the average price
    `entry_price` (None without a position). `equity` is its cash and its position at the close; `available` is the cash
    that it may spend. Both are in the quote asset.
    """

    quantity: Decimal
    entry_price: Decimal | None
    equity: Decimal
    available: Decimal


def in_position(quantity: Decimal, rules: SymbolRules) -> bool:
    """Returns whether the quantity is a position. Less than the smallest order is none: fees leave such rests."""
    return quantity >= rules.smallest_quantity


def decide(
    rule: TradedRule, state: StrategyState, price: Decimal, rules: SymbolRules, *, entry: bool, exit_: bool
) -> MarketRequest | None:
    """Returns the market order that the rule places at the close of a candle at `price` (above 0), or None.

    `entry` and `exit_` are the signals of the candle. Cancel the protective orders before a sale: they hold the
    position. After a purchase is filled place `protection`; after a sale of a part place it for the rest.
    """
    if in_position(state.quantity, rules):
        sells = exit_ or _passed(rule, state.entry_price, price)
        return _sale(rule.exit_size, state.quantity, price, rules) if sells else None
    return _purchase(rule.entry_size, state, price, rules) if entry else None


def costs_more(size: BaseQuantity | QuoteAmount, ask: Decimal, cash: Decimal) -> bool:
    """Returns whether a quantity costs more than the cash at the ask. A purchase of it is then one for all of the cash
    (`all_of`): it was decided at the close, and the price has risen since.
    """
    return isinstance(size, BaseQuantity) and EXACT.multiply(size.amount, ask) > cash


def all_of(cash: Decimal, rules: SymbolRules) -> QuoteAmount:
    """Returns the size of a purchase for all of the cash."""
    return QuoteAmount(down(cash, rules.quote_scale))


def protection(
    rule: TradedRule, quantity: Decimal, entry_price: Decimal, last_price: Decimal, rules: SymbolRules
) -> OrderRequest | OcoRequest | MarketRequest | None:
    """Returns the order that protects a position of `quantity`, bought at the average `entry_price`, in a market at
    `last_price`: a market sale if the market is at the stop or the take profit already. None if the rule has no
    protection or the quantity is no position.

    The exchange's filters are not checked here: the desk refuses what they do not allow.
    """
    part = down_to_step(quantity, rules.step) if in_position(quantity, rules) else ZERO
    if not part:
        return None
    size = BaseQuantity(part)
    if rule.trailing is not None:
        delta = int(EXACT.multiply(rule.trailing, Decimal(BASIS_POINTS)).to_integral_value())
        return OrderRequest(rules.symbol, Side.SELL, OrderType.STOP_LOSS, size, trailing_delta=delta)
    stop = _price(rule.stop, entry_price, rules, sign=-1)
    limit = _price(rule.take_profit, entry_price, rules, sign=1)
    if (stop is not None and last_price <= stop) or (limit is not None and last_price >= limit):
        return MarketRequest(rules.symbol, Side.SELL, BaseQuantity(quantity))
    return _resting(size, stop, limit, rules)


def _resting(
    size: BaseQuantity, stop: Decimal | None, limit: Decimal | None, rules: SymbolRules
) -> OrderRequest | OcoRequest | None:
    if stop is not None and limit is not None:
        return OcoRequest(rules.symbol, Side.SELL, size, limit, stop)
    if stop is not None:
        return OrderRequest(rules.symbol, Side.SELL, OrderType.STOP_LOSS, size, stop_price=stop)
    if limit is not None:
        return OrderRequest(rules.symbol, Side.SELL, OrderType.LIMIT, size, limit_price=limit)
    return None


def _passed(rule: TradedRule, entry_price: Decimal | None, close: Decimal) -> bool:
    """Returns whether the close is at the stop or the take profit of a rule that trails: neither of them rests."""
    if rule.trailing is None or entry_price is None:
        return False
    below = rule.stop is not None and close <= EXACT.multiply(entry_price, 1 - rule.stop)
    return below or (rule.take_profit is not None and close >= EXACT.multiply(entry_price, 1 + rule.take_profit))


def _purchase(size: RuleSize, state: StrategyState, price: Decimal, rules: SymbolRules) -> MarketRequest | None:
    """Returns the purchase, cut to the money that is available; None if that is nothing."""
    available, amount = down(max(state.available, ZERO), rules.quote_scale), size.amount
    if not available:
        return None
    wanted: BaseQuantity | QuoteAmount = QuoteAmount(available)
    if size.kind == SizeKind.BASE and amount is not None:
        if EXACT.multiply(amount, price) <= available:
            wanted = BaseQuantity(amount)
    elif amount is not None:
        spent = ROUNDING.multiply(state.equity, amount) if size.kind == SizeKind.SHARE else amount
        spent = down(min(spent, available), rules.quote_scale)
        if spent <= 0:
            return None
        wanted = QuoteAmount(spent)
    return MarketRequest(rules.symbol, Side.BUY, wanted)


def _sale(size: RuleSize, quantity: Decimal, price: Decimal, rules: SymbolRules) -> MarketRequest:
    """Returns the sale. A part that is too small for an order, or leaves too little for one, is the whole position."""
    amount, part = size.amount, quantity
    if amount is not None:
        wanted = {SizeKind.SHARE: ROUNDING.multiply(quantity, amount), SizeKind.BASE: amount}.get(SizeKind(size.kind))
        wanted = ROUNDING.divide(amount, price) if wanted is None else wanted
        part = down_to_step(min(wanted, quantity), rules.step)
        smallest = smallest_part(rules, price)
        if part < smallest or EXACT.subtract(quantity, part) < smallest:
            part = quantity
    return MarketRequest(rules.symbol, Side.SELL, BaseQuantity(part))


def _price(distance: Decimal | None, entry_price: Decimal, rules: SymbolRules, *, sign: int) -> Decimal | None:
    """Returns the price at a distance from the entry price, rounded to the tick away from it."""
    if distance is None:
        return None
    return resolve_price(RelativePrice(sign * distance), entry_price, rules, upwards=sign > 0)
