"""Process of one engine: found in its wheel, started under a lock, stopped; several engines can wait together."""

import fcntl
import importlib.util
import logging
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from app.engines.accounts import EngineAccount
from app.errors import EngineFailed, EngineMissing, NoFreePort, PortTaken
from app.ops.stop_signals import check_stopped
from app.own_files import open_own, write_own

_log = logging.getLogger(__name__)

Boot = Iterator[None]
"""Steps until an engine answers; it yields whenever it has to wait."""

_LAUNCHER = Path(__file__).with_name("launch.py")
_POLL_SECONDS = 0.005
_PID = re.compile(r"[1-9][0-9]{0,9}")
_LEFTOVER_SECONDS = 2.0  # an ended desk's engine ends by itself within this time; then it gets a signal
_CLAIM_SECONDS = 60.0  # a PostgreSQL that ends writes a checkpoint first, however slow the disk
_LOG_BYTES = 8 << 20
_CHUNK = 1 << 20
_FREE_PORTS = range(20_000, 32_000)


def run_together(boots: Iterable[Boot]) -> None:
    """Runs several boots to their ends at the same time. Raises what `check_stopped` raises."""
    waiting = list(boots)
    while waiting:
        check_stopped()
        waiting = [boot for boot in waiting if next(boot, StopIteration) is None]
        if waiting:
            time.sleep(_POLL_SECONDS)


def package_folder(name: str, engine: str) -> Path:
    """Returns the folder of an installed package, without importing it. Raises EngineMissing."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(engine)
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def choose_port(wanted: int) -> int:
    """Returns the port `wanted`, or a free one for 0. Raises PortTaken, NoFreePort.

    Free ports are below the range of outgoing connections: an engine that is restarted must find its port free again.
    """
    if wanted:
        check_port(wanted)
        return wanted
    for port in secrets.SystemRandom().sample(_FREE_PORTS, len(_FREE_PORTS)):
        if port_is_free(port):
            return port
    raise NoFreePort(_FREE_PORTS.start, _FREE_PORTS.stop - 1)


def check_port(port: int) -> None:
    """Raises PortTaken if a program listens on 127.0.0.1:`port`; 0 is not a port."""
    if port and not port_is_free(port):
        raise PortTaken(port)


def port_is_free(port: int) -> bool:
    """Returns whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def new_password(path: Path) -> str:
    """Returns a new password, also written to `path` with mode 0600, for programs of the same user."""
    password = secrets.token_urlsafe(24)
    write_own(path, password.encode("ascii"))
    return password


class EngineProcess:
    """Process of one engine, with its log and, next to it, its lock.

    The lock is a flock on an open file that the engine and its children inherit: while any of them lives, no other
    process can start on the data, and no pid has to be trusted.
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
        """Pid of the engine from its start until it is stopped."""
        return self._child.pid if self._child else None

    def alive(self) -> bool:
        """Returns whether the process runs; reaps it if it does not."""
        return self._child is not None and self._child.poll() is None

    def listens(self, port: int) -> bool:
        """Returns whether the engine itself, and no other program, listens on TCP `port`."""
        import psutil  # noqa: PLC0415 - a start seldom needs it

        try:
            opened = psutil.Process(self.pid).net_connections("tcp") if self.pid else []
        except psutil.Error:
            return False
        return any(each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in opened)

    @property
    def exit_code(self) -> int | None:
        """Exit code of the process (negative for a signal). None while it runs."""
        return self._child.poll() if self._child else None

    def failed(self) -> EngineFailed:
        """Returns the error that names this engine and its log."""
        return EngineFailed(self.name, str(self.log))

    def claim(self) -> Boot:
        """Waits for the processes of a killed desk to end and takes the lock. Raises EngineFailed."""
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
                    _log.warning("%s of an earlier desk still runs; stopping it", self.name)
                    self._tell_holder(lock)
                yield
        self._lock = lock

    def _tell_holder(self, lock: int) -> None:
        """Sends the stop signal to the holder of the lock.

        This is needed only on systems where engines are not notified of the desk's death. The lock is held, so the pid
        is that of its holder. The engine can write to the lock as well, so a process of another account never receives
        the signal.
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
        """Starts `command` as the engine.

        Must be called from the main thread, because the engine is notified when that thread ends. It runs under
        `account`, or under the engine's own if that is None. Raises DataFileForeign.
        """
        if self._lock is None:
            raise RuntimeError("claim the engine's data first")
        uid, gid = (account or self._account).ids or (-1, -1)
        launch = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(death_signal))]
        if self.has_long_log():
            self.log.rename(self._older_log)
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

    def has_long_log(self) -> bool:
        """Returns whether the log is longer than its limit."""
        try:
            return self.log.lstat().st_size > _LOG_BYTES
        except FileNotFoundError:
            return False

    @property
    def _older_log(self) -> Path:
        return self.log.with_suffix(".log.1")

    def trim_log(self) -> None:
        """Moves the end of a long log to `.log.1` and empties it; the engine appends to the same open file.

        An engine with a port logs every login that fails, and each user of the machine can make as many as they like.
        Lines written during the move are lost. Blocks. Raises DataFileForeign, OSError.
        """
        with os.fdopen(open_own(self.log, os.O_RDWR), "r+b") as log:
            try:
                self._older_log.unlink(missing_ok=True)
                with os.fdopen(open_own(self._older_log, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as older:
                    log.seek(-_LOG_BYTES, os.SEEK_END)
                    shutil.copyfileobj(log, older, _CHUNK)
            except OSError as error:  # a full disk, which needs the room all the more
                _log.warning("the log of %s could not be kept: %s", self.name, error)
            log.truncate(0)

    def release(self) -> None:
        """Closes the desk's end of the lock, so that only the engine holds it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def finish(self) -> Boot:
        """Waits for a command that ends by itself. Raises EngineFailed if it fails."""
        child = self._child
        while child and child.poll() is None:
            yield
        self._child = None
        if child is None or child.returncode != 0:
            raise self.failed()

    def ask_to_stop(self) -> None:
        """Sends the stop signal, the first half of `stop`, so that several engines can end at the same time."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(self._stop_signal)

    def stop(self, timeout_seconds: float = 30.0) -> None:
        """Ends the process by its stop signal, or kills it after the timeout."""
        self.ask_to_stop()
        if self._child:
            try:
                self._child.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
            self._child = None
        self.release()
