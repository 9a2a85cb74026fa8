"""Interfaces of the market: sources of prices (`MarketSource`), readers of them (`MarketReader`), and the symbols whose
trades are wanted (`TradedSymbols`).
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from pipeline.candles import CandleColumns
from pipeline.market import Candle, Frame, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.rules import SymbolRules


class OnDemandMarket(Protocol):
    """Part of a market that answers requests, in addition to its stream."""

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Returns closed candles with start <= open_time < end (UTC ms), oldest first, at most 1000; [] if unknown.

        Raises MarketUnavailable if the source does not answer now.
        """

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """Returns the current book. None if the source has no levels, or its limits allow no request. Raises
        MarketUnavailable.

        `after` is the time (UTC ms) of the newest quote that the caller has read. A source that caches books requests a
        new one if its cached book was requested before that quote was known.
        """


class TradedSymbols(Protocol):
    """Symbols with open orders. A source that has trades on demand follows the trades of these symbols only."""

    async def wanted(self) -> frozenset[Symbol]:
        """Returns the symbols. Raises MarketUnavailable."""


class MarketSource(OnDemandMarket, Protocol):
    """Source of prices: Binance, a replay or the simulator. Opened with `async with`; closing ends its tasks and
    sockets.
    """

    def info(self) -> MarketInfo:
        """Returns the running market, with the source's clock read now."""

    async def rules(self) -> Sequence[SymbolRules]:
        """Returns the rules of every symbol quoted in the desk's quote asset, of any status, and of those that are only
        priced. A symbol that is listed in an unreadable form has the status UNREADABLE and no other rules.
        """

    def resume(self, time: int) -> None:
        """Makes `frames` continue after `time` (UTC ms), up to which a previous producer has delivered everything.

        Called before `frames`. Candles that closed since then are delivered first, as far back as the source knows
        them. Delivering a candle twice is harmless.
        """

    def frames(self) -> AsyncIterator[Frame]:
        """Yields the stream. Each live symbol is confirmed at least once per `info().cadence_ms`. A replay ends."""


class MarketReader(Protocol):
    """Read access to the market for trading and bot, backed by the Redis market store and the candle archive."""

    def info(self) -> MarketInfo:
        """Returns the running market. Raises MarketUnavailable until a source has published it."""

    def now(self) -> int:
        """Returns the time of the market's clock, UTC ms."""

    def symbols(self) -> Sequence[Symbol]:
        """Returns every symbol quoted in the desk's quote asset, sorted, from memory. Symbols quoted in another asset
        are priced and not traded: they resolve by their whole name only, and are not included.
        """

    def rules(self, symbol: Symbol) -> SymbolRules:
        """Returns the exchange rules, from memory. Raises UnknownSymbol."""

    def resolve(self, text: str) -> Symbol:
        """Returns the symbol of `btc`, `BTC`, `BTCUSDC`, `BTC/USDC` or `BTC-USDC`. Raises UnknownSymbol with the
        nearest.
        """

    def find(self, text: str) -> Symbol | None:
        """Returns the symbol as `resolve` does, or None. For words that are tried and often are no symbol."""

    async def quote(self, symbol: Symbol) -> Quote:
        """Returns the last quote, stale or not. Raises UnknownSymbol and MarketUnavailable, and NoPriceYet or
        SymbolHalted if there is no quote.
        """

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        """Returns quotes in one round trip (None: all). Symbols without a price are absent.

        Raises MarketUnavailable.
        """

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """Returns the last `count` closed candles, oldest first. Gaps are filled from the source if it has the candles.

        Raises NoCandles if none is known, and MarketUnavailable.
        """

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        """Returns the closed candles with start <= open_time < end (UTC ms), oldest first, as far as they are known:
        may begin later. Raises NoCandles and MarketUnavailable.
        """

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """Returns the source's book, or None; see `OnDemandMarket.order_book`. Raises MarketUnavailable."""
