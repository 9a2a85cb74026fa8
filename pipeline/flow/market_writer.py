"""Writer of the bus's ticks to Redis."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Sequence

from core.clock import Clock
from pipeline.archive.postgres import CandleArchive
from pipeline.bus import Bus
from pipeline.errors import MarketUnavailable
from pipeline.flow.future_frames import FutureFrames, until
from pipeline.flow.retry import wait_longer
from pipeline.market import Frame, MarketInfo, Symbol, Tick
from pipeline.store import codec
from pipeline.store.redis import RedisStore

log = logging.getLogger(__name__)

WRITER_GROUP = "market-writer"
FRAMES_A_BATCH = 16

TAIL = 16
"""Number of frames of each partition that are read again at the start. They include a price of every symbol."""

_WRITE_RETRIES = (0.05, 0.2, 0.5)
_POLL_SECONDS = 1.0


class MarketWriter:
    """Service that keeps the Redis store up to date.

    It writes the ticks of every frame and the archived closes of new histories, and writes them again after Redis was
    emptied. Of two ticks of a symbol, the later one is kept, in any order and from any process.

    `info` returns the running market, and raises MarketUnavailable until it is known. Frames of another market are
    passed over. A tick later than now by more than the age limit would block all ticks after it: see `FutureFrames`.
    `wall` is the machine's clock.
    """

    def __init__(
        self,
        bus: Bus,
        store: RedisStore,
        archive: CandleArchive,
        info: Callable[[], MarketInfo],
        *,
        history_points: int,
        wall: Clock,
    ) -> None:
        self._bus = bus
        self._store = store
        self._archive = archive
        self._info = info
        self._history_points = history_points
        self._wall = wall
        self._newest: dict[Symbol, Tick] = {}
        self._begun: dict[Symbol, None] = {}
        self._some_begun = asyncio.Event()
        self._behind = False

    async def run(self) -> None:
        """Writes until cancelled."""
        await self._wait_for_info()
        await self._read_tail()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            group.create_task(self._refill())
            group.create_task(self._prefill())

    async def _wait_for_info(self) -> None:
        for attempt in itertools.count():
            try:
                self._info()
            except MarketUnavailable:
                await wait_longer(attempt)
            else:
                return

    async def _read_tail(self) -> None:
        """Reads the newest frames on the bus, to refill a Redis that was emptied while no writer was running."""
        try:
            for record in await self._bus.tail(TAIL):
                if record.market == self._info().market and (frame := until(record.frame, self._latest())):
                    self._remember(frame)
        except MarketUnavailable:
            log.warning("the newest frames cannot be read; the store is filled from the next ones")

    async def _write(self) -> None:
        future = FutureFrames(WRITER_GROUP)
        async with self._bus.consumer(WRITER_GROUP, FRAMES_A_BATCH) as consumer:
            while True:
                batch = await consumer.batch()
                market = self._info().market
                records = [record for record in batch.records if record.market == market]
                ticks: list[Tick] = []
                for record in await future.admit(consumer, records, self._latest()):
                    if record is not None:
                        ticks += self._remember(record.frame)
                await self._write_patiently(ticks)
                await consumer.commit(batch)

    def _latest(self) -> int:
        info = self._info()
        return info.now(self._wall()) + info.stale_after_ms

    def _remember(self, frame: Frame) -> Sequence[Tick]:
        """Returns the ticks of the frame, which are to be written."""
        for tick in frame.ticks:
            self._newest[tick.symbol] = tick
        return frame.ticks

    async def _write_patiently(self, ticks: Sequence[Tick]) -> None:
        """Writes the ticks. Gives up after a second, because newer prices are waiting."""
        for pause in (*_WRITE_RETRIES, None):
            try:
                self._note_started(await self._store.write(ticks) if ticks else ())
            except MarketUnavailable:
                if pause is None:
                    self._behind = True
                    log.warning("the market store does not answer: %d ticks are not written", len(ticks))
                    return
                await asyncio.sleep(pause)
            else:
                return

    def _note_started(self, symbols: Sequence[Symbol]) -> None:
        if symbols:
            self._begun |= dict.fromkeys(symbols)
            self._some_begun.set()

    # -- data that Redis lost ----------------------------------------------------------------------

    async def _refill(self) -> None:
        while True:
            try:
                await self._write_again()
            except MarketUnavailable:
                log.warning("the market store does not answer")
            await asyncio.sleep(_POLL_SECONDS)

    async def _write_again(self) -> None:
        """Writes the newest ticks of the symbols that Redis lacks, or of all symbols after a failed write."""
        behind, self._behind = self._behind, False
        limit = self._latest()
        try:
            symbols = list(self._newest) if behind else await self._store.without_price(list(self._newest))
            ticks = [tick for symbol in symbols if (tick := self._newest[symbol]).time <= limit]
            for tick in ticks:
                if not codec.can_be_stored(tick):  # an invalid price would be missing for ever
                    del self._newest[tick.symbol]
            ticks = [tick for tick in ticks if tick.symbol in self._newest]
            if ticks:
                log.info("writing %d prices again", len(ticks))
                self._note_started(await self._store.write(ticks))
        except MarketUnavailable:
            self._behind |= behind
            raise

    async def _prefill(self) -> None:
        while True:
            await self._some_begun.wait()
            self._some_begun.clear()
            symbols, self._begun = tuple(self._begun), {}
            try:
                await prefill_history(self._store, self._archive, self._info(), symbols, self._history_points)
            except MarketUnavailable:
                log.warning("histories start without archived closes: Redis or PostgreSQL does not answer")


async def prefill_history(
    store: RedisStore, archive: CandleArchive, info: MarketInfo, symbols: Sequence[Symbol], points: int
) -> int:
    """Inserts archived 1-minute closes before the points in `price_history` of these symbols, as far as there is room.

    Returns the number of points written. May be repeated, for example after a backfill. Raises MarketUnavailable.
    """
    written = 0
    for symbol in symbols:
        times, closes = await archive.closes(info.market, symbol, info.source_ms, points)
        if times:
            written += await store.prefill(symbol, times, closes)
    return written
