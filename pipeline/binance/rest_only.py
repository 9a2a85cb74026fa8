"""Binance without its streams, for a process that reads prices elsewhere."""

import random
from decimal import Decimal
from types import TracebackType
from typing import Self

from core.clock import Clock
from pipeline.binance.rest import BinanceRest
from pipeline.market import Candle, Interval, Level, OrderBook, Symbol
from pipeline.settings import BinanceSettings


class AskableBinance:
    """Books and candles by REST; opening asks nothing. The caller knows which symbols are the desk's."""

    def __init__(self, settings: BinanceSettings, clock: Clock, rng: random.Random) -> None:
        self._rest = BinanceRest(settings, clock, rng)

    async def __aenter__(self) -> Self:
        await self._rest.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rest.__aexit__(kind, error, trace)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """See `AskableMarket.candles`."""
        return await self._rest.klines(symbol, interval, start, end)

    async def order_book(self, symbol: Symbol) -> OrderBook:
        """The best 100 levels now. Raises MarketDown."""
        return await book_now(self._rest, symbol)


async def book_now(rest: BinanceRest, symbol: Symbol) -> OrderBook:
    """The best 100 levels, as of the moment before they were asked for. Raises MarketDown."""
    time = rest.now()
    depth = await rest.depth(symbol)
    bids, asks = (
        tuple(Level(Decimal(price), Decimal(quantity)) for price, quantity in side) for side in (depth.bids, depth.asks)
    )
    return OrderBook(symbol, time, bids, asks)
