"""Forecasts without training. A recipe that is not better than the first of them has no skill."""

from dataclasses import dataclass

import numpy as np

from ml.data.panel import Floats
from ml.data.windows import decayed, shifted
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample

_DAY_MS = 86_400_000
_DRIFT_CANDLES = 1440
_EWMA_HALF_LIFE = 30


@dataclass(frozen=True, slots=True)
class Naive:
    """Forecast of an unchanged price."""

    name: str = "naive"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002
        """Returns the recipe itself; there is nothing to fit."""
        return self

    def expect(self, sample: Sample) -> Floats:
        """Returns zeros."""
        return np.zeros(len(sample))


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """Forecast of the return over the same minutes of the day before."""

    name: str = "seasonal-naive"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002
        """Returns the recipe itself; there is nothing to fit."""
        return self

    def expect(self, sample: Sample) -> Floats:
        """Returns the returns of the day before, zero if they are missing."""
        day = max(sample.horizon, _DAY_MS // sample.panel.interval_ms)
        log_close = sample.features.log_close
        begun, ended = sample.rows - day, sample.rows - day + sample.horizon
        there = begun >= 0
        moved = (
            log_close[np.maximum(ended, 0), sample.symbol_index] - log_close[np.maximum(begun, 0), sample.symbol_index]
        )
        return np.nan_to_num(np.where(there, moved, 0.0))


@dataclass(frozen=True, slots=True)
class DriftRecipe:
    """Forecast of the mean return of the last day."""

    name: str = "drift"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002
        """Returns the recipe itself; there is nothing to fit."""
        return self

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return, zero without a full day before the row."""
        log_close = sample.features.log_close
        span = (log_close - shifted(log_close, _DRIFT_CANDLES)) / _DRIFT_CANDLES
        return np.nan_to_num(span[sample.rows, sample.symbol_index]) * sample.horizon


@dataclass(frozen=True, slots=True)
class Ewma:
    """Forecast of the exponentially weighted mean return."""

    name: str = "ewma"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002
        """Returns the recipe itself; there is nothing to fit."""
        return self

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return, zero before the first return."""
        log_close = sample.features.log_close
        mean = decayed(log_close - shifted(log_close, 1), _EWMA_HALF_LIFE)
        return np.nan_to_num(mean[sample.rows, sample.symbol_index]) * sample.horizon
