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
from trading.orders.types import Balance, BaseQuantity, QuoteAmount, Share, Side, Size

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


_Traded = tuple[RebalancingTrade, Decimal]
"""Trade and the quantity that it moves."""


@dataclass(frozen=True, slots=True)
class RebalancingPlan:
    """Sales, then purchases, each the largest first; the weights that come out, the coins whose change is too small to
    trade, those that are not sold as far as wanted, since open orders hold them, and those that are not bought, since
    the sales bring too little. `from_cash` is what the purchases spend in addition to what the sales bring; negative:
    what they leave of it.
    """

    trades: tuple[RebalancingTrade, ...]
    realised: Mapping[Symbol, Decimal]
    too_small: tuple[Symbol, ...]
    on_hold: tuple[Symbol, ...] = ()
    unpaid: tuple[Symbol, ...] = ()
    from_cash: Decimal = _ZERO

    @property
    def fees(self) -> Decimal:
        """Fees of all trades, in the quote asset."""
        return sum((trade.fee for trade in self.trades), _ZERO)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Prices and rules on which every order of a plan depends."""

    quotes: Mapping[Symbol, Quote]
    rules: Mapping[Symbol, SymbolRules]
    fee_rate: Decimal


def rebalancing_plan(
    weights: Mapping[Symbol, Decimal],
    held: Mapping[Symbol, Decimal],
    quotes: Mapping[Symbol, Quote],
    rules: Mapping[Symbol, SymbolRules],
    fee_rate: Decimal,
    *,
    on_hold: Mapping[Symbol, Decimal] = _NOTHING,
    cash: Balance | None = None,
) -> RebalancingPlan:
    """Returns the plan that spreads the money in the coins of `weights`, and the `cash` if it is given, by them; `held`
    are the quantities, and `on_hold` the parts of them that open orders hold. What the weights lack of 1 is cash then;
    otherwise purchases are paid from the sales, and cash stays as it is. Every symbol needs a quote and rules.
    """
    desk = _Desk(quotes, rules, fee_rate)
    kept = {symbol: held.get(symbol, _ZERO) for symbol in weights}
    values = {symbol: EXACT.multiply(quantity, quotes[symbol].bid) for symbol, quantity in kept.items()}
    money = _ZERO if cash is None else cash.total
    total = sum(values.values(), money)
    wanted = {symbol: ROUNDING.multiply(total, weight) for symbol, weight in weights.items()}
    changes = {symbol: ROUNDING.subtract(wanted[symbol], values[symbol]) for symbol in weights}
    from_cash = _ZERO if cash is None else min(down(sum(changes.values(), _ZERO), _CENTS), cash.available)
    sales, too_small, bound = _sales(changes, kept, on_hold, desk)
    paid = max(sum((trade.value - trade.fee for trade, _ in sales), from_cash), _ZERO)
    purchases, small, unpaid = _purchases(changes, paid, desk)
    for trade, quantity in (*sales, *purchases):
        kept[trade.symbol] = EXACT.add(kept[trade.symbol], quantity if trade.side is Side.BUY else -quantity)
    trades = tuple(trade for trade, _ in (*sales, *purchases))
    after = {symbol: ROUNDING.multiply(quantity, quotes[symbol].bid) for symbol, quantity in kept.items()}
    if cash is not None:
        money += sum((_cash_of(trade) for trade in trades), _ZERO)
    whole = sum(after.values(), money)
    realised = {symbol: ROUNDING.divide(value, whole) if whole else _ZERO for symbol, value in after.items()}
    return RebalancingPlan(trades, realised, (*too_small, *small), bound, unpaid, from_cash)


def _sales(
    changes: Mapping[Symbol, Decimal], kept: Mapping[Symbol, Decimal], on_hold: Mapping[Symbol, Decimal], desk: _Desk
) -> tuple[list[_Traded], tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Returns the sales with their quantities, the coins whose sale is too small, and those that are on hold."""
    sales: list[_Traded] = []
    too_small: list[Symbol] = []
    bound: list[Symbol] = []
    for symbol in sorted((each for each in changes if changes[each] < 0), key=lambda each: (changes[each], each)):
        free = EXACT.subtract(kept[symbol], on_hold.get(symbol, _ZERO))
        sale = _sale(-changes[symbol], free, symbol, desk)
        if EXACT.multiply(free, desk.quotes[symbol].bid) < -changes[symbol]:
            bound.append(symbol)
        elif sale is None:
            too_small.append(symbol)
        if sale is not None:
            sales.append(sale)
    return sales, tuple(too_small), tuple(bound)


def _purchases(
    changes: Mapping[Symbol, Decimal], paid: Decimal, desk: _Desk
) -> tuple[list[_Traded], tuple[Symbol, ...], tuple[Symbol, ...]]:
    """Returns the purchases for `paid` with the quantities received, the coins whose purchase is too small, and those
    that would not be if all were paid.
    """
    purchases: list[_Traded] = []
    too_small: list[Symbol] = []
    unpaid: list[Symbol] = []
    buying = sorted((each for each in changes if changes[each] > 0), key=lambda each: (-changes[each], each))
    needed = sum((changes[symbol] for symbol in buying), _ZERO)
    for symbol in buying:
        part = min(ROUNDING.divide(paid, needed), _ONE)
        purchase = _purchase(down(ROUNDING.multiply(changes[symbol], part), _CENTS), symbol, desk)
        if purchase is not None:
            purchases.append(purchase)
        else:
            afforded = _purchase(down(changes[symbol], _CENTS), symbol, desk) is None
            (too_small if afforded else unpaid).append(symbol)
    return purchases, tuple(too_small), tuple(unpaid)


def _sale(amount: Decimal, free: Decimal, symbol: Symbol, desk: _Desk) -> _Traded | None:
    """Returns a sale worth `amount` and its quantity; a rest too small to be sold later is sold with it."""
    bid, rules = desk.quotes[symbol].bid, desk.rules[symbol]
    quantity = down_to_step(min(ROUNDING.divide(amount, bid), free), rules.step)
    if not _tradable(EXACT.subtract(free, quantity), bid, rules):
        quantity = free
    if not _tradable(quantity, bid, rules):
        return None
    value = EXACT.multiply(quantity, bid)
    size: Size = _WHOLE if quantity == free else BaseQuantity(quantity)
    return RebalancingTrade(Side.SELL, symbol, size, value, ROUNDING.multiply(value, desk.fee_rate)), quantity


def _purchase(amount: Decimal, symbol: Symbol, desk: _Desk) -> _Traded | None:
    """Returns a purchase for `amount` and the quantity received, net of the fee."""
    ask, rules = desk.quotes[symbol].ask, desk.rules[symbol]
    quantity = down_to_step(ROUNDING.divide(amount, ask), rules.step)
    if not _tradable(quantity, ask, rules):
        return None
    value = EXACT.multiply(quantity, ask)
    received = down(ROUNDING.multiply(quantity, _ONE - desk.fee_rate), rules.base_scale)
    fee = ROUNDING.multiply(value, desk.fee_rate)
    return RebalancingTrade(Side.BUY, symbol, QuoteAmount(amount), value, fee), received


def _cash_of(trade: RebalancingTrade) -> Decimal:
    """Returns the change of the cash by a trade: the fee of a purchase is taken from the coins."""
    return trade.value - trade.fee if trade.side is Side.SELL else -trade.value


def _tradable(quantity: Decimal, price: Decimal, rules: SymbolRules) -> bool:
    return quantity >= rules.smallest_quantity and ROUNDING.multiply(quantity, price) >= rules.smallest_value
