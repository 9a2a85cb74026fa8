"""PostgreSQL and Valkey from wheels, started and supervised by the desk, or outside servers if addresses are set.

with Engines(data_dir) as engines:
    migrate(engines.postgres_dsn)
    asyncio.run(desk(engines))      # which keeps engines.watch() among its services
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from app.database.logins import Logins, separate_logins
from app.engines.datadir import DataDir
from app.engines.postgres import Postgres, cluster_exists
from app.engines.process import check_port, run_together
from app.engines.sockets import SocketDir
from app.engines.valkey import Valkey
from app.errors import EngineFailed, PortTaken

__all__ = ["Engines"]

_log = logging.getLogger(__name__)

_WATCH_SECONDS = 0.2
_BOOT_POLL_SECONDS = 0.01
_RESTARTS = 5
_RESTARTS_WINDOW_SECONDS = 300.0
_BACKOFF_SECONDS = 0.2


class Engines:
    """PostgreSQL and Redis for one desk: embedded in `data_dir` unless an outside address is given.

    They must be started and stopped in the main thread, outside the event loop: the engines end with the thread that
    started them. `start` raises every StartError of the data directory and of the engines.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        postgres_dsn: str = "",
        owner_dsn: str = "",
        reader_dsn: str = "",
        redis_url: str = "",
        postgres_port: int = 0,
        redis_port: int = 0,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        self._path = data_dir
        self._outside = (postgres_dsn, redis_url)
        self._outside_logins = Logins(owner_dsn or postgres_dsn, postgres_dsn, reader_dsn or owner_dsn or postgres_dsn)
        self._logins = self._outside_logins
        self._ports = (postgres_port, redis_port)
        self._postgres_settings = postgres_settings
        self._data_dir: DataDir | None = None
        self._sockets: SocketDir | None = None
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        self._restarts: deque[float] = deque(maxlen=_RESTARTS)

    @property
    def first_start(self) -> bool:
        """True if `start` has to set up a database, which takes longer than starting one."""
        return not self._outside[0] and not cluster_exists(self._path)

    @property
    def pids(self) -> dict[str, int]:
        """Pids of the running engines, by name."""
        return {engine.process.name: pid for engine in self._engines() if (pid := engine.process.pid)}

    @property
    def postgres_dsn(self) -> str:
        """Application's address of the database; the superuser's of an embedded one before `separate_logins`."""
        return self._logins.application or self._superuser_dsn

    @property
    def owner_dsn(self) -> str:
        """Owner's address, for migrations and restores."""
        return self._logins.owner or self._superuser_dsn

    @property
    def reader_dsn(self) -> str:
        """Reader's address, for backups and the monitor."""
        return self._logins.reader or self._superuser_dsn

    @property
    def _superuser_dsn(self) -> str:
        return self._postgres.dsn if self._postgres else ""

    def separate_logins(self) -> None:
        """Creates logins without superuser rights in the started embedded server, and uses them from then on."""
        if self._postgres:
            self._logins = separate_logins(self._postgres.dsn)

    @property
    def redis_url(self) -> str:
        """Address of the market store."""
        return self._valkey.url if self._valkey else self._outside[1]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _engines(self) -> list[Postgres | Valkey]:
        return [engine for engine in (self._postgres, self._valkey) if engine]

    def start(self) -> None:
        """Starts the engines without an outside address, both at once; returns when they answer."""
        if all(self._outside):
            return
        try:
            self._data_dir = DataDir(self._path)
            self._sockets = SocketDir(self._data_dir)
            folder, settings = self._sockets.path, self._postgres_settings
            if not self._outside[0]:
                self._postgres = Postgres(self._data_dir, folder, port=self._ports[0], settings=settings)
            if not self._outside[1]:
                self._valkey = Valkey(self._data_dir, folder, port=self._ports[1])
            run_together(engine.boot() for engine in self._engines())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops the started engines; a second call does nothing."""
        for engine in self._engines():
            engine.process.ask_to_stop()
        for engine in self._engines():
            engine.process.stop()
        self._postgres = self._valkey = None
        self._logins = self._outside_logins
        if self._sockets:
            self._sockets.close()
            self._sockets = None
        if self._data_dir:
            self._data_dir.close()
            self._data_dir = None

    async def watch(self) -> None:
        """Runs the service that restarts a dead engine on its socket, at most 5 times in 5 minutes, and trims logs.

        Raises EngineFailed or PortTaken if that does not help.
        """
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            for engine in self._engines():
                if not engine.process.alive():
                    await self._revive(engine)
                elif engine.process.has_long_log():
                    await asyncio.to_thread(engine.process.trim_log)

    async def _revive(self, engine: Postgres | Valkey) -> None:
        now = time.monotonic()
        recent = sum(1 for then in self._restarts if now - then < _RESTARTS_WINDOW_SECONDS)
        if recent == _RESTARTS:
            check_port(engine.port)
            raise engine.process.failed()
        self._restarts.append(now)
        _log.error("%s died; starting it again", engine.process.name)
        try:
            for _ in engine.boot():
                await asyncio.sleep(_BOOT_POLL_SECONDS)
        except (EngineFailed, PortTaken):
            await asyncio.sleep(_BACKOFF_SECONDS * 2**recent)
        else:
            _log.warning("%s is back", engine.process.name)
