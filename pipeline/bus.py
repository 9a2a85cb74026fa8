"""The bus: frames go in once, every consumer group reads all of them, each member of a group its share.

The semantics are those of a partitioned log, so that a log on other machines can stand behind the same port:
a symbol always goes to the same partition, a partition belongs to one member of a group at a time, a batch that
was not committed is delivered again to whoever reads the partition next. Delivery is at least once: what a
consumer does with a frame must be harmless when done twice.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

from pipeline.market import Candle, Frame, Symbol, Tick


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames in the order of their partitions; `offsets` is where each partition goes on after this batch."""

    frames: tuple[Frame, ...]
    offsets: Mapping[int, int]


class Consumer(Protocol):
    """One member of a group; used by one task."""

    async def batch(self) -> Batch:
        """The next frames, at least one; waits until there is one."""

    async def commit(self, batch: Batch) -> bool:
        """Says that this batch and all before it are done; False when its partitions were given to another member
        meanwhile, who will be given the frames again."""


class Bus(Protocol):
    """Frames from one or more producers to consumer groups."""

    async def publish(self, frame: Frame) -> None:
        """Hands a frame over; waits while the bus is full. A frame without ticks and candles is not sent."""

    def consumer(self, group: str, max_frames: int = 64) -> AbstractAsyncContextManager[Consumer]:
        """Joins the group for as long as the context lasts; a new group starts at the oldest frame still kept.

        A batch holds at most `max_frames` of each partition.
        """


def partition_of(symbol: Symbol, partitions: int) -> int:
    """Where a symbol's ticks and candles go, the same on every machine."""
    return crc32(symbol.encode()) % partitions


def split(frame: Frame, partitions: int) -> Iterable[tuple[int, Frame]]:
    """The frame's share of each partition it touches."""
    if not frame.ticks and not frame.candles:
        return
    if partitions == 1:
        yield 0, frame
        return
    ticks: dict[int, list[Tick]] = {}
    candles: dict[int, list[Candle]] = {}
    for tick in frame.ticks:
        ticks.setdefault(partition_of(tick.symbol, partitions), []).append(tick)
    for candle in frame.candles:
        candles.setdefault(partition_of(candle.symbol, partitions), []).append(candle)
    for number in sorted({*ticks, *candles}):
        yield number, Frame(frame.time, tuple(ticks.get(number, ())), tuple(candles.get(number, ())))


class _Bell:
    """Wakes everyone who waits now; whoever waits later waits for the next ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()


class _Log:
    """One partition: the kept frames and the offset of the oldest."""

    def __init__(self) -> None:
        self.base = 0
        self.frames: deque[Frame] = deque()

    def read(self, offset: int, limit: int) -> tuple[list[Frame], int]:
        start = max(offset, self.base)
        stop = min(start + limit, self.base + len(self.frames))
        return [self.frames[i - self.base] for i in range(start, stop)], max(start, stop)

    def drop_oldest(self) -> None:
        self.frames.popleft()
        self.base += 1


class _Group:
    """Committed and read offsets of each partition, and the members that share the partitions."""

    def __init__(self, partitions: int) -> None:
        self.committed = [0] * partitions
        self.positions = [0] * partitions
        self.members: list[_Member] = []

    def owner(self, partition: int) -> "_Member | None":
        return self.members[partition % len(self.members)] if self.members else None

    def share_out(self) -> None:
        """After someone joined or left: everybody reads on from what was committed."""
        self.positions = list(self.committed)


class InProcessBus:
    """The bus of a desk that runs in one process.

    Each partition keeps `capacity` frames. A producer waits for the slowest group that has members; frames that every
    such group has read are dropped when room is needed, committed or not. A group without members holds nobody back.
    """

    def __init__(self, partitions: int = 1, capacity: int = 64) -> None:
        self._logs = [_Log() for _ in range(partitions)]
        self._capacity = capacity
        self._groups: dict[str, _Group] = {}
        self._published = _Bell()
        self._read = _Bell()

    async def publish(self, frame: Frame) -> None:
        """See `Bus.publish`."""
        for number, part in split(frame, len(self._logs)):
            log = self._logs[number]
            while len(log.frames) >= self._capacity:
                if self._oldest_is_wanted(number):
                    await self._read.wait()
                else:
                    log.drop_oldest()
            log.frames.append(part)
            self._published.ring()

    @asynccontextmanager
    async def consumer(self, group: str, max_frames: int = 64) -> AsyncIterator[Consumer]:
        """See `Bus.consumer`."""
        joined = self._groups.setdefault(group, _Group(len(self._logs)))
        member = _Member(self, joined, max_frames)
        joined.members.append(member)
        self._share_out(joined)
        try:
            yield member
        finally:
            joined.members.remove(member)
            self._share_out(joined)

    def _oldest_is_wanted(self, number: int) -> bool:
        base = self._logs[number].base
        return any(g.members and g.positions[number] <= base for g in self._groups.values())

    def _share_out(self, group: _Group) -> None:
        group.share_out()
        self._published.ring()
        self._read.ring()

    async def _next(self, member: "_Member") -> Batch:
        while True:
            batch = self._read_share(member)
            if batch.frames:
                self._read.ring()
                return batch
            await self._published.wait()

    def _read_share(self, member: "_Member") -> Batch:
        frames: list[Frame] = []
        offsets: dict[int, int] = {}
        for number, log in enumerate(self._logs):
            if member.group.owner(number) is not member:
                continue
            found, after = log.read(member.group.positions[number], member.max_frames)
            if found:
                frames += found
                offsets[number] = member.group.positions[number] = after
        return Batch(tuple(frames), offsets)


class _Member:
    """A consumer of an InProcessBus."""

    def __init__(self, bus: InProcessBus, group: _Group, max_frames: int) -> None:
        self._bus = bus
        self.group = group
        self.max_frames = max_frames

    async def batch(self) -> Batch:
        """See `Consumer.batch`."""
        return await self._bus._next(self)  # noqa: SLF001 - the two halves of one class

    async def commit(self, batch: Batch) -> bool:
        """See `Consumer.commit`."""
        group = self.group
        mine = {number: offset for number, offset in batch.offsets.items() if group.owner(number) is self}
        for number, offset in mine.items():
            group.committed[number] = max(group.committed[number], offset)
            group.positions[number] = max(group.positions[number], offset)
        return len(mine) == len(batch.offsets)
