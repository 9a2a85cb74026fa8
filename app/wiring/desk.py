"""Wiring of the desk: plain constructors create every component, which exists as long as the desk is open."""

import asyncio
import random
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from app.connections.bus import open_bus
from app.connections.entry_key import stored_entry_codes
from app.connections.market import ChosenMarket, choose_market, open_askable, recording_lines
from app.connections.stores import Stores, open_stores
from app.engines import Engines
from app.settings import Settings
from app.startup import Addresses
from app.wiring.catalogs import catalogs_of
from app.wiring.forecasting import Forecasts, open_forecasts
from app.wiring.job_table import JobDependencies, desk_jobs, source_jobs
from app.wiring.news import news_services
from app.wiring.notifier import Notifier, PriceFeeds
from app.wiring.operators import operating_desk
from app.wiring.order_groups import open_order_groups
from app.wiring.robots import start_robots
from app.wiring.roles import (
    JOBS_LEASE,
    open_services,
    start_archiver,
    start_matching,
    start_producer,
    start_triggers,
    start_writer,
    wait_for_market,
)
from app.wiring.supervision import Running
from bot.commands import COMMANDS
from bot.context import Services
from bot.groups.cache import CachedGroups
from bot.groups.postgres import PostgresGroups
from bot.middleware.bans import Bans, only_in_private
from bot.middleware.group_permissions import GroupPermissions
from bot.middleware.leaked_link_codes import take_back
from bot.middleware.rate_limit import Cooldown, Rate
from bot.notifications.composer import Composer
from bot.notifications.price_feed import FeedWriter
from bot.platforms.console.courier import PLATFORM as CONSOLE
from bot.platforms.console.progress import Progress
from bot.router import Router
from bot.ui.charts.renderer import ChartRenderer
from bot.ui.charts.workers.pool import ChartWorkers
from bot.ui.texts import Catalog, load_catalog
from core.clock import Clock, wall_clock
from core.database import Database
from core.leader_election import run_as_leader
from core.security.entry_codes import EntryCodes
from jobs.schedule.scheduler import SchedulerTiming, run_schedule
from people.identity.postgres import EXPORT_SECONDS, PostgresIdentities, PostgresWatchlists
from people.notifications.outbox import Outbox
from people.notifications.preferences_postgres import PostgresPreferences
from people.person import Language
from people.postgres import PostgresPeople
from pipeline.ports import MarketSource
from pipeline.reader import StoreReader
from pipeline.replay.recording_report import RecordingReport
from pipeline.store.traded_symbols import RedisTradedSymbols
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts
from trading.constraints import LEDGER_REFUSALS
from trading.ledger.performance import PostgresPerformance
from trading.ledger.statements import PostgresStatements
from trading.ledger.trade_records import PostgresTradeRecords
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_desks import LimitedDesk, LimitedRestingDesk
from trading.limits.limited_stores import LimitedLedger, LimitedOrderStore
from trading.market_reports.store import MarketReportStore
from trading.matching.liquidity import Liquidity
from trading.portfolio.risk_forecasts import RiskForecastStore
from trading.preview_store import RedisPreviews
from trading.rebalancing.postgres import PostgresTargets
from trading.recurring.postgres import PostgresPlans
from trading.rules.postgres import PostgresStrategies
from trading.strategies.postgres import PostgresRobots
from trading.trials.postgres import PostgresTrials

_CHARTS_AFTER_SECONDS = 3.0
"""Delay of the chart worker, which takes a second or two to load, so that the first answers are not slowed down."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """Parts of a running desk that the platforms need."""

    services: Services
    router: Router
    market: StoreReader
    catalogs: dict[Language, Catalog]
    database: Database
    redis: Redis
    codes: EntryCodes
    push: Notifier
    running: Running
    unreachable: str = ""
    """Reason that Binance was requested but is not used."""


@asynccontextmanager
async def open_desk(
    settings: Settings,
    engines: Engines,
    language: Language,
    *,
    days: Clock = wall_clock,
    pace: SchedulerTiming | None = None,
) -> AsyncIterator[OpenDesk]:
    """Opens the components in the order of their dependencies and runs the services; closes them in reverse order.

    A service that fails ends the desk, and a restart recovers it. `language` is that of the messages at start. The
    schedule uses the clock `days`, which a test may speed up.
    """
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings, engines))
        chosen, source = await _open_source(settings, load_catalog(language), stores, stack)
        bus = await stack.enter_async_context(open_bus(settings.kafka, source.info().market))
        market = StoreReader(stores.store, stores.archive, source, wall_clock)
        forecasts = open_forecasts(stores, market, settings, wall_clock)
        codes = await stored_entry_codes(stores.pool)
        catalogs = catalogs_of(market, settings)
        opened = _Opened(
            settings, engines, stores, codes, market, _notices(stores, jitter), catalogs, jitter, forecasts
        )
        services, bans = await _open_services(opened, stack)
        running = await stack.enter_async_context(open_services())
        running(engines.watch())
        start_writer(running, bus, stores, source.info, settings)
        start_archiver(running, bus, stores.archive, settings)
        await start_producer(running, source, bus, stores, settings)
        await market.ready()
        desk = _front(opened, services, bans, running, chosen.unreachable)
        addresses = Addresses.of(engines)
        ground = JobDependencies(
            settings,
            addresses,
            stores,
            services.desk,
            services.order_groups,
            market,
            source,
            forecasts,
            wall_clock,
            days,
            jitter,
            told=desk.push.wake,
        )
        jobs = [*desk_jobs(ground), *source_jobs(stores, source, settings)]
        running(run_as_leader(engines.postgres_dsn, JOBS_LEASE, lambda: run_schedule(jobs, stores.pool, days, pace)))
        start_triggers(running, bus, stores.pool, market, on_fired=desk.push.wake)
        start_matching(running, bus, stores, market, settings, on_notified=desk.push.wake)
        start_robots(running, bus, stores, market, settings, on_told=desk.push.wake)
        yield desk


@asynccontextmanager
async def open_bot(settings: Settings, engines: Engines) -> AsyncIterator[OpenDesk]:
    """Opens the desk without the pipeline, which runs in other processes: prices are read from Redis, notifications
    from the outbox.

    Waits until a producer has announced a market.
    """
    jitter = random.Random()  # noqa: S311 - spreads retries, guards nothing
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(settings, engines))
        info = (await wait_for_market(stores)).info()
        askable = await stack.enter_async_context(open_askable(settings, info, wall_clock, stores.pool))
        market = StoreReader(stores.store, stores.archive, askable, wall_clock)
        forecasts = open_forecasts(stores, market, settings, wall_clock)
        codes = await stored_entry_codes(stores.pool)
        catalogs = catalogs_of(market, settings)
        opened = _Opened(
            settings, engines, stores, codes, market, _notices(stores, jitter), catalogs, jitter, forecasts
        )
        services, bans = await _open_services(opened, stack)
        running = await stack.enter_async_context(open_services())
        await market.ready()
        yield _front(opened, services, bans, running)


async def _open_source(
    settings: Settings, catalog: Catalog, stores: Stores, stack: AsyncExitStack
) -> tuple[ChosenMarket, MarketSource]:
    progress = Progress(sys.stderr, terminal=sys.stderr.isatty())
    with progress.step(catalog.text("console-progress-market")) as report:
        found: list[RecordingReport] = []

        def percent(part: float) -> None:
            report(round(100 * part), 100)

        traded = RedisTradedSymbols(stores.redis)
        chosen = await choose_market(settings, wall_clock, percent, found.append, pool=stores.pool, traded=traded)
        source = await stack.enter_async_context(chosen.source)
    for text, variables in (line for recording in found for line in recording_lines(recording)):
        sys.stderr.write(catalog.text(text, **variables) + "\n")
    return chosen, source


@dataclass(frozen=True, slots=True)
class _Opened:
    """Components of a desk that do not depend on whether the pipeline runs in this process."""

    settings: Settings
    engines: Engines
    stores: Stores
    codes: EntryCodes
    market: StoreReader
    notices: PostgresPreferences
    catalogs: dict[Language, Catalog]
    jitter: random.Random
    forecasts: Forecasts


def _notices(stores: Stores, jitter: random.Random) -> PostgresPreferences:
    return PostgresPreferences(stores.pool, wall_clock, jitter=jitter)


async def _open_services(opened: _Opened, stack: AsyncExitStack) -> tuple[Services, Bans]:
    settings, stores, market, jitter = opened.settings, opened.stores, opened.market, opened.jitter
    charts = await stack.enter_async_context(ChartWorkers(cache_dir=settings.data_dir / "matplotlib"))
    database = Database(stores.pool, jitter=jitter, refusals=LEDGER_REFUSALS)
    operating, bans = await operating_desk(
        settings, stores.pool, stores.redis, dsn=opened.engines.postgres_dsn, jitter=jitter, stack=stack
    )
    patient = Database(stores.pool, jitter=jitter, call_seconds=EXPORT_SECONDS)
    limits = AccountLimits.of(stores.pool, market, wall_clock, settings.trading, jitter)
    ledger, used = LimitedLedger(stores.pool, limits, jitter=jitter), Liquidity()
    resting = LimitedOrderStore(stores.pool, limits, jitter=jitter)
    services = Services(
        market=market,
        desk=LimitedDesk(market, ledger, settings.trading, wall_clock, limits, used),
        orders=LimitedRestingDesk(market, resting, ledger, settings.trading, wall_clock, used, limits),
        limits=limits,
        trials=PostgresTrials(stores.pool, jitter=jitter),
        strategies=PostgresStrategies(stores.pool, jitter=jitter),
        order_groups=open_order_groups(stores.pool, market, ledger, limits, settings.trading, used, jitter),
        targets=PostgresTargets(stores.pool, jitter=jitter),
        records=PostgresTradeRecords(database, patient),
        people=PostgresPeople(database),
        previews=RedisPreviews(stores.redis, opened.codes, seconds=settings.bot.preview_seconds),
        charts=ChartRenderer(charts, opened.catalogs),
        clock=wall_clock,
        tokens=secrets,
        settings=settings.bot,
        checkup=settings.checkup,
        alerts=PostgresAlerts(stores.pool, jitter=jitter),
        forecast_alerts=PostgresForecastAlerts(stores.pool, jitter=jitter),
        range_alerts=PostgresRangeAlerts(stores.pool, jitter=jitter),
        condition_alerts=PostgresConditionAlerts(stores.pool, jitter=jitter),
        fee_rate=settings.trading.fee_rate,
        forecasting=opened.forecasts.forecaster,
        news=news_services(settings.news, stores.pool, jitter),
        horizons=settings.ml.minutes,
        notices=opened.notices,
        groups=CachedGroups(PostgresGroups(stores.pool, jitter=jitter), wall_clock),
        operating=operating,
        identities=PostgresIdentities(database, patient),
        watchlists=PostgresWatchlists(database),
        plans=PostgresPlans(stores.pool, jitter=jitter),
        robots=PostgresRobots(stores.pool, jitter=jitter),
        risk_records=RiskForecastStore(stores.pool, jitter=jitter),
        market_reports=MarketReportStore(stores.pool, wall_clock, jitter=jitter),
        statements=PostgresStatements(stores.pool, market, stores.archive, wall_clock, jitter=jitter),
        performance=PostgresPerformance(stores.pool, market, stores.archive, jitter=jitter),
    )
    warming = asyncio.get_running_loop().call_later(_CHARTS_AFTER_SECONDS, charts.warm)
    stack.callback(warming.cancel)
    return services, bans


def _front(opened: _Opened, services: Services, bans: Bans, running: Running, unreachable: str = "") -> OpenDesk:
    """Starts the services for users, once the market is ready, and returns the open desk."""
    stores, catalogs, jitter = opened.stores, opened.catalogs, opened.jitter
    running(opened.market.run())
    running(opened.forecasts.forecaster.run())
    running(services.chats.run(opened.notices.note))
    feeds = PriceFeeds(PostgresGroups(stores.pool, jitter=jitter), FeedWriter(services, catalogs), opened.settings.bot)
    outbox = Outbox(stores.pool, jitter=jitter, on_retired=services.chats.forget)
    push = Notifier(outbox, Composer(services, catalogs, COMMANDS), running, jitter, feeds)
    router = _router(services, catalogs, bans)
    database = Database(stores.pool, jitter=jitter, refusals=LEDGER_REFUSALS)
    return OpenDesk(
        services,
        router,
        opened.market,
        catalogs,
        database,
        stores.redis,
        opened.codes,
        push,
        running,
        unreachable=unreachable,
    )


def _router(services: Services, catalogs: dict[Language, Catalog], bans: Bans) -> Router:
    """Returns the router. The console has a single user and needs no rate limit."""
    settings = services.settings
    cooldown = Cooldown(
        Rate(settings.person_burst, settings.person_per_second), Rate(settings.chat_burst, settings.chat_per_second)
    )
    return Router(
        services,
        catalogs=catalogs,
        checks=(take_back, bans, only_in_private, GroupPermissions()),
        cooldown=cooldown,
        rate_limit_exempt=frozenset((CONSOLE,)),
    )
