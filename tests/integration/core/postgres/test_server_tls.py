"""PostgreSQL and Redis over TLS: the desk gets in, or says why not."""

import gc
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg
import pytest

from app.backups.backup_and_restore import find_client
from app.connections.stores import open_pool
from app.database.queries import fetch
from app.engines import Engines
from app.engines.process import choose_port
from app.errors import DatabaseUnreachable, RedisUnreachable
from app.sentences import start_sentence
from app.startup import _check_redis
from bot.ui.texts import load_catalog
from people.person import Language
from pipeline.store.redis import open_redis
from tests.fakes.certificates import Certificates, make_certificates
from tests.fakes.tls_front import tls_front

PASSWORD = "canary-of-tls"
NAMES = {"certificate": "stranger", "expired": "expired", "host": "host"}


# asyncpg leaves the goodbye of a refused TLS connection to an event loop that is closed before the server has answered.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture(autouse=True)
def _without_goodbyes() -> Iterator[None]:
    """Frees such connections before another test runs, where Python would warn of them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def socket_of(dsn: str) -> str:
    place, _, port = unquote(urlsplit(dsn).netloc.rpartition("@")[2]).partition(":")
    return f"{place}/.s.PGSQL.{port or 5432}"


def over_tls(dsn: str, port: int, ca: Path, mode: str = "verify-full") -> str:
    parts = urlsplit(dsn)
    login = parts.netloc.rpartition("@")[0]
    return f"postgresql://{login}@127.0.0.1:{port}{parts.path}?sslmode={mode}&sslrootcert={quote(str(ca))}"


def sentence(error: DatabaseUnreachable | RedisUnreachable) -> str:
    return start_sentence(error, load_catalog(Language.ENGLISH))


# -- PostgreSQL ----------------------------------------------------------------------------------


async def test_the_desk_reads_its_database_over_tls(dsn: str, certificates: Certificates) -> None:
    with tls_front(socket_of(dsn), certificates.servers["good"], postgres=True) as port:
        address = over_tls(dsn, port, certificates.ca)
        assert fetch(address, "SELECT 1 AS one")[0]["one"] == 1
        async with open_pool(address) as pool:
            assert await pool.fetchval("SELECT 1") == 1
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("reason", NAMES)
def test_a_false_certificate_gets_no_password(dsn: str, certificates: Certificates, reason: str) -> None:
    with tls_front(socket_of(dsn), certificates.servers[NAMES[reason]], postgres=True) as port:
        with pytest.raises(DatabaseUnreachable) as refused:
            fetch(over_tls(dsn, port, certificates.ca), "SELECT 1")
        assert refused.value.why == reason
        assert f"127.0.0.1:{port}" in sentence(refused.value)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_is_told(tmp_path: Path, content: str | None) -> None:
    ca = tmp_path / "ca.pem"
    if content:
        ca.write_text(content)
    with pytest.raises(DatabaseUnreachable) as refused:
        fetch(f"postgresql://desk:secret@127.0.0.1:1/desk?sslmode=verify-full&sslrootcert={ca}", "SELECT 1")
    assert refused.value.why == "file"


# -- a PostgreSQL that was built with TLS --------------------------------------------------------


@pytest.fixture(scope="module")
def real_postgres(certificates: Certificates) -> Iterator[tuple[str, int]]:
    """Password and port of one that takes nothing but TLS over TCP."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not folders:
        pytest.skip("no PostgreSQL with TLS is installed on this machine: the embedded one is built without")
    programs = folders[0]
    with tempfile.TemporaryDirectory(prefix="pg-tls-") as work:
        yield from _run(programs, Path(work), certificates)


def _run(programs: Path, work: Path, certificates: Certificates) -> Iterator[tuple[str, int]]:
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    for source, name in zip(certificates.servers["good"], ("server.crt", "server.key"), strict=True):
        shutil.copy(source, work / name)
    (work / "password").write_text(PASSWORD)
    for path in (*work.iterdir(), work):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if who:
            os.chown(path, who["user"], who["group"])
    data, port = work / "data", choose_port(0)
    made = [str(programs / "initdb"), "-D", str(data), "-U", "desk", "-A", "scram-sha-256", "--no-sync"]
    subprocess.run(  # noqa: S603
        [*made, f"--pwfile={work / 'password'}"], check=True, capture_output=True, timeout=120, cwd=work, **who
    )
    (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
    options = {
        "ssl": "on",
        "ssl_cert_file": work / "server.crt",
        "ssl_key_file": work / "server.key",
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
    }
    command = [str(programs / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    log = (work / "log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=work, **who)  # noqa: S603
    try:
        _await(process, port, certificates, work / "log")
        yield PASSWORD, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()


def _await(process: "subprocess.Popen[bytes]", port: int, certificates: Certificates, log: Path) -> None:
    while process.poll() is None:
        try:
            fetch(f"postgresql://desk:{PASSWORD}@127.0.0.1:{port}/postgres?sslmode=require", "SELECT 1")
        except DatabaseUnreachable:
            continue
        return
    pytest.fail(log.read_text())


def test_postgresql_itself_takes_the_desk_over_tls(
    real_postgres: tuple[str, int], certificates: Certificates, tmp_path: Path
) -> None:
    password, port = real_postgres
    address = (
        f"postgresql://desk:{password}@127.0.0.1:{port}/postgres?sslmode=verify-full&sslrootcert={certificates.ca}"
    )
    assert fetch(address, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0]["ssl"]
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    assert row == (True,)
    command = [str(find_client(address, "pg_dump")), "--schema-only", f"--dbname={address}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_postgresql_itself_turns_away(real_postgres: tuple[str, int], certificates: Certificates) -> None:
    password, port = real_postgres
    verified = f"127.0.0.1:{port}/postgres?sslmode=verify-full&sslrootcert={certificates.ca}"
    with pytest.raises(DatabaseUnreachable) as refused:
        fetch(f"postgresql://desk:wrong@{verified}", "SELECT 1")
    assert refused.value.why == "password"
    with pytest.raises(DatabaseUnreachable):
        fetch(f"postgresql://desk:{password}@127.0.0.1:{port}/postgres?sslmode=disable", "SELECT 1")
    stranger = f"postgresql://desk:{password}@127.0.0.1:{port}/postgres?sslmode=verify-full"
    with pytest.raises(DatabaseUnreachable) as refused:
        fetch(f"{stranger}&sslrootcert={certificates.stranger}", "SELECT 1")
    assert refused.value.why == "certificate"


# -- Redis ---------------------------------------------------------------------------------------


def redis_address(port: int, password: str, ca: Path) -> str:
    return f"rediss://:{quote(password)}@127.0.0.1:{port}/0?ssl_ca_certs={quote(str(ca))}"


@pytest.fixture
def valkey(engines: Engines) -> tuple[str, str]:
    """The path of its socket, and the password."""
    parts = urlsplit(engines.redis_url)
    assert parts.scheme == "unix"
    return unquote(parts.path), unquote(parts.password or "")


async def test_the_desk_writes_its_prices_over_tls(valkey: tuple[str, str], certificates: Certificates) -> None:
    socket, password = valkey
    with tls_front(socket, certificates.servers["good"]) as port:
        address = redis_address(port, password, certificates.ca)
        _check_redis(address)
        async with open_redis(address) as client:
            await client.set("over", "tls")
            assert await client.get("over") == b"tls"


@pytest.mark.parametrize("reason", NAMES)
def test_a_false_redis_gets_no_password(valkey: tuple[str, str], certificates: Certificates, reason: str) -> None:
    socket, password = valkey
    with tls_front(socket, certificates.servers[NAMES[reason]]) as port:
        with pytest.raises(RedisUnreachable) as refused:
            _check_redis(redis_address(port, password, certificates.ca))
        assert refused.value.why == reason
        assert f"127.0.0.1:{port}" in sentence(refused.value)


def test_a_wrong_password_for_redis_is_told(valkey: tuple[str, str], certificates: Certificates) -> None:
    with tls_front(valkey[0], certificates.servers["good"]) as port, pytest.raises(RedisUnreachable) as refused:
        _check_redis(redis_address(port, "wrong", certificates.ca))
    assert refused.value.why == "password"


def test_an_authority_for_redis_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(RedisUnreachable) as refused:
        _check_redis(redis_address(1, "secret", tmp_path / "nowhere.pem"))
    assert refused.value.why == "file"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("error", [DatabaseUnreachable, RedisUnreachable])
def test_every_reason_is_another_sentence(
    language: Language, error: type[DatabaseUnreachable] | type[RedisUnreachable]
) -> None:
    reasons = ("certificate", "expired", "host", "own-certificate", "no-tls", "file", "password", "")
    said = {start_sentence(error("server:1", reason), load_catalog(language)) for reason in reasons}
    assert len(said) == len(reasons)
