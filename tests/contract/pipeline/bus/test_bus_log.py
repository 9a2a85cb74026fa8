"""The identity of the log to which the offsets of a bus refer."""

from pipeline.bus import InProcessBus
from pipeline.bus.kafka import open_kafka_bus
from tests.fakes.kafka_server import Server


def test_offsets_of_the_bus_in_memory_end_with_it() -> None:
    assert InProcessBus().log == ""


async def test_a_topic_keeps_its_identity(kafka: Server) -> None:
    settings, other = kafka.settings(), kafka.settings()
    logs: list[str] = []
    for each in (settings, settings, other):
        async with open_kafka_bus(each, "replay") as bus:
            logs.append(bus.log)
    assert logs[0] == logs[1] != logs[2]
    assert logs[0].startswith("kafka:")
    assert logs[0].endswith(f":{settings.topic}")
