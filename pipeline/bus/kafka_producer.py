"""Writer to Kafka. Each record is written once, in order and acknowledged by every replica, despite network errors.

While a broker is unavailable, the writer waits and no record is lost: up to `WINDOW` unacknowledged records are kept,
and sent when the broker is available again. If the broker refuses the writer's sequence permanently (because it lost
its data), a new writer sends the kept records, possibly a second time.
"""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaError,
    KafkaTimeoutError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
)

WINDOW = 64
"""Maximum number of unacknowledged records. A publisher waits at this number."""

FLUSH_SECONDS = 10.0
"""Maximum time in seconds for which closing waits for a broker that does not answer."""

log = logging.getLogger(__name__)

_LOST_SEQUENCE = (OutOfOrderSequenceNumber, ProducerFenced, InvalidProducerEpoch, NotLeaderForPartitionError)
"""Errors that a writer with a new sequence fixes. The last one is raised for a partition that is long without a leader.
"""

Headers = Sequence[tuple[str, bytes]]


@dataclass(slots=True)
class _Sent:
    """Record that waits for its acknowledgement."""

    topic: str
    partition: int | None
    key: bytes | None
    value: bytes
    headers: Headers
    acknowledged: "asyncio.Future[object] | None" = None

    def is_safe(self) -> bool:
        """True if Kafka has acknowledged the record."""
        known = self.acknowledged
        return known is not None and known.done() and not known.cancelled() and known.exception() is None


class KafkaProducer:
    """Writer shared by many tasks. Requires `open` before use and `close` after it."""

    def __init__(self, make: Callable[[], AIOKafkaProducer]) -> None:
        self._make = make
        self._producer: AIOKafkaProducer | None = None
        self._on_their_way: deque[_Sent] = deque()
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Connects. Raises KafkaError."""
        producer = self._make()
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer

    async def partitions(self, topic: str) -> int:
        """Returns the number of partitions of the topic. Raises KafkaError."""
        assert self._producer, "open first"  # noqa: S101
        return len(await self._producer.partitions_for(topic))

    async def send(
        self, topic: str, partition: int | None, key: bytes | None, value: bytes, headers: Headers = ()
    ) -> None:
        """Sends a record, in the order of the calls. Waits while the window is full."""
        sent = _Sent(topic, partition, key, value, headers)
        async with self._turn:
            while len(self._on_their_way) >= WINDOW:
                await self._settle_oldest()
            self._on_their_way.append(sent)
            try:
                await self._hand_over(sent)
            except BaseException:
                if sent.acknowledged is None:
                    self._on_their_way.remove(sent)
                raise

    async def flush(self) -> None:
        """Returns when all sent records are acknowledged."""
        async with self._turn:
            while self._on_their_way:
                await self._settle_oldest()

    async def close(self) -> None:
        """Waits for unacknowledged records, at most `FLUSH_SECONDS`, and disconnects."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            await asyncio.wait_for(producer.stop(), FLUSH_SECONDS)  # timeout() of 3.11.0 fails in a cancelled task
        except TimeoutError:
            lost = sum(not sent.is_safe() for sent in self._on_their_way)
            log.warning("Kafka does not answer: %d records were not acknowledged", lost)
            await producer.client.close()

    async def _hand_over(self, sent: _Sent) -> None:
        while True:
            assert self._producer, "open first"  # noqa: S101
            try:
                sent.acknowledged = await self._producer.send(
                    sent.topic, sent.value, key=sent.key, partition=sent.partition, headers=list(sent.headers)
                )
            except KafkaTimeoutError:  # the record was not buffered: the partition's buffer stayed full
                log.warning("Kafka does not accept records: %d wait", len(self._on_their_way))
            else:
                return

    async def _settle_oldest(self) -> None:
        oldest = self._on_their_way[0]
        try:
            if oldest.acknowledged is not None:
                await asyncio.shield(oldest.acknowledged)
        except KafkaError as error:
            if not (error.retriable or isinstance(error, _LOST_SEQUENCE)):
                raise
            log.warning(
                "Kafka lost this writer's sequence, or was away for too long (%r): a new writer continues", error
            )
            await self._restart()
        else:
            self._on_their_way.popleft()

    async def _restart(self) -> None:
        """Opens a new writer, which sends the unacknowledged records of the old one in the same order."""
        await self.close()
        self._on_their_way = deque(sent for sent in self._on_their_way if not sent.is_safe())
        for attempt in itertools.count():
            try:
                await self.open()
                break
            except KafkaError as error:
                log.warning("Kafka cannot be reached: %r", error)
                await asyncio.sleep(min(5.0, 0.1 * 2 ** min(attempt, 10)))
        for sent in self._on_their_way:
            await self._hand_over(sent)
