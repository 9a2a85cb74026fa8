"""Targets and columns that the learning recipes share."""

import numpy as np
from numpy.typing import NDArray

from ml.errors import NoTrainingData
from ml.panel import Floats
from ml.samples import Sample

LEAST_ROWS = 2000
CLIP = 4.0
"""Targets are in standard deviations; what lies beyond so many teaches as much as that."""

_SHARED = ("market", "leader", "day", "minute")
_SHARED_UNTIL = 1


def columns_for(names: tuple[str, ...], horizon: int) -> NDArray[np.int64]:
    """The features that a horizon learns from.

    What all symbols share at a time (the market, the leader, the clock) takes as many values as there were minutes: a
    week of them teaches the next minute, but over longer horizons, whose outcomes overlap, it only teaches that week.
    """
    return np.array([n for n, name in enumerate(names) if horizon <= _SHARED_UNTIL or not name.startswith(_SHARED)])


def targets(learnt: Sample) -> Floats:
    """Outcomes in standard deviations, clipped. Raises NoTrainingData."""
    if len(learnt) < LEAST_ROWS:
        raise NoTrainingData(len(learnt), LEAST_ROWS)
    return np.clip(learnt.outcomes() / learnt.volatility, -CLIP, CLIP)
