"""Detection of drift: features unlike those of any training day, or grown errors of a model.

Features are compared by the population stability index over ten bins that divide the training data evenly, and one bin
for missing values. The threshold of a large distance is fitted too: it exceeds the distance of any single training day
from all of them. Errors are monitored by the test of Page (1954): the sum of their excess over their level, less a
slack, since its minimum.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ml.data.feature_reference import MIN_HOURS, Counts, Floats, Reference
from ml.serving.types import Drift, DriftKind, HourlyErrors

if TYPE_CHECKING:
    from ml.registry import ModelRow


MIN_FEATURES = 3
"""Features that must be beyond their bounds at once: of sixty features, one exceeds its bound now and then."""


_MISSES = 0.2
"""Share of outcomes outside 80 % intervals."""

_MISSES_SLACK = 0.05
_LOSS_SLACK = 0.05
_MAX_LOSS = 2.0
"""Limit of the loss of an hour: an hour with almost no moves proves nothing."""

_HOURS = 60.0


# -- features ----------------------------------------------------------------------------------


def features_drift(reference: Reference, hours: Sequence[tuple[int, Counts]]) -> tuple[str, float, float, int] | None:
    """Returns the feature farthest out on the last day, its distance, its bound and the start of the day.

    `hours` are start times (UTC ms) and counts, oldest first. None without drift.
    """
    if len(hours) < MIN_HOURS:
        return None
    found = reference.distances(np.sum([counts for _, counts in hours], axis=0))
    beyond = found / reference.bounds
    if int((beyond > 1).sum()) < MIN_FEATURES:
        return None
    worst = int(beyond.argmax())
    return reference.names[worst], float(found[worst]), float(reference.bounds[worst]), hours[0][0]


# -- errors ------------------------------------------------------------------------------------


def page_cusum(values: Floats, level: float, slack: float, bound: float) -> tuple[float, int] | None:
    """Returns the excess of the values over their level, and the index at which it began.

    None if the sum never exceeded the bound or has fallen back since.
    """
    sums = np.concatenate([[0.0], np.cumsum(values - level - slack)])
    lowest = int(sums.argmin())
    amount = float(sums[-1] - sums[lowest])
    return (amount, lowest) if amount > bound else None


def errors_drift(row: "ModelRow", hours: Sequence[HourlyErrors]) -> Drift | None:
    """Returns the drift of a model's errors, None without drift; `hours` are its live record, oldest first.

    Errors have drifted if more outcomes lie outside the intervals than expected, or if the squared errors relative to
    the naive ones are larger than in training. Sums are in hours of full excess. Forecasts with a horizon longer than
    an hour overlap, so one bad hour is part of many of them, and the bound is wider by the same factor.
    """
    counted = [hour for hour in hours if hour.count]
    bound = 2.0 * max(1.0, row.horizon / _HOURS)
    missed = np.array([1 - hour.covered / hour.count for hour in counted])
    usual = (1 - min(1.0, max(-1.0, row.metrics.get("skill", 0.0)))) ** 2
    loss = np.array([min(_MAX_LOSS, hour.squares / hour.naive) if hour.naive > 0 else usual for hour in counted])
    watched = (("intervals", missed, _MISSES, _MISSES_SLACK), ("squares", loss, usual, _LOSS_SLACK))
    for what, values, level, slack in watched:
        if (far := page_cusum(values, level, slack, bound)) is not None:
            amount, place = far
            since = counted[place].hour
            return Drift(row.market, row.horizon, row.version, DriftKind.ERRORS, what, amount, bound, since)
    return None
