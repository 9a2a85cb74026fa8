"""Linear recipes, the benchmark of the trees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from ml.calibration.volatility import MIN_ROWS
from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample
from ml.models.targets import columns_for, expected, targets

_BOUND = 5.0
_PENALTY = 1000.0
_LOGISTIC_ROWS = 200_000
_RIDGE_ROWS = 300_000
_MIN_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class StandardScaler:
    """Scaling of columns to mean 0 and deviation 1, with bounds; missing values become the mean."""

    columns: NDArray[np.int64]
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def of(self, sample: Sample) -> NDArray[np.float32]:
        """Returns the scaled values, entries x columns."""
        return self.scale(sample.values(self.columns))

    def scale(self, scaled: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scales values of these columns in place."""
        scaled -= self.mean
        scaled /= self.deviation
        np.nan_to_num(scaled, copy=False)
        return np.clip(scaled, -_BOUND, _BOUND, out=scaled)


def fit_scaler(sample: Sample) -> StandardScaler:
    """Fits means and deviations; a column without any value counts as always at its mean."""
    columns = columns_for(sample.names, sample.horizon)
    count, total, squares = (np.zeros(len(columns)) for _ in range(3))
    for part in sample.parts():
        values = part.values(columns)
        count += np.isfinite(values).sum(axis=0)
        values = np.nan_to_num(values).astype(np.float64)
        total += values.sum(axis=0)
        squares += (values**2).sum(axis=0)
    mean = total / np.maximum(count, 1)
    variance = squares / np.maximum(count, 1) - mean**2
    deviation = np.sqrt(np.where(variance > _MIN_VARIANCE, variance, 1.0))
    return StandardScaler(columns, mean.astype(np.float32), deviation.astype(np.float32))


@dataclass(frozen=True, slots=True)
class RidgeRecipe:
    """Least squares with a penalty."""

    name: str = "ridge"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002 - nothing random
        """Fits the line. Raises NoTrainingData."""
        few = sample.thinned(_RIDGE_ROWS)
        wanted, scaler = targets(few), fit_scaler(few)
        return LinearModel(scaler, Ridge(_PENALTY, copy_X=False).fit(scaler.of(few), wanted))


@dataclass(frozen=True, slots=True)
class LogisticRecipe:
    """Logistic regression of the direction.

    The expectation is the usual move times the probability of rising minus that of falling.
    """

    name: str = "logistic"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:
        """Fits the odds. Raises NoTrainingData."""
        wanted, scaler = targets(sample), fit_scaler(sample)
        few = np.sort(np.random.default_rng(means.seed).permutation(np.flatnonzero(wanted))[:_LOGISTIC_ROWS])
        rises = wanted[few] > 0
        if rises.all() or not rises.any():
            raise NoTrainingData(len(few), MIN_ROWS)
        fitted = LogisticRegression(C=1 / _PENALTY, max_iter=100).fit(scaler.of(sample.chosen(few)), rises)
        return LogisticModel(scaler, fitted, float(np.abs(wanted).mean()))


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Fitted least squares."""

    scaler: StandardScaler
    fitted: Any

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return."""
        return expected(sample, lambda part: self.fitted.predict(self.scaler.of(part)))


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Fitted odds; `usual` is the mean size of a clipped move."""

    scaler: StandardScaler
    fitted: Any
    usual: float

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return."""
        return expected(sample, self._scaled)

    def _scaled(self, part: Sample) -> Floats:
        rises: Floats = self.fitted.predict_proba(self.scaler.of(part))[:, 1]
        return (2 * rises - 1) * self.usual
