"""The pieces of a running desk: each starts its services. The desk of one process is all of them together; a role is
some of them in a process of its own, with Kafka, PostgreSQL and Redis between."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg
from redis.asyncio import Redis

from app.bus import open_bus
from app.engines import Engines
from app.errors import DatabaseUnreachable, MarketChanged, NoServers
from app.market import choose_market
from app.migrate import ROLE, where
from app.settings import Settings
from jobs import archive as archiving
from jobs import gaps, partitions
from jobs.digests import EVERY_SECONDS, Digests
from jobs.schedule.job import Job
from jobs.schedule.scheduler import run_schedule
from jobs.schedule.times import Every
from pipeline.archive.postgres import CandleArchive
from pipeline.binance.source import BinanceSource
from pipeline.bus import Bus
from pipeline.clock import wall_clock
from pipeline.errors import MarketDown
from pipeline.flow import (
    ARCHIVER_GROUP,
    WRITER_GROUP,
    Announcer,
    CandleArchiver,
    DeferredArchive,
    MarketWriter,
    produce,
    resume,
)
from pipeline.lease import lead
from pipeline.market import MarketInfo, SourceKind
from pipeline.ports import AskableMarket, MarketReader, MarketSource
from pipeline.quality import Inspector
from pipeline.quality.published import QualityPublisher
from pipeline.reader import StoreReader
from pipeline.store.redis import RedisStore, open_redis
from pipeline.watchdog import HeardArchive, LagWatchdog
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.worker import TriggerWorker
from trading.desk import Desk
from trading.ports import TradingDesk
from trading.postgres.database import Pool, keep_session
from trading.postgres.ledger import PostgresLedger

log = logging.getLogger(__name__)

_CONNECTIONS = 10
_LOOK_SECONDS = 1.0

JOBS_LEASE = "jobs"
"""Who holds it runs the schedule."""

Running = Callable[[Coroutine[object, object, None]], None]
"""Starts a service that runs until the process closes."""


# -- what everything stands on -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stores:
    """The connections of this process, and what is kept behind them."""

    pool: Pool
    redis: Redis
    store: RedisStore
    archive: CandleArchive


@asynccontextmanager
async def open_stores(settings: Settings, engines: Engines) -> AsyncIterator[Stores]:
    """PostgreSQL under the role that may add to the ledger but never change it, and Redis."""
    async with open_pool(engines.postgres_dsn) as pool, open_redis(engines.redis_url) as redis:
        yield Stores(pool, redis, RedisStore(redis, settings.store.history_points), CandleArchive(pool))


@asynccontextmanager
async def open_pool(dsn: str) -> AsyncIterator[Pool]:
    """Connections under the role that may add to the ledger but never change it. Raises DatabaseUnreachable."""
    session = {"role": ROLE, "timezone": "UTC", "application_name": "paperdesk"}
    pool = asyncpg.create_pool(dsn, min_size=1, max_size=_CONNECTIONS, server_settings=session, reset=keep_session)
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(pool)
        except (OSError, asyncpg.PostgresError) as error:  # it answered a moment ago
            raise DatabaseUnreachable(where(dsn)) from error
        yield pool


@asynccontextmanager
async def open_services() -> AsyncIterator[Running]:
    """A task group whose services are cancelled when the context ends, and end it when one of them fails."""
    async with asyncio.TaskGroup() as group:
        tasks: list[asyncio.Task[None]] = []

        def run(service: Coroutine[object, object, None]) -> None:
            tasks.append(group.create_task(service))

        yield run
        for task in tasks:
            task.cancel()


# -- the pieces --------------------------------------------------------------------------------


async def start_producer(running: Running, source: MarketSource, bus: Bus, stores: Stores, settings: Settings) -> None:
    """The source on the bus, and what everybody must know of it in Redis. Raises MarketDown."""
    await resume(source, bus)
    running(Announcer(stores.store, source, settings.store).run())
    inspector = Inspector(source.info().cadence_ms)
    counted = partial(_refused, source, bus)
    running(QualityPublisher(stores.redis, inspector, source.info, wall_clock, upstream=counted).run())
    running(produce(source, bus, inspector))


def _refused(source: MarketSource, bus: Bus) -> Mapping[str, int]:
    """By reason, beside what the inspector counts: what of Binance could not be read, what the bus refused."""
    unread = source.health().dropped if isinstance(source, BinanceSource) else {}
    return Counter(unread) + Counter(bus.refused)


def start_writer(
    running: Running, bus: Bus, stores: Stores, info: Callable[[], MarketInfo], settings: Settings
) -> None:
    """The bus in Redis."""
    points = settings.store.history_points
    bus = _watched(running, bus, WRITER_GROUP, settings)
    running(MarketWriter(bus, stores.store, stores.archive, info, history_points=points, wall=wall_clock).run())


def start_archiver(running: Running, bus: Bus, archive: CandleArchive, settings: Settings) -> None:
    """The bus in PostgreSQL. The bus in memory would hold prices back while PostgreSQL is away; Kafka keeps them."""
    if settings.kafka.bootstrap:
        heard = HeardArchive(archive)
        watched = _watched(running, bus, ARCHIVER_GROUP, settings, waits=lambda: heard.silent)
        running(CandleArchiver(watched, heard).run())
        return
    deferred = DeferredArchive(archive)
    running(deferred.run())
    running(CandleArchiver(bus, deferred).run())


def _watched(
    running: Running, bus: Bus, group: str, settings: Settings, waits: Callable[[], bool] = lambda: False
) -> Bus:
    """The bus for a consumer that ends its process when it hangs. On Kafka another member, or the next start, goes on
    where it stopped; in memory there is nobody else."""
    if not settings.kafka.bootstrap:
        return bus
    watchdog = LagWatchdog(bus, group, waits=waits)
    running(watchdog.run())
    return watchdog.watched


def start_triggers(
    running: Running, bus: Bus, pool: Pool, market: MarketReader, *, on_fired: Callable[[], None]
) -> None:
    """The bus on the alerts; `on_fired` is called when notices entered the outbox."""
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    running(TriggerWorker(bus, PostgresAlerts(pool, jitter=jitter), market, on_fired=on_fired).run())


def people_jobs(pool: Pool, desk: TradingDesk, jitter: random.Random) -> list[Job]:
    """The scheduled work that is done for people."""
    return [Job("digests", Every(EVERY_SECONDS), Digests(pool, desk, wall_clock, jitter=jitter).run)]


def archive_jobs(
    stores: Stores, info: Callable[[], MarketInfo], settings: Settings, source: AskableMarket | None = None
) -> list[Job]:
    """The scheduled work on what is kept of prices."""
    keep, needs = settings.store.candle_months, [partitions.open_alerts(stores.pool)]
    months = partitions.CandleMonths(stores.archive, info, wall_clock, months=keep, needs=needs)
    trim = partial(archiving.trim, stores.archive, stores.store, source, wall_clock)
    return [
        Job("months", Every(partitions.EVERY_SECONDS), months.run),
        Job("trim", Every(archiving.EVERY_SECONDS), trim, rest=60),
    ]


def source_jobs(stores: Stores, source: MarketSource, settings: Settings) -> list[Job]:
    """The scheduled work that asks the source, and is done beside it. A recording or a simulation answers when a chart
    needs it."""
    if source.info().source is not SourceKind.BINANCE:
        return []

    async def fill() -> None:
        symbols = [rules.symbol for rules in await source.rules()]
        await gaps.fill_gaps(stores.archive, stores.store, source, symbols, settings.store.history_points)

    return [Job("gaps", Every(gaps.EVERY_SECONDS), fill)]


# -- the roles ---------------------------------------------------------------------------------


def check_servers(settings: Settings) -> None:
    """Raises NoServers where something is missing that roles of their own meet on."""
    addresses = {
        "PAPERDESK_KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "PAPERDESK_POSTGRES__DSN": settings.postgres.dsn.get_secret_value(),
        "PAPERDESK_REDIS__URL": settings.redis.url.get_secret_value(),
    }
    if missing := [name for name, address in addresses.items() if not address]:
        raise NoServers(", ".join(missing))


async def run_producer(settings: Settings, engines: Engines) -> None:
    """The only role with a source. One leads; others stand by and open nothing."""
    async with open_stores(settings, engines) as stores:
        place = f"produce:{settings.kafka.topic}"
        await lead(engines.postgres_dsn, place, lambda: _produce(settings, stores))


async def _produce(settings: Settings, stores: Stores) -> None:
    chosen = await choose_market(settings, wall_clock, lambda _: None)
    async with (
        chosen.source as source,
        open_bus(settings.kafka, source.info().market) as bus,
        open_services() as running,
    ):
        await start_producer(running, source, bus, stores, settings)
        running(run_schedule(source_jobs(stores, source, settings), stores.pool, wall_clock))
        await asyncio.Event().wait()


async def run_consumer(settings: Settings, engines: Engines, *, writer: bool = True, archiver: bool = True) -> None:
    """The market writer, the candle archiver, or both. The archiver needs no Redis."""
    async with (
        open_stores(settings, engines) as stores,
        open_bus(settings.kafka, "") as bus,
        open_services() as running,
    ):
        if archiver:
            start_archiver(running, bus, stores.archive, settings)
        if writer:
            market = StoreReader(stores.store, stores.archive, None, wall_clock)
            running(market.run())
            start_writer(running, bus, stores, market.info, settings)
        await asyncio.Event().wait()


async def run_triggers(settings: Settings, engines: Engines) -> None:
    """The alerts; whoever speaks to people finds in the outbox what fired."""
    async with open_stores(settings, engines) as stores:
        market = await announced_market(stores)
        async with open_bus(settings.kafka, market.info().market) as bus, open_services() as running:
            running(market.run())
            running(_while_the_same(market))
            start_triggers(running, bus, stores.pool, market, on_fired=lambda: None)
            await asyncio.Event().wait()


async def run_jobs(settings: Settings, engines: Engines) -> None:
    """The scheduled work. One leads; others stand by."""
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with open_stores(settings, engines) as stores, open_services() as running:
        market = await announced_market(stores)
        running(market.run())
        desk = Desk(market, PostgresLedger(stores.pool, jitter=jitter), settings.trading, wall_clock)
        jobs = [*people_jobs(stores.pool, desk, jitter), *archive_jobs(stores, market.info, settings)]
        await lead(engines.postgres_dsn, JOBS_LEASE, lambda: run_schedule(jobs, stores.pool, wall_clock))


async def announced_market(stores: Stores) -> StoreReader:
    """What reads the running market, once some producer has announced one; waits for that."""
    market = StoreReader(stores.store, stores.archive, None, wall_clock)
    while True:
        try:
            await market.ready()
        except MarketDown:
            log.warning("no producer has announced a market, or Redis does not answer")
        else:
            return market


async def _while_the_same(market: StoreReader) -> None:
    """A service: raises MarketChanged when another market runs, whose frames this process would not read."""
    begun = market.info().market
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if (now := market.info().market) != begun:
            raise MarketChanged(begun, now)
