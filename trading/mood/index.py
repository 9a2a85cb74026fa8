"""Mood index: the weighted mean of the scores that are known, from 0 (fear) to 100 (greed), and its bands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipeline.candles import Floats
from trading.mood.components import WEIGHTS, Component, ComponentScores

LEAST_WEIGHT = 50.0
"""Weight of the components that have to be known for an index."""


class MoodBand(StrEnum):
    """MoodBand of the index; the text `mood-band-NAME` names it."""

    EXTREME_FEAR = "extreme-fear"
    FEAR = "fear"
    NEUTRAL = "neutral"
    GREED = "greed"
    EXTREME_GREED = "extreme-greed"


BAND_WIDTH = 20.0


@dataclass(frozen=True, slots=True)
class MoodIndex:
    """Index of every day, and the weight of the components that it was made of; NaN below LEAST_WEIGHT."""

    values: Floats
    weights: Floats


def band_of(value: float) -> MoodBand:
    """Returns the band of an index, as it is shown, without decimals: below 20, 40, 60, 80, and from 80."""
    bands = tuple(MoodBand)
    return bands[min(int(round(value) // BAND_WIDTH), len(bands) - 1)]


def mood_index(found: Mapping[Component, ComponentScores]) -> MoodIndex:
    """Returns the index. A component that is unknown on a day is left out, and the others weigh accordingly more."""
    scores = np.stack([each.scores for each in found.values()])
    weights = np.array([[WEIGHTS[component]] for component in found]) * np.isfinite(scores)
    total = weights.sum(axis=0)
    enough = total >= LEAST_WEIGHT
    summed = (weights * np.nan_to_num(scores)).sum(axis=0)
    return MoodIndex(np.divide(summed, total, out=np.full(len(total), np.nan), where=enough), total)
