"""The bus on Kafka: many processes, frames that outlive them, and offsets that remember where each group was.

A record holds one frame's share of one partition (`pipeline.bus.message`); its key says which share it is ("2/4"). The
partition follows from the symbol alone (`pipeline.bus.partitions`).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.structs import OffsetAndMetadata

from pipeline.bus.kafka_consumer import KafkaMember, Raw, lag_of, read_tail
from pipeline.bus.kafka_producer import FLUSH_SECONDS, KafkaProducer
from pipeline.bus.message import MAX_BYTES, Unreadable, decode, encode
from pipeline.bus.partitions import split
from pipeline.bus.port import Consumer, Listener, Record
from pipeline.errors import MarketDown
from pipeline.market import Frame
from pipeline.settings import KafkaSettings

MOST_A_RECORD = 2000
"""Ticks, and candles, of one record: below `MAX_BYTES` however long their numbers."""

_BATCH_BYTES = 512_000
_FETCH_BYTES = 4_000_000
"""Of each partition at once: a member that is behind catches up in long batches."""

_REQUEST_MS = 20_000
_BACKOFF_MS = 200
_HEARTBEAT_MS = 1000
_SESSION_MS = 10_000
_RETRY_SECONDS = 0.2
_REJOIN_SECONDS = 1.0
_COORDINATOR_TRIES = 25
_DETAIL_CHARACTERS = 500
_DEAD_RETENTION_MS = 30 * 24 * 3600 * 1000

_FINAL = (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)
"""Joining again does not help against these."""

log = logging.getLogger(__name__)


class KafkaBus:
    """The topic's writer and its readers. `market` is whose frames they are: another market's are passed over, unless
    none is named.

    Opened by `open_kafka_bus`, which knows how many partitions the topic has.
    """

    def __init__(self, settings: KafkaSettings, market: str, producer: KafkaProducer, partitions: int) -> None:
        self._settings = settings
        self._market = market
        self._producer = producer
        self.partitions = partitions
        self.refused: Counter[str] = Counter()

    async def publish(self, frame: Frame) -> None:
        """See `Bus.publish`."""
        for number, part in split(frame, self.partitions):
            key = f"{number}/{self.partitions}".encode()
            for piece in _pieces(part):
                await self._producer.send(self._settings.topic, number, key, encode(self._market, piece))

    async def flush(self) -> None:
        """See `Bus.flush`."""
        await self._producer.flush()

    @asynccontextmanager
    async def consumer(
        self, group: str, max_frames: int = 64, listener: Listener | None = None
    ) -> AsyncIterator[Consumer]:
        """See `Bus.consumer`. Waits for brokers that are away, as whoever has joined already does."""
        while True:
            consumer = _make_consumer(self._settings, group)
            member = KafkaMember(
                consumer, group=group, market=self._market, max_frames=max_frames, refusals=self, listener=listener
            )
            try:
                consumer.subscribe([self._settings.topic], listener=member)
                if await _joined(consumer, group):
                    yield member
                    return
            finally:
                await _stop(consumer, group)
            await asyncio.sleep(_REJOIN_SECONDS)

    async def tail(self, most: int) -> tuple[Record, ...]:
        """See `Bus.tail`; of this market alone, where one is named."""
        consumer = _make_consumer(self._settings, None)
        tps = [TopicPartition(self._settings.topic, number) for number in range(self.partitions)]
        try:
            async with asyncio.timeout(self._settings.reach_timeout_seconds):
                await consumer.start()
                raws = await read_tail(consumer, tps, most)
        except (TimeoutError, KafkaError) as error:
            raise MarketDown from error
        finally:
            await _stop(consumer, "the tail's reader")
        return tuple(self._readable(raws))

    def _readable(self, raws: Iterable[Raw]) -> Iterable[Record]:
        """What cannot be read is refused by whoever consumes it."""
        for raw in raws:
            with suppress(Unreadable):
                message = decode(raw.value)
                if not self._market or message.market == self._market:
                    yield Record(raw.partition, raw.offset, message.frame, message.market)

    async def lag(self, group: str) -> Mapping[int, int]:
        """See `Bus.lag`."""
        consumer = _make_consumer(self._settings, None)
        admin = AIOKafkaAdminClient(bootstrap_servers=self._settings.bootstrap, request_timeout_ms=_REQUEST_MS)
        try:
            await consumer.start()
            await admin.start()
            tps = [TopicPartition(self._settings.topic, number) for number in range(self.partitions)]
            known = await _offsets(admin, group)
            committed = {tp: at.offset for tp, at in known.items() if at.offset >= 0}
            return lag_of(await consumer.end_offsets(tps), await consumer.beginning_offsets(tps), committed)
        except KafkaError as error:
            raise MarketDown from error
        finally:
            await admin.close()
            await consumer.stop()

    # -- refusals --------------------------------------------------------------------------------

    async def dead_letter(self, group: str, raw: Raw, reason: str, detail: str) -> None:
        """Keeps the record as it came, with the reason and its origin in headers."""
        self.refused[reason] += 1
        log.warning("%s refused %s[%d]@%d: %s %s", group, raw.topic, raw.partition, raw.offset, reason, detail)
        origin = {"reason": reason, "detail": detail[:_DETAIL_CHARACTERS], "group": group, "topic": raw.topic}
        place = {"partition": str(raw.partition), "offset": str(raw.offset)}
        headers = [(name, value.encode()) for name, value in (origin | place).items()]
        await self._producer.send(self._settings.dead_letters, 0, raw.key, (raw.value or b"")[:MAX_BYTES], headers)
        await self._producer.flush()

    def passed_over(self, reason: str) -> None:
        """Counts a record that is sound but not for this desk."""
        self.refused[reason] += 1


@asynccontextmanager
async def open_kafka_bus(settings: KafkaSettings, market: str) -> AsyncIterator[KafkaBus]:
    """Makes the topics where they are missing and connects the writer. On leaving, what was published is safe on Kafka
    or, when the brokers have been silent for 10 s, counted in the log. Raises MarketDown."""
    producer = KafkaProducer(lambda: _make_producer(settings))
    try:
        try:
            async with asyncio.timeout(settings.reach_timeout_seconds):
                partitions = await _reach(settings, producer)
        except (TimeoutError, KafkaError) as error:
            log.warning("Kafka at %s cannot be used: %r", settings.bootstrap, error)
            raise MarketDown from error
        if partitions != settings.partitions:
            log.warning("%s has %d partitions, not %d", settings.topic, partitions, settings.partitions)
        yield KafkaBus(settings, market, producer, partitions)
    finally:
        await producer.close()


async def _reach(settings: KafkaSettings, producer: KafkaProducer) -> int:
    """How many partitions there are, once the topic can be written to."""
    while True:
        try:
            await ensure_topics(settings)
            await producer.open()
        except KafkaConnectionError:
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return await producer.partitions(settings.topic)


async def ensure_topics(settings: KafkaSettings) -> None:
    """Makes the topic and that of its dead letters where they are missing. Raises KafkaError."""
    hour_ms = 3600 * 1000
    configs = {"retention.ms": str(settings.retention_hours * hour_ms), "min.insync.replicas": "1"}
    if settings.replication > 2:  # noqa: PLR2004 - one copy may be away, and two still agree
        configs["min.insync.replicas"] = "2"
    dead = configs | {"retention.ms": str(_DEAD_RETENTION_MS)}
    topics = [
        NewTopic(settings.topic, settings.partitions, settings.replication, topic_configs=configs),
        NewTopic(settings.dead_letters, 1, settings.replication, topic_configs=dead),
    ]
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap, request_timeout_ms=_REQUEST_MS)
    try:
        await admin.start()
        answer: Any = await admin.create_topics(topics)
        for _, code, *detail in answer.topic_errors:
            if code and code != TopicAlreadyExistsError.errno:
                raise for_code(code)(*detail)
    finally:
        with suppress(KafkaError):
            await admin.close()


def _make_producer(settings: KafkaSettings) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=settings.bootstrap,
        client_id="paperdesk",
        acks="all",
        enable_idempotence=settings.idempotent,
        max_batch_size=_BATCH_BYTES,
        request_timeout_ms=_REQUEST_MS,
        retry_backoff_ms=_BACKOFF_MS,
        metadata_max_age_ms=60_000,
    )


def _make_consumer(settings: KafkaSettings, group: str | None) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap,
        client_id="paperdesk",
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=_FETCH_BYTES,
        heartbeat_interval_ms=_HEARTBEAT_MS,
        session_timeout_ms=_SESSION_MS,
        request_timeout_ms=_REQUEST_MS,
        retry_backoff_ms=_BACKOFF_MS,
        metadata_max_age_ms=60_000,
    )


async def _joined(consumer: AIOKafkaConsumer, group: str) -> bool:
    """False where trying again may help. Raises KafkaError."""
    try:
        await consumer.start()
    except _FINAL:
        raise
    except KafkaError as error:
        log.warning("%s cannot join yet: %r", group, error)
        return False
    return True


async def _stop(consumer: AIOKafkaConsumer, group: str) -> None:
    """While the brokers are away aiokafka's `stop` may take long, or be cancelled by a task of its own and leave its
    sockets open; neither may reach the caller."""
    stopping: asyncio.Task[None] = asyncio.create_task(consumer.stop())
    await asyncio.wait({stopping}, timeout=FLUSH_SECONDS)
    stopping.cancel()
    results = await asyncio.gather(stopping, return_exceptions=True)
    if isinstance(results[0], BaseException):
        log.warning("%s could not leave its group: %r", group, results[0])
        await consumer._client.close()  # noqa: SLF001 - `stop` does nothing the second time


async def _offsets(admin: AIOKafkaAdminClient, group: str) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """What the group committed. A broker that has just started appoints a coordinator when first asked for one."""
    for _ in range(_COORDINATOR_TRIES):
        with suppress(GroupCoordinatorNotAvailableError):
            return await admin.list_consumer_group_offsets(group)  # type: ignore[no-any-return]
        await asyncio.sleep(_RETRY_SECONDS)
    return await admin.list_consumer_group_offsets(group)  # type: ignore[no-any-return]


def _pieces(frame: Frame) -> Iterable[Frame]:
    if len(frame.ticks) <= MOST_A_RECORD and len(frame.candles) <= MOST_A_RECORD:
        yield frame
        return
    for start in range(0, max(len(frame.ticks), len(frame.candles)), MOST_A_RECORD):
        stop = start + MOST_A_RECORD
        yield Frame(frame.time, frame.ticks[start:stop], frame.candles[start:stop])
