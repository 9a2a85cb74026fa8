"""What the bus on Kafka does beside what every bus does: other people's bytes, and brokers that go away."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from app.engines.kafka import Kafka
from app.errors import KafkaUnavailable
from pipeline.bus import kafka_producer
from pipeline.bus.kafka import KafkaBus, open_kafka_bus
from pipeline.bus.message import encode
from pipeline.bus.ports import Batch
from pipeline.errors import MarketUnavailable
from pipeline.market import Frame, Symbol, Tick
from pipeline.settings import KafkaSettings
from tests.contract.pipeline.bus.test_bus import frame, read, soon, times, until
from tests.fakes.kafka_server import Server, open_folder, real_kafka
from tests.fakes.kafka_topics import dead_letters, put, records
from tests.fakes.scripted_market import BTC, tick
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long


@pytest.fixture
def settings(kafka: Server) -> KafkaSettings:
    kafka.needs_real("how far a group is behind")
    return kafka.settings()


@pytest.fixture
async def bus(settings: KafkaSettings) -> AsyncIterator[KafkaBus]:
    async with open_kafka_bus(settings, "replay") as opened:
        yield opened


@pytest.fixture(scope="module")
def broker() -> Iterator[Kafka]:
    """A broker to be stopped, killed and started."""
    try:
        with open_folder() as folder, real_kafka(folder) as broker:
            yield broker
    except KafkaUnavailable as error:
        pytest.skip(f"no Kafka on this machine: {error.why}")


# -- other people's bytes -----------------------------------------------------------------------


async def test_unreadable_messages_become_dead_letters_and_what_is_sound_is_read(
    bus: KafkaBus, settings: KafkaSettings
) -> None:
    sound = encode("replay", frame(1))
    await put(settings.bootstrap, settings.topic, b"", sound[:-2], sound, b'[2,"tomorrow"]', None, b"[1]", sound)
    async with bus.consumer("group") as consumer:
        batches = await read(consumer, 2)
        assert [f for batch in batches for f in batch.frames] == [frame(1), frame(1)]
        assert await consumer.commit(batches[-1])
    assert bus.refused == {"empty": 2, "malformed": 1, "newer-version": 1, "shape": 1}
    assert await dead_letters(bus, 5) == [
        ("empty", 0, 0, b""),
        ("malformed", 0, 1, sound[:-2]),
        ("newer-version", 0, 3, b'[2,"tomorrow"]'),
        ("empty", 0, 4, b""),
        ("shape", 0, 5, b"[1]"),
    ]
    assert await bus.lag("group") == {0: 0}


async def test_a_batch_of_nothing_but_unreadable_messages_can_be_committed(
    bus: KafkaBus, settings: KafkaSettings
) -> None:
    await put(settings.bootstrap, settings.topic, b"nonsense")
    async with bus.consumer("group") as consumer:
        batch = await soon(consumer)
        assert batch.frames == ()
        assert await consumer.commit(batch)
    assert await bus.lag("group") == {0: 0}


async def test_another_markets_frames_are_passed_over(bus: KafkaBus, settings: KafkaSettings) -> None:
    await put(settings.bootstrap, settings.topic, encode("simulator:7", frame(1)), encode("replay", frame(2)))
    async with bus.consumer("group") as consumer:
        assert await times(consumer, 1) == [2]
    assert bus.refused == {"other-market": 1}


async def test_a_record_says_which_share_it_is_and_a_long_frame_is_several(kafka: Server) -> None:
    settings = kafka.settings(partitions=2)
    async with open_kafka_bus(settings, "replay") as bus:
        symbols = [Symbol(f"LONGNAME{number}USDC") for number in range(9000)]
        await bus.publish(Frame(1, tuple(Tick(s, 1_667_900_000_000, *["123456.12345678"] * 9) for s in symbols)))
        await bus.flush()
        found = await records(kafka.bootstrap, settings.topic, 6)
        assert sorted((raw.partition, raw.key) for raw in found) == [(0, b"0/2")] * 3 + [(1, b"1/2")] * 3
        async with bus.consumer("group") as consumer:
            frames = [f for batch in await read(consumer, 6) for f in batch.frames]
    assert sorted(t.symbol for f in frames for t in f.ticks) == sorted(symbols)


async def test_a_topic_that_is_there_keeps_its_partitions(kafka: Server) -> None:
    settings = kafka.settings(partitions=3)
    async with open_kafka_bus(settings, "replay") as first:
        assert first.partitions == 3
    async with open_kafka_bus(settings.model_copy(update={"partitions": 5}), "replay") as second:
        assert second.partitions == 3


async def test_a_listener_that_fails_ends_the_reading(bus: KafkaBus) -> None:
    class Broken:
        async def revoked(self, partitions: frozenset[int]) -> None: ...

        async def assigned(self, partitions: frozenset[int]) -> dict[int, int]:
            raise MarketUnavailable

    await bus.publish(frame(1))
    async with bus.consumer("group", listener=Broken()) as consumer:
        with pytest.raises(MarketUnavailable):
            await soon(consumer)


# -- brokers that go away -----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_nothing_is_lost_or_disordered_while_the_broker_is_away(broker: Kafka, how: str) -> None:
    settings = Server(broker.bootstrap).settings()
    heard: list[int] = []

    async def listen(bus: KafkaBus) -> None:
        async with bus.consumer("group") as consumer:
            while len(heard) < 300:
                batch = await consumer.batch()
                heard.extend(f.time for f in batch.frames if f.time not in heard)
                await consumer.commit(batch)

    async def say(bus: KafkaBus) -> None:
        for time in range(300):
            await bus.publish(Frame(time, (tick(BTC, time),)))
            await asyncio.sleep(0.01)

    async with (
        open_kafka_bus(settings, "replay") as bus,
        asyncio.timeout(PATIENCE_SECONDS),
        asyncio.TaskGroup() as group,
    ):
        group.create_task(listen(bus))
        group.create_task(say(bus))
        await asyncio.sleep(1)
        if how == "kill":
            assert broker.process.pid
            kill(broker)
        else:
            broker.stop()
        await asyncio.sleep(1)
        broker.start()
    assert heard == list(range(300))


async def test_who_comes_while_the_broker_is_away_joins_when_it_is_back(
    broker: Kafka, caplog: pytest.LogCaptureFixture
) -> None:
    async def listen(bus: KafkaBus) -> Batch:
        async with bus.consumer("group") as consumer:
            return await consumer.batch()

    settings = Server(broker.bootstrap).settings()
    async with open_kafka_bus(settings, "replay") as bus, asyncio.timeout(PATIENCE_SECONDS):
        await bus.publish(frame(1))
        await bus.flush()
        broker.stop()
        try:
            late = asyncio.create_task(listen(bus))
            await until(lambda: "cannot join yet" in caplog.text)
        finally:
            broker.start()
        assert (await late).frames == (frame(1),)


def kill(broker: Kafka) -> None:
    child = broker.process._child
    assert child
    child.kill()
    child.wait()


async def test_closing_does_not_wait_for_ever_for_a_broker_that_is_gone(
    broker: Kafka, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kafka_producer, "FLUSH_SECONDS", 1.0)
    try:
        settings = Server(broker.bootstrap).settings()
        async with asyncio.timeout(PATIENCE_SECONDS), open_kafka_bus(settings, "replay") as bus, bus.consumer("group"):
            await bus.publish(frame(1))
            await bus.flush()
            broker.stop()
            await bus.publish(frame(2))
        assert "1 records were not acknowledged" in caplog.text
    finally:
        broker.start()


async def test_brokers_that_cannot_be_reached_are_a_market_that_is_down() -> None:
    nobody = KafkaSettings(bootstrap="127.0.0.1:9", reach_timeout_seconds=0.5)
    with pytest.raises(MarketUnavailable):
        async with open_kafka_bus(nobody, "replay"):
            pass
