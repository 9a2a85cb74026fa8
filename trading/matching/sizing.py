"""Sizes and balances: resolves sizes for an account, checks its balances, and computes the balances after an order."""

from decimal import Decimal
from typing import NoReturn

from core.decimals import EXACT, ROUNDING, down, down_to_step, up
from pipeline.rules import SymbolRules
from trading.errors import InsufficientFunds, NothingToSell, NothingToSpend, ShareOutOfRange
from trading.matching.market_orders import RequestedSize, check_size
from trading.orders.types import Balance, BaseQuantity, Execution, QuoteAmount, Share, Side, Size


def size_wanted(side: Side, size: Size, rules: SymbolRules, base: Balance, quote: Balance) -> RequestedSize:
    """Resolves a size by the available balances. Raises ShareOutOfRange, NothingToSell, NothingToSpend and the errors
    of check_size.
    """
    if not isinstance(size, Share):
        check_size(size, rules.base if isinstance(size, BaseQuantity) else rules.quote)
        whole = side is Side.SELL and isinstance(size, BaseQuantity) and size.amount == base.available
        return RequestedSize(size, whole_balance=whole)
    fraction = size.fraction
    if not fraction.is_finite() or not 0 < fraction <= 1:
        raise ShareOutOfRange(str(fraction))
    if side is Side.BUY:
        amount = down(EXACT.multiply(quote.available, fraction), rules.quote_scale)
        if not amount:
            raise NothingToSpend(rules.quote)
        return RequestedSize(QuoteAmount(amount))
    if not base.available:
        raise NothingToSell(rules.base)
    if fraction == 1:
        return RequestedSize(BaseQuantity(base.available), whole_balance=True)
    part = EXACT.multiply(base.available, fraction)
    # A part below one step is not rounded: matching refuses it, with an error that names the smallest part.
    return RequestedSize(BaseQuantity(down_to_step(part, rules.step) or part))


def balances_after(execution: Execution, base: Balance, quote: Balance) -> tuple[Balance, Balance]:
    """Returns the balances of the base and the quote asset after the order."""
    buying = execution.side is Side.BUY
    base_change = execution.received if buying else -execution.quantity
    quote_change = -execution.quote_amount if buying else execution.received
    return (
        Balance(base.asset, EXACT.add(base.available, base_change), base.held),
        Balance(quote.asset, EXACT.add(quote.available, quote_change), quote.held),
    )


def refuse_penniless(side: Side, wanted: RequestedSize, price: Decimal, rules: SymbolRules, short: Balance) -> None:
    """Raises InsufficientFunds if nothing is available of the balance that the order spends.

    This holds at any price of the order; `price` determines the needed amount in the error.
    """
    if short.available:
        return
    amount = wanted.size.amount
    if isinstance(wanted.size, BaseQuantity):
        needed = up(EXACT.multiply(amount, price), rules.quote_scale) if side is Side.BUY else amount
    else:
        needed = amount if side is Side.BUY else up(ROUNDING.divide(amount, price), rules.base_scale)
    raise InsufficientFunds(short.asset, needed, short.available, needed)


def refuse_short(side: Side, base: Balance, quote: Balance, quantity: Decimal, quote_amount: Decimal) -> NoReturn:
    """Raises NothingToSell if a sale finds nothing at all, otherwise InsufficientFunds with the missing amount."""
    short, needed = (quote, quote_amount) if side is Side.BUY else (base, quantity)
    if side is Side.SELL and not short.total:
        raise NothingToSell(short.asset)
    raise InsufficientFunds(short.asset, needed, short.available, EXACT.subtract(needed, short.available))
