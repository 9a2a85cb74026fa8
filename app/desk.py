"""The wiring: every component is made here, by plain constructors, and lives as long as the desk is open."""

import asyncio
import random
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
from redis.asyncio import Redis

from app.bus import open_bus
from app.engines import Engines
from app.market import ChosenMarket, choose_market
from app.migrate import ROLE
from app.operating import operating_desk
from app.settings import Settings
from bot.charts.pool import ChartWorkers
from bot.charts.renderer import ChartRenderer
from bot.commands import COMMANDS
from bot.console.courier import PLATFORM as CONSOLE
from bot.console.progress import Progress
from bot.context import Services
from bot.cooldown import Cooldown, Rate
from bot.groups.admission import Admission
from bot.groups.feed import FeedRunner, FeedWriter
from bot.groups.memory import RememberedGroups
from bot.groups.store import PostgresGroups
from bot.identity.exposed import take_back
from bot.identity.postgres import EXPORT_SECONDS, PostgresIdentities, PostgresWatchlists
from bot.operations.bans import Bans, only_in_private
from bot.people import PostgresPeople
from bot.ports import Language
from bot.previews import RedisPreviews
from bot.push.choices import PostgresNotices
from bot.push.compose import Composer
from bot.push.dispatcher import Dispatcher, always_ready
from bot.push.outbox import Outbox
from bot.push.ports import Courier
from bot.router import Router
from bot.settings import BotSettings
from bot.texts import Catalog, load_catalogs
from jobs import gaps
from jobs.digests import EVERY_SECONDS, Digests
from jobs.scheduler import Job, run_schedule
from pipeline.archive.postgres import CandleArchive
from pipeline.clock import wall_clock
from pipeline.flow import CandleArchiver, MarketWriter, produce
from pipeline.market import SourceKind
from pipeline.ports import MarketSource
from pipeline.reader import StoreReader
from pipeline.store.redis import RedisStore, open_redis
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.worker import TriggerWorker
from trading.desk import Desk
from trading.postgres.database import Database, Pool, keep_session
from trading.postgres.ledger import PostgresLedger

_CONNECTIONS = 10


Running = Callable[[Coroutine[object, object, None]], None]
"""Starts a service that runs until the desk closes."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """What the faces need of a running desk."""

    services: Services
    router: Router
    market: StoreReader
    chosen: ChosenMarket
    catalogs: dict[Language, Catalog]
    database: Database
    redis: Redis
    push: "Push"
    running: Running


@asynccontextmanager
async def open_desk(settings: Settings, engines: Engines, language: Language) -> AsyncIterator[OpenDesk]:
    """Opens everything in the order of its needs and keeps the services running; closes in the opposite order.

    A service that fails ends the desk: starting it again is the recovery. `language` is for what is said at start.
    """
    catalogs = load_catalogs()
    progress = Progress(sys.stderr, terminal=sys.stderr.isatty())
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(open_pool(engines.postgres_dsn))
        redis = await stack.enter_async_context(open_redis(engines.redis_url))
        store = RedisStore(redis, settings.store.history_points)
        with progress.step(catalogs[language].say("console-progress-market")) as report:
            chosen = await choose_market(settings, wall_clock, lambda part: report(round(100 * part), 100))
            source = await stack.enter_async_context(chosen.source)
        archive = CandleArchive(pool)
        market = StoreReader(store, archive, source, wall_clock)
        bus = await stack.enter_async_context(open_bus(settings.kafka, source.info().market))
        charts = await stack.enter_async_context(ChartWorkers(cache_dir=settings.data_dir / "matplotlib"))
        database = Database(pool, jitter=jitter)
        alerts = PostgresAlerts(pool, jitter=jitter)
        groups = PostgresGroups(pool, jitter=jitter)
        notices = PostgresNotices(pool, wall_clock, jitter=jitter)
        operating, bans = await operating_desk(
            settings, pool, redis, dsn=engines.postgres_dsn, jitter=jitter, stack=stack
        )
        services = Services(
            market=market,
            desk=Desk(market, PostgresLedger(pool, jitter=jitter), settings.trading, wall_clock),
            people=PostgresPeople(database),
            previews=RedisPreviews(redis, seconds=settings.bot.preview_seconds),
            charts=ChartRenderer(charts, catalogs),
            clock=wall_clock,
            tokens=secrets,
            settings=settings.bot,
            alerts=alerts,
            notices=notices,
            groups=RememberedGroups(groups, wall_clock),
            operating=operating,
            identities=PostgresIdentities(database, Database(pool, jitter=jitter, call_seconds=EXPORT_SECONDS)),
            watchlists=PostgresWatchlists(database),
        )
        running = await stack.enter_async_context(_services())
        running(engines.watch())
        running(MarketWriter(bus, store, archive, source, settings.store).run())
        running(CandleArchiver(bus, archive, source.info().market).run())
        running(produce(source, bus))
        await market.ready()
        running(market.run())
        running(services.chats.run(notices.note))
        digests = Digests(pool, services.desk, wall_clock, jitter=jitter)
        running(run_schedule(Job("digests", EVERY_SECONDS, digests.run), *_jobs(settings, archive, store, source)))
        feeds = Feeds(groups, FeedWriter(services, catalogs), settings.bot)
        outbox = Outbox(pool, jitter=jitter, on_retired=services.chats.forget)
        push = Push(outbox, Composer(services, catalogs, COMMANDS), running, jitter, feeds)
        running(TriggerWorker(bus, alerts, market, on_fired=push.wake).run())
        charts.warm()
        router = _router(services, catalogs, bans)
        yield OpenDesk(services, router, market, chosen, catalogs, database, redis, push, running)


class Push:
    """The outbox on its way out: a dispatcher for each platform that is there."""

    def __init__(
        self, outbox: Outbox, composer: Composer, running: Running, jitter: random.Random, feeds: "Feeds"
    ) -> None:
        self._outbox = outbox
        self._composer = composer
        self._running = running
        self._jitter = jitter
        self._feeds = feeds
        self._dispatchers: list[Dispatcher] = []

    def through(self, courier: Courier, ready: Callable[[], Awaitable[None]] = always_ready) -> None:
        """From now on delivers what is for the courier's platform."""
        dispatcher = Dispatcher(self._outbox, self._composer, courier, wall_clock, jitter=self._jitter, ready=ready)
        self._dispatchers.append(dispatcher)
        self._running(dispatcher.run())
        self._running(self._feeds.runner(courier, ready).run())

    def wake(self) -> None:
        """Says that something entered the outbox."""
        for dispatcher in self._dispatchers:
            dispatcher.wake()


@dataclass(frozen=True, slots=True)
class Feeds:
    """The price feeds: a runner for each platform that is there."""

    groups: PostgresGroups
    writer: FeedWriter
    settings: BotSettings

    def runner(self, courier: Courier, ready: Callable[[], Awaitable[None]]) -> FeedRunner:
        """What keeps the feeds of the courier's platform up to date."""
        return FeedRunner(self.groups, self.writer, courier, self.settings, ready=ready)


def _router(services: Services, catalogs: dict[Language, Catalog], bans: Bans) -> Router:
    """The console is one person's own: nobody there has to be protected from anybody."""
    settings = services.settings
    cooldown = Cooldown(
        Rate(settings.person_burst, settings.person_per_second), Rate(settings.chat_burst, settings.chat_per_second)
    )
    return Router(
        services,
        catalogs=catalogs,
        checks=(take_back, bans, only_in_private, Admission()),
        cooldown=cooldown,
        unhurried=frozenset((CONSOLE,)),
    )


@asynccontextmanager
async def open_pool(dsn: str) -> AsyncIterator[Pool]:
    """Connections under the role that may add to the ledger but never change it."""
    session = {"role": ROLE, "timezone": "UTC", "application_name": "paperdesk"}
    async with asyncpg.create_pool(
        dsn, min_size=1, max_size=_CONNECTIONS, server_settings=session, reset=keep_session
    ) as pool:
        yield pool


@asynccontextmanager
async def _services() -> AsyncIterator[Running]:
    """A task group whose services are cancelled when the context ends, and end it when one of them fails."""
    async with asyncio.TaskGroup() as group:
        tasks: list[asyncio.Task[None]] = []

        def run(service: Coroutine[object, object, None]) -> None:
            tasks.append(group.create_task(service))

        yield run
        for task in tasks:
            task.cancel()


def _jobs(settings: Settings, archive: CandleArchive, store: RedisStore, source: MarketSource) -> list[Job]:
    """Of a market whose past can be asked for; a recording or a simulation answers when a chart needs it."""
    if source.info().source is not SourceKind.BINANCE:
        return []

    async def fill() -> None:
        symbols = [rules.symbol for rules in await source.rules()]
        await gaps.fill_gaps(archive, store, source, symbols, settings.store.history_points)

    return [Job("gaps", gaps.EVERY_SECONDS, fill)]
