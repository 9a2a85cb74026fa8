"""Archiver of the bus's candles in PostgreSQL."""

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from core.clock import Clock, wall_clock
from pipeline.archive.gaps import sound
from pipeline.bus import Bus, Consumer, Record
from pipeline.errors import MarketUnavailable
from pipeline.flow.retry import wait_longer
from pipeline.market import DAY_MS, EARLIEST_MS, Candle

log = logging.getLogger(__name__)

ARCHIVER_GROUP = "candle-archiver"
FRAMES_A_BATCH = 32
UNSOUND = "unsound-candle"

_FUTURE_MS = DAY_MS
"""Milliseconds by which another machine's clock may be ahead of this one's."""


class CandleSink(Protocol):
    """Destination of candles: `CandleArchive`, or a buffer in front of it."""

    async def insert(self, market: str, candles: Iterable[Candle]) -> int:
        """Archives the candles, and leaves out invalid ones. Raises MarketUnavailable if the archive does not
        answer.
        """


class CandleArchiver:
    """Archives the candles of the bus, each under the market of its frame.

    A batch is committed after its candles are archived. If the process ends in between, the candles are delivered
    again, and archiving them twice changes nothing. While PostgreSQL does not answer, no further frames are read: they
    stay on the bus. Of two versions of a minute (a late trade, a revised candle), `CandleArchive.insert` chooses one,
    regardless of their order.

    Whoever writes to the bus could otherwise make the archive create partitions of any month, so a candle from before
    EARLIEST_MS or later than the machine's clock `wall` is invalid in every market.
    """

    def __init__(self, bus: Bus, archive: CandleSink, *, wall: Clock = wall_clock) -> None:
        self._bus = bus
        self._archive = archive
        self._wall = wall

    async def run(self) -> None:
        """Archives until cancelled. Candles that are not archived then are not committed either."""
        async with self._bus.consumer(ARCHIVER_GROUP, FRAMES_A_BATCH) as consumer:
            while True:
                batch = await consumer.batch()
                await self._insert(await self._sound_ones(consumer, batch.records))
                await consumer.commit(batch)

    async def _sound_ones(self, consumer: Consumer, records: Iterable[Record]) -> dict[str, list[Candle]]:
        """Returns the valid candles of each market, in the order of the records. Moves frames with an invalid candle to
        the dead letters as a whole.
        """
        found: dict[str, list[Candle]] = {}
        latest = self._wall() + _FUTURE_MS
        for record in records:
            candles = record.frame.candles
            valid = [candle for candle in candles if sound(candle) and EARLIEST_MS <= candle.open_time <= latest]
            if len(valid) < len(candles):
                await consumer.refuse(record, UNSOUND)
            if valid:
                found.setdefault(record.market, []).extend(valid)
        return found

    async def _insert(self, found: Mapping[str, Sequence[Candle]]) -> None:
        for market, candles in found.items():
            for attempt in itertools.count():
                try:
                    await self._archive.insert(market, candles)
                    break
                except MarketUnavailable:
                    log.warning("the candle archive does not answer: %d candles wait", len(candles))
                    await wait_longer(attempt)
