"""Bound on the times of what consumers take from the bus.

Whoever writes to the bus chooses the times of its frames. A time that the market's clock has not reached would make
everything after it count as old, and every date before it as passed.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace

from msgspec import structs

from pipeline.bus import Consumer, Record
from pipeline.market import Frame

FUTURE = "future"

log = logging.getLogger(__name__)


def until(frame: Frame, latest: int) -> Frame | None:
    """Returns the frame without the ticks and trades later than `latest` (UTC ms of the source's clock); None if the
    frame itself is later. A frame without any is returned as it is.
    """
    if frame.time > latest:
        return None
    ticks, trades = frame.ticks, frame.trades
    if max((tick.time for tick in ticks), default=0) > latest:
        ticks = tuple(tick for tick in ticks if tick.time <= latest)
    if max((trade.time for trade in trades), default=0) > latest:
        trades = tuple(trade for trade in trades if trade.time <= latest)
    if ticks is frame.ticks and trades is frame.trades:
        return frame
    return structs.replace(frame, ticks=ticks, trades=trades)


class FutureFrames:
    """Filter of one consumer. It refuses frames that are later than the market's clock allows, or contain such ticks or
    trades: they are counted and moved to the dead letters. The first one is logged.
    """

    def __init__(self, group: str) -> None:
        self._group = group
        self._logged = False

    async def admit(self, consumer: Consumer, records: Iterable[Record], latest: int) -> list[Record | None]:
        """Returns the records of the last batch, each without what is later than `latest`; None for a frame that is
        later itself.
        """
        admitted: list[Record | None] = []
        for record in records:
            frame = until(record.frame, latest)
            if frame is record.frame:
                admitted.append(record)
                continue
            await self._refuse(consumer, record, latest)
            admitted.append(None if frame is None else replace(record, frame=frame))
        return admitted

    async def _refuse(self, consumer: Consumer, record: Record, latest: int) -> None:
        if not self._logged:
            self._logged = True
            frame = record.frame
            late = max(frame.time, *(each.time for each in frame.ticks), *(each.time for each in frame.trades))
            log.warning("%s refuses prices that are %d ms ahead of the market's clock", self._group, late - latest)
        await consumer.refuse(record, FUTURE)
