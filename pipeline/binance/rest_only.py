"""Binance by REST only, for a process that reads prices from another source."""

import random
from types import TracebackType
from typing import Self

from core.clock import Clock, steady_clock
from pipeline.binance.book_cache import BookCache
from pipeline.binance.rest import BinanceRest
from pipeline.market import Candle, Interval, OrderBook, Symbol
from pipeline.settings import BinanceSettings


class BinanceRestMarket:
    """Books and candles by REST. Opening sends no request. The caller must pass only symbols that are followed."""

    def __init__(self, settings: BinanceSettings, clock: Clock, rng: random.Random) -> None:
        self._rest = BinanceRest(settings, clock, rng)
        self._books = BookCache(self._rest, steady_clock)

    async def __aenter__(self) -> Self:
        await self._rest.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._books.aclose()
        await self._rest.__aexit__(kind, error, trace)

    async def candles(self, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
        """See `OnDemandMarket.candles`."""
        return await self._rest.klines(symbol, interval, start, end)

    async def order_book(self, symbol: Symbol, after: int = 0) -> OrderBook | None:
        """See `BookCache.order_book`."""
        return await self._books.order_book(symbol, after)
