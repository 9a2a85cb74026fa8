"""Candles of many symbols for reports: which symbols, and how they are read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from pipeline.archive.candle_history import CandleHistory
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketUnavailable, NoCandles, UnknownSymbol
from pipeline.market import Candle, Interval, SourceKind, Symbol
from pipeline.ports import MarketReader, OnDemandMarket
from pipeline.rules import HELD

MAX_COINS = 250
SIMULATED_COINS = 12
"""Coins of a simulated market, whose past takes a processor to make up."""

_CONCURRENT_READS = 2


class ReportCandles:
    """Reader of candles that keeps none of them: whole histories of hundreds of symbols pass through."""

    def __init__(self, archive: CandleArchive, source: OnDemandMarket | None, market: MarketReader) -> None:
        self._archive = archive
        self._source = source
        self._market = market

    async def read(self, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        """Returns candles as `MarketReader.candles`. Raises its errors."""
        held = self._market.rules(symbol).status == HELD  # the source's candles may be another coin's
        history = CandleHistory(self._archive, None if held else self._source)
        return await history.candles(self._market.info().market, symbol, interval, count, self._market.now())


async def reported_symbols(market: MarketReader) -> Sequence[Symbol]:
    """Returns the most traded symbols of 24 hours, the largest first. Raises MarketUnavailable."""
    quotes = await market.quotes()
    most = SIMULATED_COINS if market.info().source is SourceKind.SIMULATOR else MAX_COINS
    return sorted(quotes, key=lambda symbol: (-(quotes[symbol].volume_24h or 0), symbol))[:most]


async def for_each(symbols: Sequence[Symbol], work: Callable[[Symbol], Awaitable[None]]) -> None:
    """Does the work for each symbol, a few at a time; one without candles is passed over. Raises MarketUnavailable at
    the first symbol for which it is raised.
    """
    failed: list[MarketUnavailable] = []

    async def take(mine: Iterator[Symbol]) -> None:
        for symbol in mine:
            try:
                await work(symbol)
            except (NoCandles, UnknownSymbol):
                continue
            except MarketUnavailable as error:
                failed.append(error)
            if failed:
                return

    waiting = iter(symbols)
    async with asyncio.TaskGroup() as group:
        for _ in range(_CONCURRENT_READS):
            group.create_task(take(waiting))
    if failed:
        raise failed[0]
