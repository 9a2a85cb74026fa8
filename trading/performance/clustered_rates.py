"""Rate of events beside a base rate, where events come in clusters: many coins signal in the same hour for one reason.

A cluster is a period that is long enough for the outcomes of different clusters to overlap at most with those of their
neighbours. Clusters are in the order of time.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats

MIN_CLUSTERS = 12
"""Fewest clusters with an event of which an interval is given."""


@dataclass(frozen=True, slots=True)
class ClusteredRate:
    """Mean of `count` outcomes in `clusters`, beside the `base` mean of all outcomes.

    `low` and `high` are the mean plus and minus the margin of its difference from the base: they contain the base
    unless the difference is significant at the level. NaN where it is undefined; the interval and the p-value also
    below MIN_CLUSTERS.
    """

    count: int
    clusters: int
    rate: float
    base: float
    low: float
    high: float
    p_value: float


def clustered_rate(events: Floats, everything: Floats, *, level: float = 0.95, lags: int = 1) -> ClusteredRate:
    """Compares the mean outcome of events with that of everything; both have the shape (2, clusters): the sum of the
    outcomes in each cluster, and their number.

    The margin follows from the influence of each cluster on the difference of the two ratios (linearisation), with
    Newey-West weights (1987) for `lags` neighbours, and Student's t with one degree of freedom fewer than clusters that
    have an event. A negative correlation of neighbours does not narrow it.
    """
    count, whole = float(events[1].sum()), float(everything[1].sum())
    clusters = int(np.count_nonzero(events[1]))
    rate = float(events[0].sum()) / count if count else np.nan
    base = float(everything[0].sum()) / whole if whole else np.nan
    margin, p_value = np.nan, np.nan
    if clusters >= MIN_CLUSTERS:
        from scipy.special import stdtr, stdtrit  # noqa: PLC0415 - heavy, and needed only where records are made

        influence = (events[0] - rate * events[1]) / count - (everything[0] - base * everything[1]) / whole
        error = _standard_error(influence, lags) * np.sqrt(clusters / (clusters - 1))
        margin = error * float(stdtrit(clusters - 1, (1.0 + level) / 2.0))
        p_value = float(2.0 * stdtr(clusters - 1, -abs(rate - base) / error)) if error > 0 else 1.0
    return ClusteredRate(int(count), clusters, rate, base, rate - margin, rate + margin, p_value)


def _standard_error(influence: Floats, lags: int) -> float:
    plain = float(influence @ influence)
    wide = plain + sum(
        2.0 * (1.0 - lag / (lags + 1.0)) * float(influence[lag:] @ influence[:-lag]) for lag in range(1, lags + 1)
    )
    return float(np.sqrt(max(plain, wide)))
