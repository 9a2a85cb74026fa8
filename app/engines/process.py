"""One engine's process: found in its wheel, started under a lock, stopped, and its waiting shared between engines."""

import fcntl
import importlib.util
import logging
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from app.engines.accounts import EngineAccount
from app.errors import EngineFailed, EngineMissing, PortTaken
from app.own_files import open_own, write_own

_log = logging.getLogger(__name__)

Boot = Iterator[None]
"""The steps up to an engine that answers; it yields whenever there is something to wait for."""

_LAUNCHER = Path(__file__).with_name("launch.py")
_POLL_SECONDS = 0.005
_PID = re.compile(r"[1-9][0-9]{0,9}")
_LEFTOVER_SECONDS = 2.0  # a dead desk's engine ends by itself within this; after that it is told to
_CLAIM_SECONDS = 60.0  # a PostgreSQL that ends writes a checkpoint first, however slow the disk
_LOG_BYTES = 8 << 20


def run_together(boots: Iterable[Boot]) -> None:
    """Drives several boots to their ends at the same time."""
    waiting = list(boots)
    while waiting:
        waiting = [boot for boot in waiting if next(boot, StopIteration) is None]
        if waiting:
            time.sleep(_POLL_SECONDS)


def package_folder(name: str, engine: str) -> Path:
    """Where an installed package lies, without importing it; raises EngineMissing."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(engine)
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def choose_port(wanted: int) -> int:
    """`wanted`, or for 0 a free one; raises PortTaken.

    Free ports are sought below the range that systems hand to outgoing connections: an engine that is restarted must
    find its port again.
    """
    if wanted:
        check_port(wanted)
        return wanted
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        if port_is_free(port):
            return port


def check_port(port: int) -> None:
    """Raises PortTaken where something listens on 127.0.0.1:`port`; 0 is no port."""
    if port and not port_is_free(port):
        raise PortTaken(port)


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def new_password(path: Path) -> str:
    """A password, also kept in `path` with mode 0600, for programs of the same user."""
    password = secrets.token_urlsafe(24)
    write_own(path, password.encode("ascii"))
    return password


class EngineProcess:
    """The process of one engine, with its log and, beside that, its lock.

    The lock is a flock on an open file that the engine and its children inherit: while any of them lives, nobody else
    can start on the data, and no pid has to be trusted.
    """

    def __init__(self, name: str, log: Path, account: EngineAccount, *, stop_signal: signal.Signals) -> None:
        self.name = name
        self.log = log
        self._account = account
        self._stop_signal = stop_signal
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The engine's pid while it was started and not stopped."""
        return self._child.pid if self._child else None

    def alive(self) -> bool:
        """Whether the process runs; reaps it when it does not."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How the process ended (a signal is negative); None while it runs."""
        return self._child.poll() if self._child else None

    def failed(self) -> EngineFailed:
        """The error that names this engine and its log."""
        return EngineFailed(self.name, str(self.log))

    def claim(self) -> Boot:
        """Waits for what a killed desk left running and takes the lock. Raises EngineFailed."""
        self.release()  # a start that failed may have left it with us
        lock = open_own(self.log.with_name("engine.lock"), os.O_RDWR | os.O_CREAT)
        begun, told = time.monotonic(), False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waited = time.monotonic() - begun
                if waited > _CLAIM_SECONDS:
                    os.close(lock)
                    _log.warning("another process still holds the data of %s after %.0f s", self.name, waited)
                    raise self.failed() from None
                if waited > _LEFTOVER_SECONDS and not told:
                    told = True
                    _log.warning("%s of an earlier desk still runs; telling it to end", self.name)
                    self._tell_holder(lock)
                yield
        self._lock = lock

    def _tell_holder(self, lock: int) -> None:
        """Only on systems where engines do not hear of the desk's death. The lock is held, so the pid is its holder.

        The engine can write to the lock as well: no process of another account is ever told.
        """
        import psutil  # noqa: PLC0415 - a start seldom needs it

        text = os.pread(lock, 32, 0).decode("ascii", "replace")
        if not _PID.fullmatch(text):
            return
        uid = self._account.ids[0] if self._account.ids else os.geteuid()
        try:
            if psutil.Process(int(text)).uids().real == uid:
                os.kill(int(text), self._stop_signal)
        except (psutil.Error, ProcessLookupError):
            return

    def spawn(
        self,
        command: Sequence[str],
        *,
        stdin: bytes = b"",
        death_signal: signal.Signals,
        account: EngineAccount | None = None,
    ) -> None:
        """Starts `command` as the engine; call from the main thread, whose end the engine is told of.

        It runs under `account`, the engine's own where that is None. Raises DataFileForeign.
        """
        if self._lock is None:
            raise RuntimeError("claim the engine's data first")
        uid, gid = (account or self._account).ids or (-1, -1)
        launch = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(death_signal))]
        with suppress(FileNotFoundError):
            if self.log.lstat().st_size > _LOG_BYTES:
                self.log.rename(self.log.with_suffix(".log.1"))
        with os.fdopen(open_own(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab") as log:
            self._child = subprocess.Popen(  # noqa: S603
                [*launch, str(uid), str(gid), *command],
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                cwd="/",
                start_new_session=True,  # Ctrl-C in the terminal is the desk's, not the engine's
                pass_fds=(self._lock,),
            )
        os.truncate(self._lock, 0)
        os.pwrite(self._lock, str(self._child.pid).encode("ascii"), 0)
        if self._child.stdin:
            with suppress(BrokenPipeError), self._child.stdin as pipe:  # an early death shows in `alive`
                pipe.write(stdin)

    def release(self) -> None:
        """Closes our end of the lock: from here on the engine alone holds it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def finish(self) -> Boot:
        """Waits for a command that ends by itself; raises EngineFailed when it did not end well."""
        child = self._child
        while child and child.poll() is None:
            yield
        self._child = None
        if child is None or child.returncode != 0:
            raise self.failed()

    def ask_to_stop(self) -> None:
        """The first half of `stop`, so that several engines can end at the same time."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(self._stop_signal)

    def stop(self, timeout_seconds: float = 30.0) -> None:
        """Ends the process, politely first."""
        self.ask_to_stop()
        if self._child:
            try:
                self._child.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._child = None
        self.release()
