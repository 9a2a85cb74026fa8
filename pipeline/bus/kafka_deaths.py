"""Number of times that the frame at a partition's position ended its consumer, stored with the offset on Kafka.

A record that ends its process is delivered again at every start. Before a member delivers the first frames of a
partition, it stores the number of attempts with the committed offset; a later commit clears it. After the first failure
the frames are delivered one by one, to identify the record that causes it. After `MAX_DEATHS` attempts this record is
moved to the dead letters.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from core.errors import Unavailable
from pipeline.bus.kafka_raw import Raw
from pipeline.errors import ConsumerStuck

MAX_DEATHS = 3
"""Number of process ends with the same frame after which the frame is moved to the dead letters."""

_ONE_BY_ONE = 64
"""Number of frames that are delivered one by one after a failure: as many as a batch holds."""

_UNMARK_SECONDS = 2.0
_TRIED = re.compile(r"tried (\d{1,6})")

log = logging.getLogger(__name__)


class Deaths:
    """Attempts of the partitions of one member. `consumer` is aiokafka's; `bury` moves a record to the dead letters."""

    def __init__(self, consumer: Any, group: str, bury: Callable[[Raw, int], Awaitable[None]]) -> None:
        self._consumer = consumer
        self._group = group
        self._bury = bury
        self._known: set[TopicPartition] = set()
        self._careful: dict[TopicPartition, int] = {}
        self._alone: dict[TopicPartition, int] = {}
        self._marked: dict[TopicPartition, int] = {}
        self._moved = asyncio.Event()

    def forget(self) -> None:
        """Clears the state after a rebalance of the group."""
        for each in (self._known, self._careful, self._alone, self._marked):
            each.clear()
        self._moved.set()

    async def turn(self) -> None:
        """Waits until every frame that was delivered alone is committed."""
        while self._alone:
            self._moved.clear()
            await self._moved.wait()

    async def admit(self, tp: TopicPartition, raws: Sequence[Raw]) -> Sequence[Raw]:
        """Returns the part of the next records to deliver now. Raises CommitFailedError, IllegalStateError."""
        tries, first_time = 0, tp not in self._known
        if first_time:
            tries = await self._tries(tp, raws[0].offset)
            self._known.add(tp)
        if tries:
            self._careful[tp] = raws[0].offset + _ONE_BY_ONE
        if tries >= MAX_DEATHS:
            await self._bury(raws[0], tries)
            await self._consumer.commit({tp: raws[0].offset + 1})
            raws, tries = raws[1:], 0
            if not raws:
                return ()
        offset = raws[0].offset
        if alone := offset < self._careful.get(tp, 0):
            if len(raws) > 1:
                self._consumer.seek(tp, raws[1].offset)
            raws = raws[:1]
            self._alone[tp] = offset
        if alone or first_time:
            self._marked[tp] = offset
            await self._consumer.commit({tp: OffsetAndMetadata(offset, f"tried {tries + 1}")})
        return raws

    def passed(self, tps: Iterable[TopicPartition]) -> None:
        """Clears the attempts of these partitions, which were committed."""
        for tp in tps:
            self._marked.pop(tp, None)
            self._alone.pop(tp, None)
        self._moved.set()

    async def _tries(self, tp: TopicPartition, offset: int) -> int:
        """Returns the number of times that a member started at `offset` and did not commit beyond it."""
        committed = (await self._consumer._coordinator.fetch_committed_offsets([tp])).get(tp)  # noqa: SLF001
        if committed is None or committed.offset != offset:
            return 0
        found = _TRIED.fullmatch(committed.metadata or "")
        tries = int(found[1]) if found else 0
        if tries:
            log.warning("%s: %s[%d]@%d ended its consumer (%d)", self._group, tp.topic, tp.partition, offset, tries)
        return tries

    async def unmark(self) -> None:
        """Clears the stored attempts when the member leaves for a reason other than the frames being processed. Errors
        of Kafka are logged and not raised.
        """
        marked, self._marked = self._marked, {}
        if not marked:
            return
        try:
            wiped = self._consumer.commit({tp: OffsetAndMetadata(offset, "") for tp, offset in marked.items()})
            await asyncio.wait_for(wiped, _UNMARK_SECONDS)  # timeout() of 3.11.0 fails in a cancelled task
        except (KafkaError, TimeoutError) as error:
            log.info("%s could not clear its attempts: %r", self._group, error)


def is_blameless(error: BaseException) -> bool:
    """True if the current frames did not cause the error: the process was stopped, or a server is unavailable."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_blameless, error.exceptions))
    if isinstance(error, ConsumerStuck):
        return False
    return isinstance(error, Unavailable | KafkaError) or not isinstance(error, Exception)
