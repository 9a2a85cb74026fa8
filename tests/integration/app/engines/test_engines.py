"""The embedded engines, by killing things."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app import engines as engines_module
from app.engines import Engines
from app.engines import process as process_module
from app.engines.datadir import DataDir
from app.engines.postgres import Postgres
from app.engines.process import port_is_free
from app.errors import DataDirLocked, EngineFailed, PortTaken
from tests.conftest import memory_folder
from tests.integration.app.engines.killed_engines import FAST, Desk, _pongs, _processes_in, _read, _write, on_linux
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def old_folder() -> Iterator[Path]:
    """A data directory where the first start has been already."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-engines-", dir=memory_folder()))
    with Engines(made, postgres_settings=FAST) as running:
        _write(running.postgres_dsn, running.redis_url, "first")
    yield made
    shutil.rmtree(made)


def _wait(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    """Ended, but nobody has asked for its exit code: in a container pid 1 may never do so."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@on_linux
def test_passwords_are_new_at_every_start_and_the_owners_alone(old_folder: Path) -> None:
    port, found = _free_port(), list[set[str]]()
    files = [old_folder / "postgres-18/password", old_folder / "valkey-9/password"]
    for _ in range(2):
        with Engines(old_folder, postgres_settings=FAST, postgres_port=port) as running:
            assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
            found.append({file.read_text() for file in files})
            shown = " ".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in running.pids.values())
            assert not any(password in shown for password in found[-1])
            assert _logs_in(port, files[0].read_text())
            assert not any(_logs_in(port, password) for old in found[:-1] for password in old)
    assert len(found[0] | found[1]) == 4


def test_without_a_port_there_is_no_password_to_steal(old_folder: Path) -> None:
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST, postgres_port=_free_port()):
        assert (old_folder / "postgres-18/password").exists()
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST) as running:
        assert not (old_folder / "postgres-18/password").exists()
        assert urlsplit(running.postgres_dsn).password is None
        with psycopg.connect(running.postgres_dsn) as connection:
            assert connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'paperdesk'").fetchone() == (
                None,
            )


@pytest.mark.parametrize("when", ["before the server heard of it", "after"])
def test_a_start_cut_off_while_the_password_changes_locks_no_one_out(
    old_folder: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    set_up = Postgres._set_up

    def cut_off(server: Postgres) -> None:
        if when == "after":
            set_up(server)
        raise KeyboardInterrupt

    port = _free_port()
    monkeypatch.setattr(Postgres, "_set_up", cut_off)
    with pytest.raises(KeyboardInterrupt):
        Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST, postgres_port=port).start()
    monkeypatch.setattr(Postgres, "_set_up", set_up)
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST, postgres_port=port):
        assert _logs_in(port, (old_folder / "postgres-18/password").read_text())


def test_a_set_port_asks_for_scram_on_loopback_alone(old_folder: Path) -> None:
    port = _free_port()
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST, postgres_port=port) as running:
        password = (old_folder / "postgres-18/password").read_text()
        address = f"postgresql://paperdesk@127.0.0.1:{port}/paperdesk"
        with psycopg.connect(address, password=password, require_auth="scram-sha-256") as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        with psycopg.connect(running.postgres_dsn) as connection:
            rules = connection.execute("SELECT type, address, auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("local", None, "peer"), ("host", "127.0.0.1", "scram-sha-256")]


def _logs_in(port: int, password: str) -> bool:
    try:
        psycopg.connect(f"postgresql://paperdesk@127.0.0.1:{port}/paperdesk", password=password).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" not in str(error)
    return True


def test_a_wrong_password_does_not_get_in(old_folder: Path) -> None:
    port = _free_port()
    with Engines(old_folder, postgres_settings=FAST, postgres_port=port) as running:
        assert not _logs_in(port, "wrong")
        socket_path = unquote(urlsplit(running.redis_url).path)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=socket_path, retry=Retry(NoBackoff(), 0)).ping()


@on_linux
def test_engines_listen_on_no_port_and_only_their_account_reaches_the_sockets(old_folder: Path) -> None:
    with Engines(old_folder, postgres_settings=FAST) as running:
        assert [line for pid in running.pids.values() for line in _listening(pid)] == []
        folder = old_folder / "sockets"
        assert {path.name for path in folder.iterdir() if path.is_socket()} == {".s.PGSQL.5432", "valkey.sock"}
        assert folder.stat().st_mode & 0o777 == 0o700


def test_only_engines_without_an_outside_address_are_started(old_folder: Path) -> None:
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST) as running:
        assert list(running.pids) == ["PostgreSQL"]
        assert running.redis_url == "redis://elsewhere"
    with Engines(old_folder, postgres_dsn="postgresql://elsewhere/desk") as running:
        assert list(running.pids) == ["Valkey"]
    nowhere = old_folder / "nowhere"
    with Engines(nowhere, postgres_dsn="postgresql://elsewhere/desk", redis_url="redis://elsewhere") as running:
        assert running.pids == {}
    assert not nowhere.exists()


@on_linux
def test_stopping_leaves_no_process(old_folder: Path) -> None:
    with Engines(old_folder, postgres_settings=FAST):
        assert len(_processes_in(old_folder)) > 2
    assert _processes_in(old_folder) == []


def test_an_engine_that_cannot_start_is_named_with_its_log_and_the_other_is_stopped(old_folder: Path) -> None:
    broken = Engines(old_folder, postgres_settings={"max_connections": "nonsense"})
    with pytest.raises(EngineFailed) as failed:
        broken.start()
    assert failed.value.engine == "PostgreSQL"
    assert "nonsense" in Path(failed.value.log).read_text()
    assert broken.pids == {}


# -- what may be wrong with the data directory -------------------------------------------------


def test_a_pid_file_whose_number_is_somebody_elses_by_now_does_no_harm(old_folder: Path) -> None:
    account = (old_folder / "postgres-18/data").stat().st_uid if os.geteuid() == 0 else None
    stranger = subprocess.Popen(["/bin/sleep", "30"], user=account)  # of the same user: others' PostgreSQL overlooks
    try:
        (old_folder / "postgres-18/data/postmaster.pid").write_text(f"{stranger.pid}\n{old_folder}\n")
        with Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST):
            assert stranger.poll() is None
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@on_linux
def test_a_server_that_somebody_started_by_hand_is_left_alone(old_folder: Path) -> None:
    data = old_folder / "postgres-18/data"
    account = data.stat().st_uid if os.geteuid() == 0 else None
    by_hand = subprocess.Popen(["/bin/sleep", "30"], cwd=data, user=account)
    try:
        (data / "postmaster.pid").write_text(f"{by_hand.pid}\n{data}\n")
        with pytest.raises(DataDirLocked):
            Engines(old_folder, redis_url="redis://elsewhere", postgres_settings=FAST).start()
        assert by_hand.poll() is None
    finally:
        by_hand.kill()
        by_hand.wait()


def test_one_desk_per_data_directory(old_folder: Path) -> None:
    first = DataDir(old_folder)
    with pytest.raises(DataDirLocked):
        Engines(old_folder).start()
    first.close()
    DataDir(old_folder).close()


def test_a_port_that_is_taken_is_named(old_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            Engines(old_folder, postgres_port=port).start()
    assert refused.value.port == port


# -- an engine dies while the desk runs --------------------------------------------------------


@pytest.mark.parametrize("name", ["PostgreSQL", "Valkey"])
async def test_a_killed_engine_comes_back_on_its_socket_with_everything(old_folder: Path, name: str) -> None:
    with Engines(old_folder, postgres_settings={}) as running:
        watch = asyncio.create_task(running.watch())
        before, addresses = running.pids, (running.postgres_dsn, running.redis_url)
        _write(*addresses, name)
        os.kill(before[name], signal.SIGKILL)
        while running.pids[name] == before[name] or not await asyncio.to_thread(_answers, *addresses):
            assert not watch.done()
            await asyncio.sleep(0.02)
        assert (running.postgres_dsn, running.redis_url) == addresses
        assert all(name in words for words in _read(*addresses))
        watch.cancel()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _listening(pid: int) -> list[str]:
    """The TCP sockets of a process that listen."""
    mine = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net", name).read_text().splitlines()[1:]
    ]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in mine]


def _answers(dsn: str, url: str) -> bool:
    try:
        _read(dsn, url)
    except (psycopg.OperationalError, redis.RedisError):
        return False
    return True


async def test_an_engine_that_keeps_dying_ends_the_watch(old_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines_module, "_RESTARTS", 2)
    with Engines(old_folder, postgres_dsn="postgresql://elsewhere/desk") as running:
        watch = asyncio.create_task(running.watch())
        for _ in range(3):
            pid = running.pids["Valkey"]
            os.kill(pid, signal.SIGKILL)
            while not watch.done() and (running.pids["Valkey"] == pid or not _pongs(running.redis_url)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        with pytest.raises(EngineFailed):
            await watch


async def test_a_port_lost_to_another_program_is_named(old_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines_module, "_BACKOFF_SECONDS", 0.001)
    port = _free_port()
    with Engines(old_folder, postgres_dsn="postgresql://elsewhere/desk", redis_port=port) as running:
        os.kill(running.pids["Valkey"], signal.SIGKILL)
        _wait(lambda: port_is_free(port))
        with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken):
            await running.watch()


@pytest.mark.parametrize("disk", ["with room", "full"])
async def test_failed_logins_do_not_fill_the_disk(old_folder: Path, monkeypatch: pytest.MonkeyPatch, disk: str) -> None:
    limit, port = 20_000, _free_port()
    monkeypatch.setattr(process_module, "_LOG_BYTES", limit)
    log = old_folder / "postgres-18" / "postgres.log"
    older = log.with_suffix(".log.1")
    with Engines(old_folder, redis_url="redis://elsewhere", postgres_port=port, postgres_settings=FAST) as running:
        watch = asyncio.create_task(running.watch())
        older.unlink(missing_ok=True)
        if disk == "full":
            older.mkdir()  # nothing can be kept
        size = 0
        while (now := log.stat().st_size) >= size:
            size = now
            assert not watch.done()
            assert size < 20 * limit
            await asyncio.gather(*(asyncio.to_thread(_logs_in, port, "wrong") for _ in range(10)))
        if disk == "full":
            older.rmdir()
        else:
            assert "password authentication failed" in older.read_text()
        assert _logs_in(port, (old_folder / "postgres-18" / "password").read_text())
        watch.cancel()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, -2)])
def test_no_engine_outlives_the_desk_and_nothing_is_lost(old_folder: Path, number: signal.Signals, code: int) -> None:
    desk = Desk(old_folder)
    _write(desk.state["dsn"], desk.state["redis"], number.name)
    assert desk.end(number) == code
    if sys.platform == "linux":
        _wait(lambda: not any(_lives(pid) for pid in desk.state["pids"].values()))
        _wait(lambda: not [pid for pid in _processes_in(old_folder) if _lives(pid)])
    with Engines(old_folder, postgres_settings=FAST) as again:
        assert all(number.name in words for words in _read(again.postgres_dsn, again.redis_url))


def test_a_desk_started_the_moment_another_was_killed_waits_for_its_engines(old_folder: Path) -> None:
    desk = Desk(old_folder)
    desk.end(signal.SIGKILL)
    with Engines(old_folder, postgres_settings=FAST) as again:
        assert not set(again.pids.values()) & set(desk.state["pids"].values())
        assert _answers(again.postgres_dsn, again.redis_url)
