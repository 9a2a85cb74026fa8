"""Archiver of the bus's candles in PostgreSQL."""

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from pipeline.archive.gaps import sound
from pipeline.bus import Bus, Consumer, Record
from pipeline.errors import MarketUnavailable
from pipeline.flow.retry import wait_longer
from pipeline.market import Candle

log = logging.getLogger(__name__)

ARCHIVER_GROUP = "candle-archiver"
FRAMES_A_BATCH = 32
UNSOUND = "unsound-candle"


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
    """

    def __init__(self, bus: Bus, archive: CandleSink) -> None:
        self._bus = bus
        self._archive = archive

    async def run(self) -> None:
        """Archives until cancelled. Candles that are not archived then are not committed either."""
        async with self._bus.consumer(ARCHIVER_GROUP, FRAMES_A_BATCH) as consumer:
            while True:
                batch = await consumer.batch()
                await self._refuse_unsound(consumer, batch.records)
                await self._insert(candles_of(batch.records))
                await consumer.commit(batch)

    async def _refuse_unsound(self, consumer: Consumer, records: Iterable[Record]) -> None:
        """Moves frames with an invalid candle to the dead letters as a whole. Their valid candles are archived
        nevertheless.
        """
        for record in records:
            if not all(map(sound, record.frame.candles)):
                await consumer.refuse(record, UNSOUND)

    async def _insert(self, found: Mapping[str, Sequence[Candle]]) -> None:
        for market, candles in found.items():
            for attempt in itertools.count():
                try:
                    await self._archive.insert(market, candles)
                    break
                except MarketUnavailable:
                    log.warning("the candle archive does not answer: %d candles wait", len(candles))
                    await wait_longer(attempt)


def candles_of(records: Iterable[Record]) -> dict[str, list[Candle]]:
    """Returns the candles of each market, in the order of the records."""
    found: dict[str, list[Candle]] = {}
    for record in records:
        if record.frame.candles:
            found.setdefault(record.market, []).extend(record.frame.candles)
    return found
