"""Training in its own process on real servers: what it keeps, what it refuses, that it may be killed at any moment."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.settings import Settings
from app.startup import Addresses
from app.training import launcher
from app.training.launcher import TrainingReport, run_train, run_training
from app.training.protocol import LOCK, DataLoaded, FoldTrained, TrainingMessage
from core.leader_election import key_of
from ml.data.archive_panel import panel_from
from ml.data.features import features_of
from ml.errors import NoArchivedCandles, NoTrainingData, TrainingBusy, TrainingEnded, TrainingTooBig
from ml.models.artifact import unpack
from ml.models.forecast_model import ForecastModel
from ml.registry import ModelState, Registry
from ml.settings import MlSettings
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, Symbol
from pipeline.store import codec
from pipeline.store.redis import RedisStore, open_redis
from tests.fakes.candles import START, frame_of, walk_closes
from tests.fakes.scripted_market import ScriptedMarket, info_at, rules_of
from tests.paths import PROJECT
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.long

MARKET = "replay"
BASES = ("BTC", "ETH", "SOL", "XRP")
NAMES = tuple(f"{base}USDC" for base in BASES)
ROWS = 2000


def at(minute: float) -> int:
    return START + int(minute * MINUTE_MS)


def candles(rows: int = ROWS, names: tuple[str, ...] = NAMES, seed: int = 1) -> list[Candle]:
    frame = frame_of(walk_closes(rows, len(names), seed=seed, echo=-0.35), names, wiggle=0.0005)
    return [
        Candle(Symbol(row.symbol), row.open_time, row.open, row.high, row.low, row.close, row.volume, row.volume)
        for row in frame.itertuples()
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    ml = MlSettings(threads=1, memory_mib=1024, days=3, symbols=10, horizons="5", rows=10_000)
    return Settings(data_dir=tmp_path / "data", ml=ml)


@pytest.fixture
async def addresses(dsn: str, redis_url: str) -> Addresses:
    return Addresses(dsn, redis_url)


@pytest.fixture
async def archived(pool: Any) -> CandleArchive:
    archive = CandleArchive(pool)
    await archive.insert(MARKET, candles())
    return archive


async def announced(redis_url: str, minute: float, *bases: str) -> None:
    """A market that runs, without ticks."""
    async with open_redis(redis_url) as client:
        store = RedisStore(client, 1000)
        await store.start(info_at(at(minute), wall_ms=0, speed=0.0))
        await store.publish_rules(*codec.encode_rules(rules_of(*(bases or BASES))))


async def models(pool: Any) -> int:
    found: int = await pool.fetchval("SELECT count(*) FROM model")
    return found


async def locked(pool: Any) -> bool:
    return bool(await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.02)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


async def test_what_is_learnt_from_the_archive_is_in_the_registry(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any
) -> None:
    heard: list[TrainingMessage] = []
    learnt = await run_training(settings, addresses, horizons=(1, 240), on_message=heard.append)
    assert [(model.horizon, model.skilled) for model in learnt.saved] == [(1, True)]
    assert [(each.horizon, each.code) for each in learnt.skipped] == [(240, NoTrainingData.code())]
    assert str(learnt) == f"learnt 1 min v{learnt.saved[0].version}; not learnt 240 min (no-training-data)"
    assert isinstance(heard[0], DataLoaded)
    assert (heard[0].times, heard[0].symbols) == (ROWS, 4)
    steps = [line for line in heard if isinstance(line, FoldTrained)]
    assert [(s.recipe, s.fold, s.folds) for s in steps[:2]] == [("ridge", 1, 4), ("logistic", 1, 4)]
    registry = Registry(pool)
    row = await registry.champion(MARKET, 1)
    assert row is not None
    assert row.version == learnt.saved[0].version
    assert (row.start, row.end) == (at(0), at(ROWS))
    assert (row.recipe, row.symbols, row.state) == ("ensemble", NAMES, ModelState.CHAMPION)
    assert row.metrics["skill"] == pytest.approx(learnt.saved[0].skill)
    model = ForecastModel.from_parts(unpack(await registry.blob(row.version), row.sha256, row.version))
    panel = await panel_from(pool, MARKET, NAMES, at(0), at(ROWS))
    assert row.features == model.names
    assert model.outlook(features_of(panel)).ready.all()


async def test_the_running_market_is_learnt_and_only_what_trades_there(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any
) -> None:
    await archived.insert("simulator:model1-seed7", candles(300))
    await announced(addresses.redis_url, ROWS - 100.5, "BTC", "SOL", "XRP")
    learnt = await run_training(settings, addresses)
    row = await Registry(pool).one(learnt.saved[0].version)
    assert (row.market, row.symbols, row.horizon) == (MARKET, ("BTCUSDC", "SOLUSDC", "XRPUSDC"), 5)
    assert row.end == at(ROWS - 101), "of its future nothing is known"


async def test_nothing_in_the_archive_is_said_so(settings: Settings, addresses: Addresses, pool: Any) -> None:
    with pytest.raises(NoArchivedCandles) as refused:
        await run_training(settings, addresses)
    assert refused.value.market == ""
    with pytest.raises(NoArchivedCandles) as refused:
        await run_training(settings, addresses, market="binance")
    assert refused.value.market == "binance"


async def test_a_second_training_at_once_is_refused(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any
) -> None:
    first = asyncio.create_task(run_training(settings, addresses))
    await eventually(lambda: locked(pool))
    market = ScriptedMarket(at(ROWS))
    with pytest.raises(TrainingBusy):
        await run_training(settings, addresses, source=market)
    assert market.asked == [], "history was fetched for nothing"
    assert len((await first).saved) == 1
    assert await models(pool) == 1


async def test_two_processes_that_began_together_do_not_both_learn(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def free(_pool: Any) -> None:
        """As if both had looked before either began."""

    monkeypatch.setattr(launcher, "_check_free", free)
    async with pool.acquire() as holder:
        await holder.fetchval("SELECT pg_advisory_lock($1)", key_of(LOCK))
        with pytest.raises(TrainingBusy):
            await run_training(settings, addresses)
        await holder.fetchval("SELECT pg_advisory_unlock($1)", key_of(LOCK))
    assert await models(pool) == 0


async def begun(settings: Settings, addresses: Addresses) -> tuple["asyncio.Task[TrainingReport]", psutil.Process]:
    """A training in the midst of its learning, and its process."""
    learning = asyncio.Event()

    def hear(line: TrainingMessage) -> None:
        if isinstance(line, FoldTrained) and line.recipe == "xgb":
            learning.set()

    task = asyncio.create_task(run_training(settings, addresses, on_message=hear))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await learning.wait()
    (process,) = [p for p in psutil.Process().children() if "app.training.worker" in p.cmdline()]
    return task, process


async def gone(pool: Any, process: psutil.Process) -> None:
    """Until nothing of it is left."""

    async def ended() -> bool:
        return not process.is_running() and not await locked(pool)

    await eventually(ended)


@pytest.mark.parametrize("external", [False, True])
async def test_a_killed_training_leaves_nothing(
    *, external: bool, settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any
) -> None:
    settings = settings.model_copy(update={"ml": settings.ml.model_copy(update={"external_memory": external})})
    task, process = await begun(settings, addresses)
    assert process.nice() >= 10
    process.kill()
    with pytest.raises(TrainingEnded) as ended:
        await task
    assert ended.value.how == "killed"
    await gone(pool, process)
    assert await models(pool) == 0
    assert files_in(settings.data_dir) == []


async def test_a_cancelled_training_is_killed(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any
) -> None:
    task, process = await begun(settings, addresses)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await gone(pool, process)
    assert await models(pool) == 0


GREEDY = """
import app.training.worker as t
t._BASE_MIB, t._BYTES_A_CELL, t._BYTES_A_ROW = 0, 1, 0
raise SystemExit(t.main())
"""


async def test_memory_that_is_not_enough_after_all_is_one_clear_error(
    settings: Settings, addresses: Addresses, archived: CandleArchive, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the estimate had said that it fits."""
    spawn = asyncio.create_subprocess_exec

    async def greedy(program: str, *_: str, **given: Any) -> Any:
        return await spawn(program, "-c", GREEDY, **given)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", greedy)
    small = settings.model_copy(update={"ml": settings.ml.model_copy(update={"memory_mib": 250})})
    with pytest.raises(TrainingTooBig) as refused:
        await run_training(small, addresses)
    assert refused.value.memory_mib == 250
    assert await models(pool) == 0


PARENT = """
import asyncio, sys
from app.startup import Addresses
from app.settings import Settings
from app.training.launcher import run_training
from ml.settings import MlSettings
from pathlib import Path
ml = MlSettings(threads=1, memory_mib=1024, days=3, symbols=10, horizons="5")
on_message = lambda line: print(line, flush=True)
asyncio.run(run_training(Settings(data_dir=Path(sys.argv[1]), ml=ml), Addresses(*sys.argv[2:]), on_message=on_message))
"""


async def test_a_training_does_not_outlive_who_began_it(
    addresses: Addresses, archived: CandleArchive, pool: Any, tmp_path: Path
) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(tmp_path), addresses.postgres_dsn, addresses.redis_url),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
    )
    assert parent.stdout is not None
    while b"xgb" not in (line := await parent.stdout.readline()):
        assert line, "it ended early"
    (process,) = psutil.Process(parent.pid).children()
    process.suspend()  # it cannot notice by itself that nobody listens any more
    try:
        parent.kill()
        await parent.wait()
        await gone(pool, process)
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    assert await models(pool) == 0


async def test_the_command_line_tells_of_the_progress(
    settings: Settings, addresses: Addresses, archived: CandleArchive, capsys: pytest.CaptureFixture[str]
) -> None:
    await announced(addresses.redis_url, ROWS)
    assert await run_train(settings, addresses, "", (1,)) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == ["4 symbols x 2000 minutes", "1 min: ridge, part 1 of 4", "1 min: logistic, part 1 of 4"]
    assert told[-2].startswith("1 min: model 1, skill +")
    assert told[-1] == "replay, 4 symbols: learnt 1 min v1"
    assert await run_train(settings, addresses, MARKET, (1440,)) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[1].startswith("1440 min: skipped, no-training-data")
    assert told[-1] == "replay, 4 symbols: not learnt 1440 min (no-training-data)"
    with pytest.raises(NoArchivedCandles):
        await run_train(settings, addresses, "binance", ())
