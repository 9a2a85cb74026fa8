"""A program that took PostgreSQL's port is told no password, whichever client of the desk knocks."""

import asyncio
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from app.backups.backup_and_restore import find_client
from app.connections.stores import open_pool
from app.database.migrator import connect
from app.database.queries import fetch
from app.engines import Engines
from app.engines.process import choose_port
from app.errors import DatabaseUnreachable
from app.sentences import start_sentence
from bot.ui.texts import load_catalog
from core.postgres import client
from core.postgres.client import CleartextRefused
from core.system.child_env import program_env
from jobs.backups.backup import without_password
from people.person import Language

PASSWORD = "canary-of-the-port"


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", 4 + len(body)) + body


OK, CLEARTEXT = message(b"R", struct.pack("!i", 0)), message(b"R", struct.pack("!i", 3))
"""AuthenticationOk and AuthenticationCleartextPassword of PostgreSQL's protocol."""

NOTICE = message(b"N", b"SNOTICE\0Mwelcome\0\0")
ENCODING = message(b"S", b"client_encoding\0SQL_ASCII\0")
SAID = {
    "at once": [CLEARTEXT],
    "after other words": [NOTICE + ENCODING + CLEARTEXT],
    "after it seemed content": [OK + CLEARTEXT],
    "byte by byte": [bytes([byte]) for byte in NOTICE + CLEARTEXT],
    "of a length that is none": [b"N\xff\xff\xff\xff", CLEARTEXT],
}


@contextmanager
def impostor(said: Sequence[bytes] = (CLEARTEXT,)) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that says so when it is called, and everything that it is sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer, args=(listening, said, heard), daemon=True)
        thread.start()
        yield f"postgresql://desk:{PASSWORD}@127.0.0.1:{listening.getsockname()[1]}/desk", heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _answer(listening: socket.socket, said: Sequence[bytes], heard: list[bytes]) -> None:
    while True:
        try:
            caller, _ = listening.accept()
        except OSError:  # it is closed
            return
        with caller, suppress(ConnectionError):
            caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            first = caller.recv(4096)
            if len(first) == 8:  # wants TLS or GSS encryption, and is told no
                caller.sendall(b"N")
                first = caller.recv(4096)
            heard.append(first)
            for part in said:
                caller.sendall(part)
            heard.append(caller.recv(4096))


def test_the_impostor_hears_a_driver_that_answers() -> None:
    with impostor() as (address, heard):
        command = [str(find_client(address, "psql")), address, "--command=SELECT 1"]
        subprocess.run(command, capture_output=True, timeout=60, check=False, env=program_env())  # noqa: S603
    assert PASSWORD.encode() in b"".join(heard)


@pytest.mark.parametrize("placed", ["login", "query", "environment", "password file"])
def test_the_desk_sends_nothing_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, placed: str) -> None:
    with impostor() as (address, heard):
        bare = address.replace(f":{PASSWORD}", "")
        if placed == "environment":
            monkeypatch.setenv("PGPASSWORD", PASSWORD)
        if placed == "password file":
            kept = tmp_path / "pgpass"
            kept.write_text(f"*:*:*:*:{PASSWORD}\n", encoding="ascii")
            kept.chmod(0o600)
            monkeypatch.setenv("PGPASSFILE", str(kept))
        asked = {"login": address, "query": f"{bare}?password={PASSWORD}"}.get(placed, bare)
        with pytest.raises(DatabaseUnreachable) as refused:
            fetch(asked, "SELECT 1")
        with pytest.raises(DatabaseUnreachable):
            asyncio.run(_open(asked))
        with pytest.raises(DatabaseUnreachable):
            connect(asked)
        told, secret = without_password(asked)
        command = [str(find_client(asked, "pg_dump")), f"--dbname={told}"]
        dumped = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=60, check=False, env=program_env(secret, database=True)
        )
        assert dumped.returncode
        said = dumped.stderr.decode()
    assert "server requested a cleartext password" in said
    assert len(heard) >= 4
    assert PASSWORD.encode() not in b"".join(heard)
    for language in Language:
        assert "127.0.0.1:" in start_sentence(refused.value, load_catalog(language))
    assert "in clear" in start_sentence(refused.value, load_catalog(Language.ENGLISH))


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_no_way_of_asking_gets_the_password(said: str, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    with impostor(SAID[said]) as (address, heard), asyncio.Runner(loop_factory=loop) as runner:
        for options in ("", "?SSLMODE=verify-full"):
            with pytest.raises(CleartextRefused):
                runner.run(knock(address + options))
    assert len(heard) >= 4
    assert PASSWORD.encode() not in b"".join(heard)


async def knock(address: str) -> None:
    await client.connect(address, timeout=10)


@given(st.lists(st.tuples(st.sampled_from([b"N", b"S", b"K", b"E"]), st.binary(max_size=20))), st.data())
def test_the_end_of_a_login_is_found_in_any_pieces(others: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    login = b"".join(message(kind, body) for kind, body in others)
    whole = message(b"R", struct.pack("!i", 10) + b"SCRAM-SHA-256\0\0") + login + OK + message(b"Z", b"I")
    for stream, asks in ((whole + CLEARTEXT, False), (login + CLEARTEXT + whole, True)):
        login_read, left = client.LoginReader(), stream
        while left and not (login_read.over or login_read.refused):
            size = data.draw(st.integers(1, len(left)))
            login_read.read(left[:size])
            left = left[size:]
        assert (login_read.refused, login_read.over) == (asks, not asks)


async def _open(address: str) -> None:
    async with open_pool(address):
        pass


def test_scram_opens_the_server_itself() -> None:
    ports = {"postgres_port": choose_port(0), "redis_port": choose_port(0)}
    with tempfile.TemporaryDirectory() as folder, Engines(Path(folder), **ports):
        password = Path(folder, "postgres-18", "password").read_text().strip()
        address = f"postgresql://paperdesk:{password}@127.0.0.1:{ports['postgres_port']}/postgres"
        assert fetch(address, "SELECT 1 AS one")[0]["one"] == 1
        with connect(address) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(DatabaseUnreachable) as refused:
            fetch(address.replace(password, "wrong"), "SELECT 1")
        assert refused.value.why == "password"
