"""A local Apache Kafka for developers and tests: one node in KRaft mode, on 127.0.0.1, behind a login.

It is not for production, where Kafka has machines of its own: `PAPERDESK_KAFKA__BOOTSTRAP` names them. If root starts
it, Java runs under a uid without a name, which differs from that of PostgreSQL and Valkey next to it.
"""

import base64
import os
import shlex
import signal
import socket
import string
import struct
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from app.engines.accounts import engines_account
from app.engines.datadir import PASSABLE, make_data_dir, open_way, take_lock
from app.engines.kafka_jars import VERSION, find_java, readable_jars
from app.engines.kafka_login import (
    LoginFailed,
    broker_properties,
    knows_desk_login,
    make_desk_login,
    new_password,
    stored_password,
    write_settings,
)
from app.engines.process import Boot, EngineProcess, choose_port, run_together
from app.errors import BadDataDirName
from app.own_files import OWNER_ONLY, own_folder, write_own

NAME = "Kafka"
HEAP_MB = 256
LOGIN = "login.env"

_LISTENER = "BROKER"
_READY_SECONDS = 60.0
_WATCH_SECONDS = 0.2
_PLAIN = frozenset(f"{string.ascii_letters}{string.digits}/._-")
# serial collector and first compiler alone: up in half the time
_JVM = ("-Xms64m", f"-Xmx{HEAP_MB}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
_CONFIG = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners={listener}://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}{listeners}
inter.broker.listener.name={listener}
listener.security.protocol.map={listener}:{protocol},CONTROLLER:SASL_PLAINTEXT{protocols}
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
num.network.threads=2
num.io.threads=4
"""
_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, 1, -1)  # length, the request's key and version, its id, no client id


def escaped(path: Path) -> str:
    """Returns a path as a value of a Java properties file: ASCII, with Unicode escapes for all but plain letters.

    Raises BadDataDirName for a comma, which separates folders in `log.dirs`.
    """
    text = str(path)
    if "," in text:
        raise BadDataDirName(text, "comma")
    units = struct.iter_unpack(">H", text.encode("utf-16-be"))
    return "".join(chr(unit) if chr(unit) in _PLAIN else f"\\u{unit:04x}" for (unit,) in units)


class Kafka:
    """Broker that can be started and stopped; `start` also restarts a stopped or dead one on its data and port.

    Raises KafkaUnavailable, KafkaCacheExposed, EngineFailed, PortTaken, NoFreePort, DataFileForeign,
    DataDirUnreachable.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int = 0,
        cache: Path | None = None,
        listeners: Mapping[str, str] = MappingProxyType({}),
        properties: str = "",
        guarded: bool = True,
    ) -> None:
        """`home` is created if it is missing, in a folder that exists; `cache` is the folder of the jars.

        Every user of the machine has full access to a broker that is not `guarded`, which is for tests and benchmarks
        only. `listeners` are additional listeners, by name with their security protocol; `properties` are further lines
        of the broker's settings.
        """
        self._home = home
        self._data = home / "data"
        beside = [data for data in home.parent.glob("*-*/data") if data != self._data]
        self.account = engines_account([self._data], beside)
        with own_folder(home, PASSABLE if self.account.ids else OWNER_ONLY):
            pass
        self._wanted_port = port
        self._cache = cache
        self._listeners = listeners
        self._properties = properties
        self._guarded = guarded
        self.login = home / LOGIN
        self.port = 0
        self.ports: dict[str, int] = {}
        self.process = EngineProcess(NAME, home / "kafka.log", self.account, stop_signal=signal.SIGTERM)

    @property
    def bootstrap(self) -> str:
        """Value for PAPERDESK_KAFKA__BOOTSTRAP."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts the broker, also after a crash, and returns when it answers."""
        run_together([self._boot()])

    def stop(self) -> None:
        """Ends the broker, by a signal first; a second call does nothing."""
        self.process.stop()

    def _boot(self) -> Boot:
        open_way(self._home, self.account)
        program = find_java(self.account)
        yield from self.process.claim()
        java = [program, *_JVM, "-cp", f"{readable_jars(self.account, self._home, self._cache)}/*"]
        with suppress(FileExistsError):
            self._data.mkdir(mode=OWNER_ONLY)
        self.account.give(self._data)
        port = self.port or choose_port(self._wanted_port)
        config = self._home / "server.properties"
        for name in self._listeners:
            self.ports.setdefault(name, choose_port(0))
        own_password = new_password()
        filled = _CONFIG.format(
            listener=_LISTENER,
            protocol="SASL_PLAINTEXT" if self._guarded else "PLAINTEXT",
            port=port,
            controller=choose_port(0),
            data=escaped(self._data),
            listeners="".join(f",{name}://127.0.0.1:{number}" for name, number in self.ports.items()),
            protocols="".join(f",{name}:{protocol}" for name, protocol in self._listeners.items()),
        )
        gid = self.account.ids[1] if self.account.ids else -1
        access = broker_properties(own_password, _LISTENER if self._guarded else "")
        lines = (filled + access + self._properties).encode("ascii")
        write_own(config, lines, mode=0o640 if gid >= 0 else 0o600, group=gid)
        if not (self._data / "meta.properties").exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
            format_storage = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(config)]
            self.process.spawn([*java, *format_storage], death_signal=signal.SIGKILL)
            yield from self.process.finish()
        self.process.spawn([*java, "kafka.Kafka", str(config)], death_signal=signal.SIGTERM)
        end = time.monotonic() + _READY_SECONDS
        while not (self.process.listens(port) and _answers(port)):  # another program may have taken the port meanwhile
            self._check_alive(end)
            yield
        if self._guarded:
            yield from self._let_desks_in(port, own_password, end)
        self.port = port
        self.process.release()

    def _let_desks_in(self, port: int, own_password: str, end: float) -> Boot:
        """Registers the desk's login at the broker, then writes it for this user's programs."""
        password = stored_password(self.login)
        salt = b""
        while not (salt and knows_desk_login(port, salt)):
            self._check_alive(end)
            if not salt:
                with suppress(LoginFailed, OSError):
                    salt = make_desk_login(port, own_password, password)
            yield
        write_settings(self.login, f"127.0.0.1:{port}", password)

    def _check_alive(self, end: float) -> None:
        if not self.process.alive() or time.monotonic() > end:
            raise self.process.failed()


def serve(data_dir: Path, port: int) -> int:
    """Runs a broker in the foreground, its data under `data_dir`, until Ctrl-C or until it ends. Returns the exit code.

    Raises DataDirLocked if another one runs there, because a wait for its lock, as after a killed desk, would end it.
    """
    folder = make_data_dir(data_dir)
    home = folder / f"kafka-{VERSION.partition('.')[0]}"
    broker = Kafka(home, port=port)
    lock = take_lock(home)
    try:
        open_way(folder, broker.account)
        sys.stderr.write("Starting Kafka (its programs are downloaded at the first start) ...\n")
        broker.start()
        sys.stdout.write(
            f"Kafka runs at {broker.bootstrap}; its login is in {broker.login}.\n"
            f"In another terminal: (set -a; . {shlex.quote(str(broker.login))}; paperdesk)\n"
        )
        sys.stdout.flush()
        while broker.process.alive():
            if broker.process.has_long_log():
                broker.process.trim_log()
            time.sleep(_WATCH_SECONDS)
        raise broker.process.failed()
    except KeyboardInterrupt:
        return 0
    finally:
        broker.stop()
        os.close(lock)


def _answers(port: int) -> bool:
    """Returns whether the broker answers with the requests it supports."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
            connection.sendall(_API_VERSIONS)
            return len(connection.recv(10)) == 10 and connection.recv(1) != b""  # noqa: PLR2004 - length, id, error
    except OSError:
        return False
