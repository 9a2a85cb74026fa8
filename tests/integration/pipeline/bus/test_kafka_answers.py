"""A program on a broker's port whose answers are larger than any of Kafka fills no memory."""

import asyncio
import struct
from contextlib import suppress

import pytest
from aiokafka.errors import KafkaError

from pipeline.bus.kafka_clients import ask, make_admin, make_consumer, make_producer
from pipeline.settings import KafkaSettings
from tests.patience import PATIENCE_SECONDS

SENT = 40 << 20
CHUNK = bytes(1 << 20)


@pytest.mark.parametrize("size", [SENT, (1 << 31) - 1, -1])
@pytest.mark.parametrize("client", ["consumer", "producer", "admin", "ask"])
async def test_a_huge_answer_is_not_read(client: str, size: int) -> None:
    refused = list[bool]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readexactly(4)
            writer.write(struct.pack(">i", size))
            for _ in range(0, SENT, len(CHUNK)):
                await writer.drain()
                writer.write(CHUNK)
            await writer.drain()
            refused.append(False)
        except (ConnectionError, asyncio.IncompleteReadError):
            refused.append(True)
        finally:
            writer.close()

    async with asyncio.timeout(PATIENCE_SECONDS), await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        settings = KafkaSettings(bootstrap=f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        if client == "ask":
            await ask(settings)
        else:
            made = {"consumer": lambda: make_consumer(settings, "g"), "producer": lambda: make_producer(settings)}
            opened = made.get(client, lambda: make_admin(settings))()
            with suppress(KafkaError):
                await opened.start()
            await (opened.close() if client == "admin" else opened.stop())
        while not refused:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert all(refused)
