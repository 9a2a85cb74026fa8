"""Inspected frames of a source, limited to the symbols that the source itself states."""

from collections.abc import AsyncIterator

from pipeline.errors import MarketUnavailable
from pipeline.market import Frame
from pipeline.ports import MarketSource
from pipeline.quality.inspector import Inspector
from pipeline.quality.trading_gaps import TradingGapGuard

_ASK_AGAIN_MS = 5_000


async def inspected(
    source: MarketSource, inspector: Inspector, guard: TradingGapGuard | None = None
) -> AsyncIterator[Frame]:
    """Yields `source.frames()` without the data that the inspector and the guard hold back. The source's symbols are
    read at the start, and again when an unknown one arrives, at most every five seconds of the machine's clock. Empty
    frames are not yielded.
    """
    knows, asked = False, -_ASK_AGAIN_MS
    async for frame in source.frames():
        info = source.info()
        if (not knows or inspector.unknown_seen) and abs(info.wall_ms - asked) >= _ASK_AGAIN_MS:
            asked = info.wall_ms
            knows = await _read_symbols(source, inspector) or knows
        passed = inspector.inspect(frame, info.source_ms)
        if guard is not None:
            passed = guard.take(passed)
        if not passed.empty:
            yield passed


async def _read_symbols(source: MarketSource, inspector: Inspector) -> bool:
    try:
        inspector.set_symbols(rules.symbol for rules in await source.rules())
    except MarketUnavailable:
        return False
    return True
