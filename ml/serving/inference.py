"""Predictions of models for a panel's last row: pure functions, slow enough for a thread, and heavy to import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ml.calibration.intervals import regimes_of
from ml.data.features import WARM_UP, Features, features_of
from ml.data.panel import MAX_HOLES, Floats, Panel, columns_of
from ml.data.rolling_panel import OPEN_ROWS
from ml.forecast import Driver, Forecast
from ml.serving.forecast_log import LoggedForecast, Role
from ml.serving.forecast_log_writer import sound
from ml.serving.model_cache import LoadedModel
from ml.serving.online_calibration import OnlineCalibration
from pipeline.market import MINUTE_MS, Symbol

if TYPE_CHECKING:
    from ml.models.forecast_model import Prediction


@dataclass(frozen=True, slots=True)
class ModelPrediction:
    """Prediction of one model: `forecasts` of the symbols that have one, and `features` of the last row only."""

    loaded: LoadedModel
    outlook: "Prediction"
    features: Features
    forecasts: Mapping[Symbol, Forecast]
    drivers: dict[Symbol, tuple[Driver, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PredictionSnapshot:
    """Predictions of all models for one minute of a market, by version; `made_at` is the time it closed, UTC ms."""

    market: str
    made_at: int
    panel: Panel
    sights: Mapping[int, ModelPrediction]

    def age_ms(self, symbol: Symbol, now: int) -> int | None:
        """Returns the time in ms since the last candle of the symbol closed, None if it has no candle."""
        if symbol not in self.panel.symbols:
            return None
        rows = np.flatnonzero(~np.isnan(self.panel.close[:, self.panel.symbols.index(symbol)]))
        return now - int(self.panel.times[rows[-1]]) - MINUTE_MS if len(rows) else None

    def candles(self, symbol: Symbol) -> int:
        """Returns the number of candles of the symbol."""
        if symbol not in self.panel.symbols:
            return 0
        return int((~np.isnan(self.panel.close[:, self.panel.symbols.index(symbol)])).sum())


def predict(
    market: str, panel: Panel, models: Sequence[LoadedModel], calibration: OnlineCalibration
) -> PredictionSnapshot:
    """Returns the predictions; features are computed once for all models with the same symbols, with order flow or
    without it.

    `calibration` has caught up with the panel.
    """
    made_at = int(panel.times[-1]) + MINUTE_MS
    known: dict[tuple[tuple[str, ...], bool], tuple[Panel, Features, NDArray[np.int64]]] = {}
    sights: dict[int, ModelPrediction] = {}
    for loaded in models:
        key = symbols, flow = loaded.trained.symbols, loaded.trained.flow
        if key not in known:
            part = (panel if panel.symbols == symbols else columns_of(panel, symbols)).with_flow(flow=flow)
            features = features_of(part, rows=OPEN_ROWS + 1)
            known[key] = part, features, regimes_of(features)
        part, features, regimes = known[key]
        multiples, estimates = calibration.learn(loaded, part, features, regimes)
        outlook = loaded.trained.outlook(features, multiples=multiples, estimates=estimates)
        sights[loaded.row.version] = _sight(market, loaded, part, features, outlook)
    return PredictionSnapshot(market, made_at, panel, sights)


def _sight(
    market: str, loaded: LoadedModel, panel: Panel, features: Features, outlook: "Prediction"
) -> ModelPrediction:
    closes = panel.close[-1]
    ready = outlook.ready & (_holes(panel) <= MAX_HOLES)
    forecasts: dict[Symbol, Forecast] = {}
    for place in np.flatnonzero(ready).tolist():
        made = Forecast(
            symbol=Symbol(outlook.symbols[place]),
            horizon=loaded.row.horizon,
            made_at=int(panel.times[-1]) + MINUTE_MS,
            price=float(closes[place]),
            expected=float(outlook.expected[place]),
            low=float(outlook.low[place]),
            high=float(outlook.high[place]),
            prob_up=float(outlook.prob_up[place]),
            prob_unchanged=float(outlook.prob_unchanged[place]),
            skilled=loaded.trained.skilled,
            version=loaded.row.version,
        )
        if sound(LoggedForecast(market, Role.ASKED, made)):
            forecasts[made.symbol] = made
    return ModelPrediction(loaded, outlook, features.last_row(), forecasts)


def _holes(panel: Panel) -> Floats:
    """Returns the share of the last WARM_UP minutes without a candle, for each symbol."""
    share: Floats = np.isnan(panel.close[-WARM_UP:]).mean(axis=0)
    return share


def drivers_of(sight: ModelPrediction, symbol: Symbol) -> tuple[Driver, ...]:
    """Returns the drivers of a symbol's forecast, strongest first."""
    return sight.loaded.trained.drivers(sight.features, sight.outlook.symbols.index(symbol))
