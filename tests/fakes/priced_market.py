"""A market for the desk whose quotes, books and candles are what the test says."""

from collections.abc import Sequence
from decimal import Decimal

from pipeline.errors import MarketUnavailable, NoCandles, NoPriceYet, UnknownSymbol
from pipeline.market import Candle, Interval, Level, MarketInfo, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import LotSize, Notional, SymbolRules

BTC, ETH, COIN = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("币安人生USDC")
NOON = 1_617_624_000_000
"""2021-04-05 12:00 UTC: the market's clock at the beginning."""
STALE_AFTER_MS = 15_000


def rules_for(
    base: str, step: str = "0.00001", tick: str = "0.01", min_notional: str = "5", status: str = "TRADING"
) -> SymbolRules:
    lot = LotSize(Decimal(step), Decimal(9000), Decimal(step))
    notional = Notional(Decimal(min_notional), Decimal(9_000_000))
    return SymbolRules(Symbol(base + "USDC"), base, "USDC", status, tick_size=Decimal(tick), lot=lot, notional=notional)


def levels(*pairs: tuple[str, str]) -> tuple[Level, ...]:
    return tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in pairs)


class PricedMarket:
    """`time` is its clock; `say` sets a quote as of that time."""

    def __init__(self) -> None:
        self.time = NOON
        self.down = False
        self.listed = {rules.symbol: rules for rules in (rules_for("BTC"), rules_for("ETH"), rules_for("币安人生"))}
        self.identity = ""
        self.books: dict[Symbol, OrderBook] = {}
        self.history: dict[Symbol, list[Candle]] = {}
        self.candle_reads: list[tuple[Symbol, Interval, int]] = []
        self._quotes: dict[Symbol, tuple[int, tuple[Decimal, ...]]] = {}
        self.say(BTC, "99.99", "100.01")
        self.say(ETH, "9.99", "10.01")
        self.say(COIN, "0.50", "0.51")

    def say(self, symbol: Symbol, bid: str, ask: str, size: str = "1000") -> None:
        prices = tuple(map(Decimal, (bid, ask, size)))
        self._quotes[symbol] = (self.time, prices)

    def show_book(self, symbol: Symbol, bids: Sequence[Level], asks: Sequence[Level]) -> None:
        self.books[symbol] = OrderBook(symbol, self.time, tuple(bids), tuple(asks))

    def pass_time(self, ms: int) -> None:
        """A later moment at which every price is confirmed."""
        self.time += ms
        self._quotes = {symbol: (self.time, prices) for symbol, (_, prices) in self._quotes.items()}

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, STALE_AFTER_MS, self.time, 0, identity=self.identity)

    def now(self) -> int:
        if self.down:
            raise MarketUnavailable
        return self.time

    def rules(self, symbol: Symbol) -> SymbolRules:
        if symbol not in self.listed:
            raise UnknownSymbol(symbol)
        return self.listed[symbol]

    async def quote(self, symbol: Symbol) -> Quote:
        if self.down:
            raise MarketUnavailable
        if symbol not in self._quotes:
            raise NoPriceYet(symbol)
        time, (bid, ask, size) = self._quotes[symbol]
        middle = (bid + ask) / 2
        return Quote(symbol, time, self.time - time, STALE_AFTER_MS, middle, bid, size, ask, size)

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        wanted = self._quotes if symbols is None else symbols
        return {symbol: await self.quote(symbol) for symbol in wanted if symbol in self._quotes}

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        self.candle_reads.append((symbol, interval, count))
        if not self.history.get(symbol):
            raise NoCandles(symbol)
        return self.history[symbol][-count:]

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        return self.books.get(symbol)
