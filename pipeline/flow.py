"""How frames flow: the producer puts them on the bus, the market writer into Redis, the archiver into PostgreSQL.

Each service is a `run()` for a TaskGroup. Writer and archiver are groups of their own: neither waits for the other.
"""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Sequence

import msgspec

from pipeline.archive.postgres import ROWS_A_CALL, CandleArchive
from pipeline.bus import Batch, Bus, Consumer
from pipeline.errors import MarketDown
from pipeline.market import Candle, MarketInfo, Symbol, Tick
from pipeline.ports import MarketSource
from pipeline.settings import StoreSettings
from pipeline.store import layout
from pipeline.store.redis import RedisStore

log = logging.getLogger(__name__)

WRITER_GROUP = "market-writer"
ARCHIVER_GROUP = "candle-archiver"

INFO_SECONDS = 1.0
RULES_SECONDS = 300.0
MOST_PENDING = 50_000
"""Candles kept while PostgreSQL is away; the oldest give way, and are asked of the source when they are wanted."""

_WRITE_RETRIES = (0.05, 0.2, 0.5)
_MISSED_CONFIRMATIONS = 3
_LONGEST_WAIT = 5.0


async def produce(source: MarketSource, bus: Bus) -> None:
    """Puts the source's frames on the bus; returns when a replay has ended."""
    async for frame in source.frames():
        await bus.publish(frame)


async def wait_longer(attempt: int) -> None:
    """The pause before trying again: 0.1 s, doubled each time, at most 5 s."""
    await asyncio.sleep(min(_LONGEST_WAIT, 0.1 * 2 ** min(attempt, 10)))


class MarketWriter:
    """Keeps the Redis store true: what is running and its rules, every frame's ticks, and old closes for a history
    that begins."""

    def __init__(
        self, bus: Bus, store: RedisStore, archive: CandleArchive, source: MarketSource, settings: StoreSettings
    ) -> None:
        self._bus = bus
        self._store = store
        self._archive = archive
        self._source = source
        self._settings = settings
        self._rules: tuple[bytes, bytes] | None = None
        self._begun: dict[Symbol, None] = {}
        self._some_begun = asyncio.Event()

    def info(self) -> MarketInfo:
        """What is published: the source's, with the age limit of the settings.

        The limit stretches for a market that is confirmed seldom or plays faster than time.
        """
        info = self._source.info()
        limit_ms = int(self._settings.stale_seconds * 1000 * max(1.0, info.speed))
        return msgspec.structs.replace(info, stale_after_ms=max(limit_ms, _MISSED_CONFIRMATIONS * info.cadence_ms))

    async def run(self) -> None:
        """Begins or continues the store, then writes until cancelled."""
        for attempt in itertools.count():
            try:
                await self._store.begin(self.info())
                break
            except MarketDown:
                log.warning("the market store does not answer")
                await wait_longer(attempt)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._publish())
            group.create_task(self._read_rules())
            group.create_task(self._write())
            group.create_task(self._prefill())

    async def _publish(self) -> None:
        while True:
            try:
                version = await self._store.publish_info(self.info())
                if self._rules is not None and version != self._rules[1]:
                    await self._store.publish_rules(*self._rules)
            except MarketDown:
                log.warning("the market store does not answer")
            await asyncio.sleep(INFO_SECONDS if self._rules else 0.05)

    async def _read_rules(self) -> None:
        for attempt in itertools.count():
            try:
                self._rules = layout.encode_rules(await self._source.rules())
                await asyncio.sleep(RULES_SECONDS)
            except MarketDown:
                log.warning("the source does not state its rules")
                await wait_longer(attempt)

    async def _write(self) -> None:
        async with self._bus.consumer(WRITER_GROUP) as consumer:
            while True:
                batch = await consumer.batch()
                for frame in batch.frames:
                    await self._write_patiently(frame.ticks)
                await consumer.commit(batch)

    async def _write_patiently(self, ticks: Sequence[Tick]) -> None:
        """Gives up after a second: newer prices wait behind these."""
        for pause in (*_WRITE_RETRIES, None):
            try:
                begun = await self._store.write(ticks)
            except MarketDown:
                if pause is None:
                    log.warning("the market store does not answer: %d ticks are not written", len(ticks))
                    return
                await asyncio.sleep(pause)
            else:
                if begun:
                    self._begun |= dict.fromkeys(begun)
                    self._some_begun.set()
                return

    async def _prefill(self) -> None:
        while True:
            await self._some_begun.wait()
            self._some_begun.clear()
            symbols, self._begun = tuple(self._begun), {}
            try:
                await prefill_history(self._store, self._archive, self.info(), symbols, self._settings.history_points)
            except MarketDown:
                log.warning("histories begin without the archive's closes: a store does not answer")


async def prefill_history(
    store: RedisStore, archive: CandleArchive, info: MarketInfo, symbols: Sequence[Symbol], points: int
) -> int:
    """Puts the archive's 1-minute closes before what `price_history` holds of these symbols, where there is room.

    Returns the points written. May be done again, as after a backfill. Raises MarketDown.
    """
    written = 0
    for symbol in symbols:
        times, closes = await archive.closes(info.market, symbol, info.source_ms, points)
        if times:
            written += await store.prefill(symbol, times, closes)
    return written


class CandleArchiver:
    """Archives the candles of the bus. While PostgreSQL is away it keeps them, and reads on so that nobody waits."""

    def __init__(self, bus: Bus, archive: CandleArchive, market: str, most_pending: int = MOST_PENDING) -> None:
        self._bus = bus
        self._archive = archive
        self._market = market
        self._pending: deque[Candle] = deque(maxlen=most_pending)
        self._last: Batch | None = None
        self._arrived = asyncio.Event()

    async def run(self) -> None:
        """Archives until cancelled; what is not archived then was not committed either."""
        async with self._bus.consumer(ARCHIVER_GROUP) as consumer, asyncio.TaskGroup() as group:
            group.create_task(self._take(consumer))
            group.create_task(self._store(consumer))

    async def _take(self, consumer: Consumer) -> None:
        while True:
            batch = await consumer.batch()
            candles = [candle for frame in batch.frames for candle in frame.candles]
            lost = len(self._pending) + len(candles) - (self._pending.maxlen or 0)
            if lost > 0:
                log.warning("PostgreSQL is away too long: %d candles are left to be asked of the source", lost)
            self._pending.extend(candles)
            self._last = batch
            self._arrived.set()

    async def _store(self, consumer: Consumer) -> None:
        attempt = 0
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            candles = list(itertools.islice(self._pending, ROWS_A_CALL))
            done = self._last if len(candles) == len(self._pending) else None
            try:
                await self._archive.insert(self._market, candles)
            except MarketDown:
                log.warning("the candle archive does not answer: %d candles wait", len(self._pending))
                self._arrived.set()
                await wait_longer(attempt)
                attempt += 1
                continue
            attempt = 0
            self._forget(candles)
            if done is not None:
                await consumer.commit(done)
            else:
                self._arrived.set()

    def _forget(self, candles: Sequence[Candle]) -> None:
        """The oldest may have given way meanwhile, so what is archived is known by identity."""
        for candle in candles:
            if self._pending and self._pending[0] is candle:
                self._pending.popleft()
