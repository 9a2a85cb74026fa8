"""A market source that says what the test tells it to say."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec

from pipeline.errors import MarketUnavailable
from pipeline.market import Candle, Frame, Interval, MarketInfo, OrderBook, SourceKind, Symbol, Tick, Trade
from pipeline.rules import SymbolRules

BTC, ETH, COIN = Symbol("BTCUSDC"), Symbol("ETHUSDC"), Symbol("币安人生USDC")
START = 1_617_580_800_000
"""2021-04-05 00:00 UTC: where the scripted market's clock begins."""


def rules_of(*bases: str, quote: str = "USDC", status: str = "TRADING") -> list[SymbolRules]:
    return [SymbolRules(Symbol(base + quote), base, quote, status) for base in bases]


def info_at(time: int, wall_ms: int = 0, speed: float = 1.0, quote: str = "USDC") -> MarketInfo:
    return MarketInfo(SourceKind.REPLAY, quote, 1000, 15_000, time, wall_ms, speed, "REPLAY")


def tick(symbol: Symbol, time: int, price: str = "100.5") -> Tick:
    return Tick(symbol, time, price, "100.4", "2", "100.6", "3", "99", "101", "98", "1234.5")


def trade(symbol: Symbol, time: int, price: str = "100.5", trade_id: int | None = None, quantity: str = "0.5") -> Trade:
    return Trade(symbol, time, price, quantity, time if trade_id is None else trade_id)


def minute(symbol: Symbol, open_time: int, close: float = 100.0, trades: int = 3, volume: float = 1.5) -> Candle:
    return Candle(symbol, open_time, close, close + 1, close - 1, close, volume, volume * close, trades)


class ScriptedMarket:
    """`time` is its clock; `say` puts a frame into its stream; `history` is what it knows of the past."""

    def __init__(self, time: int = START) -> None:
        self.time = time
        self.wall_ms = 0
        self.listed = rules_of("BTC", "ETH", "币安人生")
        self.history: dict[tuple[Symbol, Interval], list[Candle]] = {}
        self.asked: list[tuple[Symbol, Interval, int, int]] = []
        self.down = False
        self.resumed = 0
        self._said: asyncio.Queue[Frame | None] = asyncio.Queue()

    def say(self, *ticks: Tick, candles: Sequence[Candle] = (), trades: Sequence[Trade] = ()) -> None:
        self._said.put_nowait(Frame(self.time, ticks, tuple(candles), tuple(trades)))

    def end(self) -> None:
        self._said.put_nowait(None)

    def info(self) -> MarketInfo:
        return msgspec.structs.replace(info_at(self.time), wall_ms=self.wall_ms)

    async def rules(self) -> Sequence[SymbolRules]:
        if self.down:
            raise MarketUnavailable
        return self.listed

    def resume(self, time: int) -> None:
        self.resumed = time

    async def frames(self) -> AsyncIterator[Frame]:
        while (frame := await self._said.get()) is not None:
            yield frame

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        self.asked.append((symbol, interval, start, end))
        if self.down:
            raise MarketUnavailable
        return [c for c in self.history.get((symbol, interval), []) if start <= c.open_time < end][:1000]

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        if self.down:
            raise MarketUnavailable
        return OrderBook(symbol, self.time, (), ())
