"""Trivial rivals: forecasts by one or two numbers that anyone could watch. A model must beat them to have skill.

Each is a line through zero in the last candle's own return and the market's (the mean over symbols), both in standard
deviations, fitted by least squares. Those with one number keep its sign, so that a direction is always said.
"""

from dataclasses import dataclass

import numpy as np

from ml.data.panel import Floats
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample
from ml.models.targets import expected, targets

_INPUTS = ("return_0", "market_0")
_BOUND = 5.0
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Rival:
    """Line in one or two numbers, each of them a weighted sum of the own return and the market's."""

    name: str
    numbers: tuple[tuple[float, float], ...]

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002 - nothing random
        """Fits the slopes. Raises NoTrainingData."""
        wanted, given = targets(sample), self.given(sample)
        curve = given.T @ given + np.eye(given.shape[1])
        slopes = np.linalg.solve(curve, given.T @ wanted)
        return RivalModel(self, np.maximum(slopes, _LEAST) if len(slopes) == 1 else slopes)

    def given(self, sample: Sample) -> Floats:
        """Returns the numbers, entries x numbers."""
        columns = np.array([sample.names.index(name) for name in _INPUTS])
        returns = np.clip(np.nan_to_num(sample.values(columns)), -_BOUND, _BOUND).astype(np.float64)
        found: Floats = returns @ np.array(self.numbers).T
        return found


@dataclass(frozen=True, slots=True)
class RivalModel:
    """Rival with its slopes."""

    rival: Rival
    slopes: Floats

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return."""
        return expected(sample, lambda part: self.rival.given(part) @ self.slopes)


RIVALS = (
    Rival("reversal", ((-1.0, 0.0),)),
    Rival("market", ((0.0, 1.0),)),
    Rival("catch-up", ((-1.0, 1.0),)),
    Rival("own-market", ((1.0, 0.0), (0.0, 1.0))),
)
"""The opposite of the last return, the market's last move, the market's minus the own, and least squares on both."""

RIVAL_NAMES = tuple(rival.name for rival in RIVALS)
