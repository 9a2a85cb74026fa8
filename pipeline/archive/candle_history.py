"""Candle history: from the archive where it is complete, from the source where it is not."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.archive.gaps import find_gaps, spans
from pipeline.archive.postgres import CandleArchive, CandleBucket
from pipeline.archive.units import straddling, with_rebuilt
from pipeline.candles import CandleColumns
from pipeline.errors import MarketUnavailable, NoCandles
from pipeline.market import MINUTE_MS, Candle, Interval, Symbol
from pipeline.ports import MarketSource, OnDemandMarket

log = logging.getLogger(__name__)

MAX_CANDLES = 5_000
ROWS_A_REQUEST = 1_000
_ASK_AGAIN_MS = MINUTE_MS
_ANSWERS_KEPT = 256

Progress = Callable[[int, int], None]
"""Function that is called with the number of symbols that are done, and of all symbols."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """Answer of the source for [start, end) at `time` of the market's clock. It is reused for a minute."""

    start: int
    end: int
    time: int
    candles: Sequence[Candle]

    def covers(self, start: int, end: int, now: int) -> bool:
        return self.start <= start and end <= self.end and 0 <= now - self.time < _ASK_AGAIN_MS


async def ask(source: OnDemandMarket, symbol: Symbol, interval: Interval, start: int, end: int) -> list[Candle]:
    """Returns `source.candles`, in as many requests as its limit requires. Raises MarketUnavailable."""
    found: list[Candle] = []
    for first, last in spans(start, end, ROWS_A_REQUEST * interval.ms):
        found += await source.candles(symbol, interval, first, last)
    return found


class CandleHistory:
    """Candle history over the archive and, if there is one, the source behind it."""

    def __init__(self, archive: CandleArchive, source: OnDemandMarket | None) -> None:
        self._archive = archive
        self._source = source
        self._answers: OrderedDict[tuple[str, Symbol, Interval], _Answer] = OrderedDict()

    async def candles(self, market: str, symbol: Symbol, interval: Interval, count: int, now: int) -> list[Candle]:
        """Returns the last `count` (at most MAX_CANDLES) candles closed at `now`, oldest first.

        A wider candle is built from the archive if all of its minutes are archived. Otherwise it is taken from the
        source, or built from the archived minutes if the source lacks it. Candles from before a redenomination are in
        the present unit. If there is no candle, raises NoCandles, or MarketUnavailable if the archive or the source did
        not answer.
        """
        width = interval.ms
        end = now // width * width
        start = max(0, end - min(count, MAX_CANDLES) * width)
        archived: list[CandleBucket] = []
        asked: Sequence[Candle] = []
        silent = False
        try:
            archived = await self._archive.candles(market, symbol, interval, start, end)
        except MarketUnavailable:
            silent = True
        missing = find_gaps((b.candle.open_time for b in archived if b.complete), start, end, width)
        try:
            asked = await self._ask_source(market, symbol, interval, missing, now)
        except MarketUnavailable:
            silent = True
        best = merge(archived, [c for c in asked if start <= c.open_time < end])
        if not best:
            raise MarketUnavailable if silent else NoCandles(symbol)
        return best if silent else await self._in_present_unit(market, best, interval)

    async def columns(
        self, market: str, symbol: Symbol, interval: Interval, span: tuple[int, int], now: int
    ) -> CandleColumns:
        """Returns the candles of the span [start, end) (UTC ms) that had closed at `now`, oldest first. Raises the
        errors of `candles`.

        More than MAX_CANDLES are built from the archive alone, unless it begins later than the last MAX_CANDLES.
        """
        (start, end), width = span, interval.ms
        until = min(end, now // width * width)
        count = now // width - start // width
        short = max(start, (now // width - MAX_CANDLES) * width)
        if count > MAX_CANDLES:
            archived = await self._archive.columns(market, symbol, start, until)
            built = await asyncio.to_thread(archived.aggregate, interval, until) if width > MINUTE_MS else archived
            if len(built) and built.open_time[0] <= short:
                return built
        found = await self.candles(market, symbol, interval, min(count, MAX_CANDLES), now)
        columns = await asyncio.to_thread(CandleColumns.of, found)
        return columns.between(start, until)

    async def _in_present_unit(self, market: str, candles: list[Candle], interval: Interval) -> list[Candle]:
        symbol, first = candles[0].symbol, candles[0].open_time
        changes = [each for each in await self._archive.unit_changes(market, symbol) if first < each.since]
        if not changes:
            return candles
        minutes: list[Candle] = []
        for time in sorted(straddling(candles, changes, interval)):
            found = await self._archive.candles(market, symbol, Interval.M1, time, time + interval.ms)
            minutes += [bucket.candle for bucket in found]
        return with_rebuilt(candles, minutes, changes, interval)

    async def _ask_source(
        self, market: str, symbol: Symbol, interval: Interval, missing: Sequence[tuple[int, int]], now: int
    ) -> Sequence[Candle]:
        """Returns the source's candles from the first missing one to the last, and archives those of 1 minute. Empty if
        there is no source or nothing is missing. Raises MarketUnavailable.
        """
        if self._source is None or not missing:
            return []
        start, end = missing[0][0], missing[-1][1]
        key = (market, symbol, interval)
        known = self._answers.get(key)
        if known is None or not known.covers(start, end, now):
            known = _Answer(start, end, now, await ask(self._source, symbol, interval, start, end))
            self._answers[key] = known
            if interval is Interval.M1 and known.candles:
                with contextlib.suppress(MarketUnavailable):  # the answer is valid even if it is not archived
                    await self._archive.insert(market, known.candles)
        self._answers.move_to_end(key)
        while len(self._answers) > _ANSWERS_KEPT:
            self._answers.popitem(last=False)
        return known.candles


def merge(archived: Sequence[CandleBucket], asked: Sequence[Candle]) -> list[Candle]:
    """Returns one candle for each open time, oldest first. Complete candles of the archive take precedence over the
    source's, and those over incomplete ones.
    """
    best = {bucket.candle.open_time: bucket.candle for bucket in archived if not bucket.complete}
    best |= {candle.open_time: candle for candle in asked}
    best |= {bucket.candle.open_time: bucket.candle for bucket in archived if bucket.complete}
    return [best[time] for time in sorted(best)]


async def backfill(
    archive: CandleArchive,
    source: MarketSource,
    symbols: Sequence[Symbol],
    minutes: int,
    *,
    progress: Progress | None = None,
    concurrency: int = 4,
) -> int:
    """Fills the gaps of the last `minutes` minutes of these symbols from the source; returns the rows written.

    Stops early, without an error, if the source or PostgreSQL does not answer. The rest is filled when it is requested.
    """
    info = source.info()
    end = info.source_ms // MINUTE_MS * MINUTE_MS
    start = max(0, end - minutes * MINUTE_MS)
    waiting, done, written = iter(symbols), 0, 0

    async def work(mine: Iterator[Symbol]) -> None:
        nonlocal done, written
        for symbol in mine:
            rows = await fill(archive, source, info.market, symbol, (start, end))
            written += rows
            done += 1
            if progress is not None:
                progress(done, len(symbols))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work(waiting))
    except* MarketUnavailable:
        log.warning("filled %d of %d symbols, then the source or the archive did not answer", done, len(symbols))
    return written


async def fill(archive: CandleArchive, source: MarketSource, market: str, symbol: Symbol, span: tuple[int, int]) -> int:
    """Fills one symbol's missing minutes of the span [start, end); returns the rows written. Raises
    MarketUnavailable.
    """
    written = 0
    for first, last in find_gaps(await archive.minutes(market, symbol, *span), *span):
        written += await archive.insert(market, await ask(source, symbol, Interval.M1, first, last))
    return written
