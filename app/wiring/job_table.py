"""Table of the scheduled jobs of the desk, one entry for each job."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from app.backups.backup_and_restore import backups_of
from app.connections.stores import Stores
from app.settings import Settings
from app.startup import Addresses
from app.training.launcher import TrainingReport, run_training
from app.wiring.forecasting import Forecasts
from app.wiring.market_jobs import market_jobs
from app.wiring.news import news_jobs
from core.clock import Clock
from core.errors import DatabaseUnavailable
from jobs import cleanup, delistings, digests, limit_watch, recurring_buys, settle_joins, symbol_holds
from jobs.alerts import alert_expiry
from jobs.alerts.forecast_alerts import watch_forecasts
from jobs.backups.backup import SECONDS
from jobs.candles import candle_partitions, fill_gaps
from jobs.candles.archive_and_trim import trim
from jobs.equity_snapshots import EquitySnapshots
from jobs.models.model_monitoring import SCORING, TRAINING, ModelMonitoring
from jobs.models.nightly_training import run_nightly, trained_since
from jobs.operator_notices import OperatorNotices
from jobs.quality_report import DayReport
from jobs.rebalancing import drift_watch, interrupted_groups, scheduled_rebalancing
from jobs.risk.risk_forecasts import RiskForecasts
from jobs.schedule.job import Job, MisfirePolicy
from jobs.schedule.run_store import Runs
from jobs.schedule.triggers import IntervalTrigger, daily
from ml.monitoring.live_scoring import EVERY_SECONDS as SCORING_SECONDS
from ml.registry import Registry
from ml.serving.forecast_log import ForecastLog
from pipeline.market import SourceKind
from pipeline.ports import MarketReader, MarketSource, OnDemandMarket
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.ledger.order_store import PostgresOrderStore
from trading.order_groups.ports import OrderGroups
from trading.ports import TradingDesk

_NIGHT_GRACE = 1800.0
_REST = 120
_MINUTE = 60


def _no_operators() -> None:
    """Does nothing: another process serves the users and reads the outbox."""


@dataclass(frozen=True, slots=True)
class JobDependencies:
    """Dependencies of the jobs.

    `source` is queried for missing candles, None if there is none; `days` is the clock of the schedule.
    """

    settings: Settings
    addresses: Addresses
    stores: Stores
    desk: TradingDesk
    order_groups: OrderGroups
    market: MarketReader
    source: OnDemandMarket | None
    forecasts: Forecasts
    clock: Clock
    days: Clock
    jitter: random.Random
    told: Callable[[], None] = _no_operators
    """Called after a new entry in the outbox."""


def desk_jobs(ground: JobDependencies) -> list[Job]:
    """Returns all jobs except those that need the feed itself."""
    settings, stores, clock, jitter = ground.settings, ground.stores, ground.clock, ground.jitter
    pool, when = stores.pool, settings.jobs
    operators = OperatorNotices(pool, settings.operators.identities(), jitter)
    months = candle_partitions.CandleMonths(
        stores.archive,
        ground.market.info,
        clock,
        months=settings.store.candle_months,
        needs=[candle_partitions.open_alerts(pool)],
    )
    trimming = partial(trim, stores.archive, stores.store, ground.source, clock)
    learning = when.training_minutes * 60.0
    nightly = partial(run_nightly, partial(_learn, ground) if when.training else None, trimming, learning)
    scoring = ModelMonitoring(
        ground.forecasts.scoring,
        ForecastLog(pool),
        operators,
        Runs(pool, jitter=jitter),
        ground.days,
        retrain_hours=when.retrain_hours,
    )
    buys = recurring_buys.RecurringBuys(pool, ground.desk, ground.market.info, clock, jitter=jitter)
    resting = PostgresOrderStore(pool, jitter=jitter)
    held = symbol_holds.SymbolHoldNotices(pool, jitter=jitter, on_told=ground.told)
    ended = delistings.Delistings(pool, ground.market, resting, clock, jitter=jitter, on_told=ground.told)
    limits = limit_watch.LimitWatch(pool, ground.market, clock, jitter=jitter, on_told=ground.told)
    groups = interrupted_groups.InterruptedGroups(ground.order_groups, on_told=ground.told)
    drift = drift_watch.DriftWatch(pool, ground.desk, ground.market, clock, jitter=jitter, on_told=ground.told)
    rebalancing = scheduled_rebalancing.ScheduledRebalancing(
        pool, ground.desk, ground.order_groups, ground.market.info, clock, jitter=jitter, on_told=ground.told
    )
    worths = EquitySnapshots(pool, ground.market, clock, jitter=jitter)
    risks = RiskForecasts(pool, ground.market, clock, jitter=jitter)
    report = DayReport(pool, stores.redis, ground.market.info, clock, operators, jitter=jitter)
    table = [
        Job("months", IntervalTrigger(candle_partitions.EVERY_SECONDS), months.run),
        Job(
            "digests",
            IntervalTrigger(digests.EVERY_SECONDS),
            digests.Digests(pool, ground.desk, clock, jitter=jitter).run,
        ),
        Job("delistings", IntervalTrigger(delistings.EVERY_SECONDS), ended.run),
        Job(
            "alert_expiry",
            IntervalTrigger(alert_expiry.EVERY_SECONDS),
            alert_expiry.AlertExpiry(pool, ground.market, jitter=jitter).run,
        ),
        Job("symbol_holds", IntervalTrigger(symbol_holds.EVERY_SECONDS), held.run),
        Job("buys", IntervalTrigger(recurring_buys.EVERY_SECONDS), buys.run),
        Job("order_groups", IntervalTrigger(interrupted_groups.EVERY_SECONDS), groups.run),
        Job("rebalancing", IntervalTrigger(scheduled_rebalancing.EVERY_SECONDS), rebalancing.run),
        Job(
            "drift",
            IntervalTrigger(drift_watch.EVERY_SECONDS, offset=drift_watch.OFFSET_SECONDS),
            drift.run,
            misfire=MisfirePolicy.SKIP,
            timeout=1800,
        ),
        Job("limits", IntervalTrigger(limit_watch.EVERY_SECONDS), limits.run, misfire=MisfirePolicy.SKIP),
        Job("forecast_alerts", IntervalTrigger(60), partial(_watch, ground), misfire=MisfirePolicy.SKIP),
        Job(
            SCORING,
            IntervalTrigger(SCORING_SECONDS, offset=_MINUTE),
            scoring.run,
            misfire=MisfirePolicy.SKIP,
            timeout=900,
        ),
        Job(
            TRAINING,
            daily(when.training_hour, when.zone),
            nightly,
            timeout=learning + _NIGHT_GRACE,
            startup_delay=_REST,
        ),
        Job("quality", daily(0, "UTC", 10), report.run, timeout=1800, startup_delay=_REST),
        Job("equity", daily(0, "UTC", 2), worths.run, timeout=1800, startup_delay=_REST),
        Job("risk", daily(0, "UTC", 5), risks.run, timeout=1800, startup_delay=_REST),
        Job(
            "joins",
            IntervalTrigger(settle_joins.EVERY_SECONDS),
            lambda: settle_joins.settle_joins(pool, clock(), jitter),
        ),
        Job(
            "expire",
            IntervalTrigger(cleanup.EVERY_SECONDS),
            partial(cleanup.expire, pool, jitter),
            misfire=MisfirePolicy.SKIP,
        ),
    ]
    if settings.jobs.market_reports:
        table += market_jobs(stores, ground.market, ground.source, clock=clock, jitter=jitter, on_told=ground.told)
    table += news_jobs(settings, stores, ground.market, clock, jitter=jitter, told=ground.told)
    if settings.backups.keep:
        backups = backups_of(settings, ground.addresses.reader_dsn, clock)
        table.append(
            Job("backup", daily(settings.backups.hour, when.zone), backups.run, timeout=SECONDS, startup_delay=_REST)
        )
    return table


async def _learn(ground: JobDependencies) -> TrainingReport | str:
    """Trains models, unless a run that makes up for a missed night finds newer ones. Raises the errors of
    `run_training`.

    If the champion has expired, the scoring job promotes the new model, so it is requested to run at once.
    """
    runs, market = Runs(ground.stores.pool, jitter=ground.jitter), ground.market.info().market
    newest = await Registry(ground.stores.pool).list(market, newest=1)
    if any(trained_since(run, newest, ground.settings.ml.minutes) for run in await runs.history(TRAINING, 1)):
        return "models were trained since"
    try:
        learnt = await run_training(ground.settings, ground.addresses, source=ground.source)
    finally:
        ground.forecasts.models.invalidate()
    with suppress(DatabaseUnavailable):  # the job runs every quarter of an hour anyway
        await runs.ask(SCORING, TRAINING)
    return learnt


async def _watch(ground: JobDependencies) -> int:
    """Checks the alerts on forecasts and returns how many fired. Raises MarketUnavailable and DatabaseUnavailable."""
    store = PostgresForecastAlerts(ground.stores.pool, jitter=ground.jitter)
    now = datetime.fromtimestamp(ground.clock() / 1000, UTC)
    market = ground.market.info().market
    return await watch_forecasts(store, ground.forecasts.forecaster, market, now=now, on_fired=ground.told)


def source_jobs(stores: Stores, source: MarketSource, settings: Settings) -> list[Job]:
    """Returns the scheduled jobs that query the source, and run in its process.

    A recording starts over with the desk and so has no gaps; a simulation continues while the desk is off, like a real
    market.
    """
    simulated = source.info().source is SourceKind.SIMULATOR
    if source.info().source is SourceKind.REPLAY:
        return []

    async def fill() -> int:
        symbols = [rules.symbol for rules in await source.rules()]
        if simulated:
            symbols = await fill_gaps.missed(stores.archive, source.info(), symbols)
        return await fill_gaps.fill_gaps(stores.archive, stores.store, source, symbols, settings.store.history_points)

    return [Job("gaps", IntervalTrigger(fill_gaps.EVERY_SECONDS), fill, timeout=1800)]
