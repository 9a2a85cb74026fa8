"""The watchdog beside a real consumer group on Kafka."""

import asyncio
from contextlib import suppress

import pytest

from pipeline.bus import Bus
from pipeline.bus.kafka import open_kafka_bus
from pipeline.errors import ConsumerStuck
from pipeline.flow.lag_watchdog import LagWatchdog
from pipeline.market import Frame
from tests.fakes.kafka_server import Server
from tests.fakes.scripted_market import BTC, ETH, START, tick
from tests.patience import PATIENCE_SECONDS


async def speak(bus: Bus) -> None:
    for number in range(10_000):
        await bus.publish(Frame(START + number, (tick(BTC, START + number), tick(ETH, START + number))))
        await bus.flush()
        await asyncio.sleep(0.1)


async def read(bus: Bus, until: int) -> None:
    """Commits that many batches and then hangs as a consumer with a bug does."""
    async with bus.consumer("hanging") as consumer:
        for _ in range(until):
            await consumer.commit(await consumer.batch())
        await asyncio.Event().wait()


async def test_a_consumer_that_hangs_ends_its_process_and_one_that_reads_does_not(kafka: Server) -> None:
    kafka.needs_real("lag")
    async with open_kafka_bus(kafka.settings(partitions=2), "replay") as bus:
        dog = LagWatchdog(bus, "hanging", stuck_seconds=1.5, poll_seconds=0.2)
        tasks = [asyncio.create_task(work) for work in (speak(bus), read(dog.watched, 10_000), dog.run())]
        done, _ = await asyncio.wait(tasks, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        assert not done
        tasks.pop(1).cancel()
        tasks.append(asyncio.create_task(read(dog.watched, 3)))
        with pytest.raises(ConsumerStuck) as stuck:
            await asyncio.wait_for(tasks[1], PATIENCE_SECONDS)
        assert stuck.value.frames > 0
        for task in (tasks[0], tasks[2]):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
