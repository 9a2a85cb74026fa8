"""The distribution of features in training, and distances from it.

Features are compared by the population stability index over ten bins that divide the training data evenly, and one bin
for missing values. The threshold of a large distance is fitted too: it exceeds the distance of any single training day
from all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.state_check import array, texts

if TYPE_CHECKING:  # features are counted without the libraries that compute them
    from ml.data.features import Features

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
BINS = 11
"""Ten bins of values and a last one for missing values."""

FAR = 0.25
"""Index that is commonly regarded as a large shift."""

MIN_HOURS = 20
"""Hours of a day that are needed before its features are judged."""

_MAX_NAMES = 1000
_MIN_SHARE = 1e-12
_EVERY = 60
_MIN_ROWS = 24
_HALF = 0.5
_MS_A_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Reference:
    """Distribution of the features in training.

    For each feature: nine inner `edges` of bins, the share of each bin, and the bound on the index of a single day.
    """

    names: tuple[str, ...]
    edges: Floats
    shares: Floats
    bounds: Floats

    @classmethod
    def fit(cls, features: "Features", times: NDArray[np.int64]) -> Self | None:
        """Fits the reference to every hour of the panel, the rate at which the live record is counted.

        `times` are the times of the rows, UTC ms. None if there are too few hours.
        """
        rows = np.flatnonzero(features.ready.any(axis=1))[::-1][::_EVERY][::-1]
        if len(rows) < _MIN_ROWS:
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
            population_stability_index(whole, hours[days == day].sum(axis=0))
            for day in np.unique(days)
            if (days == day).sum() >= MIN_HOURS
        ]
        most = np.max(found, axis=0) if found else np.zeros(len(edges))
        return cls(features.names, edges, _shares(whole), np.maximum(FAR, (1.5 + 3 / max(1, len(found))) * most))

    def count(self, features: "Features", row: int = -1) -> Counts:
        """Returns how many ready symbols fall into each bin in that row, names x BINS.

        Raises ValueError for other features.
        """
        if features.names != self.names:
            raise ValueError("other features")
        return _counted(features, row, self.edges)

    def distances(self, counts: Counts) -> Floats:
        """Returns the index of each feature."""
        return _index(self.shares, _shares(counts))

    def state(self) -> dict[str, object]:
        """Returns the values as plain numbers; the inverse of `from_state`."""
        return {name: getattr(self, name).tolist() for name in ("edges", "shares", "bounds")} | {"names": self.names}

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Returns the reference with this state. Raises KeyError, TypeError and ValueError for an invalid state."""
        names = texts(state["names"], limit=_MAX_NAMES)
        edges = array(state["edges"], np.float64)
        shares = array(state["shares"], np.float64, low=_MIN_SHARE, high=1)
        bounds = array(state["bounds"], np.float64, low=_MIN_SHARE)
        if edges.shape != (len(names), BINS - 2) or shares.shape != (len(names), BINS) or bounds.shape != (len(names),):
            raise ValueError("as many edges, shares and bounds as names")
        return cls(names, edges, shares, bounds)


def stored_counts(values: Sequence[object], shape: tuple[int, ...]) -> Counts | None:
    """Returns stored counts in the shape of a reference. None if they have another size or are not counts."""
    counts = np.array(values)
    if counts.dtype.kind != "i" or counts.size != np.prod(shape) or counts.min() < 0:
        return None
    return counts.reshape(shape)


def population_stability_index(usual: Counts, now: Counts) -> Floats:
    """Returns the population stability index of each feature, from counts by bins."""
    return _index(_shares(usual), _shares(now))


def _index(usual: Floats, now: Floats) -> Floats:
    found: Floats = ((now - usual) * np.log(now / usual)).sum(axis=1)
    return found


def _shares(counts: Counts) -> Floats:
    """Returns the shares of the bins after adding one half to each: an empty bin does not prove a share of zero."""
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
