"""What models make of a panel's last row: pure, slow enough for a thread, and heavy to import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ml.data.features import WARM_UP, Features, features_of
from ml.data.panel import MOST_HOLES, Floats, Panel, columns_of
from ml.forecast import Driver, Forecast
from ml.serving.forecast_log import Role, Served
from ml.serving.forecast_log_writer import sound
from ml.serving.model_cache import Loaded
from pipeline.market import MINUTE_MS, Symbol

if TYPE_CHECKING:
    from ml.models.forecast_model import Outlook


@dataclass(frozen=True, slots=True)
class ModelPrediction:
    """What one model sees. `forecasts` are of the symbols that have one, `features` have the last row alone."""

    loaded: Loaded
    outlook: "Outlook"
    features: Features
    forecasts: Mapping[Symbol, Forecast]
    drivers: dict[Symbol, tuple[Driver, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PredictionSnapshot:
    """Everything that is said of one minute of a market: `made_at` is when it closed, UTC ms. Sights by version."""

    market: str
    made_at: int
    panel: Panel
    sights: Mapping[int, ModelPrediction]

    def age_ms(self, symbol: Symbol, now: int) -> int | None:
        """How long ago the last candle of the symbol closed; None where there is none at all."""
        if symbol not in self.panel.symbols:
            return None
        rows = np.flatnonzero(~np.isnan(self.panel.close[:, self.panel.symbols.index(symbol)]))
        return now - int(self.panel.times[rows[-1]]) - MINUTE_MS if len(rows) else None

    def candles(self, symbol: Symbol) -> int:
        """How many of its candles are there."""
        if symbol not in self.panel.symbols:
            return 0
        return int((~np.isnan(self.panel.close[:, self.panel.symbols.index(symbol)])).sum())


def look(market: str, panel: Panel, models: Sequence[Loaded]) -> PredictionSnapshot:
    """Features are computed once for all models that learnt from the same symbols."""
    made_at = int(panel.times[-1]) + MINUTE_MS
    known: dict[tuple[str, ...], tuple[Panel, Features]] = {}
    sights: dict[int, ModelPrediction] = {}
    for loaded in models:
        symbols = loaded.trained.symbols
        if symbols not in known:
            part = columns_of(panel, symbols)
            known[symbols] = (part, features_of(part))
        sights[loaded.row.version] = _sight(market, made_at, loaded, *known[symbols])
    return PredictionSnapshot(market, made_at, panel, sights)


def _sight(market: str, made_at: int, loaded: Loaded, panel: Panel, features: Features) -> ModelPrediction:
    outlook = loaded.trained.outlook(features)
    closes = panel.close[-1]
    ready = outlook.ready & (_holes(panel) <= MOST_HOLES)
    forecasts: dict[Symbol, Forecast] = {}
    for place in np.flatnonzero(ready).tolist():
        made = Forecast(
            symbol=Symbol(outlook.symbols[place]),
            horizon=loaded.row.horizon,
            made_at=made_at,
            price=float(closes[place]),
            expected=float(outlook.expected[place]),
            low=float(outlook.low[place]),
            high=float(outlook.high[place]),
            rising=float(outlook.rising[place]),
            skilled=loaded.trained.skilled,
            version=loaded.row.version,
        )
        if sound(Served(market, Role.ASKED, made)):
            forecasts[made.symbol] = made
    return ModelPrediction(loaded, outlook, _last_row(features), forecasts)


def _holes(panel: Panel) -> Floats:
    """The share of the last WARM_UP minutes that each symbol has no candle of."""
    share: Floats = np.isnan(panel.close[-WARM_UP:]).mean(axis=0)
    return share


def _last_row(features: Features) -> Features:
    """A copy: the whole of them is large, and this is kept for a minute."""
    return replace(
        features,
        table=features.table[:, -1:].copy(),
        volatility=features.volatility[-1:].copy(),
        log_close=features.log_close[-1:].copy(),
        ready=features.ready[-1:].copy(),
    )


def drivers_of(sight: ModelPrediction, symbol: Symbol) -> tuple[Driver, ...]:
    """Strongest first."""
    return sight.loaded.trained.drivers(sight.features, sight.outlook.symbols.index(symbol))
