"""Forecasts on request, made for the last closed minute, computed once and shared.

Heavy modules are imported at the first request, and computations run in a thread.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import asyncpg

from ml.errors import ModelUnusable, NoTrainingData, ShortHistory, StaleHistory, SymbolNotTrained
from ml.forecast import Driver, Forecast, ModelCard, TrackRecord
from ml.registry import Registry
from ml.serving.forecast_log import ForecastLog, LoggedForecast, Role
from ml.serving.forecast_log_writer import ForecastLogWriter
from ml.serving.model_cache import LoadedModel, Models
from pipeline.market import MINUTE_MS, MarketInfo, Symbol
from pipeline.ports import MarketReader
from pipeline.store.redis import RedisStore

if TYPE_CHECKING:
    from ml.data.rolling_panel import Load, RollingPanel
    from ml.serving.inference import ModelPrediction, PredictionSnapshot
    from ml.serving.online_calibration import OnlineCalibration

log = logging.getLogger(__name__)

RECORD_DAYS = (7, 30)
MAX_LATE_MS = 3 * MINUTE_MS
"""Largest age of the last candle."""

MAX_SHOWN = 50
_LATE_SECONDS = 15
_NO_SYMBOL = Symbol("")
_POLL_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class LiveForecasts:
    """Predictions of the models in the registry for all symbols at one minute, and the models by role and horizon."""

    market: str
    made_at: int
    moment: "PredictionSnapshot"
    champions: dict[int, LoadedModel]
    challengers: dict[int, LoadedModel]

    def served(self) -> list[LoggedForecast]:
        """Returns the forecasts of the live record."""
        return [
            LoggedForecast(self.market, role, made)
            for role, models in ((Role.CHAMPION, self.champions), (Role.CHALLENGER, self.challengers))
            for loaded in models.values()
            for made in self.moment.sights[loaded.row.version].forecasts.values()
        ]


class Forecaster:
    """Implementation of `ml.ports.Forecasting`.

    `run` stores the forecasts that were returned while PostgreSQL did not answer. `tick` is a monotonic clock in
    seconds.
    """

    def __init__(
        self,
        market: MarketReader,
        registry: Registry,
        models: Models,
        served: ForecastLog,
        load: "Callable[[], Load]",
        *,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._market = market
        self._registry = registry
        self._models = models
        self._served = served
        self._load = load
        self._tick = tick
        self._keeper = ForecastLogWriter(served)
        self._computing = asyncio.Lock()
        self._renewing: asyncio.Task[PredictionSnapshot] | None = None
        self._moment: PredictionSnapshot | None = None
        self._looked = -_POLL_AGAIN_SECONDS
        self._panel: RollingPanel | None = None
        self._calibration: OnlineCalibration | None = None
        self._flow = False  # whether any model has needed the order flow
        self.computations = 0
        """Number of times that the predictions for all symbols were computed."""

    async def run(self) -> None:
        """Runs the service that stores forecasts that were served while PostgreSQL did not answer."""
        try:
            await self._keeper.run()
        finally:
            if self._renewing is not None:
                self._renewing.cancel()

    # -- requests of users -------------------------------------------------------------------------

    async def forecast(self, symbol: Symbol, horizon: int) -> Forecast:
        """Implements `ml.ports.Forecasting`. Raises ModelUnusable too."""
        moment, sight = await self._sight(horizon, symbol)
        now, info = self._market.now(), self._market.info()
        found = sight.forecasts.get(symbol)
        self._check_fresh(moment, sight, symbol, now, info)
        if found is None:
            raise StaleHistory(symbol, (moment.age_ms(symbol, now) or 0) // 1000)
        asked = [LoggedForecast(info.market, Role.ASKED, found)]
        drivers, _ = await asyncio.gather(self._drivers(sight, symbol), self._keeper.add(asked))
        return replace(found, drivers=drivers)

    async def ranking(self, horizon: int, count: int) -> Sequence[Forecast]:
        """Implements `ml.ports.Forecasting`. Raises ModelUnusable too.

        The forecasts are stored, unless `count` is more than a user is shown: a caller that reads all of them each
        minute stores those that lead to a notification.
        """
        found = await self.outlooks(horizon)
        surest = sorted(found, key=lambda made: (-abs(made.prob_up - made.prob_down), made.symbol))[: max(0, count)]
        if count <= MAX_SHOWN:
            await self.log_forecasts(surest)
        return surest

    async def outlooks(self, horizon: int) -> Sequence[Forecast]:
        """Returns the forecasts of all symbols at the last closed minute, without drivers. Empty if the data is stale.

        They are not stored; use `log_forecasts`.
        """
        try:
            moment, sight = await self._sight(horizon)
        except StaleHistory:  # no symbol has a candle
            return ()
        if self._too_late(self._market.now() - moment.made_at, self._market.info()):
            return ()
        return tuple(sight.forecasts.values())

    async def log_forecasts(self, forecasts: Iterable[Forecast]) -> None:
        """Stores those of the `outlooks` that were sent to a user. Raises MarketUnavailable."""
        market = self._market.info().market
        await self._keeper.add([LoggedForecast(market, Role.ASKED, made) for made in forecasts])

    async def record(self, horizon: int, days: int, symbol: Symbol | None = None) -> TrackRecord | None:
        """Implements `ml.ports.Forecasting`."""
        return await self._served.record(self._market.info().market, horizon, days, self._market.now(), symbol)

    async def card(self, horizon: int) -> ModelCard:
        """Implements `ml.ports.Forecasting`."""
        market, now = self._market.info().market, self._market.now()
        found = await self._models.champion(market, horizon, now)
        challenger = await self._registry.challenger(market, horizon)
        records = [await self.record(horizon, days) for days in RECORD_DAYS]
        row = found.row
        return ModelCard(
            version=row.version,
            horizon=row.horizon,
            recipe=row.recipe,
            trained_at=row.trained_at,
            start=row.start,
            end=row.end,
            symbols=len(row.symbols),
            rows=row.rows,
            features=len(row.features),
            skilled=found.trained.skilled,
            metrics=dict(row.metrics),
            challenger=None if challenger is None else challenger.version,
            records=tuple(record for record in records if record is not None),
        )

    # -- requests of jobs --------------------------------------------------------------------------

    async def live(self) -> LiveForecasts | None:
        """Returns the predictions of champions and challengers for all symbols at the last closed minute.

        None if there is no usable model, or only stale data. Raises MarketUnavailable.
        """
        info, now = self._market.info(), self._market.now()
        champions = await self._models.usable(info.market, now)
        challengers = await self._models.challengers(info.market, now) if champions else {}
        if not champions:
            return None
        try:
            moment = await self._predict(info.market, now, [*champions.values(), *challengers.values()])
        except NoTrainingData:
            return None
        if self._too_late(self._market.now() - moment.made_at, info):
            return None
        return LiveForecasts(info.market, moment.made_at, moment, champions, challengers)

    # -- the minute that closed last ---------------------------------------------------------------

    async def _sight(self, horizon: int, symbol: Symbol = _NO_SYMBOL) -> "tuple[PredictionSnapshot, ModelPrediction]":
        """Returns the snapshot and the champion's prediction.

        Raises NoModel, ModelExpired, ModelUnusable and MarketUnavailable; StaleHistory without candles.
        """
        now, market = self._market.now(), self._market.info().market
        champion = await self._models.champion(market, horizon, now)
        version = champion.row.version
        try:
            for _ in range(2):  # a computation in progress may lack a champion that has just been promoted
                moment = await self._current(market, now, version)
                if version in moment.sights:
                    return moment, moment.sights[version]
        except NoTrainingData as error:
            raise StaleHistory(symbol, self._rows() * MINUTE_MS // 1000) from error
        raise ModelUnusable(version, "foreign")

    async def _current(self, market: str, now: int, version: int) -> "PredictionSnapshot":
        """Runs one computation at a time, shared by all callers; a caller that stops waiting does not end it."""
        if self._renewing is None or self._renewing.done():
            if self._moment is not None and self._still_holds(self._moment, market, now, version):
                return self._moment
            self._renewing = asyncio.create_task(self._renew(market, now))
            self._renewing.add_done_callback(_looked_at)
        return await asyncio.shield(self._renewing)

    def _still_holds(self, moment: "PredictionSnapshot", market: str, now: int, version: int) -> bool:
        """Returns whether the snapshot is current.

        It is until a minute closes, and then until the candles of that minute have had time to arrive.
        """
        if moment.market != market or version not in moment.sights or moment.made_at > now:
            return False
        closed = now // MINUTE_MS * MINUTE_MS
        return moment.made_at == closed or self._tick() - self._looked < _POLL_AGAIN_SECONDS

    async def _renew(self, market: str, now: int) -> "PredictionSnapshot":
        champions = await self._models.usable(market, now)
        moment = await self._predict(market, now, list(champions.values()))
        self._moment, self._looked = moment, self._tick()
        return moment

    async def _predict(self, market: str, now: int, models: Sequence[LoadedModel]) -> "PredictionSnapshot":
        """Returns the predictions of the models. Raises NoTrainingData and MarketUnavailable."""
        inference = await asyncio.to_thread(import_module, "ml.serving.inference")
        async with self._computing:
            flow = self._flow or any(loaded.trained.flow for loaded in models)
            if self._panel is None or self._calibration is None or flow != self._flow:
                rolling = await asyncio.to_thread(import_module, "ml.data.rolling_panel")
                load = self._load()
                self._panel, self._flow = rolling.RollingPanel(load, flow=flow), flow
                self._calibration = inference.OnlineCalibration(load, flow=flow)
            symbols = sorted({symbol for loaded in models for symbol in loaded.trained.symbols})
            panel = await self._panel.at(market, symbols, now)
            known = self._moment
            if known is not None and _same(known, market, panel, models):
                return known
            await self._calibration.catch_up(market, panel, models)
            moment: PredictionSnapshot = await asyncio.to_thread(
                inference.predict, market, panel, models, self._calibration
            )
            self.computations += 1
            return moment

    async def _drivers(self, sight: "ModelPrediction", symbol: Symbol) -> tuple[Driver, ...]:
        if symbol not in sight.drivers:
            async with self._computing:
                if symbol not in sight.drivers:
                    inference = import_module("ml.serving.inference")
                    sight.drivers[symbol] = await asyncio.to_thread(inference.drivers_of, sight, symbol)
        return sight.drivers[symbol]

    # -- refusals ----------------------------------------------------------------------------------

    def _check_fresh(
        self, moment: "PredictionSnapshot", sight: "ModelPrediction", symbol: Symbol, now: int, info: MarketInfo
    ) -> None:
        """Raises StaleHistory, SymbolNotTrained and ShortHistory."""
        if symbol not in sight.loaded.trained_symbols:
            raise SymbolNotTrained(symbol)
        age = moment.age_ms(symbol, now)
        if age is None or self._too_late(age, info):
            raise StaleHistory(symbol, (self._rows() * MINUTE_MS if age is None else age) // 1000)
        if symbol not in sight.forecasts and moment.candles(symbol) < self._least():
            raise ShortHistory(symbol, moment.candles(symbol), self._least())

    def _too_late(self, age_ms: int, info: MarketInfo) -> bool:
        return age_ms > max(MAX_LATE_MS, info.stale_after_ms + MINUTE_MS, int(_LATE_SECONDS * 1000 * info.speed))

    def _rows(self) -> int:
        return int(import_module("ml.data.features").HISTORY)

    def _least(self) -> int:
        return int(import_module("ml.data.features").WARM_UP)


def _same(known: "PredictionSnapshot", market: str, panel: object, models: Sequence[LoadedModel]) -> bool:
    """Returns whether there is nothing new: neither a candle nor a model."""
    return known.market == market and known.panel is panel and all(m.row.version in known.sights for m in models)


def _looked_at(task: "asyncio.Task[PredictionSnapshot]") -> None:
    """Logs the error of a computation, since its callers may have stopped waiting."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.debug("a computation of predictions failed", exc_info=error)


def open_forecaster(
    pool: "asyncpg.Pool[asyncpg.Record]", store: RedisStore, market: MarketReader, models: Models, registry: Registry
) -> Forecaster:
    """Returns the forecaster of a running desk."""

    def load() -> "Load":
        from ml.data.archive_panel import panel_from  # noqa: PLC0415 - heavy

        found: Load = partial(panel_from, pool, store=store)
        return found

    return Forecaster(market, registry, models, ForecastLog(pool), load)
