"""Records that would end every consumer, on Apache Kafka: none of them stops a group for good."""

import asyncio
import itertools
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.bus.kafka_deaths import MAX_DEATHS
from pipeline.bus.kafka_topics import MAX_BYTES, ensure_topics
from pipeline.bus.message import encode
from pipeline.errors import ConsumerStuck, MarketUnavailable
from pipeline.flow.lag_watchdog import LagWatchdog
from pipeline.settings import KafkaSettings
from tests.contract.pipeline.bus.test_bus import frame, read
from tests.fakes.kafka_server import Server
from tests.fakes.kafka_topics import put, records
from tests.fakes.record_batches import GZIP, batch, put_batches, with_payload
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

DEADLY = 7


@pytest.fixture
def settings(kafka: Server) -> KafkaSettings:
    kafka.needs_real("how to keep words with an offset")
    return kafka.settings()


@pytest.fixture
async def bus(settings: KafkaSettings) -> AsyncIterator[KafkaBus]:
    async with open_kafka_bus(settings, "replay") as opened:
        yield opened


async def reasons(settings: KafkaSettings, count: int) -> list[tuple[str, int]]:
    """Reason and offset of the first dead letters."""
    found = await records(settings.bootstrap, settings.dead_letters, count)
    said = [{name: value.decode() for name, value in raw.headers} for raw in found]
    return [(each["reason"], int(each["offset"])) for each in said]


# -- what cannot be read -------------------------------------------------------------------------


async def test_a_bomb_costs_no_memory_and_stops_nobody(bus: KafkaBus, settings: KafkaSettings) -> None:
    sound = encode("replay", frame(1))
    bomb = batch(bytes(200 << 20), codec=GZIP)
    assert (
        await put_batches(settings.bootstrap, settings.topic, batch(sound), bomb, batch(sound, codec=GZIP)) == [0] * 3
    )
    tracemalloc.start()
    try:
        async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
            batches = await read(consumer, 2)
            assert await consumer.commit(batches[-1])
        assert len(await bus.tail(10)) == 2
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 << 20
    assert await reasons(settings, 1) == [("too-long", 1)]
    assert await bus.lag("group") == {0: 0}


async def test_a_record_that_kafkas_client_cannot_read_is_passed(bus: KafkaBus, settings: KafkaSettings) -> None:
    sound = encode("replay", frame(1))
    named = batch(sound, headers=[("name", b"value")])
    broken = with_payload(named, named[61:].replace(b"name", b"\xff\xfe\xfd\xfc"), 0)
    assert await put_batches(settings.bootstrap, settings.topic, broken, batch(sound)) == [0, 0]
    async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        batches = await read(consumer, 1)
        assert await consumer.commit(batches[-1])
    assert await reasons(settings, 1) == [("malformed", 0)]
    assert await bus.lag("group") == {0: 0}


async def test_a_record_as_long_as_kafka_allows_becomes_a_dead_letter(bus: KafkaBus, settings: KafkaSettings) -> None:
    long = batch(b"x" * 990_000, headers=[("name", b"y" * 57_000)])
    assert await put_batches(settings.bootstrap, settings.topic, long) == [0]
    async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        assert await consumer.commit(await consumer.batch())
    assert await reasons(settings, 1) == [("malformed", 0)]


async def test_a_decoder_that_fails_costs_one_record(
    bus: KafkaBus, settings: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.bus import kafka_consumer  # noqa: PLC0415

    decode = kafka_consumer.decode

    def failing(data: bytes | None) -> object:
        if data == b"strange":
            raise ZeroDivisionError
        return decode(data)

    monkeypatch.setattr(kafka_consumer, "decode", failing)
    await put(settings.bootstrap, settings.topic, b"strange", encode("replay", frame(1)))
    async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        await read(consumer, 1)
    assert await reasons(settings, 1) == [("failed", 0)]


# -- what ends its consumer ----------------------------------------------------------------------


async def consume(bus: KafkaBus, until: int, error: BaseException) -> list[int]:
    """Commits each batch; `error` where the deadly frame is among a batch. The times of what was committed."""
    heard: list[int] = []
    async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        while until not in heard:
            batch = await consumer.batch()
            if any(each.time == DEADLY for each in batch.frames):
                raise error
            if await consumer.commit(batch):
                heard += [each.time for each in batch.frames]
    return heard


async def test_a_deadly_record_is_passed_after_a_few_deaths(bus: KafkaBus, settings: KafkaSettings) -> None:
    for time in range(1, 11):
        await bus.publish(frame(time))
    await bus.flush()
    heard: list[int] = []
    deaths = 0
    while not heard:
        try:
            heard = await consume(bus, 10, ZeroDivisionError("the frame kills"))
        except ZeroDivisionError:
            deaths += 1
        assert deaths <= MAX_DEATHS + 3
    assert heard[-3:] == [8, 9, 10]
    assert await reasons(settings, 1) == [("poison", DEADLY - 1)]
    assert bus.refused == {"poison": 1}
    assert await bus.lag("group") == {0: 0}


@pytest.mark.parametrize(
    "innocent",
    [
        asyncio.CancelledError(),
        MarketUnavailable(),
        ExceptionGroup("both", [MarketUnavailable(), MarketUnavailable()]),
        SystemExit(143),
    ],
    ids=["told to end", "a server is away", "several servers are away", "a signal"],
)
async def test_who_is_told_to_end_does_not_blame_the_record(bus: KafkaBus, innocent: BaseException) -> None:
    await bus.publish(frame(DEADLY))
    await bus.flush()
    for _ in range(MAX_DEATHS + 2):
        with pytest.raises(type(innocent)):
            await consume(bus, 10, innocent)
    async with bus.consumer("group") as consumer, asyncio.timeout(PATIENCE_SECONDS):
        assert (await consumer.batch()).frames == (frame(DEADLY),)
    assert bus.refused == {}


KILLED = """
import asyncio, os, signal, sys
from pipeline.bus.kafka import open_kafka_bus
from pipeline.settings import KafkaSettings
from pipeline.flow.lag_watchdog import LagWatchdog

async def main():
    settings = KafkaSettings(bootstrap=sys.argv[1], topic=sys.argv[2], partitions=1)
    async with open_kafka_bus(settings, "replay") as bus, bus.consumer("group") as consumer:
        while True:
            batch = await consumer.batch()
            if any(frame.time == 7 for frame in batch.frames):
                os.kill(os.getpid(), signal.SIGKILL)
            await consumer.commit(batch)
            if any(frame.time == 8 for frame in batch.frames):
                return

asyncio.run(main())
"""


async def test_a_record_that_kills_its_process_is_passed(bus: KafkaBus, settings: KafkaSettings) -> None:
    for time in (6, DEADLY, 8):
        await bus.publish(frame(time))
    await bus.flush()
    codes = [0]
    command = [sys.executable, "-c", KILLED, settings.bootstrap, settings.topic]
    for _ in range(MAX_DEATHS + 3):
        process = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, stderr=subprocess.DEVNULL)
        codes.append(await asyncio.wait_for(process.wait(), PATIENCE_SECONDS))
        if codes[-1] == 0:
            break
    assert set(codes[1:-1]) == {-9}
    assert codes[-1] == 0
    assert await reasons(settings, 1) == [("poison", 1)]


async def hang(bus: KafkaBus, number: int) -> list[int]:
    """Beside a watchdog, hangs on the deadly frame; the times that were committed. Raises ConsumerStuck."""
    dog = LagWatchdog(bus, "group", stuck_seconds=3, poll_seconds=0.2)  # a busy machine pauses for a second
    heard: list[int] = []

    async def work() -> None:
        async with dog.watched.consumer("group") as consumer:
            while 8 not in heard:
                batch = await consumer.batch()
                if any(each.time == DEADLY for each in batch.frames):
                    await asyncio.Event().wait()
                if await consumer.commit(batch):
                    heard.extend(each.time for each in batch.frames)

    async def speak() -> None:
        for time in itertools.count(100 * number):
            await bus.publish(frame(time))
            await bus.flush()
            await asyncio.sleep(0.1)

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        others = [group.create_task(dog.run()), group.create_task(speak())]
        await group.create_task(work())
        for task in others:
            task.cancel()
    return heard


async def test_a_record_that_hangs_its_consumer_is_passed(bus: KafkaBus, settings: KafkaSettings) -> None:
    for time in (6, DEADLY, 8):
        await bus.publish(frame(time))
    await bus.flush()
    hung = 0
    while True:
        try:
            heard = await hang(bus, hung + 1)
        except* ConsumerStuck:
            hung += 1
        else:
            break
        assert hung <= MAX_DEATHS + 3
    assert 8 in heard
    assert await reasons(settings, 1) == [("poison", 1)]


# -- the topics ----------------------------------------------------------------------------------


async def configs(settings: KafkaSettings, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        return {name: value for _, _, _, _, entries in answer.resources for name, value, *_ in entries}
    finally:
        await admin.close()


async def test_topics_of_before_are_bounded_and_keep_the_rest(kafka: Server) -> None:
    from aiokafka.admin import NewTopic  # noqa: PLC0415

    kafka.needs_real("how to change a topic")
    settings = kafka.settings(partitions=2)
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap)
    await admin.start()
    wide = {"max.message.bytes": "50000000", "compression.type": "zstd", "segment.ms": "777000"}
    await admin.create_topics([NewTopic(settings.topic, 2, 1, topic_configs=wide)])
    await admin.close()
    await ensure_topics(settings)
    bounded = {"max.message.bytes": str(MAX_BYTES), "compression.type": "producer"}
    for topic, kept in ((settings.topic, {"segment.ms": "777000"}), (settings.dead_letters, {})):
        async with asyncio.timeout(PATIENCE_SECONDS):  # a broker says what it was told a moment later
            while not (bounded | kept).items() <= (await configs(settings, topic)).items():  # noqa: ASYNC110 - it asks the broker
                await asyncio.sleep(0.05)


async def test_the_broker_refuses_what_is_longer(bus: KafkaBus, settings: KafkaSettings) -> None:
    too_large = 10
    assert await put_batches(settings.bootstrap, settings.topic, batch(b"x" * (MAX_BYTES + 1))) == [too_large]
