"""A program on a broker's port that leads the desk to another machine: nothing goes there in clear."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiokafka.client
import pytest
from aiokafka.errors import KafkaError

from core.network.this_machine import is_this_machine
from pipeline.bus.kafka import open_kafka_bus
from pipeline.bus.kafka_clients import make_admin, make_consumer, make_producer
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings
from tests.patience import PATIENCE_SECONDS

FAR = "192.0.2.1"  # for documentation: nobody's
API_VERSIONS, METADATA = 18, 3
SUPPORTED = {18: 0, 3: 5, 0: 7, 1: 11, 22: 1, 10: 1, 19: 1, 60: 0}
"""Requests and their latest versions."""


@asynccontextmanager
async def pretender() -> AsyncIterator[str]:
    """The address of one that says the only broker is far away."""
    visits = list[asyncio.Task[None] | None]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                key, version, number = struct.unpack(">hhi", (await reader.readexactly(length))[:8])
                body = metadata(version) if key == METADATA else versions()
                writer.write(struct.pack(">ii", len(body) + 4, number) + body)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.gather(*filter(None, visits))  # clients are gone by now


def versions() -> bytes:
    known = b"".join(struct.pack(">hhh", key, 0, latest) for key, latest in SUPPORTED.items())
    return struct.pack(">hi", 0, len(SUPPORTED)) + known


def metadata(version: int) -> bytes:
    host = FAR.encode()
    body = struct.pack(">i", 0) if version >= 3 else b""
    body += struct.pack(">iih", 1, 1, len(host)) + host + struct.pack(">ih", 9092, -1)
    if version >= 2:
        body += struct.pack(">h", -1)
    return body + struct.pack(">ii", 1, 0)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that clients connect to. Those far away do not answer."""
    hosts = list[str]()
    connect = aiokafka.client.create_conn

    async def create_conn(host: str, *rest: object, **options: object) -> object:
        hosts.append(host)
        if host == FAR:
            raise OSError
        return await connect(host, *rest, **options)

    monkeypatch.setattr(aiokafka.client, "create_conn", create_conn)
    return hosts


async def test_the_desk_does_not_follow_and_says_where_it_was_led() -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), pretender() as bootstrap:
        with pytest.raises(KafkaDenied) as denied:
            async with open_kafka_bus(KafkaSettings(bootstrap=bootstrap), "replay"):
                pass
    assert (denied.value.reason, denied.value.where) == ("elsewhere", f"{FAR}:9092")


@pytest.mark.parametrize("trusted", [False, True])
async def test_no_client_connects_unless_the_network_is_trusted(dialled: list[str], *, trusted: bool) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), pretender() as bootstrap:
        settings = KafkaSettings(bootstrap=bootstrap, idempotent=False)
        if trusted:
            settings.trust_network()
        producer, admin, consumer = make_producer(settings), make_admin(settings), make_consumer(settings, None)
        try:
            await producer.start()
            assert not await producer.client.ready(1)
            await admin._client.bootstrap()
            assert not await admin._client.ready(1)
            await consumer._client.bootstrap()
            assert not await consumer._client.ready(1)
        except KafkaError as error:
            pytest.fail(repr(error))
        finally:
            await producer.stop()
            await admin.close()
            await consumer.stop()
    assert (FAR in dialled) == trusted
    assert "127.0.0.1" in dialled


async def test_names_and_addresses_of_this_machine_are_known() -> None:
    for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost"):
        assert await is_this_machine(host)
    for host in (FAR, "2001:db8::1", "a host", "name.invalid", "a" * 300):
        assert not await is_this_machine(host)
