"""Fills the minutes that the candle archive missed, as after a night without the desk."""

from collections.abc import Sequence

from pipeline.archive.history import backfill
from pipeline.archive.postgres import CandleArchive
from pipeline.market import Symbol
from pipeline.ports import MarketSource

EVERY_SECONDS = 900
MINUTES = 1000
"""How far back: one REST answer a symbol, and as much as `price_history` holds."""


async def fill_gaps(archive: CandleArchive, source: MarketSource, symbols: Sequence[Symbol]) -> int:
    """Asks the source for what the last `MINUTES` lack; returns the rows written. What fails waits for the next run."""
    return await backfill(archive, source, symbols, MINUTES)
