"""Fills the minutes that the candle archive missed, as after a night without the desk."""

from collections.abc import Sequence

from pipeline.archive.candle_history import backfill
from pipeline.archive.postgres import CandleArchive
from pipeline.flow import prefill_history
from pipeline.market import MINUTE_MS, MarketInfo, Symbol
from pipeline.ports import MarketSource
from pipeline.store.redis import RedisStore

EVERY_SECONDS = 900
MINUTES = 1000
"""How far back: one REST answer a symbol, and as much as `price_history` holds."""

_LATELY_MS = 20 * MINUTE_MS


async def missed(archive: CandleArchive, info: MarketInfo, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Those that were archived before the last minutes: on a new desk nothing was missed, it was never there. Raises
    MarketDown."""
    until = info.source_ms - _LATELY_MS
    return [symbol for symbol in symbols if (await archive.closes(info.market, symbol, until, 1))[0]]


async def fill_gaps(
    archive: CandleArchive, store: RedisStore, source: MarketSource, symbols: Sequence[Symbol], points: int
) -> int:
    """Asks the source for what the last `MINUTES` lack, and lengthens the price histories (`points` at most) by it.

    Returns the candles written. What fails waits for the next run. Raises MarketDown.
    """
    written = await backfill(archive, source, symbols, MINUTES)
    if written:
        await prefill_history(store, archive, source.info(), symbols, points)
    return written
