"""Candles of many symbols for reports: which symbols, how far back, and how they are read."""

from collections.abc import Sequence

from pipeline.archive.candle_history import CandleHistory
from pipeline.archive.postgres import CandleArchive
from pipeline.market import Candle, Interval, SourceKind, Symbol
from pipeline.ports import MarketReader, OnDemandMarket
from pipeline.rules import HELD

MAX_COINS = 250
SIMULATED_COINS = 24
"""Coins of a simulated market, whose past takes a processor to make up."""


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
