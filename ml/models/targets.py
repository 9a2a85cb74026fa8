"""Targets and columns that the learning recipes share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.calibration.volatility import LEAST_ROWS
from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.models.samples import Sample

CLIP = 4.0
"""Targets are in mean sizes of a move; what lies beyond so many teaches as much as that."""

_SHARED = ("market", "leader", "day", "minute")
_SHARED_UNTIL = 1


def columns_for(names: tuple[str, ...], horizon: int) -> NDArray[np.int64]:
    """The features that a horizon learns from.

    What all symbols share at a time (the market, the leader, the clock) takes as many values as there were minutes: a
    week of them teaches the next minute, but over longer horizons, whose outcomes overlap, it only teaches that week.
    """
    return np.array([n for n, name in enumerate(names) if horizon <= _SHARED_UNTIL or not name.startswith(_SHARED)])


def targets(learnt: Sample) -> Floats:
    """Outcomes in the mean size of a move, clipped. Raises NoTrainingData."""
    if len(learnt) < LEAST_ROWS:
        raise NoTrainingData(len(learnt), LEAST_ROWS)
    return clipped(learnt)


def clipped(sample: Sample) -> Floats:
    """Outcomes in the mean size of a move, no further than `CLIP`."""
    return np.clip(sample.outcomes() / sample.sizes(), -CLIP, CLIP)


def expected(sample: Sample, scaled: Callable[[Sample], Floats]) -> Floats:
    """Log returns from what a model says in mean sizes of a move, in pieces that fit into memory."""
    found = [np.asarray(scaled(part), np.float64) * part.stakes() for part in sample.parts()]
    return np.concatenate(found) if found else np.zeros(0)
