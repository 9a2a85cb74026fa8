"""Recipe of the product: boosted trees over returns in units of their expected size."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xgboost
from numpy.typing import NDArray

from ml.calibration.volatility import MIN_ROWS
from ml.data.panel import Floats
from ml.data.time_blocks import blocks_of
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample
from ml.models.targets import clipped, columns_for, expected, targets

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
_EARLY = 0.8
_ABSENT = -1e4
_CHECK_ROWS = 150_000
PRIOR_SHARE = 0.3
PRIOR_DEVIATION = 0.3
"""Prior of the share of the trees' output that is used. On rows before the test of three recordings the check cost next
to nothing at 1 and 5 minutes (the share was 0.8 to 1.0 there) and avoided most of the loss at horizons with too little
training data: hours and quarters of an hour.
"""


@dataclass(frozen=True, slots=True)
class Boosted:
    """XGBoost over the features of `columns_for`."""

    name: str = "xgb"
    rounds: int = ROUNDS
    parameters: dict[str, float | int | str] = field(default_factory=lambda: dict(PARAMETERS))

    def fit(self, sample: Sample, means: TrainingResources) -> Model:
        """Trains the trees. Raises NoTrainingData."""
        columns = columns_for(sample.names, sample.horizon)
        share = self._share(sample, columns, means)
        return BoostedModel(self._trained(sample, columns, means), columns, share)

    def _trained(self, sample: Sample, columns: NDArray[np.int64], means: TrainingResources) -> xgboost.Booster:
        given = _Parts(sample, columns, targets(sample).astype(np.float32), means.cache)
        bins = int(self.parameters["max_bin"])
        kind = xgboost.QuantileDMatrix if means.cache is None else xgboost.ExtMemQuantileDMatrix
        matrix = kind(given, max_bin=bins, nthread=means.threads)
        settings = {**self.parameters, "nthread": means.threads, "seed": means.seed}
        return xgboost.train(settings, matrix, self.rounds)

    def _share(self, sample: Sample, columns: NDArray[np.int64], means: TrainingResources) -> float:
        """Returns the share of the trees' output that holds on the last fifth of the rows.

        The trees of this check are trained on data known before that fifth. Overfitted trees have outputs that are too
        large.
        """
        cut = int(np.quantile(sample.rows, _EARLY)) if len(sample) else 0
        early = sample.chosen(sample.rows < cut - sample.horizon).thinned(_CHECK_ROWS)
        late = sample.chosen(sample.rows >= cut).thinned(_CHECK_ROWS)
        if len(early) < MIN_ROWS or not len(late):
            return PRIOR_SHARE
        booster = self._trained(early, columns, means)
        said = np.concatenate([booster.inplace_predict(_dense(part, columns)) for part in late.parts()])
        return believed(said.astype(np.float64), clipped(late), blocks_of(late.rows, late.horizon))


def believed(predicted: Floats, wanted: Floats, blocks: NDArray[np.int64]) -> float:
    """Returns the slope of outcomes on expectations, between 0 and 1, shrunk to `PRIOR_SHARE` by its uncertainty.

    The uncertainty counts each block of time as one observation (the sandwich of Liang and Zeger, 1986).
    """
    squares = float(predicted @ predicted)
    if squares <= 0:
        return 0.0
    slope = float(predicted @ wanted) / squares
    variance = float((np.bincount(blocks, predicted * (wanted - slope * predicted)) ** 2).sum()) / squares**2
    trust = PRIOR_DEVIATION**2 / (PRIOR_DEVIATION**2 + variance)
    return float(np.clip(trust * slope + (1 - trust) * PRIOR_SHARE, 0, 1))


def _dense(part: Sample, columns: NDArray[np.int64]) -> NDArray[np.float32]:
    """Returns the features with a far value in place of missing ones: a sparse matrix takes four times the memory."""
    return filled(part.values(columns))


def filled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Replaces missing values by a far value, in place."""
    return np.nan_to_num(values, copy=False, nan=_ABSENT)


class _Parts(xgboost.DataIter):
    """Iterator over the parts of a sample, so that its features are never in memory twice.

    With a `cache` they are not in memory even once: the matrix is stored in files of that folder, which are removed
    with it.
    """

    def __init__(self, sample: Sample, columns: NDArray[np.int64], wanted: Floats, cache: Path | None) -> None:
        super().__init__(cache_prefix=None if cache is None else str(cache / "matrix"))
        self._learnt, self._columns, self._wanted = sample, columns, wanted
        self._parts, self._begun = sample.parts(), 0

    def next(self, input_data: Callable[..., None]) -> bool:
        """Passes on one part. Returns whether there was one."""
        part = next(self._parts, None)
        if part is None:
            return False
        end = self._begun + len(part)
        input_data(data=_dense(part, self._columns), label=self._wanted[self._begun : end])
        self._begun = end
        return True

    def reset(self) -> None:
        """Starts over, since the matrix is built in several passes."""
        self._parts, self._begun = self._learnt.parts(), 0


@dataclass(frozen=True, slots=True)
class BoostedModel:
    """Booster, its columns, and the share of its output that is used."""

    booster: xgboost.Booster
    columns: NDArray[np.int64]
    share: float

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return."""
        return expected(sample, lambda part: self.share * self.booster.inplace_predict(_dense(part, self.columns)))
