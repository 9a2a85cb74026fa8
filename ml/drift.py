"""Whether the market has left a model behind: its features look like no day it learnt from, or its errors have grown.

Features are compared by the population stability index over ten bins that the training fell into evenly, and one for
what is missing. What counts as far is learnt too: a day of the training against all of it, and more than that. Errors
are watched by the test of Page (1954): the sum of what they were above their level, less a slack, since its minimum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.state_check import array, texts

if TYPE_CHECKING:
    from ml.features import Features
    from ml.registry import ModelRow

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BINS = 11
"""Ten of values and the last of what is missing."""

FAR = 0.25
"""What is held to be a large shift by those who use the index."""

LEAST_FEATURES = 3
"""Features that have to be far out at once: of sixty one will be now and then."""

LEAST_HOURS = 20
"""Of a day, before anything is said of its features."""

_MISSES = 0.2
"""The share of outcomes that 80 % intervals leave out."""

_MISSES_SLACK = 0.05
_LOSS_SLACK = 0.05
_MOST_LOSS = 2.0
"""Of an hour: one in which next to nothing moved is no proof of anything."""

_MOST_NAMES = 1000
_LEAST_SHARE = 1e-12
_EVERY = 60
_LEAST_ROWS = 24
_HALF = 0.5
_MS_A_DAY = 86_400_000
_HOURS = 60.0


class Kind(StrEnum):
    """What drifted."""

    FEATURES = "features"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class Hour:
    """What became of a model's forecasts of one hour (UTC ms): `squares` and `naive` are sums of squared errors."""

    hour: int
    count: int
    covered: int
    squares: float
    naive: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Of a model: `what` is the feature that is farthest out, or which errors have grown; `amount` is by how much and
    `bound` what would have been no drift; `since` is UTC ms of the market's clock."""

    market: str
    horizon: int
    version: int
    kind: Kind
    what: str
    amount: float
    bound: float
    since: int

    def __str__(self) -> str:
        found = f"{self.what} {self.amount:.2f} of {self.bound:.2f} since {self.since}"
        return f"{self.kind} of model {self.version} ({self.horizon} minutes): {found}"


# -- features ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """How features were distributed in training: nine inner `edges` of bins for each, the share of each bin, and how
    large the index of single days was at most."""

    names: tuple[str, ...]
    edges: Floats
    shares: Floats
    bounds: Floats

    @classmethod
    def learnt(cls, features: "Features", times: NDArray[np.int64]) -> Self | None:
        """From every hour of the panel, as the live record is counted; None where there are too few. `times` are those
        of the rows, UTC ms."""
        rows = np.flatnonzero(features.ready.any(axis=1))[::-1][::_EVERY][::-1]
        if len(rows) < _LEAST_ROWS:
            return None
        quantiles = np.arange(1, BINS - 1) / (BINS - 1)
        edges = np.zeros((len(features.names), BINS - 2))
        for number in range(len(features.names)):
            values = features.table[number, rows][features.ready[rows]]
            values = values[np.isfinite(values)]
            if len(values):
                edges[number] = np.quantile(values, quantiles)
        hours = np.array([_counted(features, int(row), edges) for row in rows])
        whole = hours.sum(axis=0)
        days = times[rows] // _MS_A_DAY
        found = [
            index(whole, hours[days == day].sum(axis=0))
            for day in np.unique(days)
            if (days == day).sum() >= LEAST_HOURS
        ]
        most = np.max(found, axis=0) if found else np.zeros(len(edges))
        return cls(features.names, edges, _shares(whole), np.maximum(FAR, (1.5 + 3 / max(1, len(found))) * most))

    def count(self, features: "Features", row: int = -1) -> Counts:
        """Names x BINS: where the symbols that are ready stand in that row. Raises ValueError for other features."""
        if features.names != self.names:
            raise ValueError("other features")
        return _counted(features, row, self.edges)

    def distances(self, counts: Counts) -> Floats:
        """The index of each feature."""
        return _index(self.shares, _shares(counts))

    def state(self) -> dict[str, object]:
        """As numbers; the inverse of `from_state`."""
        return {name: getattr(self, name).tolist() for name in ("edges", "shares", "bounds")} | {"names": self.names}

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Raises KeyError, TypeError and ValueError for what is no such state."""
        names = texts(state["names"], most=_MOST_NAMES)
        edges = array(state["edges"], np.float64)
        shares = array(state["shares"], np.float64, low=_LEAST_SHARE, high=1)
        bounds = array(state["bounds"], np.float64, low=_LEAST_SHARE)
        if edges.shape != (len(names), BINS - 2) or shares.shape != (len(names), BINS) or bounds.shape != (len(names),):
            raise ValueError("as many edges, shares and bounds as names")
        return cls(names, edges, shares, bounds)


def kept_counts(values: Sequence[object], shape: tuple[int, ...]) -> Counts | None:
    """Stored counts in the shape of a reference; None where they are of another one, or no counts."""
    counts = np.array(values)
    if counts.dtype.kind != "i" or counts.size != np.prod(shape) or counts.min() < 0:
        return None
    return counts.reshape(shape)


def index(usual: Counts, now: Counts) -> Floats:
    """The population stability index of each feature, of counts by bins."""
    return _index(_shares(usual), _shares(now))


def _index(usual: Floats, now: Floats) -> Floats:
    found: Floats = ((now - usual) * np.log(now / usual)).sum(axis=1)
    return found


def _shares(counts: Counts) -> Floats:
    """Half of one is added to every bin: an empty one is no proof of a share of nothing."""
    filled = counts + _HALF
    found: Floats = filled / filled.sum(axis=1, keepdims=True)
    return found


def _counted(features: "Features", row: int, edges: Floats) -> Counts:
    ready = features.ready[row]
    values = features.table[:, row][:, ready].astype(np.float64)
    places = (values[:, :, None] > edges[:, None, :]).sum(axis=2)
    places[~np.isfinite(values)] = BINS - 1
    offsets = BINS * np.arange(len(edges))[:, None]
    return np.bincount((places + offsets).ravel(), minlength=BINS * len(edges)).reshape(len(edges), BINS)


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
            return Drift(row.market, row.horizon, row.version, Kind.ERRORS, what, amount, bound, since)
    return None
