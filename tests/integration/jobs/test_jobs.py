"""The jobs around forecasts, data and people on a real PostgreSQL."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from app.connections.stores import Stores
from app.settings import Settings
from app.training.launcher import TrainingReport
from app.wiring.job_table import _learn, source_jobs
from core.job_status import RunState
from jobs.cleanup import expire
from jobs.models.model_monitoring import SCORING, TRAINING, ModelMonitoring
from jobs.operator_notices import OperatorNotices
from jobs.quality_report import DayReport, last_day
from jobs.schedule.job import Job
from jobs.schedule.run_store import RunClaim, Runs
from jobs.schedule.triggers import IntervalTrigger, daily
from ml.monitoring.live_scoring import Scored
from ml.serving.forecast_log import ForecastLog
from ml.serving.types import Drift, DriftKind
from people.notices import Broadcast
from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, MINUTE_MS, Interval, MarketInfo, SourceKind, Symbol
from pipeline.settings import SimulatorSettings
from pipeline.simulator import SimulatorSource
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.scripted_market import BTC, ETH, minute

Pool = asyncpg.Pool
JITTER = random.Random(1)  # noqa: S311 - spreads retries
NOON = 1_700_000_000_000 // DAY_MS * DAY_MS + DAY_MS // 2
HOUR = 3_600_000


async def person(pool: Any, platform: str, external_id: str, *, public: bool = False) -> int:
    number: int = await pool.fetchval("INSERT INTO person (language, timezone) VALUES ('en', 'UTC') RETURNING id")
    await pool.execute("INSERT INTO identity VALUES ($1, $2, $3)", platform, external_id, number)
    await pool.execute(
        "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)",
        number, platform, f"chat-{external_id}", public,
    )  # fmt: skip
    return number


async def told(pool: Any) -> list[tuple[str, str]]:
    return [(row["chat_id"], row["kind"]) for row in await pool.fetch("SELECT chat_id, kind FROM outbox ORDER BY id")]


async def test_operators_are_told_once_each_in_a_chat_of_their_own(pool: Any) -> None:
    for platform, name in (("telegram", "1"), ("discord", "1"), ("telegram", "2"), ("console", "local")):
        await person(pool, platform, name)
    await person(pool, "telegram", "3", public=True)
    operators = OperatorNotices(pool, {("telegram", "1"), ("telegram", "3")}, JITTER)
    assert await operators.send("news:1", Broadcast("hello")) == 2
    assert await operators.send("news:1", Broadcast("hello")) == 0
    assert sorted(await told(pool)) == [("chat-1", "broadcast"), ("chat-local", "broadcast")]
    assert await pool.fetchval("SELECT platform FROM outbox WHERE chat_id = 'chat-1'") == "telegram"


async def test_what_expired_is_forgotten_a_day_later(pool: Any) -> None:
    for days, who in ((-0.5, "1"), (-2, "2"), (1, "3")):
        number = await person(pool, "telegram", who)
        await pool.execute(
            "INSERT INTO link_code (person_id, selector, hash, expires_at)"
            " VALUES ($1, 'ABCD', sha256('x'), now() + $2 * interval '1 day')",
            number, days,
        )  # fmt: skip
        await pool.execute(
            "INSERT INTO link_code_attempt VALUES ('telegram', $1, 1, now() + $2 * interval '1 day')", who, days
        )
        await pool.execute(
            "INSERT INTO broadcast (token, person_id, body, expires_at)"
            " VALUES ($1, $2, 'x', now() + $3 * interval '1 day')",
            f"t{who}", number, days,
        )  # fmt: skip
    await pool.execute("UPDATE broadcast SET sent_at = now() - interval '9 days'")
    assert (
        await expire(pool, JITTER) == "1 link codes, 1 link guesses, 0 broadcasts, 0 displays, 0 robots, 0 order groups"
    )
    await pool.execute("UPDATE broadcast SET sent_at = NULL")
    assert (
        await expire(pool, JITTER) == "0 link codes, 0 link guesses, 1 broadcasts, 0 displays, 0 robots, 0 order groups"
    )
    assert await pool.fetchval("SELECT count(*) FROM link_code") == 2


# -- the day's quality -------------------------------------------------------------------------


@pytest.fixture
async def archive(pool: Any) -> CandleArchive:
    """Yesterday: BTC but for ten minutes, ETH for its last hour alone."""
    archive = CandleArchive(pool)
    start = NOON // DAY_MS * DAY_MS - DAY_MS
    await archive.make_months(start, start + DAY_MS)
    candles = [minute(BTC, start + n * MINUTE_MS, 100.0 + n % 7) for n in range(1440) if not 600 <= n < 610]
    candles += [minute(ETH, start + n * MINUTE_MS, 10.0 + n % 5) for n in range(1380, 1440)]
    for market in (SourceKind.BINANCE, SourceKind.SIMULATOR):
        await archive.insert(market.value, candles)
    return archive


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Any]:
    async with open_redis(redis_url) as client:
        yield client


def info(kind: SourceKind) -> MarketInfo:
    return MarketInfo(kind, "USDC", 1000, 15_000, NOON, NOON)


@pytest.mark.parametrize("kind", [SourceKind.BINANCE, SourceKind.SIMULATOR])
async def test_a_days_quality_is_kept_and_told_where_it_matters(
    pool: Any, redis: Any, archive: CandleArchive, kind: SourceKind
) -> None:
    await person(pool, "telegram", "1")
    operators = OperatorNotices(pool, {("telegram", "1")}, JITTER)
    report = DayReport(pool, redis, lambda: info(kind), lambda: NOON, operators, jitter=JITTER)
    said = await report.run()
    assert "1490 candles of 2 symbols, 10 missing" in said
    assert await report.run()
    assert await told(pool) == ([("chat-1", "quality")] if kind is SourceKind.BINANCE else [])
    async with pool.acquire() as connection:
        day = await last_day(connection, kind.value)
        assert day is not None
        assert (day.day, day.symbols, day.missing) == ("2023-11-13", 2, ((Symbol(BTC), 10),))
        assert await last_day(connection, "another") is None
        assert await last_day(connection, "") == day


async def test_a_day_without_candles_is_not_kept(pool: Any, redis: Any) -> None:
    report = DayReport(
        pool, redis, lambda: info(SourceKind.BINANCE), lambda: NOON, OperatorNotices(pool, (), JITTER), jitter=JITTER
    )
    assert await report.run() == "no candles on 2023-11-13"
    assert await pool.fetchval("SELECT count(*) FROM data_quality_daily") == 0


async def test_what_a_simulation_did_while_the_desk_was_off_is_archived(
    pool: Any, redis_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, simulator=SimulatorSettings(symbols=2))
    async with open_redis(redis_url) as redis, SimulatorSource(settings.simulator, "USDC", lambda: NOON) as source:
        stores = Stores(pool, redis, RedisStore(redis, 1000), CandleArchive(pool))
        await stores.store.start(source.info())
        candles = await source.candles(BTC, Interval.M1, NOON - 1000 * MINUTE_MS, NOON)
        (job,) = source_jobs(stores, source, settings)
        assert await job.work() == 0  # a new desk has missed nothing
        await stores.archive.insert(source.info().market, candles[:100] + candles[700:])
        await job.work()
        there = await stores.archive.minutes(source.info().market, BTC, NOON - 1000 * MINUTE_MS, NOON)
    assert list(there) == [candle.open_time for candle in candles]


# -- drift ------------------------------------------------------------------------------------------


DRIFTS = [
    Drift("binance", 5, 3, DriftKind.ERRORS, "squares", 4.0, 2.0, 0),
    Drift("binance", 60, 4, DriftKind.FEATURES, "lag_1", 0.5, 0.25, 0),
]


class Drifting:
    """Writes two drifts down, the first time."""

    def __init__(self, served: ForecastLog) -> None:
        self._served = served

    async def run(self) -> Scored:
        return Scored(drifts=[each for each in DRIFTS if await self._served.drifted(each)])


async def asked(pool: Any) -> bool:
    return bool(await pool.fetchval("SELECT asked_at IS NOT NULL FROM job WHERE name = $1", TRAINING))


@pytest.mark.parametrize(("hours", "learnt_ago", "at_once"), [(6, 7, 1), (6, 5, 0), (0, 100, 0)])
async def test_a_drift_is_told_and_learnt_anew_at_most_once_in_so_many_hours(
    pool: Any, hours: int, learnt_ago: int, at_once: int
) -> None:
    async def nothing() -> None:
        return None

    await person(pool, "console", "local")
    runs, now = Runs(pool, "worker"), [NOON]
    training = Job(TRAINING, daily(0, "UTC"), nothing)
    await runs.declare([training], NOON)
    slot = NOON - learnt_ago * HOUR
    assert await runs.claim(training, slot, NOON) is RunClaim.OURS
    await runs.finish(TRAINING, slot, RunState.DONE, "")
    served = ForecastLog(pool)

    def judging() -> ModelMonitoring:  # anew each time: nothing is forgotten when the desk ends
        operators = OperatorNotices(pool, (), JITTER)
        return ModelMonitoring(Drifting(served), served, operators, runs, lambda: now[0], retrain_hours=hours)

    await judging().run()
    assert await told(pool) == [("chat-local", "drift")] * 2
    assert await asked(pool) is bool(at_once)
    now[0] += 2 * HOUR
    await judging().run()
    assert await asked(pool) is bool(hours)
    assert await served.open_drifts() == []
    assert await told(pool) == [("chat-local", "drift")] * 2


async def test_what_was_learnt_is_judged_at_once(pool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def trained(*_: object, **__: object) -> TrainingReport:
        return TrainingReport("binance", 1, (), ())

    monkeypatch.setattr("app.wiring.job_table.run_training", trained)
    models = SimpleNamespace(invalidate=lambda: None)
    ground: Any = SimpleNamespace(
        settings=None, addresses=None, source=None, jitter=JITTER, stores=SimpleNamespace(pool=pool),
        forecasts=SimpleNamespace(models=models),
        market=SimpleNamespace(info=lambda: SimpleNamespace(market="binance")),
    )  # fmt: skip
    scoring = Job(SCORING, IntervalTrigger(900), trained)
    await Runs(pool, "worker").declare([scoring], NOON)
    assert await _learn(ground) == TrainingReport("binance", 1, (), ())
    assert await Runs(pool, "worker").asked([scoring]) == [SCORING]


async def test_a_drift_is_told_though_the_desk_ended_before(pool: Any) -> None:
    await person(pool, "console", "local")
    served, runs = ForecastLog(pool), Runs(pool, "worker")
    assert await served.drifted(DRIFTS[0])  # and then its process was killed
    assert await served.open_drifts() == [DRIFTS[0]]
    await ModelMonitoring(
        NothingNew(), served, OperatorNotices(pool, (), JITTER), runs, lambda: NOON, retrain_hours=0
    ).run()
    assert await told(pool) == [("chat-local", "drift")]
    assert await served.open_drifts() == []


class NothingNew:
    async def run(self) -> Scored:
        return Scored()
