"""Components of a running desk, each of which starts its services.

The desk of one process is all of them together. A role is some of them in a process of its own, connected by Kafka,
PostgreSQL and Redis.
"""

import asyncio
import logging
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from app.connections.bus import open_bus
from app.connections.market import choose_market, open_askable, recording_lines
from app.connections.stores import Stores, open_stores
from app.engines import Engines
from app.errors import MarketChanged, NoServers
from app.settings import Settings
from app.startup import Addresses
from app.wiring.forecasting import open_forecasts
from app.wiring.job_table import JobDependencies, desk_jobs, source_jobs
from app.wiring.order_groups import open_order_groups
from app.wiring.robots import open_market, start_robots
from app.wiring.supervision import Running, restarted
from bot.ui.texts import load_catalog
from core.clock import wall_clock
from core.database import Pool
from core.leader_election import run_as_leader
from jobs.schedule.scheduler import run_schedule
from people.person import Language
from pipeline.archive.postgres import CandleArchive
from pipeline.bus import Bus
from pipeline.errors import MarketUnavailable
from pipeline.flow import (
    ARCHIVER_GROUP,
    WRITER_GROUP,
    CandleArchiver,
    MarketPublisher,
    MarketWriter,
    WriteBehindArchive,
    produce,
    resume,
)
from pipeline.flow.lag_watchdog import LagWatchdog, MonitoredArchive
from pipeline.flow.symbol_holds import keep_holds, load_guard
from pipeline.market import MarketInfo, SourceKind
from pipeline.ports import MarketReader, MarketSource
from pipeline.quality.hold_store import PostgresHolds
from pipeline.quality.inspector import Inspector
from pipeline.quality.publisher import QualityPublisher
from pipeline.quality.trading_gaps import TradingGapGuard
from pipeline.reader import StoreReader
from pipeline.replay.recording_report import RecordingReport
from pipeline.store.traded_symbols import RedisTradedSymbols
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.alerts.tick_alerts import TickAlerts
from trading.desk import Desk
from trading.ledger.order_store import PostgresOrderStore
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_stores import LimitedLedger
from trading.matching.liquidity import Liquidity
from trading.workers.matching_worker import GROUP as MATCHING_GROUP
from trading.workers.matching_worker import MatchingWorker
from trading.workers.trigger_worker import TriggerWorker

log = logging.getLogger(__name__)

_CONNECTIONS = 10
_POLL_SECONDS = 1.0

JOBS_LEASE = "jobs"
"""Lease whose holder runs the schedule."""


# -- components --------------------------------------------------------------------------------


@asynccontextmanager
async def open_services() -> AsyncIterator[Running]:
    """Opens a task group; its services are cancelled when the context ends, and end it when one of them fails."""
    async with asyncio.TaskGroup() as group:
        tasks: list[asyncio.Task[None]] = []

        def run(service: Coroutine[object, object, None]) -> None:
            tasks.append(group.create_task(service))

        yield run
        for task in tasks:
            task.cancel()


async def start_producer(running: Running, source: MarketSource, bus: Bus, stores: Stores, settings: Settings) -> None:
    """Starts to publish the source on the bus, and its description and quality in Redis."""
    await resume(source, bus)
    guard, holds = TradingGapGuard(settings.halts.jump_factor), PostgresHolds(stores.pool)
    await load_guard(guard, holds, source)
    running(keep_holds(guard, holds, source.info))
    running(MarketPublisher(stores.store, source, settings.store, guard).run())
    inspector = Inspector(source.info().cadence_ms)
    counted = partial(_refused, source, bus)
    running(QualityPublisher(stores.redis, inspector, source.info, wall_clock, upstream=counted).run())
    running(produce(source, bus, inspector, guard))


def _refused(source: MarketSource, bus: Bus) -> Mapping[str, int]:
    """Returns counts by reason, in addition to those of the inspector.

    They are messages of Binance that could not be read, and messages refused by the bus.
    """
    unread = _unread(source) if source.info().source is SourceKind.BINANCE else {}
    return Counter(unread) + Counter(bus.refused)


def _unread(source: MarketSource) -> Mapping[str, int]:
    from pipeline.binance.source import BinanceSource  # noqa: PLC0415 - the other sources do without its libraries

    return source.health().dropped if isinstance(source, BinanceSource) else {}


def start_writer(
    running: Running, bus: Bus, stores: Stores, info: Callable[[], MarketInfo], settings: Settings
) -> None:
    """Starts to write the bus to Redis."""
    points = settings.store.history_points
    bus = _watched(running, bus, WRITER_GROUP, settings)
    running(MarketWriter(bus, stores.store, stores.archive, info, history_points=points, wall=wall_clock).run())


def start_archiver(running: Running, bus: Bus, archive: CandleArchive, settings: Settings) -> None:
    """Starts to write the bus to PostgreSQL.

    The bus in memory would delay prices while PostgreSQL is unavailable, so its candles are written behind a buffer;
    Kafka keeps them itself.
    """
    if settings.kafka.bootstrap:
        heard = MonitoredArchive(archive)
        watched = _watched(running, bus, ARCHIVER_GROUP, settings, waits=lambda: heard.failing)
        running(CandleArchiver(watched, heard).run())
        return
    deferred = WriteBehindArchive(archive)
    running(deferred.run())
    running(CandleArchiver(bus, deferred).run())


def _watched(
    running: Running, bus: Bus, group: str, settings: Settings, waits: Callable[[], bool] = lambda: False
) -> Bus:
    """Returns the bus for a consumer that ends its process when it hangs.

    On Kafka, another member or the next start continues from its position. In memory there is no other member, so the
    consumer is not watched.
    """
    if not settings.kafka.bootstrap:
        return bus
    watchdog = LagWatchdog(bus, group, waits=waits)
    running(watchdog.run())
    return watchdog.watched


def start_triggers(
    running: Running, bus: Bus, pool: Pool, market: MarketReader, *, on_fired: Callable[[], None]
) -> None:
    """Starts to match the bus with the alerts; `on_fired` is called after notices entered the outbox.

    A worker that fails gives way to a new one, which reads the alerts again and goes on where the last one had written.
    """
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    alerts = TickAlerts(
        PostgresAlerts(pool, jitter=jitter),
        PostgresRangeAlerts(pool, jitter=jitter),
        PostgresConditionAlerts(pool, jitter=jitter),
    )
    running(restarted("the alerts worker", lambda: TriggerWorker(bus, alerts, market, on_fired=on_fired).run(), jitter))


def start_matching(
    running: Running,
    bus: Bus,
    stores: Stores,
    market: MarketReader,
    settings: Settings,
    *,
    on_notified: Callable[[], None],
) -> None:
    """Starts to match the bus with the open orders; `on_notified` is called after notices entered the outbox.

    Matching that fails starts again on its own, because prices and market orders do not depend on it.
    """
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    store = PostgresOrderStore(stores.pool, jitter=jitter)
    watched = _watched(running, bus, MATCHING_GROUP, settings, waits=lambda: worker.failing)
    worker = MatchingWorker(
        watched,
        store,
        market,
        wall_clock,
        secrets.token_hex(8),
        on_notified=on_notified,
        follow=RedisTradedSymbols(stores.redis).mark,
    )
    running(restarted("the matching of orders", worker.run, jitter))


# -- roles -------------------------------------------------------------------------------------


def check_servers(settings: Settings) -> None:
    """Raises NoServers if a server that roles communicate by is not set."""
    addresses = {
        "PAPERDESK_KAFKA__BOOTSTRAP": settings.kafka.bootstrap,
        "PAPERDESK_POSTGRES__DSN": settings.postgres.dsn.get_secret_value(),
        "PAPERDESK_REDIS__URL": settings.redis.url.get_secret_value(),
    }
    if missing := [name for name, address in addresses.items() if not address]:
        raise NoServers(", ".join(missing))


async def run_producer(settings: Settings, engines: Engines) -> None:
    """Runs the only role with a source. One process leads; the others wait and open nothing."""
    async with open_stores(settings, engines) as stores:
        place = f"produce:{settings.kafka.topic}"
        await run_as_leader(engines.postgres_dsn, place, lambda: _produce(settings, stores))


async def _produce(settings: Settings, stores: Stores) -> None:
    traded = RedisTradedSymbols(stores.redis)
    chosen = await choose_market(settings, wall_clock, lambda _: None, _log_recording, pool=stores.pool, traded=traded)
    async with (
        chosen.source as source,
        open_bus(settings.kafka, source.info().market) as bus,
        open_services() as running,
    ):
        await start_producer(running, source, bus, stores, settings)
        running(run_schedule(source_jobs(stores, source, settings), stores.pool, wall_clock))
        await asyncio.Event().wait()


def _log_recording(report: RecordingReport) -> None:
    english = load_catalog(Language.ENGLISH)
    for text, variables in recording_lines(report):
        log.warning("%s", english.text(text, **variables))


async def run_consumer(settings: Settings, engines: Engines, *, writer: bool = True, archiver: bool = True) -> None:
    """Runs the market writer, the candle archiver, or both. The archiver needs no Redis."""
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
    """Runs alerts, open orders and robots; the process that serves the users finds their notices in the outbox."""
    async with open_stores(settings, engines) as stores:
        market = await wait_for_market(stores)
        async with (
            open_bus(settings.kafka, market.info().market) as bus,
            open_market(settings, stores, market.info()) as asked,
            open_services() as running,
        ):
            running(market.run())
            running(asked.run())
            running(_while_the_same(market))
            start_triggers(running, bus, stores.pool, market, on_fired=lambda: None)
            start_matching(running, bus, stores, market, settings, on_notified=lambda: None)
            start_robots(running, bus, stores, asked, settings, on_told=lambda: None)
            await asyncio.Event().wait()


async def run_jobs(settings: Settings, engines: Engines) -> None:
    """Runs the scheduled jobs. One process leads; the others wait."""
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with open_stores(settings, engines) as stores, AsyncExitStack() as stack, open_services() as running:
        market = await wait_for_market(stores)
        running(market.run())
        running(_while_the_same(market))
        limits = AccountLimits.of(stores.pool, market, wall_clock, settings.trading, jitter)
        ledger, used = LimitedLedger(stores.pool, limits, jitter=jitter), Liquidity()
        desk = Desk(market, ledger, settings.trading, wall_clock, liquidity=used)
        groups = open_order_groups(stores.pool, market, ledger, limits, settings.trading, used, jitter)
        source = await stack.enter_async_context(open_askable(settings, market.info(), wall_clock, stores.pool))
        forecasts = open_forecasts(stores, market, settings, wall_clock)
        running(forecasts.forecaster.run())
        addresses = Addresses.of(engines)
        jobs = desk_jobs(
            JobDependencies(
                settings, addresses, stores, desk, groups, market, source, forecasts, wall_clock, wall_clock, jitter
            )
        )
        await run_as_leader(engines.postgres_dsn, JOBS_LEASE, lambda: run_schedule(jobs, stores.pool, wall_clock))


async def wait_for_market(stores: Stores) -> StoreReader:
    """Waits until a producer has announced a market, and returns a reader of it."""
    market = StoreReader(stores.store, stores.archive, None, wall_clock)
    while True:
        try:
            await market.ready()
        except MarketUnavailable:
            log.warning("no producer has announced a market, or Redis does not answer")
        else:
            return market


async def _while_the_same(market: StoreReader) -> None:
    """Runs a service. Raises MarketChanged when another market runs, whose frames this process would not read."""
    begun = market.info().market
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        if (now := market.info().market) != begun:
            raise MarketChanged(begun, now)
