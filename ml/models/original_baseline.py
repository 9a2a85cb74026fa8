"""Recipe of the original project, kept for comparison: raw prices of all symbols in one regression.

Its inputs are the last ten prices and the number of the symbol; it uses XGBoost with eta 0.1, max_depth 10 and
min_child_weight 0.5.
"""

from dataclasses import dataclass

import numpy as np
import xgboost
from numpy.typing import NDArray

from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample

PRICES = 10
PARAMETERS: dict[str, float | int | str] = {
    "objective": "reg:squarederror",
    "eta": 0.1,
    "max_depth": 10,
    "min_child_weight": 0.5,
}
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Baseline:
    """Forecast of a price; the return is its distance from the last price."""

    name: str = "baseline"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:
        """Trains the booster. Raises NoTrainingData."""
        if not len(sample):
            raise NoTrainingData(0, 1)
        later = sample.panel.close[sample.rows + sample.horizon, sample.symbol_index]
        matrix = xgboost.QuantileDMatrix(_columns(sample), later, nthread=means.threads)
        given = {**PARAMETERS, "nthread": means.threads, "seed": means.seed}
        return BaselineModel(xgboost.train(given, matrix, ROUNDS))


@dataclass(frozen=True, slots=True)
class BaselineModel:
    """Booster over raw prices."""

    booster: xgboost.Booster

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return; an expected price below a thousandth of the last one is raised to that."""
        found = [_returns(self.booster, part) for part in sample.parts()]
        return np.concatenate(found) if found else np.zeros(0)


def _returns(booster: xgboost.Booster, part: Sample) -> Floats:
    last = part.panel.close[part.rows, part.symbol_index]
    price = np.asarray(booster.inplace_predict(_columns(part)), np.float64)
    return np.log(np.maximum(price, last / 1000) / last)


def _columns(sample: Sample) -> NDArray[np.float32]:
    columns = np.empty((len(sample), PRICES + 1), np.float32)
    for lag in range(PRICES):
        columns[:, lag] = sample.panel.close[np.maximum(sample.rows - lag, 0), sample.symbol_index]
    columns[:, PRICES] = sample.symbol_index
    return columns
