"""Forecasts served: all symbols and horizons of a minute, and what a record costs among two million forecasts.

Models are trained on few symbols: what they say does not matter here, how large they are does (as many trees as ever).
"""

import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

import asyncpg
import numpy as np

from app.database.migrate import ROLE, migrate
from app.engines import Engines
from bench.figure import Figure
from bench.forecasts import made_up
from ml.data.archive_panel import panel_from
from ml.data.panel import Panel, columns_of
from ml.forecast import HORIZONS
from ml.models.artifact import pack
from ml.models.base import TrainingResources
from ml.models.forecast_model import ForecastModel
from ml.registry import ModelMetadata, Registry
from ml.serving.forecast_log import ForecastLog
from ml.serving.forecaster import Forecaster
from ml.serving.model_cache import Models
from ml.training.train import train
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, MarketInfo, SourceKind, Symbol
from pipeline.ports import MarketReader

_MARKET = "replay"
_BEGIN = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class Size:
    """Symbols and minutes of history, minutes that follow, symbols to train on, questions, and forecasts on record."""

    symbols: int
    rows: int
    minutes: int
    learnt: int
    asks: int
    recorded: int


FULL = Size(250, 1500, minutes=12, learnt=20, asks=200, recorded=2_000_000)
SMALL = Size(20, 1500, minutes=1, learnt=5, asks=2, recorded=5_000)


class _Market:
    """Of which only the clock matters."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.REPLAY, "USDT", 1000, 15_000, self.now_ms, self.now_ms)

    def now(self) -> int:
        return self.now_ms


def run(size: Size = FULL) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Engines(Path(folder), postgres_settings={"max_wal_size": "1GB"}) as engines,
    ):
        migrate(engines.postgres_dsn)
        return asyncio.run(_measured(engines.postgres_dsn, size))


async def _measured(dsn: str, size: Size) -> list[Figure]:
    panel = replace(made_up(size.symbols, size.rows + size.minutes))
    panel = replace(panel, times=panel.times - panel.times[0] + _BEGIN)
    settings = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=2, max_size=10, server_settings=settings) as pool:
        archive = CandleArchive(pool)
        await archive.insert(_MARKET, _candles(panel, 0, size.rows))
        market = _Market(_BEGIN + size.rows * MINUTE_MS)
        forecaster = await _forecaster(pool, panel, market, size)
        figures = await _asked(forecaster, archive, panel, market, size)
        return figures + await _records(pool, dsn, market, size.recorded)


async def _forecaster(pool: "asyncpg.Pool[asyncpg.Record]", panel: Panel, market: _Market, size: Size) -> Forecaster:
    registry = Registry(pool)

    def ticks() -> float:
        return market.now_ms / 1000

    few = columns_of(panel.rows(0, size.rows), panel.symbols[: size.learnt])
    learnt = train(few, 5, TrainingResources(2, 1), lambda *_: None)
    known, offsets = (np.resize(each, size.symbols) for each in (learnt.spread.known, learnt.spread.offsets))
    spread = replace(learnt.spread, known=known, offsets=offsets)
    model = replace(learnt, symbols=panel.symbols, seen=(True,) * size.symbols, spread=spread)
    for horizon in HORIZONS:
        await registry.add(
            _MARKET, horizon, _facts(model, market.now_ms), pack(replace(model, horizon=horizon).parts())
        )
    models = Models(registry, market.now, ticks, expiry_days=3)
    return Forecaster(
        cast("MarketReader", market),
        registry,
        models,
        ForecastLog(pool),
        lambda: partial(panel_from, pool),
        tick=ticks,
    )


def _facts(model: ForecastModel, at: int) -> ModelMetadata:
    return ModelMetadata(
        "ensemble", at, model.start, model.end, model.symbols, model.rows, model.names, model.parameters, "bench",
        model.metrics,
    )  # fmt: skip


async def _asked(
    forecaster: Forecaster, archive: CandleArchive, panel: Panel, market: _Market, size: Size
) -> list[Figure]:
    symbols = [Symbol(name) for name in panel.symbols]
    begun = time.perf_counter()
    await forecaster.forecast(symbols[0], 5)
    first = time.perf_counter() - begun
    whole: list[float] = []
    late = _Late()
    for number in range(size.minutes):
        await archive.insert(_MARKET, _candles(panel, size.rows + number, size.rows + number + 1))
        market.now_ms += MINUTE_MS
        async with late:
            begun = time.perf_counter()
            found = [await forecaster.outlooks(horizon) for horizon in HORIZONS]
            whole.append(time.perf_counter() - begun)
        assert all(len(each) == size.symbols for each in found), [len(each) for each in found]
    asked: list[float] = []
    for number in range(size.asks):
        begun = time.perf_counter()
        await forecaster.forecast(symbols[number % size.symbols], HORIZONS[number % len(HORIZONS)])
        asked.append(time.perf_counter() - begun)
    bare = await _bare(forecaster, size)
    shape = f"{size.symbols} symbols x {len(HORIZONS)} horizons"
    return [
        Figure("first forecast: history read, models unpacked", 1000 * first, "ms"),
        Figure(f"forecasts of a new minute, {shape}, median", 1000 * statistics.median(whole), "ms", at_most=150),
        Figure(f"bare XGBoost, {shape}, median", 1000 * bare, "ms"),
        Figure("forecasts of a new minute: times as long as bare XGBoost", statistics.median(whole) / bare, "x"),
        Figure(f"forecasts of a new minute, {shape}, slowest of {size.minutes}", 1000 * max(whole), "ms"),
        Figure("event loop held up meanwhile, at most", 1000 * late.most, "ms"),
        Figure("one forecast with its drivers, same minute, p95", 1000 * _p95(asked), "ms"),
    ]


async def _bare(forecaster: Forecaster, size: Size) -> float:
    """Seconds that the trees alone take for as many forecasts, from features that are already there."""
    live = await forecaster.live()
    assert live is not None
    trees = [loaded.trained.trees for loaded in live.champions.values()]
    values = np.random.default_rng(1).standard_normal((size.symbols, len(trees[0].columns))).astype(np.float32)
    took = []
    for _ in range(20):
        begun = time.perf_counter()
        for tree in trees:
            tree.booster.inplace_predict(values)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


class _Late:
    """How late the loop was at most, to whoever wanted a turn each millisecond."""

    most = 0.0

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._look())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.001)
            self.most = max(self.most, time.perf_counter() - begun - 0.001)


_FILL = """
INSERT INTO forecast (market, symbol, horizon, made_at, version, role, price, expected, low, high, rising, outcome)
SELECT $1, 'S' || lpad((n % 250)::text, 3, '0') || 'USDT', (ARRAY[5, 15, 60, 240, 1440])[n / 500 % 5 + 1],
    $2::bigint - (n / 2500) * 3600000::bigint, 1 + n / 250 % 2, (ARRAY['champion', 'challenger'])[n / 250 % 2 + 1],
    100, 0.0001, -0.01, 0.01, 0.5, 0.001 * (n % 7 - 3)
FROM generate_series(0, $3::int - 1) AS n
"""
_HOURS = """
INSERT INTO forecast_score_hourly
SELECT market, horizon, role, version, made_at / 3600000 * 3600000, count(*), count(*) FILTER (WHERE outcome <> 0),
    count(*) FILTER (WHERE outcome > 0), count(*) FILTER (WHERE outcome BETWEEN low AND high),
    sum((outcome - expected) ^ 2), sum(outcome ^ 2)
FROM forecast GROUP BY 1, 2, 3, 4, 5
"""


async def _records(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, market: _Market, recorded: int) -> list[Figure]:
    owner = await asyncpg.connect(dsn)
    await owner.execute("TRUNCATE forecast, forecast_score_hourly")
    await owner.execute(_FILL, _MARKET, market.now_ms // 3_600_000 * 3_600_000 - 3_600_000, recorded, timeout=600)
    await owner.execute(_HOURS, timeout=600)
    await owner.execute("VACUUM ANALYZE forecast")
    await owner.close()
    served = ForecastLog(pool)
    figures = []
    for name, symbol in (("all symbols", None), ("one symbol", Symbol("S017USDT"))):
        took: list[float] = []
        for number in range(40):
            begun = time.perf_counter()
            found = await served.record(_MARKET, HORIZONS[number % 5], (7, 30)[number // 5 % 2], market.now_ms, symbol)
            took.append(time.perf_counter() - begun)
            assert found is not None
        figures.append(
            Figure(f"record of {name}, {recorded:,} forecasts kept, p95", 1000 * _p95(took), "ms", at_most=50)
        )
    begun = time.perf_counter()
    await served.losses(1, 2, market.now_ms - 35 * 86_400_000)
    return [*figures, Figure(f"champion beside challenger, {recorded // 2:,} pairs", time.perf_counter() - begun, "s")]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def _candles(panel: Panel, start: int, stop: int) -> list[Candle]:
    grids = (panel.open, panel.high, panel.low, panel.close, panel.volume)
    found = []
    for row in range(start, stop):
        for place, name in enumerate(panel.symbols):
            opened, high, low, close, volume = (float(grid[row, place]) for grid in grids)
            found.append(Candle(Symbol(name), int(panel.times[row]), opened, high, low, close, volume))
    return found
