"""A program in a server's place that asks for too much or too little hashing hears no proof of the password."""

import asyncio
import base64
import re
import socket
import struct
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from app.backups.backup_and_restore import backups_of
from app.database.migrator import connect
from app.database.queries import fetch
from app.engines import Engines
from app.engines.process import choose_port
from app.errors import DatabaseUnreachable
from app.sentences import start_sentence
from app.settings import Settings
from bot.ui.texts import load_catalog
from core.network.scram import MAX_ITERATIONS, MIN_ITERATIONS
from core.postgres import client
from core.postgres.client import IterationsRefused, LoginReader, ScramRefused
from jobs.backups.backup import BackupFailed
from jobs.settings import BackupSettings
from people.person import Language
from pipeline.bus.kafka_clients import ask
from pipeline.errors import KafkaDenied
from pipeline.settings import KafkaSettings
from tests.integration.core.postgres.test_cleartext_login import OK, PASSWORD, READY, SASL, message
from tests.patience import PATIENCE_SECONDS

REFUSED = [1, MIN_ITERATIONS - 1, MAX_ITERATIONS + 1]
SALT = base64.b64encode(b"salt of the test").decode()


def challenge(text: str) -> bytes:
    return message(b"R", struct.pack("!i", 11) + text.encode())


@contextmanager
def pretender(iterations: int, folder: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server on a port, or on a socket in `folder`, and what it hears after its challenge."""
    heard: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:  # it is closed
                return
            with caller, suppress(ConnectionError):
                if len(caller.recv(4096)) == 8:  # wants TLS or GSS encryption, and is told no
                    caller.sendall(b"N")
                    caller.recv(4096)
                caller.sendall(SASL)
                nonce = caller.recv(4096).rpartition(b"r=")[2].decode()
                caller.sendall(challenge(f"r={nonce}more,s={SALT},i={iterations}"))
                heard.append(caller.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) if folder is None else socket.socket(socket.AF_UNIX) as listening:
        if folder is not None:
            listening.bind(str(folder / ".s.PGSQL.5432"))
            listening.listen()
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        host = f"127.0.0.1:{listening.getsockname()[1]}" if folder is None else quote(str(folder), safe="")
        yield f"postgresql://desk:{PASSWORD}@{host}/desk", heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE_SECONDS)


@pytest.mark.parametrize("iterations", REFUSED)
def test_the_desk_hashes_for_no_such_server(iterations: int) -> None:
    with pretender(iterations) as (address, heard):
        with pytest.raises(DatabaseUnreachable) as refused:
            fetch(address, "SELECT 1")
        with pytest.raises(DatabaseUnreachable):
            connect(address)
    assert refused.value.why == "iterations"
    assert len(heard) >= 2
    assert not any(heard)
    for language in Language:
        sentence = start_sentence(refused.value, load_catalog(language))
        assert "4,096" in sentence
        assert "scram_iterations" in sentence


@pytest.mark.parametrize("placed", ["socket", "without a password"])
def test_the_bound_holds_for_every_login(placed: str, tmp_path: Path) -> None:
    with pretender(MAX_ITERATIONS + 1, tmp_path if placed == "socket" else None) as (address, heard):
        asked = address if placed == "socket" else address.replace(f":{PASSWORD}", "")
        with pytest.raises(IterationsRefused):
            asyncio.run(client.connect(asked, timeout=PATIENCE_SECONDS))
    assert heard == [b""]


def test_a_backup_tells_such_a_server_nothing(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", backups=BackupSettings(folder=str(tmp_path / "backups")))
    settings.data_dir.mkdir(mode=0o700)
    with pretender(1) as (address, heard), pytest.raises(BackupFailed) as refused:
        asyncio.run(backups_of(settings, address).run())
    assert "iterations of SCRAM" in str(refused.value.why)
    assert heard
    assert not any(heard)


@pytest.mark.parametrize("iterations", [MIN_ITERATIONS, 20_000])
def test_a_server_may_choose_between_the_bounds(iterations: int) -> None:
    ports = {"postgres_port": choose_port(0), "redis_port": choose_port(0)}
    with tempfile.TemporaryDirectory() as folder, Engines(Path(folder), **ports) as engines:
        fetch(engines.postgres_dsn, f"ALTER ROLE paperdesk SET scram_iterations = {iterations}")
        fetch(engines.postgres_dsn, "CREATE ROLE other LOGIN PASSWORD 'another'")
        with connect(f"postgresql://other:another@127.0.0.1:{ports['postgres_port']}/postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"r=nonce,s={SALT}",
        f"r=nonce,s={SALT},i=",
        f"r=nonce,s={SALT},i=-5000",
        f"r=nonce,s={SALT},i=5000,i=2000000000",
        f"r=nonce,s={SALT},i=20000000000000",
        f"r=no,i=2000000000,s={SALT},i=5000",
        f"m=must,r=nonce,s={SALT},i=5000",
    ],
)
def test_a_challenge_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    for scram in (True, False):
        read = LoginReader(scram=scram)
        read.read(SASL + challenge(text))
        assert isinstance(read.refused, IterationsRefused)


def test_a_message_of_a_login_fills_no_memory() -> None:
    for size in (65_537, 1 << 30, (1 << 31) - 1, 1 << 31):
        read = LoginReader(scram=True)
        read.read(b"R" + struct.pack("!I", size))
        assert isinstance(read.refused, ScramRefused)
    read = LoginReader()
    read.read(message(b"N", bytes(60_000)) + OK + READY)
    assert read.over


@pytest.mark.parametrize("kind", [b"S", b"N"])
def test_a_login_without_an_end_fills_no_memory(kind: bytes) -> None:
    for scram in (True, False):
        read, sent = LoginReader(scram=scram), 0
        while not read.refused and sent < 1 << 24:
            sent += len(endless := message(kind, b"name%d\0" % sent + bytes(30_000)))
            read.read(endless)
        assert isinstance(read.refused, ScramRefused)
        assert sent < 1 << 21


# -- Kafka -------------------------------------------------------------------------------------

VERSIONS, HANDSHAKE, AUTHENTICATE = 18, 17, 36


@asynccontextmanager
async def broker(iterations: int) -> AsyncIterator[tuple[KafkaSettings, list[bytes]]]:
    """The settings of a desk, and the tokens of SCRAM that the broker hears."""
    heard, visits = list[bytes](), list[asyncio.Task[None] | None]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                request = await reader.readexactly(length)
                key, _, number = struct.unpack(">hhi", request[:8])
                body = answers(key, request)
                writer.write(struct.pack(">ii", len(body) + 4, number) + body)
        writer.close()

    def answers(key: int, request: bytes) -> bytes:
        if key == VERSIONS:
            known = ((VERSIONS, 0), (HANDSHAKE, 1), (AUTHENTICATE, 0), (3, 1))
            return struct.pack(">hi", 0, len(known)) + b"".join(struct.pack(">hhh", each, 0, to) for each, to in known)
        if key == HANDSHAKE:
            return struct.pack(">hih", 0, 1, 13) + b"SCRAM-SHA-512"
        heard.append(request)
        nonce = re.search(r"r=([^,]+)", request.decode("latin-1"))
        said = f"r={nonce[1] if nonce else ''}more,s={SALT},i={iterations}".encode()
        return struct.pack(">hhi", 0, -1, len(said)) + said

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield (
            KafkaSettings.model_validate(
                {
                    "bootstrap": f"127.0.0.1:{server.sockets[0].getsockname()[1]}",
                    "security_protocol": "SASL_PLAINTEXT",
                    "sasl_mechanism": "SCRAM-SHA-512",
                    "username": "desk",
                    "password": PASSWORD,
                }
            ),
            heard,
        )
        await asyncio.gather(*filter(None, visits))


@pytest.mark.parametrize("iterations", REFUSED)
async def test_no_such_broker_hears_a_proof(iterations: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), broker(iterations) as (settings, heard):
        with pytest.raises(KafkaDenied) as denied:
            await ask(settings)
    assert denied.value.reason == "iterations"
    assert len(heard) == 1


async def test_a_broker_may_choose_between_the_bounds() -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), broker(MIN_ITERATIONS) as (settings, heard):
        with pytest.raises(KafkaDenied) as denied:
            await ask(settings)
    assert denied.value.reason == "password", "its proof is none"
    assert b",p=" in heard[1]
