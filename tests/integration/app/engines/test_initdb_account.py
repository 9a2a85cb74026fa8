"""The account that initdb borrows at the first start of a root desk: its other processes have no way to the cluster."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.engines import Engines, postgres
from app.engines.accounts import PRIVATE, EngineAccount, idle_account
from app.engines.process import Boot, EngineProcess
from app.errors import EngineFailed
from tests.conftest import memory_folder
from tests.integration.app.engines.killed_engines import FAST, on_linux

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root borrows an account")
INTRUDER = """
import ctypes, os, resource, sys
libc = ctypes.CDLL(None, use_errno=True)
uid, gid, pid, draft = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
os.setgroups([]); os.setgid(gid); os.setuid(uid)

def write():
    open(f"{draft}/data/planted", "x").close()
    os.unlink(f"{draft}/data/planted")

def trace():
    if libc.ptrace(0x4206, pid, None, None):  # PTRACE_SEIZE
        raise PermissionError

def shared():
    ours = [path for path in os.scandir("/dev/shm") if path.stat().st_uid == uid]
    open(ours[0], "r+b").close() if ours else write()

attempts = {
    "pass": lambda: os.stat(f"{draft}/data"),
    "enter": lambda: os.listdir(f"{draft}/data"),
    "write": write,
    "change": lambda: os.chmod(f"{draft}/data", 0o700),
    "exchange": lambda: os.rename(draft, draft + ".old"),
    "memory": lambda: open(f"/proc/{pid}/mem", "r+b").close(),
    "descriptors": lambda: [open(f"/proc/{pid}/fd/{name}", "rb").close() for name in os.listdir(f"/proc/{pid}/fd")],
    "root": lambda: os.listdir(f"/proc/{pid}/root"),
    "environment": lambda: open(f"/proc/{pid}/environ").read(),
    "limits": lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE),
    "trace": trace,
    "shared memory": shared,
}
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError:
        continue
    print(name)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-initdb-", dir=memory_folder()))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The uids under which initdb ran."""
    made: list[int] = []

    def choose(gid: int) -> EngineAccount:
        account = idle_account(gid)
        made.extend((account.ids or ())[:1])
        return account

    monkeypatch.setattr(postgres, "idle_account", choose)
    return made


def test_a_cluster_another_process_could_reach_is_made_anew(
    folder: Path, makers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "running_uids", lambda: set(makers) if len(makers) == 1 else set())
    engines = Engines(folder / "desk", redis_url="redis://elsewhere", postgres_settings=FAST)
    with engines, psycopg.connect(engines.postgres_dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(makers) == 2


def test_a_cluster_that_is_never_out_of_reach_is_not_kept(
    folder: Path, makers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "running_uids", lambda: set(makers))
    with pytest.raises(EngineFailed):
        Engines(folder / "desk", redis_url="redis://elsewhere", postgres_settings=FAST).start()
    assert not (folder / "desk/postgres-18/data").exists()


def _intrude(uid: int, gid: int, pid: int, draft: Path) -> set[str]:
    """What a process of this account manages to do to initdb and its draft."""
    command = [sys.executable, "-I", "-S", "-c", INTRUDER, str(uid), str(gid), str(pid), str(draft)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())  # noqa: S603


@on_linux
def test_other_processes_of_the_account_reach_nothing(
    folder: Path, makers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = folder / "desk/postgres-18/data.new"
    found: list[set[str]] = []
    finish = EngineProcess.finish

    def interrupted(process: EngineProcess) -> Boot:
        while process.alive() and not any((draft / "data/pg_dynshmem").glob("*")):
            yield  # until the first server of initdb runs
        assert process.alive(), "its shared memory lies in the draft"
        assert process.pid
        os.kill(process.pid, signal.SIGSTOP)
        uid, gid = makers[-1], draft.stat().st_gid
        found.extend(_intrude(uid, group, process.pid, draft) for group in (pwd.getpwuid(uid).pw_gid, gid))
        os.kill(process.pid, signal.SIGCONT)
        yield from finish(process)

    monkeypatch.setattr(EngineProcess, "finish", interrupted)
    engines = Engines(folder / "desk", redis_url="redis://elsewhere", postgres_settings=FAST)
    with engines, psycopg.connect(engines.postgres_dsn) as connection:
        assert connection.execute("SHOW dynamic_shared_memory_type").fetchone() == ("posix",)
    outside, inside = found
    assert outside == set()
    assert inside >= {"pass", "enter", "write", "change"}, "the attempts themselves would work"
    assert len(makers) == 1
    owners = {path.lstat().st_uid for path in (draft.parent / "data").rglob("*")}
    assert owners == {(draft.parent / "data").stat().st_uid} < set(PRIVATE)
    assert not draft.exists()
