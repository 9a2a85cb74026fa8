"""Ends a process whose consumer no longer makes progress; a restart of the process is the recovery."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import count

from pipeline.bus import Batch, Bus, Consumer, Listener, Record
from pipeline.errors import ConsumerStuck, MarketUnavailable
from pipeline.flow.candle_archiver import CandleSink
from pipeline.market import Candle, Frame

log = logging.getLogger(__name__)

STUCK_SECONDS = 120.0
POLL_SECONDS = 5.0


class LagWatchdog:
    """Watchdog of this process's member of a group. The consumer must be given `watched` as its bus.

    A partition of this member is stuck if nothing of it was committed for `stuck_seconds` and its lag has grown. The
    time starts again after a rebalance of the group, after a failed query of the bus, and while `waits` returns that
    the consumer waits for a known reason (an engine that is down), because a restart would not help.
    """

    def __init__(
        self,
        bus: Bus,
        group: str,
        *,
        stuck_seconds: float = STUCK_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        waits: Callable[[], bool] = lambda: False,
    ) -> None:
        self.watched = _WatchedBus(bus, group)
        self._bus = bus
        self._group = group
        self._stuck_seconds = stuck_seconds
        self._look_seconds = poll_seconds
        self._waits = waits
        self._since: dict[int, tuple[int, float, int]] = {}

    async def run(self) -> None:
        """Checks the lag until cancelled. Raises ConsumerStuck."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._look_seconds)
            if self._waits():
                self._since.clear()
                continue
            try:
                lag = await self._bus.lag(self._group)
            except MarketUnavailable:
                self._since.clear()
                continue
            if stuck := self.stuck(lag, loop.time()):
                waiting = sum(lag[number] for number in stuck)
                log.critical(
                    "%s has not moved for %.0f s: %d frames wait in partitions %s; this process ends",
                    self._group, self._stuck_seconds, waiting, stuck,
                )  # fmt: skip
                self.watched.stuck = ConsumerStuck(self._group, int(self._stuck_seconds), waiting)
                raise self.watched.stuck

    def stuck(self, lag: Mapping[int, int], now: float) -> list[int]:
        """Returns the stuck partitions of this member, given the lag of each partition at `now` (seconds)."""
        progress = self.watched.progress
        stuck: list[int] = []
        for number in list(self._since):
            if number not in progress:
                del self._since[number]
        for number, done in progress.items():
            waiting = lag.get(number, 0)
            before = self._since.get(number)
            if before is None or before[0] != done or not waiting:
                self._since[number] = (done, now, waiting)
            elif now - before[1] >= self._stuck_seconds and waiting > before[2]:
                stuck.append(number)
        return sorted(stuck)


class MonitoredArchive:
    """Archive that records in `failing` whether the last call failed; while it does, the consumer waits for it."""

    def __init__(self, archive: CandleSink) -> None:
        self._archive = archive
        self.failing = False

    async def insert(self, market: str, candles: Iterable[Candle]) -> int:
        """See `CandleSink.insert`."""
        try:
            changed = await self._archive.insert(market, candles)
        except MarketUnavailable:
            self.failing = True
            raise
        self.failing = False
        return changed


class _WatchedBus:
    """Bus that records the commits of one group's member. `progress` holds a number for each of its partitions, which
    changes whenever the partition makes progress or the group is rebalanced.
    """

    def __init__(self, bus: Bus, group: str) -> None:
        self._bus = bus
        self._group = group
        self._numbers = count()
        self.progress: dict[int, int] = {}
        self.stuck: ConsumerStuck | None = None

    def moved(self, partitions: Iterable[int]) -> None:
        """Gives these partitions a new number."""
        self.progress |= dict.fromkeys(partitions, next(self._numbers))

    @property
    def partitions(self) -> int:
        """See `Bus.partitions`."""
        return self._bus.partitions

    @property
    def log(self) -> str:
        """See `Bus.log`."""
        return self._bus.log

    @property
    def refused(self) -> Mapping[str, int]:
        """See `Bus.refused`."""
        return self._bus.refused

    async def publish(self, frame: Frame) -> None:
        """See `Bus.publish`."""
        await self._bus.publish(frame)

    async def flush(self) -> None:
        """See `Bus.flush`."""
        await self._bus.flush()

    async def tail(self, limit: int) -> tuple[Record, ...]:
        """See `Bus.tail`."""
        return await self._bus.tail(limit)

    async def lag(self, group: str) -> Mapping[int, int]:
        """See `Bus.lag`."""
        return await self._bus.lag(group)

    @asynccontextmanager
    async def consumer(
        self, group: str, max_frames: int = 64, listener: Listener | None = None
    ) -> AsyncIterator[Consumer]:
        """See `Bus.consumer`."""
        if group != self._group:
            async with self._bus.consumer(group, max_frames, listener) as other:
                yield other
            return
        try:
            async with self._bus.consumer(group, max_frames, _Shares(self, listener)) as member:
                try:
                    yield _WatchedConsumer(member, self)
                except asyncio.CancelledError:
                    if self.stuck is None:
                        raise
                    raise self.stuck from None  # reports that the current frames may be the cause
                finally:
                    self.progress.clear()
        except ConsumerStuck as error:
            raise asyncio.CancelledError from error  # the watchdog itself raises ConsumerStuck


class _Shares:
    """Records which partitions are the member's, and passes the calls on to the consumer's own listener."""

    def __init__(self, bus: _WatchedBus, listener: Listener | None) -> None:
        self._bus = bus
        self._listener = listener

    async def revoked(self, partitions: frozenset[int]) -> None:
        """See `Listener.revoked`."""
        self._bus.progress.clear()
        if self._listener:
            await self._listener.revoked(partitions)

    async def assigned(self, partitions: frozenset[int]) -> Mapping[int, int]:
        """See `Listener.assigned`."""
        self._bus.moved(partitions)
        return await self._listener.assigned(partitions) if self._listener else {}


class _WatchedConsumer:
    """Consumer whose commits are recorded."""

    def __init__(self, member: Consumer, bus: _WatchedBus) -> None:
        self._member = member
        self._bus = bus
        self._committed: dict[int, int] = {}

    async def batch(self) -> Batch:
        """See `Consumer.batch`."""
        return await self._member.batch()

    async def commit(self, batch: Batch) -> bool:
        """See `Consumer.commit`."""
        if not await self._member.commit(batch):
            return False
        before, self._committed = self._committed, dict(batch.offsets)
        self._bus.moved(
            number
            for number, offset in batch.offsets.items()
            if number in self._bus.progress and before.get(number) != offset
        )
        return True

    async def refuse(self, record: Record, reason: str) -> None:
        """See `Consumer.refuse`."""
        await self._member.refuse(record, reason)
