"""A program that took PostgreSQL's port is told no password, whichever client of the desk knocks."""

import asyncio
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.backups import find_client
from app.engines import Engines
from app.engines.process import choose_port
from app.errors import DatabaseUnreachable
from app.migrator import connect
from app.queries import fetch
from app.sentences import start_sentence
from app.stores import open_pool
from bot.ports import Language
from bot.texts import load_catalog
from jobs.backup import without_password
from pipeline.child_env import program_env

PASSWORD = "canary-of-the-port"
CLEARTEXT = struct.pack("!cii", b"R", 8, 3)
"""AuthenticationCleartextPassword of PostgreSQL's protocol."""


@contextmanager
def impostor() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that asks for the password in clear, and everything that it is sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_ask, args=(listening, heard), daemon=True)
        thread.start()
        yield f"postgresql://desk:{PASSWORD}@127.0.0.1:{listening.getsockname()[1]}/desk", heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _ask(listening: socket.socket, heard: list[bytes]) -> None:
    while True:
        try:
            caller, _ = listening.accept()
        except OSError:  # it is closed
            return
        with caller, suppress(ConnectionError):
            first = caller.recv(4096)
            if len(first) == 8:  # wants TLS or GSS encryption, and is told no
                caller.sendall(b"N")
                first = caller.recv(4096)
            heard.append(first)
            caller.sendall(CLEARTEXT)
            heard.append(caller.recv(4096))


def test_the_impostor_hears_a_driver_that_answers() -> None:
    with impostor() as (address, heard):
        command = [str(find_client(address, "psql")), address, "--command=SELECT 1"]
        subprocess.run(command, capture_output=True, timeout=60, check=False, env=program_env())  # noqa: S603
    assert PASSWORD.encode() in b"".join(heard)


@pytest.mark.parametrize("placed", ["login", "query", "environment"])
def test_the_desk_sends_nothing_and_says_why(monkeypatch: pytest.MonkeyPatch, placed: str) -> None:
    with impostor() as (address, heard):
        bare = address.replace(f":{PASSWORD}", "")
        if placed == "environment":
            monkeypatch.setenv("PGPASSWORD", PASSWORD)
        asked = {"login": address, "query": f"{bare}?password={PASSWORD}", "environment": bare}[placed]
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
