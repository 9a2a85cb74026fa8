"""Fetches the history that training needs and the archive has not got, as on a desk that was only just set up."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence

from pipeline.archive.candle_history import ROWS_A_REQUEST
from pipeline.archive.gaps import find_gaps, spans
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import MarketDown
from pipeline.market import MINUTE_MS, Interval, Symbol
from pipeline.ports import AskableMarket

log = logging.getLogger(__name__)

MOST_REQUESTS = 20_000
"""Of a run: two weeks of a thousand symbols. The source bounds how many a minute."""

_TOGETHER = 4

Progress = Callable[[int, int], None]
"""Called with how many symbols are done, and of how many."""


async def backfill(
    archive: CandleArchive,
    source: AskableMarket,
    market: str,
    symbols: Sequence[Symbol],
    span: tuple[int, int],
    *,
    progress: Progress | None = None,
    most_requests: int = MOST_REQUESTS,
) -> int:
    """Archives what of the span [start, end) (UTC ms) the source knows and the archive lacks; the rows written.

    Symbol by symbol in the given order, the newest candles first; where the source knows nothing before a time the
    symbol was listed then, and it is not asked about earlier ones. Stops without an error when the source or
    PostgreSQL does not answer, or after so many requests: the rest waits for the next run.
    """
    start, end = (time // MINUTE_MS * MINUTE_MS for time in span)
    filling = _Filling(archive, source, market, (start, end), most_requests)
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
    except* MarketDown:
        log.warning("history of %d of %d symbols is there, then somebody did not answer", done, len(symbols))
    return filling.written


class _Filling:
    """One run."""

    def __init__(
        self, archive: CandleArchive, source: AskableMarket, market: str, span: tuple[int, int], requests: int
    ) -> None:
        self._archive = archive
        self._source = source
        self._market = market
        self._span = span
        self._requests = requests
        self.written = 0

    async def fill(self, symbol: Symbol) -> None:
        """Raises MarketDown."""
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
