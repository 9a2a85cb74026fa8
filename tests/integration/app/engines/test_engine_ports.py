"""An open port of an embedded server: a program without a password holds its connections for a while only."""

import asyncio
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from app.engines import Engines, valkey
from app.engines.process import choose_port
from pipeline.store.redis import open_redis
from tests.conftest import memory_folder
from tests.patience import PATIENCE_SECONDS

FAST = {"fsync": "off", "max_connections": "20"}
STARTUP = struct.pack(">i", 196608) + b"user\0paperdesk\0database\0paperdesk\0\0"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory that the engines' account can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-ports-", dir=memory_folder()))
    yield made
    shutil.rmtree(made)


def test_postgres_is_free_again_soon_after_strangers_took_every_connection(folder: Path) -> None:
    port = choose_port(0)
    with Engines(folder, postgres_settings=FAST, postgres_port=port) as engines, ExitStack() as held:
        with psycopg.connect(engines.postgres_dsn) as connection:
            assert connection.execute("SHOW authentication_timeout").fetchone() == ("10s",)
        _wait(lambda: _crowded_out(engines.postgres_dsn, port, held))
        _wait(lambda: _lets_in(engines.postgres_dsn))


def _crowded_out(dsn: str, port: int, held: ExitStack) -> bool:
    """Connects forty strangers more, of whom the first may have been dropped already where the machine is slow."""
    for _ in range(40):
        stranger = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
        with suppress(ConnectionError):  # PostgreSQL had no room for it
            stranger.sendall(struct.pack(">i", len(STARTUP) + 4) + STARTUP)
    return not _lets_in(dsn)


def _lets_in(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


async def test_valkey_drops_silent_strangers_and_the_desk_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_IDLE_SECONDS", 2)
    port = choose_port(0)
    with (
        Engines(folder, postgres_dsn="postgresql://nowhere/", redis_port=port) as engines,
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as stranger,
    ):
        async with open_redis(engines.redis_url) as desk, desk.pubsub() as heard:
            await heard.subscribe("prices")
            await desk.ping()
            assert await asyncio.to_thread(stranger.recv, 1) == b""
            await asyncio.sleep(3)
            assert await desk.ping(), "on a connection that was dropped meanwhile"
            await desk.publish("prices", "up")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (message := await heard.get_message(timeout=1)) is None or message["type"] != "message":
                    pass
            assert message["data"] == b"up"


def test_without_a_port_nobody_is_dropped(folder: Path) -> None:
    with Engines(folder, postgres_settings=FAST) as engines:
        with redis.Redis.from_url(engines.redis_url) as client:
            assert client.config_get("timeout") == {"timeout": "0"}
        with psycopg.connect(engines.postgres_dsn) as connection:
            assert connection.execute("SHOW authentication_timeout").fetchone() == ("1min",)
