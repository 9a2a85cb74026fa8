"""The product's own recipe: boosted trees over returns in the sizes that were to be expected."""

from dataclasses import dataclass, field

import numpy as np
import xgboost
from numpy.typing import NDArray

from ml.panel import Floats
from ml.recipes.base import Means, Model
from ml.recipes.learnt import columns_for, expected, targets
from ml.samples import Sample

PARAMETERS: dict[str, float | int | str] = {
    "objective": "reg:squarederror",
    "eta": 0.05,
    "max_depth": 6,
    "min_child_weight": 200,
    "subsample": 0.5,
    "colsample_bytree": 0.5,
    "max_bin": 128,
}
ROUNDS = 150


@dataclass(frozen=True, slots=True)
class Boosted:
    """XGBoost over the features of `columns_for`."""

    name: str = "xgb"
    rounds: int = ROUNDS
    parameters: dict[str, float | int | str] = field(default_factory=lambda: dict(PARAMETERS))

    def fit(self, learnt: Sample, means: Means) -> Model:
        """Raises NoTrainingData."""
        wanted = targets(learnt)
        columns = columns_for(learnt.names, learnt.horizon)
        matrix = xgboost.QuantileDMatrix(
            learnt.values(columns), wanted, max_bin=int(self.parameters["max_bin"]), nthread=means.threads
        )
        given = {**self.parameters, "nthread": means.threads, "seed": means.seed}
        return BoostedModel(xgboost.train(given, matrix, self.rounds), columns)


@dataclass(frozen=True, slots=True)
class BoostedModel:
    """A booster and the columns it knows."""

    booster: xgboost.Booster
    columns: NDArray[np.int64]

    def expect(self, sample: Sample) -> Floats:
        """The expected log return."""
        return expected(sample, lambda part: self.booster.inplace_predict(part.values(self.columns)))
