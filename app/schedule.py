"""What the desk does by itself, and when: a line for each job."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.settings import Settings
from app.stores import Stores
from jobs import digests, expiry, gaps, partitions
from jobs.archive import trim
from jobs.night import night
from jobs.operators import Operators
from jobs.quality import DayReport
from jobs.schedule.job import Job, Late
from jobs.schedule.times import Every, daily
from pipeline.clock import Clock
from pipeline.market import MarketInfo, SourceKind
from pipeline.ports import AskableMarket, MarketSource
from trading.ports import TradingDesk

_NIGHT_GRACE = 1800.0
_REST = 120


@dataclass(frozen=True, slots=True)
class Ground:
    """What the jobs stand on. `source` is asked for candles that are missing, where there is one to ask."""

    settings: Settings
    stores: Stores
    desk: TradingDesk
    info: Callable[[], MarketInfo]
    source: AskableMarket | None
    clock: Clock
    jitter: random.Random


def desk_jobs(ground: Ground) -> list[Job]:
    """Everything but what needs the feed itself."""
    settings, stores, clock, jitter = ground.settings, ground.stores, ground.clock, ground.jitter
    pool, when = stores.pool, settings.jobs
    operators = Operators(pool, settings.operators.identities(), jitter)
    months = partitions.CandleMonths(
        stores.archive, ground.info, clock, months=settings.store.candle_months, needs=[partitions.open_alerts(pool)]
    )
    trimming = partial(trim, stores.archive, stores.store, ground.source, clock)
    learning = when.training_minutes * 60.0
    nightly = partial(night, None, trimming, learning)
    report = DayReport(pool, stores.redis, ground.info, clock, operators, jitter=jitter)
    return [
        Job("months", Every(partitions.EVERY_SECONDS), months.run),
        Job("digests", Every(digests.EVERY_SECONDS), digests.Digests(pool, ground.desk, clock, jitter=jitter).run),
        Job("training", daily(when.training_hour, when.zone), nightly, timeout=learning + _NIGHT_GRACE, rest=_REST),
        Job("quality", daily(0, "UTC", 10), report.run, timeout=1800, rest=_REST),
        Job("expire", Every(expiry.EVERY_SECONDS), partial(expiry.expire, pool, jitter), late=Late.SKIP),
    ]


def source_jobs(stores: Stores, source: MarketSource, settings: Settings) -> list[Job]:
    """The scheduled work that asks the source, and is done beside it. A recording or a simulation answers when a chart
    needs it."""
    if source.info().source is not SourceKind.BINANCE:
        return []

    async def fill() -> int:
        symbols = [rules.symbol for rules in await source.rules()]
        return await gaps.fill_gaps(stores.archive, stores.store, source, symbols, settings.store.history_points)

    return [Job("gaps", Every(gaps.EVERY_SECONDS), fill, timeout=1800)]
