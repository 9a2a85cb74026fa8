"""Opens the dependencies of every command on data: the log, the engines or outside servers, an up-to-date schema."""

import asyncio
import importlib
import os
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import uvloop

from app.addresses import passwords_in
from app.database.logins import check_application, warn_of_owner, warn_of_reader
from app.database.migrate import migrate
from app.database.opening_grant import set_opening_grant
from app.database.queries import where
from app.engines import Engines
from app.engines.datadir import ADDRESSES, find_data_dir, is_open, make_data_dir
from app.errors import DataDirLocked, RedisUnreachable
from app.exposure import check_exposure, why
from app.ops.garbage import settle
from app.ops.logs import hide, log_to, log_to_stderr
from app.ops.stop_signals import check_stopped, on_stop, record_stop_signals
from app.own_files import read_own, write_own
from app.settings import Settings, secrets_in
from bot.platforms.console.progress import Progress
from bot.ui.texts import Catalog

T = TypeVar("T")

_REDIS_SECONDS = 5.0
_LARGEST = 65_536  # bytes of it


class Addresses(msgspec.Struct, frozen=True):
    """Addresses of a desk's servers: PostgreSQL for the application, for a reader and for the owner, and Redis."""

    postgres_dsn: str
    redis_url: str
    reader_dsn: str = ""
    owner_dsn: str = ""

    @classmethod
    def of(cls, engines: Engines) -> "Addresses":
        """Returns the addresses of running engines."""
        return cls(engines.postgres_dsn, engines.redis_url, engines.reader_dsn, engines.owner_dsn)


@contextmanager
def start_local(
    settings: Settings,
    catalog: Catalog,
    *,
    warm: tuple[str, ...] = (),
    log: str = "desk",
    redis: bool = True,
    migrated: bool = True,
    grants: bool = False,
) -> Iterator[Engines]:
    """Opens everything and migrates the database if `migrated`; closes it at the end, also after a stop signal.

    `warm` names modules to import while the servers start, `log` names the log. An outside Redis must answer unless
    `redis` is false. With `grants`, accounts open with the grant of the settings. Raises every StartError.
    """
    check_exposure(settings)
    os.umask(0o077)  # files in the data directory are only for its owner
    outside_postgres, outside_redis = settings.postgres.dsn.get_secret_value(), settings.redis.url.get_secret_value()
    folder = make_data_dir(settings.data_dir, engines=not (outside_postgres and outside_redis))
    hide(*secrets_in(settings))
    if settings.log_to == "stderr":
        log_to_stderr(settings.log_level)
    else:
        log_to(folder, settings.log_level, log)
    engines = Engines(
        folder,
        postgres_dsn=outside_postgres,
        owner_dsn=settings.postgres.owner_dsn.get_secret_value(),
        reader_dsn=settings.postgres.reader_dsn.get_secret_value(),
        redis_url=outside_redis,
        postgres_port=settings.postgres.port,
        redis_port=settings.redis.port,
    )
    label = catalog.text("console-progress-setup" if engines.first_start else "console-progress-engines")
    record_stop_signals()
    progress = Progress(sys.stderr, terminal=sys.stderr.isatty())
    with _importing(warm):
        try:
            with progress.step(label):
                engines.start()
                check_stopped()
                engines.separate_logins()
                addresses = Addresses.of(engines)
                for address in msgspec.structs.astuple(addresses):
                    hide(*passwords_in(address))
                if outside_postgres:
                    (check_application if migrated else warn_of_owner)(outside_postgres)
                    warn_of_reader(outside_postgres, settings.postgres.reader_dsn.get_secret_value())
                if migrated:
                    migrate(engines.owner_dsn)
                    check_stopped()
                if grants:
                    set_opening_grant(engines.owner_dsn, settings.trading.opening_grant)
                if outside_redis and redis:
                    _check_redis(outside_redis)
                check_stopped()
            if engines.pids:
                _publish(folder, addresses)
            yield engines
        finally:
            if engines.pids:
                (folder / ADDRESSES).unlink(missing_ok=True)
            engines.stop()


def faces(settings: Settings, *, console: bool = False) -> tuple[str, ...]:
    """Returns the modules of the platforms that will be opened, for `warm`."""
    wanted = {
        "app.wiring.platforms": True,
        "bot.platforms.console.handler": console,
        "bot.platforms.console.prompt": console and sys.stdin is not None and sys.stdin.isatty(),
        "bot.platforms.telegram.service": bool(settings.telegram.token.get_secret_value()),
        "bot.platforms.discord.service": bool(settings.discord.token.get_secret_value()),
    }
    return tuple(module for module, chosen in wanted.items() if chosen)


@contextmanager
def connect(settings: Settings, catalog: Catalog, *, warm: tuple[str, ...] = ()) -> Iterator[Addresses]:
    """Acts like `start_local`, or uses a desk that already runs on the data directory. Raises every StartError."""
    with ExitStack() as stack:
        try:
            engines = stack.enter_context(start_local(settings, catalog, warm=warm))
        except DataDirLocked:
            running = _published(settings.data_dir)
            if running is None:  # it is starting or ending at the moment
                raise DataDirLocked(str(settings.data_dir)) from None
            yield running
        else:
            yield Addresses.of(engines)


def running_addresses(settings: Settings) -> Addresses | None:
    """Returns the addresses of the desk's servers, without opening any.

    They are those of the settings, else those published at its start by the desk on the data directory, if it still
    runs. None if neither gives them. Raises the errors of make_data_dir about the directory.
    """
    dsn = settings.postgres.dsn.get_secret_value()
    owner = settings.postgres.owner_dsn.get_secret_value() or dsn
    reader = settings.postgres.reader_dsn.get_secret_value() or owner
    outside = Addresses(dsn, settings.redis.url.get_secret_value(), reader, owner)
    if outside.postgres_dsn and outside.redis_url:
        return outside
    running = _published(settings.data_dir)
    if running is None:
        return None
    return Addresses(
        outside.postgres_dsn or running.postgres_dsn,
        outside.redis_url or running.redis_url,
        outside.reader_dsn or running.reader_dsn,
        outside.owner_dsn or running.owner_dsn,
    )


def _published(path: Path) -> Addresses | None:
    """Returns the addresses of the desk that holds the lock of the data directory.

    None if no desk does: the addresses of an ended desk are not valid.
    """
    folder = find_data_dir(path)
    if folder is None or not is_open(folder):
        return None
    try:
        return msgspec.json.decode(read_own(folder / ADDRESSES, _LARGEST), type=Addresses)
    except (OSError, msgspec.DecodeError):
        return None


def _publish(folder: Path, addresses: Addresses) -> None:
    """Writes the addresses for other commands of the same user. They contain a password, so only the owner can read the
    file.
    """
    write_own(folder / ADDRESSES, msgspec.json.encode(addresses))


def run_loop(main: Coroutine[object, object, T]) -> T:
    """Runs `main` in the event loop of the process.

    Raises KeyboardInterrupt on Ctrl-C and SystemExit on a signal to end.
    """
    settle()
    record_stop_signals()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_until_stopped(main))


async def _until_stopped(main: Coroutine[object, object, T]) -> T:
    """Cancels `main` at each signal to end. A cancellation that `main` loses is repeated with the next signal."""
    loop, stopped = asyncio.get_running_loop(), False
    task = loop.create_task(main)

    def cancel() -> None:
        nonlocal stopped
        stopped = True
        loop.call_soon_threadsafe(task.cancel)

    with on_stop(cancel):
        try:
            return await task
        except asyncio.CancelledError:
            if stopped:
                check_stopped()
            raise


@contextmanager
def _importing(modules: tuple[str, ...]) -> Iterator[None]:
    """Imports modules in a thread, which ends before the block is left: at the end of the process Python aborts a
    thread that is inside an extension.
    """
    left = threading.Event()

    def load() -> None:
        for module in modules:
            if left.is_set():
                return
            with suppress(Exception):  # the actual import raises the error a moment later
                importlib.import_module(module)

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join()


def _check_redis(url: str) -> None:
    import redis  # noqa: PLC0415  # only where an outside server is used

    try:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(asyncio.run, _ping(url)).result()
    except (redis.RedisError, OSError, ValueError) as error:
        raise RedisUnreachable(where(url), why(error, url)) from error


async def _ping(url: str) -> None:
    from pipeline.store.redis import open_redis  # noqa: PLC0415  # which bounds the answer

    async with asyncio.timeout(_REDIS_SECONDS), open_redis(url, connections=1) as client:
        await client.ping()
