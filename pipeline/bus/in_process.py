"""Bus of a desk that runs in one process."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

from pipeline.bus.partitions import split
from pipeline.bus.ports import Batch, Consumer, Listener, Record
from pipeline.market import Frame

DEAD_LETTERS = 1000
"""Maximum number of refused frames that are kept for inspection. The oldest are dropped first."""


class InProcessBus:
    """Bus within one process. Each partition keeps `capacity` frames.

    `log` is "": its offsets mean nothing to another process. A producer waits for the slowest group that has members.
    Frames that every such group has read are dropped when room is needed, committed or not. A group without members
    delays no producer. `market` is the market of the frames.
    """

    log = ""

    def __init__(self, partitions: int = 1, capacity: int = 64, market: str = "") -> None:
        self.partitions = partitions
        self.market = market
        self._logs = [_Log() for _ in range(partitions)]
        self._capacity = capacity
        self._groups: dict[str, _Group] = {}
        self._published = _Notifier()
        self._read = _Notifier()
        self.dead_letters: deque[tuple[Record, str]] = deque(maxlen=DEAD_LETTERS)
        self.refused: Counter[str] = Counter()

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

    async def flush(self) -> None:
        """See `Bus.flush`; published frames are in memory at once."""

    async def tail(self, limit: int) -> tuple[Record, ...]:
        """See `Bus.tail`."""
        records: list[Record] = []
        for number, log in enumerate(self._logs):
            found, after = log.read(log.end - limit, limit)
            records += self._records(number, found, after)
        return tuple(records)

    def _records(self, number: int, frames: Sequence[Frame], after: int) -> Iterator[Record]:
        first = after - len(frames)
        return (Record(number, first + place, frame, self.market) for place, frame in enumerate(frames))

    async def lag(self, group: str) -> Mapping[int, int]:
        """See `Bus.lag`."""
        known = self._groups.get(group)
        return {
            number: log.end - max(log.base, known.committed[number] if known else 0)
            for number, log in enumerate(self._logs)
        }

    @asynccontextmanager
    async def consumer(
        self, group: str, max_frames: int = 64, listener: Listener | None = None
    ) -> AsyncIterator[Consumer]:
        """See `Bus.consumer`."""
        joined = self._groups.setdefault(group, _Group(len(self._logs)))
        member = _Member(self, joined, max_frames, listener)
        await self._share_out(joined, [*joined.members, member])
        try:
            yield member
        finally:
            await self._share_out(joined, [other for other in joined.members if other is not member])

    async def _share_out(self, group: "_Group", members: "list[_Member]") -> None:
        """Rebalances the group after a member joined or left: every member continues from the committed positions."""
        for member in group.members:
            if member.listener:
                await member.listener.revoked(group.share_of(member))
        group.members = members
        group.share += 1
        group.positions = list(group.committed)
        for member in members:
            if member.listener:
                starts = await member.listener.assigned(group.share_of(member))
                for number, offset in starts.items():
                    group.positions[number] = offset
        self._published.ring()
        self._read.ring()

    def _oldest_is_wanted(self, number: int) -> bool:
        base = self._logs[number].base
        return any(g.members and g.positions[number] <= base for g in self._groups.values())

    async def _next(self, member: "_Member") -> Batch:
        while True:
            batch = self._read_share(member)
            if batch.records:
                self._read.ring()
                return batch
            await self._published.wait()

    def _read_share(self, member: "_Member") -> Batch:
        group, records = member.group, list[Record]()
        share = group.share_of(member)
        for number in sorted(share):
            found, after = self._logs[number].read(group.positions[number], member.max_frames)
            records += self._records(number, found, after)
            group.positions[number] = after
        return Batch(tuple(records), {number: group.positions[number] for number in share}, group.share)


class _Notifier:
    """Wakes all tasks that wait now; tasks that wait later wait for the next ring."""

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

    @property
    def end(self) -> int:
        return self.base + len(self.frames)

    def read(self, offset: int, limit: int) -> tuple[list[Frame], int]:
        start = max(offset, self.base)
        stop = min(start + limit, self.end)
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
        self.share = 0

    def share_of(self, member: "_Member") -> frozenset[int]:
        place = self.members.index(member)
        return frozenset(range(place, len(self.committed), len(self.members)))


class _Member:
    """A consumer of an InProcessBus."""

    def __init__(self, bus: InProcessBus, group: _Group, max_frames: int, listener: Listener | None) -> None:
        self._bus = bus
        self.group = group
        self.max_frames = max_frames
        self.listener = listener

    async def batch(self) -> Batch:
        """See `Consumer.batch`."""
        return await self._bus._next(self)  # noqa: SLF001 - the two halves of one class

    async def commit(self, batch: Batch) -> bool:
        """See `Consumer.commit`."""
        if batch.share != self.group.share:
            return False
        for number, offset in batch.offsets.items():
            self.group.committed[number] = max(self.group.committed[number], offset)
        return True

    async def refuse(self, record: Record, reason: str) -> None:
        """See `Consumer.refuse`."""
        self._bus.dead_letters.append((record, reason))
        self._bus.refused[reason] += 1
