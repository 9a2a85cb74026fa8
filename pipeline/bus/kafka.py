"""Bus on Kafka, for several processes: frames outlive the processes, and offsets store the position of each group.

A record holds one frame's share of one partition (`pipeline.bus.message`); its key names the share ("2/4"). The symbol
alone determines the partition (`pipeline.bus.partitions`).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from aiokafka.structs import OffsetAndMetadata

from pipeline.bus.kafka_clients import ask, make_admin, make_consumer, make_producer
from pipeline.bus.kafka_consumer import KafkaMember, lag_of, read_tail
from pipeline.bus.kafka_deaths import is_blameless
from pipeline.bus.kafka_guard import GuardedConsumer
from pipeline.bus.kafka_producer import FLUSH_SECONDS, KafkaProducer
from pipeline.bus.kafka_raw import Raw
from pipeline.bus.kafka_topics import ensure_topics
from pipeline.bus.message import MAX_BYTES, UnreadableMessage, decode, encode
from pipeline.bus.partitions import split
from pipeline.bus.ports import Consumer, Listener, Record
from pipeline.errors import KafkaDenied, MarketUnavailable
from pipeline.market import Frame
from pipeline.settings import KafkaSettings

MAX_FRAMES_PER_RECORD = 2000
"""Maximum number of ticks, and of candles, in one record. Even with the longest numbers it is below `MAX_BYTES`."""

MAX_TRADES_PER_RECORD = 2000
"""Maximum number of trades in a record without ticks and candles."""

_MIXED_ROWS = 1000
"""Maximum number of ticks, candles and trades together in one record with trades."""

_RETRY_SECONDS = 0.2
_REJOIN_SECONDS = 1.0
_COORDINATOR_TRIES = 25
_DETAIL_CHARACTERS = 500
_DEAD_KEY_BYTES = 1000

_NO_RIGHTS = (GroupAuthorizationFailedError, TopicAuthorizationFailedError)
"""Errors that a repeated join does not fix."""

log = logging.getLogger(__name__)


class KafkaBus:
    """Bus on a Kafka topic, with its writer and its readers. `market` names the market of the frames; frames of another
    market are passed over, unless `market` is empty.

    Opened by `open_kafka_bus`, which reads the number of partitions of the topic.
    """

    def __init__(
        self, settings: KafkaSettings, market: str, producer: KafkaProducer, partitions: int, log: str
    ) -> None:
        self._settings = settings
        self._market = market
        self._producer = producer
        self.partitions = partitions
        self.log = log
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
        """See `Bus.consumer`. Waits for unavailable brokers, as members that have joined do.

        Raises KafkaDenied, KafkaError.
        """
        while True:
            consumer = make_consumer(self._settings, group)
            member = KafkaMember(
                consumer, group=group, market=self._market, max_frames=max_frames, refusals=self, listener=listener
            )
            try:
                consumer.subscribe([self._settings.topic], listener=member)
                if await self._joined(consumer, group):
                    async with _peace(member):
                        yield member
                    return
            finally:
                await _stop(consumer, group)
            await ask(self._settings)
            await asyncio.sleep(_REJOIN_SECONDS)

    async def _joined(self, consumer: GuardedConsumer, group: str) -> bool:
        """Starts the consumer. Returns False if another try may help. Raises KafkaDenied."""
        try:
            await consumer.start()
        except _NO_RIGHTS as error:
            raise KafkaDenied(self._settings.bootstrap, "rights") from error
        except KafkaError as error:
            log.warning("%s cannot join yet: %r", group, error)
            return False
        return True

    async def tail(self, limit: int) -> tuple[Record, ...]:
        """See `Bus.tail`; limited to this market, if one is named."""
        consumer = make_consumer(self._settings, None)
        tps = [TopicPartition(self._settings.topic, number) for number in range(self.partitions)]
        try:
            async with asyncio.timeout(self._settings.reach_timeout_seconds):
                await consumer.start()
                raws = await read_tail(consumer, tps, limit, lambda raw: raw)
        except (TimeoutError, KafkaError) as error:
            raise MarketUnavailable from error
        finally:
            await _stop(consumer, "the tail's reader")
        return tuple(self._readable(raws))

    def _readable(self, raws: Iterable[Raw]) -> Iterable[Record]:
        """Yields the readable records of this market, or of every market if none is named. Consumers refuse the
        unreadable ones.
        """
        for raw in raws:
            with suppress(UnreadableMessage):
                message = decode(raw.value)
                if not self._market or message.market == self._market:
                    yield Record(raw.partition, raw.offset, message.frame, message.market)

    async def lag(self, group: str) -> Mapping[int, int]:
        """See `Bus.lag`."""
        consumer = make_consumer(self._settings, None)
        admin = make_admin(self._settings)
        try:
            await consumer.start()
            await admin.start()
            tps = [TopicPartition(self._settings.topic, number) for number in range(self.partitions)]
            known = await _offsets(admin, group)
            committed = {tp: at.offset for tp, at in known.items() if at.offset >= 0}
            return lag_of(await consumer.end_offsets(tps), await consumer.beginning_offsets(tps), committed)
        except KafkaError as error:
            raise MarketUnavailable from error
        finally:
            await admin.close()
            await consumer.stop()

    # -- refusals --------------------------------------------------------------------------------

    async def dead_letter(self, group: str, raw: Raw, reason: str, detail: str) -> None:
        """Stores the record unchanged, with the reason and its origin in headers."""
        self.refused[reason] += 1
        log.warning("%s refused %s[%d]@%d: %s %s", group, raw.topic, raw.partition, raw.offset, reason, detail)
        origin = {"reason": reason, "detail": detail[:_DETAIL_CHARACTERS], "group": group, "topic": raw.topic}
        place = {"partition": str(raw.partition), "offset": str(raw.offset)}
        headers = [(name, value.encode()) for name, value in (origin | place).items()]
        key, value = (raw.key or b"")[:_DEAD_KEY_BYTES], (raw.value or b"")[:MAX_BYTES]
        await self._producer.send(self._settings.dead_letters, 0, key, value, headers)
        await self._producer.flush()

    def passed_over(self, reason: str) -> None:
        """Counts a record that is valid but of another market."""
        self.refused[reason] += 1


@asynccontextmanager
async def open_kafka_bus(settings: KafkaSettings, market: str) -> AsyncIterator[KafkaBus]:
    """Creates the topics if they are missing and connects the writer. When the context ends, everything published is
    stored on Kafka or, if the brokers do not answer for 10 s, counted in the log. Raises KafkaDenied,
    MarketUnavailable.
    """
    producer = KafkaProducer(lambda: make_producer(settings))
    try:
        try:
            async with asyncio.timeout(settings.reach_timeout_seconds):
                cluster, partitions = await _reach(settings, producer)
        except (TimeoutError, KafkaError) as error:
            log.warning("Kafka at %s cannot be used: %r", settings.bootstrap, error)
            raise MarketUnavailable from error
        if partitions != settings.partitions:
            log.warning("%s has %d partitions, not %d", settings.topic, partitions, settings.partitions)
        yield KafkaBus(settings, market, producer, partitions, f"kafka:{cluster}:{settings.topic}")
    finally:
        await producer.close()


async def _reach(settings: KafkaSettings, producer: KafkaProducer) -> tuple[str, int]:
    """Waits until the topic can be written to; returns the cluster's id and the number of the topic's partitions."""
    if settings.confined:
        await ask(settings)
    while True:
        try:
            cluster = await ensure_topics(settings)
            await producer.open()
        except KafkaConnectionError:
            await ask(settings)
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return cluster, await producer.partitions(settings.topic)


@asynccontextmanager
async def _peace(member: KafkaMember) -> AsyncIterator[None]:
    """Clears the attempts of the frames being processed when the member ends, unless they may have caused its end."""
    try:
        yield
    except BaseException as error:
        if is_blameless(error):
            await member.leave_in_peace()
        raise
    else:
        await member.leave_in_peace()


async def _stop(consumer: GuardedConsumer, group: str) -> None:
    """Stops the consumer in bounded time. While the brokers are unavailable, aiokafka's `stop` may take long, or be
    cancelled by a task of its own and leave its sockets open; neither affects the caller.
    """
    stopping: asyncio.Task[None] = asyncio.create_task(consumer.stop())
    await asyncio.wait({stopping}, timeout=FLUSH_SECONDS)
    stopping.cancel()
    results = await asyncio.gather(stopping, return_exceptions=True)
    if isinstance(results[0], BaseException):
        log.warning("%s could not leave its group: %r", group, results[0])
        await consumer._client.close()  # noqa: SLF001 - `stop` does nothing the second time


async def _offsets(admin: AIOKafkaAdminClient, group: str) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """Returns the offsets committed by the group. Repeats the request, because a broker that has just started appoints
    a coordinator only when first asked for one.
    """
    for _ in range(_COORDINATOR_TRIES):
        with suppress(GroupCoordinatorNotAvailableError):
            return await admin.list_consumer_group_offsets(group)  # type: ignore[no-any-return]
        await asyncio.sleep(_RETRY_SECONDS)
    return await admin.list_consumer_group_offsets(group)  # type: ignore[no-any-return]


def _pieces(frame: Frame) -> Iterable[Frame]:
    """Splits a frame into records below `MAX_BYTES`. Trades that do not fit come before the ticks, in their order."""
    if frame.trades and len(frame.ticks) + len(frame.candles) + len(frame.trades) > _MIXED_ROWS:
        for start in range(0, len(frame.trades), MAX_TRADES_PER_RECORD):
            yield Frame(frame.time, trades=frame.trades[start : start + MAX_TRADES_PER_RECORD])
        frame = Frame(frame.time, frame.ticks, frame.candles)
        if frame.empty:
            return
    if len(frame.ticks) <= MAX_FRAMES_PER_RECORD and len(frame.candles) <= MAX_FRAMES_PER_RECORD:
        yield frame
        return
    for start in range(0, max(len(frame.ticks), len(frame.candles)), MAX_FRAMES_PER_RECORD):
        stop = start + MAX_FRAMES_PER_RECORD
        yield Frame(frame.time, frame.ticks[start:stop], frame.candles[start:stop])
