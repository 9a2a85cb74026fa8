"""Interface of the market for trading, and the time that orders take to it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from core.errors import DeskError
from pipeline.market import Candle, Interval, MarketInfo, OrderBook, Quote, Symbol
from pipeline.rules import SymbolRules

QUOTE_SECONDS = 2.0
"""Longest wait for a quote after an order has arrived, real time."""

_LONGEST_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


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


class Latency:
    """The time `ms` that an order takes to the market, on the market's clock, which may run faster than real time."""

    def __init__(self, market: DeskMarket, ms: int, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._market = market
        self._ms = ms
        self._sleep = sleep

    async def pass_by(self, symbol: Symbol | None = None) -> None:
        """Returns when an order that is sent now has arrived, after at most 10 s of real time. With a symbol it returns
        when the first quote at or after the arrival is there, or 2 s later if the market shows none. It raises nothing:
        the order itself finds what is wrong with the market.
        """
        if not self._ms:
            return
        with contextlib.suppress(DeskError):
            arrival, speed = self._market.now() + self._ms, self._market.info().speed
            await self._sleep(min(self._ms / 1000 / speed, _LONGEST_SECONDS))
            if symbol is None:
                return
            for _ in range(int(QUOTE_SECONDS / _PAUSE_SECONDS)):
                if (await self._market.quote(symbol)).time >= arrival:
                    return
                await self._sleep(_PAUSE_SECONDS)
