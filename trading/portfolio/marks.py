"""Last known prices of holdings, at which a portfolio is valued."""

from collections.abc import Sequence

from pipeline.errors import UnknownSymbol
from pipeline.market import Symbol
from trading.market_data import DeskMarket
from trading.portfolio.positions import Mark


async def marks_of(market: DeskMarket, symbols: Sequence[Symbol]) -> dict[Symbol, Mark]:
    """Returns the marks by symbol, of listed symbols that have a price. Raises MarketUnavailable."""
    quotes = await market.quotes(symbols) if symbols else {}
    marks = {}
    for symbol, quote in quotes.items():
        try:
            marks[symbol] = Mark(quote.price, market.rules(symbol).quote_scale, quote.stale, quote.time)
        except UnknownSymbol:  # no longer listed: without a scale there is no value
            continue
    return marks
