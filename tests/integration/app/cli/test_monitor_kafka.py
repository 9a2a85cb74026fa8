"""What a monitor sees of Kafka from beside it."""

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from pipeline.bus.kafka import open_kafka_bus
from pipeline.bus.kafka_watch import KafkaWatch
from pipeline.errors import MarketUnavailable
from pipeline.market import Frame
from pipeline.settings import KafkaSettings
from tests.fakes.kafka_server import Server
from tests.fakes.kafka_topics import put
from tests.fakes.scripted_market import BTC, START, tick


async def test_it_sees_what_each_group_has_not_committed_and_what_was_refused(kafka: Server) -> None:
    kafka.needs_real("lag")
    settings = kafka.settings(partitions=2)
    async with open_kafka_bus(settings, "replay") as bus, KafkaWatch(settings) as watch:
        for number in range(5):
            await bus.publish(Frame(START + number, (tick(BTC, START + number),)))
        await bus.flush()
        assert {group: sum(lag.values()) for group, lag in (await watch.lag(["a", "b"])).items()} == {"a": 5, "b": 5}
        assert await watch.refused() == {}
        await put(settings.bootstrap, settings.topic, b"{", b"nothing")
        async with bus.consumer("a") as consumer:
            seen = 0
            while seen < 5 or sum(bus.refused.values()) < 2:
                batch = await consumer.batch()
                seen += len(batch.records)
                await consumer.commit(batch)
        lag = await watch.lag(["a", "b"])
        assert {group: sum(parts.values()) for group, parts in lag.items()} == {"a": 0, "b": 7}
        assert lag["b"] == await bus.lag("b")
        assert await watch.refused() == bus.refused
        assert await watch.refused() == bus.refused


async def test_it_makes_no_topic(kafka: Server) -> None:
    kafka.needs_real("topics that are not made by asking")
    settings = kafka.settings()
    async with KafkaWatch(settings) as watch:
        assert await watch.lag(["a"]) == {}
        assert await watch.refused() == {}
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap)
    await admin.start()
    assert settings.topic not in await admin.list_topics()
    await admin.close()


async def test_brokers_that_are_not_there_mean_down() -> None:
    async with KafkaWatch(KafkaSettings(bootstrap="127.0.0.1:9")) as watch:
        for _ in range(2):
            with pytest.raises(MarketUnavailable):
                await watch.lag(["a"])
        with pytest.raises(MarketUnavailable):
            await watch.refused()
