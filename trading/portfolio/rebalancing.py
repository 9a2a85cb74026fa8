"""Plan of market orders that bring coins to given weights: first what is sold, then what that money buys. Pure.

Coins are valued at the bid, at which they can be sold. Quantities are multiples of the lot size, and trades below the
exchange's minimum are left out, so the weights that come out differ from those that were wanted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from core.decimals import EXACT, ROUNDING, down, down_to_step
from pipeline.market import Quote, Symbol
from pipeline.rules import SymbolRules
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size

_ZERO, _ONE = Decimal(0), Decimal(1)
_CENTS = 2
_WHOLE = Share(_ONE)
_NOTHING: Mapping[Symbol, Decimal] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RebalancingTrade:
    """One market order of the plan, its `value` in the quote asset before the fee, and the fee in the quote asset."""

    side: Side
    symbol: Symbol
    size: Size
    value: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class RebalancingPlan:
    """Sales, then purchases, each the largest first; the weights that come out, the coins whose change is too small to
    trade, and those that are not sold as far as wanted, since open orders hold them.
    """

    trades: tuple[RebalancingTrade, ...]
    realised: Mapping[Symbol, Decimal]
    too_small: tuple[Symbol, ...]
    on_hold: tuple[Symbol, ...] = ()

    @property
    def fees(self) -> Decimal:
        """Fees of all trades, in the quote asset."""
        return sum((trade.fee for trade in self.trades), _ZERO)


def rebalancing_plan(
    weights: Mapping[Symbol, Decimal],
    held: Mapping[Symbol, Decimal],
    quotes: Mapping[Symbol, Quote],
    rules: Mapping[Symbol, SymbolRules],
    fee_rate: Decimal,
    *,
    on_hold: Mapping[Symbol, Decimal] = _NOTHING,
) -> RebalancingPlan:
    """Returns the plan that spreads the money in the coins of `weights` by them; `held` are the quantities, and
    `on_hold` the parts of them that open orders hold. Purchases are paid from the sales, cash stays as it is. Every
    symbol needs a quote and rules.
    """
    kept = {symbol: held.get(symbol, _ZERO) for symbol in weights}
    values = {symbol: EXACT.multiply(quantity, quotes[symbol].bid) for symbol, quantity in kept.items()}
    total = sum(values.values(), _ZERO)
    wanted = {symbol: ROUNDING.multiply(total, weight) for symbol, weight in weights.items()}
    changes = {symbol: EXACT.subtract(wanted[symbol], values[symbol]) for symbol in weights}
    too_small: list[Symbol] = []
    bound: list[Symbol] = []
    trades: list[RebalancingTrade] = []
    paid = _ZERO
    for symbol in sorted((each for each in changes if changes[each] < 0), key=lambda each: (changes[each], each)):
        free = EXACT.subtract(kept[symbol], on_hold.get(symbol, _ZERO))
        sale = _sale(-changes[symbol], free, quotes[symbol], rules[symbol], fee_rate)
        if EXACT.multiply(free, quotes[symbol].bid) < -changes[symbol]:
            bound.append(symbol)
        elif sale is None:
            too_small.append(symbol)
        if sale is None:
            continue
        trade, sold = sale
        trades.append(trade)
        kept[symbol] = EXACT.subtract(kept[symbol], sold)
        paid = EXACT.add(paid, EXACT.subtract(trade.value, trade.fee))
    buying = sorted((each for each in changes if changes[each] > 0), key=lambda each: (-changes[each], each))
    needed = sum((changes[symbol] for symbol in buying), _ZERO)
    for symbol in buying:
        amount = down(ROUNDING.divide(ROUNDING.multiply(paid, changes[symbol]), needed), _CENTS)
        purchase = _purchase(amount, quotes[symbol], rules[symbol], fee_rate)
        if purchase is None:
            too_small.append(symbol)
            continue
        trade, bought = purchase
        trades.append(trade)
        kept[symbol] = EXACT.add(kept[symbol], bought)
    after = {symbol: ROUNDING.multiply(quantity, quotes[symbol].bid) for symbol, quantity in kept.items()}
    whole = sum(after.values(), _ZERO)
    realised = {symbol: ROUNDING.divide(value, whole) if whole else _ZERO for symbol, value in after.items()}
    return RebalancingPlan(tuple(trades), realised, tuple(too_small), tuple(bound))


def _sale(
    amount: Decimal, free: Decimal, quote: Quote, rules: SymbolRules, fee_rate: Decimal
) -> tuple[RebalancingTrade, Decimal] | None:
    """Returns a sale worth `amount` and its quantity; a rest too small to be sold later is sold with it."""
    quantity = down_to_step(min(ROUNDING.divide(amount, quote.bid), free), rules.step)
    if not _tradable(EXACT.subtract(free, quantity), quote.bid, rules):
        quantity = free
    if not _tradable(quantity, quote.bid, rules):
        return None
    value = EXACT.multiply(quantity, quote.bid)
    size: Size = _WHOLE if quantity == free else BaseQuantity(quantity)
    return RebalancingTrade(Side.SELL, quote.symbol, size, value, ROUNDING.multiply(value, fee_rate)), quantity


def _purchase(
    amount: Decimal, quote: Quote, rules: SymbolRules, fee_rate: Decimal
) -> tuple[RebalancingTrade, Decimal] | None:
    """Returns a purchase for `amount` and the quantity received, net of the fee."""
    quantity = down_to_step(ROUNDING.divide(amount, quote.ask), rules.step)
    if not _tradable(quantity, quote.ask, rules):
        return None
    value = EXACT.multiply(quantity, quote.ask)
    received = down(ROUNDING.multiply(quantity, _ONE - fee_rate), rules.base_scale)
    return RebalancingTrade(
        Side.BUY, quote.symbol, QuoteAmount(amount), value, ROUNDING.multiply(value, fee_rate)
    ), received


def _tradable(quantity: Decimal, price: Decimal, rules: SymbolRules) -> bool:
    return quantity >= rules.smallest_quantity and ROUNDING.multiply(quantity, price) >= rules.smallest_value
