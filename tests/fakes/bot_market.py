"""Market of the bot in memory: symbols whose prices stand still."""

from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches

import numpy as np

from pipeline.candles import CandleColumns
from pipeline.errors import NoCandles, NoPriceYet, UnknownSymbol
from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, SourceKind, Symbol
from pipeline.rules import Notional, SymbolRules

NOW = 1_617_300_000_000
PRICES = {"BTC": "58000.00", "ETH": "1950.50", "SOL": "19.4321", "DOGE": "0.0537", "币安人生": "0.12345"}
CHANGES = {"BTC": "57000", "ETH": "2000", "SOL": "18", "DOGE": "0.0537", "币安人生": "0.1"}


class FakeMarket:
    """Five symbols, one price each; `stale_ms` ages them, `silent` symbols have no price."""

    def __init__(self, quote_asset: str = "USDC", label: str = "SIMULATION") -> None:
        self.quote_asset = quote_asset
        self.label = label
        self.source = SourceKind.SIMULATOR if label else SourceKind.BINANCE
        self.age_ms = 1200
        self.prices = {Symbol(base + quote_asset): Decimal(text) for base, text in PRICES.items()}
        self.opens = {Symbol(base + quote_asset): Decimal(text) for base, text in CHANGES.items()}
        self.silent: set[Symbol] = set()
        self.minimum: Decimal | None = None
        self.status: dict[Symbol, str] = {}

    def info(self) -> MarketInfo:
        return MarketInfo(self.source, self.quote_asset, 1000, 15_000, NOW, NOW, label=self.label)

    def now(self) -> int:
        return NOW

    def symbols(self) -> Sequence[Symbol]:
        return sorted(self.prices)

    def rules(self, symbol: Symbol) -> SymbolRules:
        if symbol not in self.prices:
            raise UnknownSymbol(symbol)
        tick = Decimal(1).scaleb(self.prices[symbol].as_tuple().exponent)  # type: ignore[arg-type]
        base = symbol.removesuffix(self.quote_asset)
        least = None if self.minimum is None else Notional(self.minimum, Decimal(0))
        status = self.status.get(symbol, "TRADING")
        return SymbolRules(symbol, base, self.quote_asset, status, tick_size=tick, notional=least)

    def find(self, text: str) -> Symbol | None:
        plain = text.upper().replace("/", "").replace("-", "").replace("_", "")
        return next((Symbol(name) for name in (plain, plain + self.quote_asset) if name in self.prices), None)

    def resolve(self, text: str) -> Symbol:
        found = self.find(text)
        if found is not None:
            return found
        plain = text.upper().replace("/", "").replace("-", "").replace("_", "")
        bases = [symbol.removesuffix(self.quote_asset) for symbol in self.symbols()]
        near = get_close_matches(plain.removesuffix(self.quote_asset), bases, 3, 0.4)
        raise UnknownSymbol(text, tuple(base + self.quote_asset for base in near))

    async def quote(self, symbol: Symbol) -> Quote:
        if symbol in self.silent:
            raise NoPriceYet(symbol)
        price = self.prices[symbol]
        tick = self.rules(symbol).tick_size or Decimal(0)
        return Quote(
            symbol,
            NOW - self.age_ms,
            self.age_ms,
            15_000,
            price,
            price - tick,
            Decimal("1.5"),
            price + tick,
            Decimal("0.75"),
            self.opens[symbol],
            price * 2,
            price / 2,
            price * 1_000_000,
        )

    async def quotes(self, symbols: Sequence[Symbol] | None = None) -> dict[Symbol, Quote]:
        wanted = self.symbols() if symbols is None else symbols
        return {symbol: await self.quote(symbol) for symbol in wanted if symbol not in self.silent}

    async def candles(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        if symbol in self.silent:
            raise NoCandles(symbol)
        price = float(self.prices[symbol])
        start = NOW - count * interval.ms
        return [
            Candle(symbol, start + n * interval.ms, price, price * 1.25, price / 2, price, 10.0) for n in range(count)
        ]

    async def history(self, symbol: Symbol, interval: Interval, start: int, end: int) -> CandleColumns:
        """Waves of a fifth around the price, of a hundred candles each."""
        if symbol in self.silent:
            raise NoCandles(symbol)
        times = np.arange(start // interval.ms, min(end, NOW) // interval.ms, dtype=np.int64) * interval.ms
        price, decimals = float(self.prices[symbol]), -int(self.prices[symbol].as_tuple().exponent)
        shape = np.sin(2 * np.pi * (times // interval.ms % 100) / 100) + np.sin(times / interval.ms / 17) / 3
        close = np.round(price * (1 + 0.2 * shape / 1.34), decimals)
        opened = np.concatenate([close[:1], close[:-1]])
        high, low = np.maximum(opened, close), np.minimum(opened, close)
        volume = np.full(len(times), 1e6)
        return CandleColumns(times, opened, high, low, close, volume, volume * close, np.ones(len(times), np.int64))

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        return None
