"""Nights of a desk at a sped-up clock: it learns, forecasts, is judged, promotes, takes back, and is killed."""

import argparse
import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import asyncpg
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli.models import run_models
from app.connections.stores import open_pool
from app.database.migrate import migrate
from app.engines import Engines
from app.settings import Settings
from app.wiring.desk import OpenDesk, open_desk
from bot.inbound import Inbound
from bot.reply import Picture, Reply
from bot.ui.texts import load_catalog
from core.clock import steady_clock, wall_clock
from core.job_status import JobRun, RunState
from jobs.schedule.run_store import Runs, milliseconds
from jobs.schedule.scheduler import SchedulerTiming
from jobs.settings import JobsSettings
from ml.forecast import Forecast
from ml.registry import ModelRow, Registry
from ml.serving.forecast_log import ForecastLog, LoggedForecast, Role
from ml.settings import MlSettings
from people.person import Language
from pipeline.market import DAY_MS, MINUTE_MS, Interval, Symbol
from pipeline.settings import ReplaySettings, SimulatorSettings
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

HORIZON = 5
BTC = Symbol("BTCUSDC")
HOUR_MS = 60 * MINUTE_MS
PACE = SchedulerTiming(poll_seconds=0.2, heartbeat_seconds=0.5, abandon_seconds=20, grace_ms=12 * HOUR_MS, soonest=0.2)


class Days:
    """Begins just before a midnight; a day takes `seconds`, and it stands still until it is told to go on."""

    def __init__(self, seconds: float) -> None:
        self._at = float(wall_clock() // DAY_MS * DAY_MS + DAY_MS - 10 * MINUTE_MS)
        self._seconds = seconds
        self._speed = 0.0
        self._since: int | None = None

    def __call__(self) -> int:
        return int(self._at + (0 if self._since is None else (steady_clock() - self._since) * self._speed))

    def go(self, seconds: float = 0.0) -> None:
        """Goes on; a day takes `seconds` from now on where they are given."""
        self.stop()
        self._speed = DAY_MS / ((seconds or self._seconds) * 1000)
        self._since = steady_clock()

    def stop(self) -> None:
        self._at, self._since = float(self()), None


@asynccontextmanager
async def desk_of(settings: Settings, engines: Engines, days: Days) -> AsyncIterator[OpenDesk]:
    async with open_desk(settings, engines, Language.ENGLISH, days=days, pace=PACE) as desk:
        yield desk


async def ask(desk: OpenDesk, text: str) -> Reply:
    number = steady_clock()
    return await desk.router.answer(Inbound("console", "local", f"{text}:{number}", text, chat_id="local"))


def words(reply: Reply) -> str:
    return " ".join(str(block) for block in reply.blocks if not isinstance(block, Picture))


async def until(what: str, truth: Callable[[], Awaitable[object]], seconds: float = PATIENCE_SECONDS) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await truth():  # noqa: ASYNC110 - it asks the database
                await asyncio.sleep(0.2)
    except TimeoutError:
        pytest.fail(f"in {seconds} s never: {what}")


async def forecast_of(desk: OpenDesk) -> bool:
    """Whether /forecast draws one."""
    return any(isinstance(block, Picture) for block in (await ask(desk, "/forecast BTC 5m")).blocks)


class Nights:
    """What became of the jobs, as the database has it."""

    def __init__(self, dsn: str, pool: "asyncpg.Pool[asyncpg.Record]", market: str) -> None:
        self.dsn, self.pool, self.market = dsn, pool, market
        self.registry, self.runs = Registry(pool), Runs(pool)

    async def champion(self) -> ModelRow | None:
        return await self.registry.champion(self.market, HORIZON)

    async def challenger(self) -> ModelRow | None:
        return await self.registry.challenger(self.market, HORIZON)

    async def rested(self, now: int) -> bool:
        """Whether the night before `now` (UTC ms) was learnt from, and nothing is learnt any more."""
        newest = (await self.runs.history("training", 1))[0]
        return newest.state is not RunState.RUNNING and milliseconds(newest.slot) >= now // DAY_MS * DAY_MS

    async def ended(self, job: str = "training") -> list[JobRun]:
        return [run for run in await self.runs.history(job, 50) if run.state is not RunState.RUNNING]


@asynccontextmanager
async def nights_of(engines: Engines, desk: OpenDesk) -> AsyncIterator[Nights]:
    async with open_pool(engines.postgres_dsn) as pool:
        yield Nights(engines.postgres_dsn, pool, desk.market.info().market)


@pytest.fixture
def running(folder: Path) -> Iterator[Engines]:
    with Engines(folder, postgres_settings={"fsync": "off"}) as engines:
        migrate(engines.postgres_dsn)
        yield engines


def settings_of(folder: Path, **more: object) -> Settings:
    return Settings(
        data_dir=folder,
        ml=MlSettings(days=2, symbols=4, horizons=str(HORIZON), rows=10_000, threads=1),
        jobs=JobsSettings(retrain_hours=0, market_reports=False),
        **more,  # type: ignore[arg-type]
    )


async def a_record_that_speaks_for(challenger: ModelRow, champion: ModelRow, desk: OpenDesk, nights: Nights) -> None:
    """Forecasts of the last fifteen hours, in which the challenger is nearer to what came, as both would have made."""
    candles = await desk.market.candles(BTC, Interval.M1, 960)
    served: list[LoggedForecast] = []
    for first, last in zip(candles[:-HORIZON:15], candles[HORIZON::15], strict=False):
        came = math.log(last.close / first.close)
        for model, role, part in ((champion, Role.CHAMPION, -3.0), (challenger, Role.CHALLENGER, 0.9)):
            said = part * came
            made = Forecast(
                symbol=BTC,
                horizon=HORIZON,
                made_at=first.open_time + MINUTE_MS,
                price=first.close,
                expected=said,
                low=said - 0.01,
                high=said + 0.01,
                prob_up=0.5,
                skilled=True,
                version=model.version,
            )
            served.append(LoggedForecast(nights.market, role, made))
    await ForecastLog(nights.pool).append(served)


async def kill_the_trainer() -> None:
    """As soon as one is there."""

    async def killed() -> bool:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if "app.training.worker" in process.cmdline():
                    os.kill(process.pid, signal.SIGKILL)
                    return True
        return False

    await until("a training process", killed)


async def test_nights_on_the_simulator(folder: Path, running: Engines) -> None:
    days = Days(seconds=4)
    settings = settings_of(folder, market="sim", simulator=SimulatorSettings(symbols=4))
    async with desk_of(settings, running, days) as desk, nights_of(running, desk) as nights:
        assert "yet" in words(await ask(desk, "/forecast BTC 5m"))

        days.go()  # the first midnight: history is fetched, and learnt from

        async def learnt() -> bool:
            return await nights.champion() is not None

        await until("a champion", learnt)
        first = await nights.champion()
        assert first is not None
        assert first.rows > 0
        assert first.symbols == tuple(sorted(first.symbols))

        async def challenged() -> bool:  # another midnight
            return await nights.challenger() is not None

        await until("a challenger", challenged)
        days.stop()
        await until("the end of learning", lambda: nights.rested(days()))  # on a busy machine the next one has begun
        second = await nights.challenger()
        assert second is not None

        await until("a forecast", partial(forecast_of, desk))

        await a_record_that_speaks_for(second, first, desk, nights)
        # The next minutes: what was served is judged, and the better one promoted. Midnights are far apart: each brings
        # another challenger.
        days.go(seconds=400)

        async def promoted() -> bool:
            champion = await nights.champion()
            return champion is not None and champion.version == second.version

        await until("a promotion", promoted)
        record = await desk.services.forecasting.record(HORIZON, 7)  # type: ignore[union-attr]
        assert record is not None
        assert record.moments > 10

        options = argparse.Namespace(verb="rollback", horizon=HORIZON, market=None, reason="it was better before")
        assert await run_models(nights.dsn, load_catalog(Language.ENGLISH), options) == 0
        back = await nights.champion()
        assert back is not None
        assert back.version == first.version

        failed = len([run for run in await nights.ended() if run.state is RunState.FAILED])
        days.go()
        await kill_the_trainer()

        async def kept() -> bool:
            return len([run for run in await nights.ended() if run.state is RunState.FAILED]) > failed

        await until("a run that failed", kept)
        days.stop()
        told = next(run.told for run in await nights.ended() if run.state is RunState.FAILED)
        assert told.startswith("training-ended")
        champion = await nights.champion()
        assert champion is not None
        assert champion.version == first.version
        await until("a forecast", partial(forecast_of, desk))
        jobs = words(await ask(desk, "/jobs"))
        assert "training" in jobs
        assert "training-ended" in jobs


async def test_what_is_served_in_a_replay_is_judged_minutes_later(folder: Path, running: Engines) -> None:
    recording = folder / "recording.parquet"
    write_recording(recording, minutes=4_000)
    settings = settings_of(folder, market=f"replay:{recording}", replay=ReplaySettings(speed=60, history_minutes=1700))
    days = Days(seconds=6)
    async with desk_of(settings, running, days) as desk, nights_of(running, desk) as nights:
        days.go()

        async def learnt() -> bool:
            return await nights.champion() is not None

        await until("a champion", learnt)
        await until("a forecast", partial(forecast_of, desk))

        async def judged() -> bool:
            found = await desk.services.forecasting.record(HORIZON, 7)  # type: ignore[union-attr]
            return found is not None and found.moments > 0

        await until("an outcome", judged)
        assert any("judged" in run.told for run in await nights.ended("scoring"))


def write_recording(path: Path, minutes: int) -> None:
    """Random walks of four symbols, a candle a minute."""
    rng = np.random.default_rng(3)
    start = wall_clock() // DAY_MS * DAY_MS - 10 * DAY_MS
    parts = []
    for name in ("BTCUSDC", "ETHUSDC", "SOLUSDC", "XRPUSDC"):
        closes = 100 * np.exp(np.cumsum(rng.normal(0, 0.001, minutes)))
        opens = np.concatenate([[100.0], closes[:-1]])
        volumes = rng.uniform(1, 10, minutes)
        parts.append(
            pa.table(
                {
                    "symbol": [name] * minutes,
                    "open_time": start + np.arange(minutes, dtype=np.int64) * MINUTE_MS,
                    "open": opens,
                    "high": np.maximum(opens, closes) * 1.0005,
                    "low": np.minimum(opens, closes) * 0.9995,
                    "close": closes,
                    "volume": volumes,
                    "quote_volume": volumes * closes,
                    "trades": rng.integers(1, 50, minutes),
                }
            )
        )
    pq.write_table(pa.concat_tables(parts), path)
