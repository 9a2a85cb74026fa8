"""Targets and columns that the learning recipes share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.calibration.volatility import MIN_ROWS
from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.models.samples import Sample

CLIP = 4.0
"""Bound of the targets, which are in mean sizes of a move."""

_SHARED = ("market", "leader", "day", "minute")
_SHARED_UNTIL = 1


def columns_for(names: tuple[str, ...], horizon: int) -> NDArray[np.int64]:
    """Returns the columns of the features that a horizon uses.

    Features that all symbols share at a time (the market, the leader, the clock) have as many values as there were
    minutes. A week of them is enough to fit the next minute. Over longer horizons, whose outcomes overlap, a model
    would only fit that week.
    """
    return np.array([n for n, name in enumerate(names) if horizon <= _SHARED_UNTIL or not name.startswith(_SHARED)])


def targets(sample: Sample) -> Floats:
    """Returns outcomes in mean sizes of a move, clipped. Raises NoTrainingData."""
    if len(sample) < MIN_ROWS:
        raise NoTrainingData(len(sample), MIN_ROWS)
    return clipped(sample)


def clipped(sample: Sample) -> Floats:
    """Returns outcomes in mean sizes of a move, clipped at `CLIP`."""
    return np.clip(sample.outcomes() / sample.sizes(), -CLIP, CLIP)


def expected(sample: Sample, scaled: Callable[[Sample], Floats]) -> Floats:
    """Returns log returns from a model's output in mean sizes of a move, computed in parts that fit into memory."""
    found = [np.asarray(scaled(part), np.float64) * part.signal_scale() for part in sample.parts()]
    return np.concatenate(found) if found else np.zeros(0)
