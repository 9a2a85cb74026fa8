"""A desk of root: engines under an account of their own, and directories that another user prepared."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from app.engines import Engines, accounts
from app.engines.accounts import PRIVATE, EngineAccount
from app.engines.datadir import DataDir
from app.errors import DataDirUnreachable, DataFileForeign
from tests.conftest import memory_folder
from tests.integration.app.engines.killed_engines import FAST, Desk, _processes_in, _read, _write, on_linux
from tests.paths import PROJECT

pytestmark = [pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"), pytest.mark.long]
STRANGER = 60_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-root-", dir=memory_folder()))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Root's own data directory where the first start has been already."""
    made = Path(tempfile.mkdtemp(prefix="paperdesk-root-", dir=memory_folder()))
    with Engines(made, postgres_settings=FAST) as running:
        _write(running.postgres_dsn, running.redis_url, "first")
    yield made
    shutil.rmtree(made)


@pytest.fixture
def old(template: Path, folder: Path) -> Path:
    """A copy of it, owners included."""
    subprocess.run(["/bin/cp", "-a", str(template), str(folder / "old")], check=True)  # noqa: S603
    return folder / "old"


@pytest.fixture(scope="module")
def dump(template: Path) -> Path:
    """A backup of it."""
    return Path(_paperdesk(template, "backup").stdout.partition(",")[0])


@pytest.fixture
def victims(folder: Path) -> Path:
    """Root's own tree, which no one may be given."""
    tree = folder / "victims"
    (tree / "sub").mkdir(parents=True)
    for name in ("file", "sub/file"):
        (tree / name).write_text("root secret")
        (tree / name).chmod(0o600)
    return tree


def _state(tree: Path) -> list[tuple[str, int, int, int, bytes]]:
    """Everything that can be changed of a tree."""
    found = []
    for path in [tree, *sorted(tree.rglob("*"))]:
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found.append((str(path), status.st_uid, status.st_gid, status.st_mode, content))
    return found


# -- another user's directory ------------------------------------------------------------------

REPLACED = {
    "running.json": "file",
    "running.json.new": "file",
    "postgres-18/password": "file",
    "valkey-9/password": "file",
    "sockets": "sub",
    "sockets-at": "sub",
    "kafka-4": "sub",
    "postgres-18/data.new": "sub",
}
REFUSED = {
    "desk.lock": "file",
    "desk.log": "file",
    "postgres-18/engine.lock": "file",
    "postgres-18/postgres.log": "file",
    "postgres-18/data": "sub",
    "valkey-9/engine.lock": "file",
    "valkey-9/valkey.log": "file",
    "valkey-9/data": "sub",
    "backups": "sub",
}


@pytest.fixture
def theirs(folder: Path, victims: Path) -> Path:
    """A data directory of another user, full of links to root's files."""
    made = folder / "theirs"
    for name, target in {**REPLACED, **REFUSED}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).symlink_to(victims / target)
    for path in [made, *made.rglob("*")]:
        os.lchown(path, STRANGER, STRANGER)
    made.chmod(0o777)
    return made


COMMANDS = ("", "serve", "migrate", "backup", "restore FILE", "audit", "monitor", "outbox", "jobs list", "models list")


@pytest.mark.parametrize("command", [*COMMANDS, "quality", "train", "kafka"])
def test_root_opens_nothing_in_another_users_directory(theirs: Path, dump: Path, command: list[str]) -> None:
    before = _state(theirs.parent)
    done = _paperdesk(theirs, *(str(dump) if word == "FILE" else word for word in command.split()))
    assert done.returncode == 1
    assert f"{theirs} belongs to #{STRANGER}" in done.stderr
    assert f'sudo -u "#{STRANGER}"' in done.stderr
    assert done.stderr.count("\n") == 1
    assert _state(theirs.parent) == before


@pytest.mark.parametrize("name", REFUSED)
def test_a_link_in_roots_directory_is_refused(old: Path, victims: Path, name: str) -> None:
    _remove(old / name)
    (old / name).symlink_to(victims / REFUSED[name])
    os.lchown(old / name, STRANGER, STRANGER)
    before = _state(victims)
    done = _paperdesk(old, "backup")
    assert done.returncode == 1
    assert str(old / name) in done.stderr
    assert "Traceback" not in done.stderr
    assert _state(victims) == before


@pytest.mark.parametrize("name", [name for name, target in REFUSED.items() if target == "file"])
def test_a_second_name_in_roots_directory_is_refused(old: Path, victims: Path, name: str) -> None:
    _remove(old / name)
    (old / name).hardlink_to(victims / "file")
    before = _state(victims)
    done = _paperdesk(old, "backup")
    assert f"{old / name} is a link or belongs to another user" in done.stderr
    assert _state(victims) == before


def test_links_in_the_place_of_what_is_written_anew_are_replaced(old: Path, victims: Path) -> None:
    for name, target in REPLACED.items():
        _remove(old / name)
        (old / name).symlink_to(victims / target)
    before = _state(victims)
    shutil.rmtree(old / "postgres-18/data")  # so that a cluster is made, from a draft
    done = _paperdesk(old, "backup")
    assert done.returncode == 0
    assert _state(victims) == before


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def _paperdesk(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PAPERDESK_DATA_DIR": str(folder)}
    environment |= {"PYTHONPATH": str(PROJECT), "PAPERDESK_TELEGRAM__TOKEN": "1:x"}
    words = [sys.executable, "-m", "app.cli.main", *command]
    return subprocess.run(words, cwd="/", env=environment, capture_output=True, text=True, check=False)  # noqa: S603


# -- the engines' account ----------------------------------------------------------------------


@on_linux
def test_engines_run_under_a_uid_that_is_no_ones(old: Path) -> None:
    owners = set[int]()
    for _ in range(2):
        with Engines(old, postgres_settings=FAST):
            owners |= {Path(f"/proc/{pid}").stat().st_uid for pid in _processes_in(old)}
    (uid,) = owners
    assert uid in PRIVATE
    with pytest.raises(KeyError):
        pwd.getpwuid(uid)
    assert {path.lstat().st_uid for path in (old / "postgres-18/data").rglob("*")} == {uid}


@pytest.mark.parametrize("before", ["stopped", "cut off while it changed hands"])
def test_data_of_an_older_version_changes_hands_whole(old: Path, victims: Path, before: str) -> None:
    nobody = pwd.getpwnam("nobody")
    for data in ("postgres-18/data", "valkey-9/data"):
        for path in [old / data, *(old / data).rglob("*")]:
            os.lchown(path, nobody.pw_uid, nobody.pw_gid)
        if before != "stopped":  # some belong to the new account, the folder to neither
            os.chown(old / data, 0, 0)
            for path in sorted((old / data).rglob("*"))[::3]:
                os.lchown(path, PRIVATE.start, PRIVATE.start)
    (old / "valkey-9/data/link").symlink_to(victims)
    (old / "valkey-9/data/link-to-file").symlink_to(victims / "file")
    untouched = _state(victims)
    with Engines(old, postgres_settings=FAST) as running:
        assert _read(running.postgres_dsn, running.redis_url) == (["first"], ["first"])
        _write(running.postgres_dsn, running.redis_url, "second")
    for data in (old / "postgres-18/data", old / "valkey-9/data"):
        owners = {path.lstat().st_uid for path in [data, *data.rglob("*")] if not path.is_symlink()}
        assert len(owners) == 1
        assert owners < set(PRIVATE)
    assert _state(victims) == untouched


def test_a_second_name_of_roots_file_is_not_given_away(old: Path, victims: Path) -> None:
    data = old / "valkey-9/data"
    os.chown(data, STRANGER, STRANGER)
    (data / "planted").hardlink_to(victims / "file")
    before = _state(victims)
    with pytest.raises(DataFileForeign):
        Engines(old, postgres_dsn="postgresql://elsewhere/desk").start()
    assert _state(victims) == before


def test_a_uid_that_got_a_name_is_given_up(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = (old / "postgres-18/data").stat().st_uid
    real = pwd.getpwuid
    named = lambda uid: real(0) if uid == taken else real(uid)  # noqa: E731
    monkeypatch.setattr(accounts.pwd, "getpwuid", named)
    directory = DataDir(old)
    directory.close()
    assert directory.account.ids
    assert directory.account.ids[0] != taken


def test_programs_out_of_the_accounts_reach_are_copied_beside_the_data(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EngineAccount, "can_run", lambda *_: False)
    with Engines(old, postgres_settings=FAST) as running:
        assert _read(running.postgres_dsn, running.redis_url) == (["first"], ["first"])
        program = Path(f"/proc/{running.pids['PostgreSQL']}/exe").readlink()
    assert program.is_relative_to(old)


def test_root_is_told_when_the_engines_account_has_no_way_in(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(DataDirUnreachable):
        Engines(closed / "data").start()


# -- other users beside root -------------------------------------------------------------------


def _python_for(account: EngineAccount) -> str:
    """This Python, or the system's of the same version where the account cannot reach this one."""
    system = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin")
    packages = Path(sysconfig.get_path("purelib"))
    for python in filter(None, (sys.executable, system)):
        if account.can_run(Path(python).resolve()) and account.can_run(packages) and account.can_run(PROJECT):
            return python
    pytest.skip("an ordinary user cannot reach this Python or the project")


@pytest.fixture
def as_user() -> Callable[[Path], Desk]:
    """Opens a desk as an ordinary user."""
    entry = pwd.getpwnam("nobody")
    python = _python_for(EngineAccount((entry.pw_uid, entry.pw_gid)))
    environment = {"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONDONTWRITEBYTECODE": "1"}

    def opened(folder: Path) -> Desk:
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "env": environment}
        return Desk(folder, python, **user)

    return opened


def test_an_ordinary_user_opens_a_directory_of_their_own_alone(folder: Path, as_user: Callable[[Path], Desk]) -> None:
    nobody = pwd.getpwnam("nobody")
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    for word in ("first", "second"):
        desk = as_user(home / "desk")
        _write_as_root(desk.state, word)
        desk.process.terminate()
        desk.process.communicate()
    assert {path.lstat().st_uid for path in home.rglob("*")} == {nobody.pw_uid}
    with pytest.raises(pytest.fail.Exception, match="DataPathForeign"):
        Desk(home / "desk")
    (folder / "roots").mkdir()
    for mode in (0o700, 0o755, 0o777):
        (folder / "roots").chmod(mode)
        with pytest.raises(pytest.fail.Exception, match="DataDirForeign"):
            as_user(folder / "roots")
    assert list((folder / "roots").iterdir()) == []


def _write_as_root(state: dict[str, str], word: str) -> None:
    """The socket of PostgreSQL lets the desk's own user in alone; Valkey's password is known here."""
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(state["dsn"])
    with redis.Redis.from_url(state["redis"]) as client:
        client.rpush("words", word)
        assert word.encode() in client.lrange("words", 0, -1)
