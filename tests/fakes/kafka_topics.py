"""Looks into a bus's topics from beside it."""

import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from pipeline.bus import Bus, InProcessBus
from pipeline.bus.kafka import KafkaBus
from pipeline.bus.message import decode
from pipeline.market import Frame
from tests.patience import PATIENCE_SECONDS

DeadLetter = tuple[str, int, int, Frame | bytes]
"""Reason, partition and offset of where it came from, and the frame, or what lay there instead."""


async def records(bootstrap: str, topic: str, count: int) -> list:  # type: ignore[type-arg]
    """The first `count` raw records of a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


async def put(bootstrap: str, topic: str, *values: bytes | None, partition: int = 0) -> None:
    """Raw records, as somebody else's program might send them."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_request_size=5_000_000)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value, key=b"x", partition=partition)
    finally:
        await producer.stop()


async def dead_letters(bus: Bus, count: int) -> list[DeadLetter]:
    """What was refused, oldest first."""
    if isinstance(bus, InProcessBus):
        return [(reason, r.partition, r.offset, r.frame) for r, reason in bus.dead_letters]
    assert isinstance(bus, KafkaBus)
    settings = bus._settings
    found: list[DeadLetter] = []
    for raw in await records(settings.bootstrap, settings.dead_letters, count):
        said = {name: value.decode() for name, value in raw.headers}
        body = raw.value if said["detail"] else decode(raw.value).frame
        found.append((said["reason"], int(said["partition"]), int(said["offset"]), body))
    return found
