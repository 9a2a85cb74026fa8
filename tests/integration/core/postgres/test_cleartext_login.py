"""A program that took PostgreSQL's port hears no password and is not believed, whichever client knocks."""

import asyncio
import base64
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import asyncpg
import certifi
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from app.backups import backup_and_restore
from app.backups.backup_and_restore import backups_of, find_client
from app.connections.stores import open_pool
from app.database.migrator import connect
from app.database.queries import fetch
from app.engines import Engines
from app.engines.process import choose_port
from app.errors import DatabaseUnreachable
from app.exposure import why
from app.sentences import start_sentence
from app.settings import Settings
from bot.ui.texts import load_catalog
from core.postgres import client
from core.postgres.client import CleartextRefused, LoginRefused, ScramRefused, has_password, required_auth
from core.system.child_env import program_env
from jobs.backups.backup import without_password
from jobs.errors import DumpProgramOld
from jobs.settings import BackupSettings
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
def impostor(said: Sequence[bytes] = (CLEARTEXT,), *, folder: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server on a port, or on a socket in `folder`, that says so when it is called, and everything
    that it is sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) if folder is None else socket.socket(socket.AF_UNIX) as listening:
        if folder is not None:
            listening.bind(str(folder / ".s.PGSQL.5432"))
            listening.listen()
        thread = threading.Thread(target=_answer, args=(listening, said, heard), daemon=True)
        thread.start()
        host = f"127.0.0.1:{listening.getsockname()[1]}" if folder is None else quote(str(folder), safe="")
        yield f"postgresql://desk:{PASSWORD}@{host}/desk", heard
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _answer(listening: socket.socket, said: Sequence[bytes], heard: list[bytes]) -> None:
    while True:
        try:
            caller, _ = listening.accept()
        except OSError:  # it is closed
            return
        with caller, suppress(ConnectionError):
            if caller.family != socket.AF_UNIX:
                caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            first = caller.recv(4096)
            if len(first) == 8:  # wants TLS or GSS encryption, and is told no
                caller.sendall(b"N")
                first = caller.recv(4096)
            heard.append(first)
            with suppress(ConnectionError):  # a caller that has heard enough leaves before the last part
                for part in said:
                    caller.sendall(part)
            heard.append(_rest(caller))


def _rest(caller: socket.socket) -> bytes:
    """What the caller still sent before it left; nothing when it reset the connection."""
    try:
        return caller.recv(4096)
    except ConnectionError:
        return b""


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
    assert "unencrypted" in start_sentence(refused.value, load_catalog(Language.ENGLISH))


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_no_way_of_asking_gets_the_password(said: str, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    with impostor(SAID[said]) as (address, heard), asyncio.Runner(loop_factory=loop) as runner:
        for options in ("", "?SSLMODE=verify-full"):
            with pytest.raises(LoginRefused):
                runner.run(knock(address + options))
    assert len(heard) >= 4
    assert PASSWORD.encode() not in b"".join(heard)


async def knock(address: str) -> None:
    connection = await client.connect(address, timeout=10)
    connection.terminate()


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
        assert (isinstance(login_read.refused, CleartextRefused), login_read.over) == (asks, not asks)


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


READY = message(b"S", b"server_version\x0018.0\0") + message(b"Z", b"I")
MD5, SASL = message(b"R", struct.pack("!i", 5) + b"salt"), message(b"R", struct.pack("!i", 10) + b"SCRAM-SHA-256\0\0")
FINAL = message(b"R", struct.pack("!i", 12) + b"v=" + base64.b64encode(bytes(32)))
UNPROVED = {
    "no login": [OK + READY],
    "md5": [MD5],
    "the end of scram alone": [FINAL + OK + READY],
    "scram without its end": [SASL, OK + READY],
    "ready without a login": [READY],
}


@pytest.mark.parametrize("said", UNPROVED)
def test_a_server_that_does_not_know_the_password_is_not_believed(said: str) -> None:
    with impostor(UNPROVED[said]) as (address, heard):
        with pytest.raises(DatabaseUnreachable) as refused:
            fetch(address, "SELECT 1")
        with pytest.raises(DatabaseUnreachable):
            connect(address)
        told, secret = without_password(address)
        command = [str(find_client(address, "pg_dump")), f"--dbname={told}"]
        env = program_env(secret, database=True)
        assert subprocess.run(command, capture_output=True, timeout=60, check=False, env=env).returncode  # noqa: S603
    assert refused.value.why == "scram"
    assert not any(b"SELECT" in each or b"md5" in each for each in heard)
    assert "scram-sha-256" in start_sentence(refused.value, load_catalog(Language.KOREAN))


async def test_a_false_proof_is_not_believed() -> None:
    """The driver checks the signature in the last message of SCRAM; the order of the messages is right."""
    heard: list[bytes] = []
    over = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(4096)
        if len(first) == 8:
            writer.write(b"N")
            await reader.read(4096)
        writer.write(SASL)
        nonce = (await reader.read(4096)).rpartition(b"r=")[2]
        more = b"r=" + nonce + b"more,s=" + base64.b64encode(b"salt") + b",i=4096"
        writer.write(message(b"R", struct.pack("!i", 11) + more))
        await reader.read(4096)
        writer.write(FINAL + OK + READY)
        with suppress(ConnectionError):
            heard.append(await reader.read(4096))
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        over.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        address = f"postgresql://desk:{PASSWORD}@127.0.0.1:{server.sockets[0].getsockname()[1]}/desk"
        with pytest.raises(asyncpg.InterfaceError, match="server signature") as refused:
            await knock(address)
        await asyncio.wait_for(over.wait(), 10)
    assert why(refused.value, address) == "scram"
    assert not any(b"SELECT" in each for each in heard)


def test_without_a_password_a_server_may_ask_for_none() -> None:
    with impostor([OK + READY]) as (address, _):
        asyncio.run(knock(address.replace(f":{PASSWORD}", "")))


def test_over_a_socket_no_password_is_sent_in_clear_whatever_the_address_says(tmp_path: Path) -> None:
    with impostor(folder=tmp_path) as (address, heard), pytest.raises(CleartextRefused):
        asyncio.run(knock(f"{address}?sslmode=verify-full&sslrootcert={certifi.where()}"))
    assert heard
    assert PASSWORD.encode() not in b"".join(heard)


def test_a_password_is_found_where_the_drivers_find_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = "postgresql://desk@127.0.0.1:5432/desk"
    kept = tmp_path / "pgpass"
    kept.write_text(f"127.0.0.1:*:*:*:{PASSWORD}\n", encoding="ascii")
    kept.chmod(0o600)
    assert not has_password(bare)
    assert required_auth(bare) == {"require_auth": "!password"}
    for address in (bare.replace("@", ":a@"), f"{bare}?password=a", f"{bare}?passfile={kept}"):
        assert required_auth(address) == {"require_auth": "scram-sha-256"}
    assert required_auth("postgresql://desk:a@%2Frun%2Fpostgresql/desk") == {"require_auth": "!password"}
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert has_password(bare)
    assert has_password(f"{bare}?sslmode=verify-full&sslrootcert=missing")


@given(st.lists(st.sampled_from([0, 3, 5, 7, 10, 11, 12]), max_size=6))
def test_only_scram_whole_and_in_order_ends_a_login(codes: list[int]) -> None:
    read = client.LoginReader(scram=True)
    bodies = {11: b"r=nonce,s=c2FsdA==,i=4096"}
    read.read(b"".join(message(b"R", struct.pack("!i", code) + bodies.get(code, b"")) for code in codes) + READY)
    assert read.over == (codes == [10, 11, 12, 0])
    assert read.over != (read.refused is not None)
    assert isinstance(read.refused, ScramRefused | CleartextRefused | None)


@pytest.mark.parametrize("said", ["pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "pg_dump of another make"])
async def test_an_old_program_that_would_answer_in_clear_is_not_run(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian 12's libpq knows no require_auth."""
    for name in ("pg_dump", "psql"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n[ $# = 1 ] && echo '{said}' || touch '{tmp_path}/run'\n", encoding="ascii")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    server = "postgresql://desk:canary@db.example/desk"
    for name in ("pg_dump", "psql"):
        with pytest.raises(DumpProgramOld):
            find_client(f"{server}?sslmode=require", name)
        for proved in (
            f"{server}?sslmode=verify-full&sslrootcert={certifi.where()}",
            "postgresql://desk@db.example/desk?sslmode=require",
            "postgresql://desk:canary@%2Frun%2Fpostgresql/desk?sslmode=require",
        ):
            assert find_client(proved, name) == tmp_path / name
    settings = Settings(data_dir=tmp_path / "data", backups=BackupSettings(folder=str(tmp_path / "backups")))
    (tmp_path / "data").mkdir(mode=0o700)
    with pytest.raises(DumpProgramOld) as refused:
        await backups_of(settings, f"{server}?sslmode=require").run()
    assert not (tmp_path / "run").exists()
    for language in Language:
        sentence = start_sentence(refused.value, load_catalog(language))
        assert "16" in sentence
        assert str(tmp_path / "pg_dump") in sentence


def test_a_new_program_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = find_client("postgresql://desk:canary@127.0.0.1/desk", "psql").parent
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert find_client("postgresql://desk:canary@db.example/desk?sslmode=require", "pg_dump") == folder / "pg_dump"


def test_an_old_program_of_this_machine_tells_an_impostor_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = shutil.which("pg_dump")
    if installed is None or "(PostgreSQL) 15" not in subprocess.check_output([installed, "--version"], text=True):  # noqa: S603
        pytest.skip("needs PostgreSQL 15's pg_dump in PATH")

    def missing(name: str) -> Path:
        raise backup_and_restore.EngineMissing(name)

    monkeypatch.setattr(backup_and_restore, "program", missing)
    settings = Settings(data_dir=tmp_path / "data", backups=BackupSettings(folder=str(tmp_path / "backups")))
    (tmp_path / "data").mkdir(mode=0o700)
    with impostor() as (address, heard), pytest.raises(DumpProgramOld):
        asyncio.run(backups_of(settings, f"{address}?sslmode=disable").run())
    assert PASSWORD.encode() not in b"".join(heard)
