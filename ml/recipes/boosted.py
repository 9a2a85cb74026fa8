"""The product's own recipe: boosted trees over returns in the sizes that were to be expected."""

from collections.abc import Callable
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
        columns = columns_for(learnt.names, learnt.horizon)
        given = _Parts(learnt, columns, targets(learnt))
        matrix = xgboost.QuantileDMatrix(given, max_bin=int(self.parameters["max_bin"]), nthread=means.threads)
        settings = {**self.parameters, "nthread": means.threads, "seed": means.seed}
        return BoostedModel(xgboost.train(settings, matrix, self.rounds), columns)


class _Parts(xgboost.DataIter):
    """Hands a sample over in pieces, so that its features are never in memory twice."""

    def __init__(self, learnt: Sample, columns: NDArray[np.int64], wanted: Floats) -> None:
        super().__init__()
        self._learnt, self._columns, self._wanted = learnt, columns, wanted
        self._parts, self._begun = learnt.parts(), 0

    def next(self, input_data: Callable[..., None]) -> bool:
        """Gives one piece; whether there was one."""
        part = next(self._parts, None)
        if part is None:
            return False
        end = self._begun + len(part)
        input_data(data=part.values(self._columns), label=self._wanted[self._begun : end])
        self._begun = end
        return True

    def reset(self) -> None:
        """From the beginning: the matrix is built in several passes."""
        self._parts, self._begun = self._learnt.parts(), 0


@dataclass(frozen=True, slots=True)
class BoostedModel:
    """A booster and the columns it knows."""

    booster: xgboost.Booster
    columns: NDArray[np.int64]

    def expect(self, sample: Sample) -> Floats:
        """The expected log return."""
        return expected(sample, lambda part: self.booster.inplace_predict(part.values(self.columns)))
