"""Fills the minutes that the candle archive missed, for example while Paperdesk was not running."""

from collections.abc import Sequence

from pipeline.archive.candle_history import backfill
from pipeline.archive.postgres import CandleArchive
from pipeline.flow import prefill_history
from pipeline.market import MINUTE_MS, MarketInfo, Symbol
from pipeline.ports import MarketSource
from pipeline.store.redis import RedisStore

EVERY_SECONDS = 900
MINUTES = 1000
"""Minutes to look back: one REST answer for each symbol, and as much as `price_history` holds."""

_LATELY_MS = 20 * MINUTE_MS


async def missed(archive: CandleArchive, info: MarketInfo, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Returns the symbols that were archived before the last minutes: on a new desk, no minute was missed. Raises
    MarketUnavailable.
    """
    until = info.source_ms - _LATELY_MS
    return [symbol for symbol in symbols if (await archive.closes(info.market, symbol, until, 1))[0]]


async def fill_gaps(
    archive: CandleArchive, store: RedisStore, source: MarketSource, symbols: Sequence[Symbol], points: int
) -> int:
    """Requests the minutes that are missing among the last `MINUTES` from the source, and extends the price histories
    (`points` at most) by them.

    Returns the candles written. A request that fails waits for the next run. Raises MarketUnavailable.
    """
    written = await backfill(archive, source, symbols, MINUTES)
    if written:
        await prefill_history(store, archive, source.info(), symbols, points)
    return written
