"""Interface of the market for trading."""

from collections.abc import Sequence
from typing import Protocol

from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.rules import SymbolRules


class DeskMarket(Protocol):
    """Part of `pipeline.ports.MarketReader` that trading uses; the methods raise the same errors."""

    def info(self) -> MarketInfo:
        """Returns the running market."""

    def now(self) -> int:
        """Returns the time of the market's clock, UTC ms."""

    def rules(self, symbol: Symbol) -> SymbolRules:
        """Returns the exchange rules of the symbol."""

    async def quote(self, symbol: Symbol) -> Quote:
        """Returns the last quote, stale or not."""

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        """Returns the last quotes of the symbols, of all symbols for None."""

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """Returns the last closed candles."""

    async def order_book(self, symbol: Symbol, after: int) -> OrderBook | None:
        """Returns a book requested after the quote of the time `after`, or None if there is none."""
