"""Whether the market has left a model behind: its features look like no day it learnt from, or its errors have grown.

Features are compared by the population stability index over ten bins that the training fell into evenly, and one for
what is missing. What counts as far is learnt too: a day of the training against all of it, and more than that. Errors
are watched by the test of Page (1954): the sum of what they were above their level, less a slack, since its minimum.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ml.data.feature_reference import LEAST_HOURS, Counts, Floats, Reference
from ml.serving.types import Drift, DriftKind, Hour

if TYPE_CHECKING:
    from ml.registry import ModelRow


LEAST_FEATURES = 3
"""Features that have to be far out at once: of sixty one will be now and then."""


_MISSES = 0.2
"""The share of outcomes that 80 % intervals leave out."""

_MISSES_SLACK = 0.05
_LOSS_SLACK = 0.05
_MOST_LOSS = 2.0
"""Of an hour: one in which next to nothing moved is no proof of anything."""

_HOURS = 60.0


# -- features ----------------------------------------------------------------------------------


def features_drift(reference: Reference, hours: Sequence[tuple[int, Counts]]) -> tuple[str, float, float, int] | None:
    """What is farthest out of the last day's features, by how much, its bound, and since when; None without drift.

    `hours` are begins (UTC ms) and counts, oldest first.
    """
    if len(hours) < LEAST_HOURS:
        return None
    found = reference.distances(np.sum([counts for _, counts in hours], axis=0))
    beyond = found / reference.bounds
    if int((beyond > 1).sum()) < LEAST_FEATURES:
        return None
    worst = int(beyond.argmax())
    return reference.names[worst], float(found[worst]), float(reference.bounds[worst]), hours[0][0]


# -- errors ------------------------------------------------------------------------------------


def page(values: Floats, level: float, slack: float, bound: float) -> tuple[float, int] | None:
    """By how much the values went beyond their level since it began, and the place where that was; None where the sum
    never passed the bound, or has come back since."""
    sums = np.concatenate([[0.0], np.cumsum(values - level - slack)])
    lowest = int(sums.argmin())
    amount = float(sums[-1] - sums[lowest])
    return (amount, lowest) if amount > bound else None


def errors_drift(row: "ModelRow", hours: Sequence[Hour]) -> Drift | None:
    """Of a model's live record, oldest hour first: whether more outcomes lie outside its intervals than should, or its
    squared errors beside the naive ones are larger than in training.

    Sums are in hours of full excess; as forecasts overlap whose horizon is longer than an hour, one bad hour is in many
    of them, and the bound is as much wider.
    """
    counted = [hour for hour in hours if hour.count]
    bound = 2.0 * max(1.0, row.horizon / _HOURS)
    missed = np.array([1 - hour.covered / hour.count for hour in counted])
    usual = (1 - min(1.0, max(-1.0, row.metrics.get("skill", 0.0)))) ** 2
    loss = np.array([min(_MOST_LOSS, hour.squares / hour.naive) if hour.naive > 0 else usual for hour in counted])
    watched = (("intervals", missed, _MISSES, _MISSES_SLACK), ("squares", loss, usual, _LOSS_SLACK))
    for what, values, level, slack in watched:
        if (far := page(values, level, slack, bound)) is not None:
            amount, place = far
            since = counted[place].hour
            return Drift(row.market, row.horizon, row.version, DriftKind.ERRORS, what, amount, bound, since)
    return None
