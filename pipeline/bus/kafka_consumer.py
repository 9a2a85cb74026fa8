"""Consumer of a Kafka topic as one member of a group."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from pipeline.bus.kafka_deaths import Deaths
from pipeline.bus.kafka_guard import GuardedConsumer
from pipeline.bus.kafka_raw import Raw, Refusals
from pipeline.bus.message import BusMessage, Flaw, UnreadableMessage, decode
from pipeline.bus.ports import Batch, Listener, Record

T = TypeVar("T")

_WAIT_MS = 500

log = logging.getLogger(__name__)


class KafkaMember(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka carries no types
    """A member of the group of `consumer`, which is started and stopped by its owner."""

    def __init__(
        self,
        consumer: GuardedConsumer,
        *,
        group: str,
        market: str,
        max_frames: int,
        refusals: Refusals,
        listener: Listener | None,
    ) -> None:
        self._consumer = consumer
        self._group = group
        self._market = market
        self._max_frames = max_frames
        self._refusals = refusals
        self._listener = listener
        self._deaths = Deaths(consumer, group, self._bury)
        self._share = 0
        self._settled = asyncio.Event()
        self._sought: set[TopicPartition] = set()
        self._failed: Exception | None = None
        self._positions: dict[TopicPartition, int] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._raw: dict[tuple[int, int], Raw] = {}

    # -- called by aiokafka, in its own task -----------------------------------------------------

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        """Invalidates everything read before, so that none of it can be committed, and informs the listener."""
        await self._deaths.unmark()
        self._deaths.forget()
        self._share += 1
        self._settled.clear()
        self._positions.clear()
        self._committed.clear()
        if self._listener:
            await self._ask(self._listener.revoked(frozenset(tp.partition for tp in revoked)))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Continues at the position returned by the listener, or else at the committed offset of the group."""
        log.info("%s reads partitions %s", self._group, sorted(tp.partition for tp in assigned))
        starts: Mapping[int, int] = {}
        if self._listener:
            starts = await self._ask(self._listener.assigned(frozenset(tp.partition for tp in assigned))) or {}
        self._sought = {tp for tp in assigned if tp.partition in starts}
        for tp in self._sought:
            self._consumer.seek(tp, starts[tp.partition])
        self._settled.set()

    async def _ask(self, answer: Awaitable[T]) -> T | None:
        """Awaits the listener. Its error, which aiokafka would log and ignore, is raised by the reading task."""
        try:
            return await answer
        except Exception as error:  # noqa: BLE001 - raised by `batch`
            self._failed = error
            self._settled.set()
            return None

    # -- called by the reading task --------------------------------------------------------------

    async def batch(self) -> Batch:
        """See `Consumer.batch`."""
        while True:
            await self._deaths.turn()
            found = await self._consumer.getmany(timeout_ms=_WAIT_MS, max_records=self._max_frames)
            share = self._share
            if not self._settled.is_set():
                # aiokafka fetches as soon as partitions are assigned; the listener may choose another position
                await self._settled.wait()
                found = {tp: raws for tp, raws in found.items() if tp not in self._sought}
            if self._failed:
                raise self._failed
            if not found:
                continue
            try:
                admitted = {tp: await self._admit(tp, raws) for tp, raws in found.items()}
            except (CommitFailedError, IllegalStateError):
                log.info("%s was rebalanced: the frames are delivered again", self._group)
                continue
            batch = await self._batch_of(admitted, share)
            if share == self._share:  # otherwise the group was rebalanced and the batch is delivered again
                return batch

    async def _admit(self, tp: TopicPartition, raws: Sequence[Raw]) -> Sequence[Raw]:
        """Returns the records to deliver. A listener that returns its own positions stores no offset on Kafka with
        which attempts could be stored, so its records are delivered unchecked.
        """
        return raws if tp in self._sought else await self._deaths.admit(tp, raws)

    async def _bury(self, raw: Raw, tries: int) -> None:
        await self._refusals.dead_letter(self._group, raw, Flaw.POISON, f"ended its consumer {tries} times")

    async def leave_in_peace(self) -> None:
        """Clears the attempts of the frames being processed, which are not the cause of this member's end."""
        await self._deaths.unmark()

    async def _batch_of(self, found: Mapping[TopicPartition, Sequence[Raw]], share: int) -> Batch:
        self._raw.clear()
        records: list[Record] = []
        for tp, raws in found.items():
            for raw in raws:
                if (message := await self._read(raw)) is not None:
                    records.append(Record(tp.partition, raw.offset, message.frame, message.market))
                    self._raw[tp.partition, raw.offset] = raw
        if share == self._share:
            self._positions |= {tp: raws[-1].offset + 1 for tp, raws in found.items() if raws}
        return Batch(tuple(records), {tp.partition: at for tp, at in self._positions.items()}, share)

    async def commit(self, batch: Batch) -> bool:
        """See `Consumer.commit`."""
        if batch.share != self._share:
            return False
        ahead = {
            tp: batch.offsets[tp.partition]
            for tp in self._positions
            if batch.offsets.get(tp.partition, 0) > self._committed.get(tp, 0)
        }
        if not ahead:
            return True
        try:
            await self._consumer.commit(ahead)
        except (CommitFailedError, IllegalStateError):
            log.info("%s was rebalanced before a commit: the frames are delivered again", self._group)
            return False
        if batch.share == self._share:
            self._committed |= ahead
            self._deaths.passed(ahead)
        return True  # a commit that the broker accepted is valid, even if the partitions have a new owner

    async def refuse(self, record: Record, reason: str) -> None:
        """See `Consumer.refuse`."""
        raw = self._raw.get((record.partition, record.offset))
        if raw is None:
            raise ValueError("refuse a record of the last batch")
        await self._refusals.dead_letter(self._group, raw, reason, "")

    def _decoded(self, raw: Raw) -> BusMessage:
        if flaw := self._consumer.flaw_of(raw.topic, raw.partition, raw.offset):
            raise flaw
        return decode(raw.value)

    async def _read(self, raw: Raw) -> BusMessage | None:
        try:
            message = self._decoded(raw)
        except UnreadableMessage as error:
            await self._refusals.dead_letter(self._group, raw, error.flaw, str(error))
            return None
        except Exception as error:
            log.exception("%s cannot read %s[%d]@%d", self._group, raw.topic, raw.partition, raw.offset)
            await self._refusals.dead_letter(self._group, raw, Flaw.FAILED, repr(error))
            return None
        if self._market and message.market != self._market:
            self._refusals.passed_over("other-market")
            return None
        return message


async def read_tail(
    consumer: AIOKafkaConsumer, tps: Sequence[TopicPartition], limit: int, wanted: Callable[[Raw], T]
) -> list[T]:
    """Reads the last `limit` records of each partition, oldest first, and returns what `wanted` makes of them.
    `consumer` is started and belongs to no group.
    """
    consumer.assign(list(tps))
    begins, ends = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
    tail: list[T] = []
    for tp in tps:
        start = max(begins[tp], ends[tp] - limit)
        consumer.seek(tp, start)
        while await consumer.position(tp) < ends[tp]:
            found = await consumer.getmany(tp, timeout_ms=_WAIT_MS, max_records=limit)
            tail += (wanted(raw) for raw in found.get(tp, ()) if raw.offset < ends[tp])
    return tail


def lag_of(
    ends: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], committed: Mapping[TopicPartition, int]
) -> dict[int, int]:
    """Returns the number of uncommitted records by partition; for a partition never committed, of all records still
    kept.
    """
    return {tp.partition: max(0, end - max(begins[tp], committed.get(tp, 0))) for tp, end in ends.items()}
