"""Forecasting components of a process that serves users or judges served forecasts."""

import time
from dataclasses import dataclass

from app.connections.stores import Stores
from app.settings import Settings
from core.clock import Clock
from ml.monitoring.live_scoring import Scoring
from ml.registry import Registry
from ml.serving.forecast_log import ForecastLog
from ml.serving.forecaster import Forecaster, open_forecaster
from ml.serving.model_cache import Models
from pipeline.ports import MarketReader


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Components for forecasting and for judging forecasts."""

    models: Models
    forecaster: Forecaster
    scoring: Scoring


def open_forecasts(stores: Stores, market: MarketReader, settings: Settings, clock: Clock) -> Forecasts:
    """Returns the components. Cheap: heavy modules are imported by the first request."""
    registry = Registry(stores.pool)
    ml = settings.ml
    models = Models(registry, clock, time.monotonic, expiry_days=ml.expiry_days, horizons=ml.minutes)
    forecaster = open_forecaster(stores.pool, stores.store, market, models, registry)
    return Forecasts(models, forecaster, Scoring(market, registry, models, ForecastLog(stores.pool), forecaster))
