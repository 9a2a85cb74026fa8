"""A market of four symbols with its candles archived, models in the registry, and a forecaster over them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from ml.data.archive_panel import panel_from
from ml.data.panel import Panel
from ml.models.artifact import pack
from ml.models.forecast_model import ForecastModel
from ml.monitoring.live_scoring import Scoring
from ml.registry import ModelMetadata, Registry
from ml.serving.forecast_log import ForecastLog
from ml.serving.forecaster import Forecaster
from ml.serving.model_cache import Models
from pipeline.archive.postgres import CandleArchive
from pipeline.market import MINUTE_MS, Candle, MarketInfo, SourceKind, Symbol
from tests.fakes.candles import START

MARKET = "replay"
HORIZON = 5


def minute(number: int) -> int:
    """When the candle of that row opens."""
    return START + number * MINUTE_MS


@dataclass
class Clocked:
    """A market reader of which only the clock matters; `now_ms` is the market's and the machine's."""

    now_ms: int
    market: str = MARKET
    speed: float = 1.0

    def info(self) -> MarketInfo:
        identity = "" if self.market == MARKET else self.market
        now = self.now_ms
        return MarketInfo(SourceKind.REPLAY, "USDT", 1000, 15_000, now, now, speed=self.speed, identity=identity)

    def now(self) -> int:
        return self.now_ms

    def symbols(self) -> Sequence[Symbol]:
        return ()


@dataclass
class Ticks:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def candles_of(panel: Panel, start: int, stop: int) -> list[Candle]:
    """Of the rows from `start` to before `stop`; without order flow where the panel has none."""
    prices, nothing = panel.grids[:5], np.zeros(panel.shape)
    trades, taken = panel.grids[5:] or (nothing, np.full(panel.shape, np.nan))
    return [
        Candle(
            Symbol(name),
            int(panel.times[row]),
            *(float(grid[row, place]) for grid in prices),
            trades=int(trades[row, place]),
            taker_volume=None if np.isnan(taken[row, place]) else float(taken[row, place]),
        )
        for row in range(start, min(stop, len(panel.times)))
        for place, name in enumerate(panel.symbols)
        if panel.close[row, place] == panel.close[row, place]
    ]


@dataclass
class House:
    """`clock` stands at `row` candles after the beginning; those before it are archived."""

    pool: Any
    panel: Panel
    row: int
    clock: Clocked = field(init=False)
    ticks: Ticks = field(default_factory=Ticks)
    expiry_days: float = 3.0
    loads: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clocked(minute(self.row))
        self.archive = CandleArchive(self.pool)
        self.registry = Registry(self.pool)
        self.served = ForecastLog(self.pool)
        self.models = Models(
            self.registry, self.clock.now, self.ticks, expiry_days=self.expiry_days, horizons=(HORIZON,)
        )
        self.forecaster = Forecaster(
            self.clock, self.registry, self.models, self.served, lambda: self._load, tick=self.ticks
        )
        self.scoring = Scoring(self.clock, self.registry, self.models, self.served, self.forecaster)

    async def _load(self, market: str, symbols: Sequence[str], start: int, end: int, *, flow: bool = False) -> Panel:
        self.loads.append((start, end))
        return await partial(panel_from, self.pool)(market, symbols, start, end, flow=flow)

    async def open(self, *, since: int = 0) -> "House":
        await self.archive.insert(MARKET, candles_of(self.panel, since, self.row))
        return self

    async def go_on(self, minutes: int = 1, *, archived: bool = True) -> None:
        """The clock goes on, and what closed meanwhile is archived."""
        if archived:
            await self.archive.insert(MARKET, candles_of(self.panel, self.row, self.row + minutes))
        self.row += minutes
        self.clock.now_ms = minute(self.row)
        self.ticks.seconds += 60 * minutes

    async def add(self, model: ForecastModel, *, trained_at: int | None = None, end: int | None = None) -> int:
        at = self.clock.now_ms if trained_at is None else trained_at
        model = model if end is None else replace(model, end=end, start=min(model.start, end - MINUTE_MS))
        facts = ModelMetadata(
            "ensemble", at, model.start, model.end, model.symbols, model.rows, model.names, model.parameters, "test",
            model.metrics,
        )  # fmt: skip
        return await self.registry.add(MARKET, model.horizon, facts, pack(model.parts()))

    async def rows(self, query: str = "SELECT * FROM forecast ORDER BY symbol, made_at, version") -> list[Any]:
        return list(await self.pool.fetch(query))
