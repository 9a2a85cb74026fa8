"""Interface of the market for trading."""

from collections.abc import Sequence
from typing import Protocol

from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.rules import SymbolRules


class DeskMarket(Protocol):
    """Part of `pipeline.ports.MarketReader` that trading uses; the methods raise the same errors."""

    def info(self) -> MarketInfo:
        """The running market."""

    def now(self) -> int:
        """The market's own clock, UTC ms."""

    def rules(self, symbol: Symbol) -> SymbolRules:
        """Exchange rules."""

    async def quote(self, symbol: Symbol) -> Quote:
        """The last quote, stale or not."""

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        """Many quotes."""

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """The last closed candles."""

    async def order_book(self, symbol: Symbol, after: int) -> OrderBook | None:
        """The book, asked for since the quote of the time `after`, or None if there is none."""
