"""The two interfaces of the market: sources of prices (`MarketSource`) and readers of them (`MarketReader`)."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from pipeline.market import Candle, Frame, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.rules import SymbolRules


class OnDemandMarket(Protocol):
    """Part of a market that answers requests, besides its stream."""

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """Closed candles with start <= open_time < end (UTC ms), oldest first, at most 1000; [] where unknown.

        Raises MarketUnavailable when the source cannot be asked now.
        """

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """The book now, or None where the source has no levels or its limits leave no room. Raises MarketUnavailable.

        `after` is the time (UTC ms) of the newest quote that the caller has read: a source that remembers books asks
        for another if a quote has come since it asked for the remembered one.
        """


class MarketSource(OnDemandMarket, Protocol):
    """Binance, a replay or the simulator. Opened with `async with`; closing ends its tasks and sockets."""

    def info(self) -> MarketInfo:
        """Returns the running market, with the source's clock read now."""

    async def rules(self) -> Sequence[SymbolRules]:
        """Every symbol quoted in the desk's quote asset, whatever its status, and those that are priced only.
        A symbol that is listed in a form that cannot be read has the status UNREADABLE and no other rules.
        """

    def resume(self, time: int) -> None:
        """Called before `frames` by a producer that takes over: everything up to `time` (UTC ms) was delivered before.
        Candles that closed since then are delivered first, as far back as the source knows them. Delivering a candle
        twice is harmless.
        """

    def frames(self) -> AsyncIterator[Frame]:
        """The stream; each live symbol is confirmed at least once per `info().cadence_ms`. A replay ends."""


class MarketReader(Protocol):
    """Read access to the market for trading and bot, backed by the Redis market store and the candle archive."""

    def info(self) -> MarketInfo:
        """The running market; raises MarketUnavailable before the source has published itself."""

    def now(self) -> int:
        """The market's own clock, UTC ms."""

    def symbols(self) -> Sequence[Symbol]:
        """Returns every symbol of the desk, sorted; from memory. Symbols quoted in another asset than the desk's are
        priced and not traded: they resolve by their whole name only, and are not included.
        """

    def rules(self, symbol: Symbol) -> SymbolRules:
        """Exchange rules, from memory; raises UnknownSymbol."""

    def resolve(self, text: str) -> Symbol:
        """`btc`, `BTC`, `BTCUSDC`, `BTC/USDC` or `BTC-USDC` -> Symbol; raises UnknownSymbol with the nearest."""

    def find(self, text: str) -> Symbol | None:
        """As `resolve`, with None for an unknown symbol: for words that are tried, many of which are none."""

    async def quote(self, symbol: Symbol) -> Quote:
        """The last quote, stale or not; raises UnknownSymbol, MarketUnavailable; without one NoPriceYet or
        SymbolHalted.
        """

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        """Many quotes in one round trip (None: all); symbols without a price are absent. Raises MarketUnavailable."""

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """The last `count` closed candles, oldest first; gaps are filled from the source where it can.

        Raises NoCandles when none is known, MarketUnavailable.
        """

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """The source's book, or None where it has none; `after` as for `OnDemandMarket`. Raises MarketUnavailable."""
