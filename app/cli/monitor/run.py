"""Monitor loop: queries the engines repeatedly and shows the newest results until it receives a signal to end."""

import asyncio
import logging
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Generic, TextIO, TypeVar

from rich.console import Console
from rich.live import Live

from app.cli.monitor.probes import PostgresProbe, RedisProbe
from app.cli.monitor.snapshot import DeskSnapshot, Down, StreamSnapshot
from app.cli.monitor.view import view
from app.errors import DeskNotRunning
from app.exposure import check_exposure
from app.settings import Settings
from app.startup import Addresses, running_addresses
from bot.platforms.console.locale_hints import timezone_hint
from bot.ui.format import Formatter
from bot.ui.texts import Catalog
from core.clock import Clock, wall_clock
from core.postgres.client import create_pool
from pipeline.errors import MarketUnavailable
from pipeline.flow import ARCHIVER_GROUP, WRITER_GROUP
from pipeline.settings import KafkaSettings
from pipeline.store.redis import open_redis
from trading.strategies.robot_worker import GROUP as ROBOT_GROUP
from trading.workers.matching_worker import GROUP as MATCHING_GROUP
from trading.workers.trigger_worker import GROUP as TRIGGER_GROUP

if TYPE_CHECKING:
    from pipeline.bus.kafka_watch import KafkaWatch

T = TypeVar("T")

REDRAW_SECONDS = 0.5
GROUPS = (WRITER_GROUP, ARCHIVER_GROUP, TRIGGER_GROUP, MATCHING_GROUP, ROBOT_GROUP)

_REDIS_SECONDS, _POSTGRES_SECONDS, _KAFKA_SECONDS = 1.0, 2.0, 2.0
_CONNECT_SECONDS = 3.0
_FIRST_POLL_SECONDS = 12.0
_NARROWEST, _PLAIN_WIDTH, _PLAIN_HEIGHT = 60, 100, 60
_SESSION = {"default_transaction_read_only": "on", "timezone": "UTC", "application_name": "paperdesk monitor"}


async def run_monitor(settings: Settings, catalog: Catalog, *, once: bool, out: TextIO | None = None) -> None:
    """Shows the desk until Ctrl-C; only once if `once` is set or there is no terminal. Raises DeskNotRunning."""
    check_exposure(settings)
    addresses = running_addresses(settings)
    if addresses is None:
        raise DeskNotRunning(str(settings.data_dir))
    logging.getLogger().addHandler(logging.NullHandler())  # warnings of libraries would be printed over the screen
    out = out or sys.stdout
    fmt = Formatter(catalog.language, timezone_hint())
    if once or not out.isatty():
        async with watching(addresses, settings.kafka, wall_clock) as watch:
            await watch.everything()
        _print(watch.snapshot(), catalog, fmt, out)
        return
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    console = Console(file=out, highlight=False)
    with Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live:
        while not ended.is_set():
            async with watching(addresses, settings.kafka, wall_clock) as watch:
                while not ended.is_set() and running_addresses(settings) in (addresses, None):
                    size = console.size
                    live.update(view(watch.snapshot(), catalog.text, fmt, size.width, size.height), refresh=True)
                    await _wait(ended, REDRAW_SECONDS)
            addresses = running_addresses(settings) or addresses  # a restarted desk has other addresses


def _print(snapshot: DeskSnapshot, catalog: Catalog, fmt: Formatter, out: TextIO) -> None:
    width = max(_NARROWEST, shutil.get_terminal_size((_PLAIN_WIDTH, 0)).columns)
    console = Console(file=out, width=width, highlight=False)
    with console.capture() as printed:
        console.print(view(snapshot, catalog.text, fmt, width, _PLAIN_HEIGHT))
    out.writelines(line.rstrip() + "\n" for line in printed.get().splitlines())


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


class Probe(Generic[T]):
    """Latest answer of an engine, or the time since which it has not answered."""

    def __init__(self, query: Callable[[], Awaitable[T]], wall: Clock) -> None:
        self._query = query
        self._wall = wall
        self._looked = asyncio.Event()
        self.last: T | Down | None = None

    async def poll(self) -> None:
        """Queries the engine once. Does not raise if the engine does not answer."""
        began = self._wall()
        try:
            self.last = await self._query()
        except MarketUnavailable:
            if not isinstance(self.last, Down):
                self.last = Down(began)
        self._looked.set()

    async def run(self, seconds: float) -> None:
        """Queries the engine until cancelled, with a pause of `seconds` in between."""
        while True:
            await self.poll()
            await asyncio.sleep(seconds)

    async def first(self) -> None:
        """Waits for the first query."""
        await self._looked.wait()


class Monitor:
    """Engines of a desk, each queried on its own schedule, so that a silent one delays none of the others."""

    def __init__(
        self,
        redis: RedisProbe,
        postgres: PostgresProbe,
        kafka: Callable[[], Awaitable[StreamSnapshot]] | None,
        wall: Clock,
    ) -> None:
        self._wall = wall
        self._prices = Probe(redis, wall)
        self._archive = Probe(postgres, wall)
        self._stream = Probe(kafka, wall) if kafka else None

    def start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Starts the queries."""
        tasks = [
            group.create_task(self._prices.run(_REDIS_SECONDS)),
            group.create_task(self._archive.run(_POSTGRES_SECONDS)),
        ]
        if self._stream:
            tasks.append(group.create_task(self._stream.run(_KAFKA_SECONDS)))
        return tasks

    async def everything(self) -> None:
        """Waits until every engine was queried, or until a time limit.

        The archive is then queried with the market known, and Redis twice, for the rate.
        """
        engines = [self._prices, self._archive, *([self._stream] if self._stream else ())]
        try:
            async with asyncio.timeout(_FIRST_POLL_SECONDS):
                await asyncio.gather(*(engine.first() for engine in engines))
                await asyncio.sleep(_REDIS_SECONDS + REDRAW_SECONDS)
                await self._archive.poll()
        except TimeoutError:
            return

    def snapshot(self) -> DeskSnapshot:
        """Returns the newest answers of all engines."""
        return DeskSnapshot(
            self._wall(),
            self._prices.last,
            self._archive.last,
            self._stream.last if self._stream else None,
            in_memory=self._stream is None,
        )


@asynccontextmanager
async def watching(addresses: Addresses, kafka: KafkaSettings, wall: Clock) -> AsyncIterator[Monitor]:
    """Queries the engines for the duration of the context; none of them has to be available."""
    async with AsyncExitStack() as stack:
        redis = RedisProbe(await stack.enter_async_context(open_redis(addresses.redis_url, connections=2)), wall)
        pool = await stack.enter_async_context(
            create_pool(
                addresses.reader_dsn or addresses.postgres_dsn,
                min_size=0,
                max_size=1,
                timeout=_CONNECT_SECONDS,
                server_settings=_SESSION,
            )
        )
        look = None
        if kafka.bootstrap:
            from pipeline.bus.kafka_watch import KafkaWatch  # noqa: PLC0415 - a desk without Kafka needs no client

            look = partial(_look_at, await stack.enter_async_context(KafkaWatch(kafka)))
        watch = Monitor(redis, PostgresProbe(pool, redis, wall, kafka.topic), look, wall)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = watch.start(group)
        try:
            yield watch
        finally:
            for task in tasks:
                task.cancel()


async def _look_at(kafka: "KafkaWatch") -> StreamSnapshot:
    return StreamSnapshot(await kafka.lag(GROUPS), await kafka.refused())
