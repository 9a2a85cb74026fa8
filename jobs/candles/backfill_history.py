"""Fetches the history that training needs and the archive lacks, as on a newly installed desk."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence

from pipeline.archive.candle_history import ROWS_A_REQUEST
from pipeline.archive.gaps import find_gaps, spans
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketUnavailable
from pipeline.market import MINUTE_MS, Interval, Symbol
from pipeline.ports import OnDemandMarket

log = logging.getLogger(__name__)

MAX_REQUESTS = 20_000
"""Most requests of a run: two weeks of a thousand symbols. The source limits the requests a minute."""

_TOGETHER = 4

Progress = Callable[[int, int], None]
"""Function that is called with the number of symbols that are done, and of all symbols."""


async def backfill(
    archive: CandleArchive,
    source: OnDemandMarket,
    market: str,
    symbols: Sequence[Symbol],
    span: tuple[int, int],
    *,
    progress: Progress | None = None,
    max_requests: int = MAX_REQUESTS,
) -> int:
    """Archives the candles of the span [start, end) (UTC ms) that the source has and the archive lacks; returns the
    rows written.

    Works symbol by symbol in the given order, the newest candles first. If the source has nothing before a time, the
    symbol was listed then, and no earlier candles are requested. Stops without an error when the source or PostgreSQL
    does not answer, or after `max_requests` requests: the rest waits for the next run.
    """
    start, end = (time // MINUTE_MS * MINUTE_MS for time in span)
    filling = _Filling(archive, source, market, (start, end), max_requests)
    waiting, done = iter(symbols), 0

    async def work(mine: Iterator[Symbol]) -> None:
        nonlocal done
        for symbol in mine:
            await filling.fill(symbol)
            done += 1
            if progress is not None:
                progress(done, len(symbols))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(_TOGETHER):
                group.create_task(work(waiting))
    except* MarketUnavailable:
        log.warning("history of %d of %d symbols is complete, then a server did not answer", done, len(symbols))
    return filling.written


class _Filling:
    """State of one run."""

    def __init__(
        self, archive: CandleArchive, source: OnDemandMarket, market: str, span: tuple[int, int], requests: int
    ) -> None:
        self._archive = archive
        self._source = source
        self._market = market
        self._span = span
        self._requests = requests
        self.written = 0

    async def fill(self, symbol: Symbol) -> None:
        """Fills the gaps of a symbol, the newest first. Raises MarketUnavailable."""
        known = await self._archive.minutes(self._market, symbol, *self._span)
        for begin, end in reversed(find_gaps(known, *self._span)):
            for first, last in reversed(spans(begin, end, ROWS_A_REQUEST * MINUTE_MS)):
                if self._requests <= 0:
                    return
                self._requests -= 1
                found = await self._source.candles(symbol, Interval.M1, first, last)
                if not found:
                    break
                self.written += await self._archive.insert(self._market, found)
