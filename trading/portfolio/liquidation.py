"""Proceeds of a position that is sold at once into what the market displays. Pure."""

from decimal import Decimal

from core.decimals import EXACT
from pipeline.market import OrderBook, Quote
from pipeline.rules import SymbolRules
from trading.matching.ladders import ladder_of
from trading.matching.market_orders import walk
from trading.orders.types import Side


def sale_proceeds(quantity: Decimal, quote: Quote, book: OrderBook | None, rules: SymbolRules) -> Decimal:
    """Returns the quote amount, before fees, of as much of `quantity` as the displayed levels take; the rest finds no
    buyer and brings nothing. Without a book the published rule of size impact gives the levels.

    Raises StalePrice, CrossedQuote, BookDisagrees.
    """
    proceeds = Decimal(0)
    for fill in walk(ladder_of(Side.SELL, quote, book, rules).levels, quantity):
        proceeds = EXACT.add(proceeds, EXACT.multiply(fill.price, fill.quantity))
    return proceeds
