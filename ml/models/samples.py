"""Rows that are learnt from or forecast: which times and symbols, and what came of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.calibration.volatility import Spread, inputs
from ml.data.features import Features
from ml.data.panel import Floats, Mask, Panel

_PART = 100_000

Entries = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Sample:
    """`rows` and `places` choose from the panel and its features; both have one entry for each forecast.

    The outcome over `horizon` candles is the log return from the close of the row to the close `horizon` rows later.
    `spread` says how large such an outcome usually is; it was learnt earlier, from what was known by then.
    """

    panel: Panel
    features: Features
    horizon: int
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    spread: Spread

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return self.features.names

    def values(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """The features of those columns, entries x columns."""
        gathered = np.empty((len(self), len(columns)), np.float32)
        flat = self.rows * self.panel.shape[1] + self.places
        for number, column in enumerate(columns):
            gathered[:, number] = self.features.table[column].ravel()[flat]
        return gathered

    def parts(self) -> Iterator["Sample"]:
        """The sample in pieces, so that nobody needs the features of all of it at once."""
        for start in range(0, len(self), _PART):
            part = slice(start, start + _PART)
            yield replace(self, rows=self.rows[part], places=self.places[part])

    def chosen(self, wanted: Mask | NDArray[np.int64]) -> "Sample":
        """Those entries alone."""
        return replace(self, rows=self.rows[wanted], places=self.places[wanted])

    def thinned(self, most: int) -> "Sample":
        """At most so many entries, evenly spread."""
        every = max(1, -(-len(self) // most))
        return replace(self, rows=self.rows[::every], places=self.places[::every])

    def sizes(self) -> Floats:
        """The mean size of the move to expect."""
        return self.spread.sizes(self.features, self.rows, self.places, self.horizon)

    def stakes(self) -> Floats:
        """What forecasts scale with: the same on known ground, less and less beyond it."""
        return self.spread.stakes(self.sizes(), self.places)

    def outcomes(self) -> Floats:
        """NaN where the later close is missing or not there yet."""
        return outcomes(self.features, self.horizon, self.rows, self.places)


def outcomes(features: Features, horizon: int, rows: NDArray[np.int64], places: NDArray[np.int64]) -> Floats:
    """Log returns; NaN where the later close is missing or not there yet."""
    log_close = features.log_close
    later = rows + horizon
    ends = np.where(later < len(log_close), log_close[np.minimum(later, len(log_close) - 1), places], np.nan)
    found: Floats = ends - log_close[rows, places]
    return found


@dataclass(frozen=True, slots=True)
class TrainingWindow:
    """What samples are taken from."""

    panel: Panel
    features: Features
    horizon: int

    def entries(self, start: int, stop: int, *, most: int | None = None) -> Entries:
        """Rows and places from row `start` to before `stop` in which a forecast can be made and something came of it.

        Where there are more than about `most`, whole rows are left out evenly.
        """
        part = slice(start, max(start, stop))
        ready = self.features.ready[part]
        count = int(ready.sum())
        kept = np.arange(len(ready))
        if most is not None and count > most:
            kept = np.unique(np.linspace(0, len(ready) - 1, max(1, len(ready) * most // count)).astype(np.int64))
        rows, places = np.nonzero(ready[kept])
        rows = kept[rows] + start
        there = np.isfinite(outcomes(self.features, self.horizon, rows, places))
        return rows[there], places[there]

    def learnt_spread(self, stop: int, *, most: int) -> Spread:
        """Learnt from what was known before row `stop`. Raises NoTrainingData."""
        rows, places = self.entries(0, stop - self.horizon, most=most)
        moved = outcomes(self.features, self.horizon, rows, places)
        return Spread.learnt(inputs(self.features, rows, places), moved, places, self.panel.shape[1], self.horizon)

    def known(self, stop: int, spread: Spread, *, most: int) -> Sample:
        """What may be learnt by row `stop`: outcomes that came before it. The purge gap is the horizon."""
        return self._sample(self.entries(0, stop - self.horizon, most=most), spread)

    def judged(self, start: int, stop: int, spread: Spread) -> Sample:
        """Every forecast from row `start` to before `stop` whose outcome is there."""
        return self._sample(self.entries(start, stop), spread)

    def _sample(self, entries: Entries, spread: Spread) -> Sample:
        return Sample(self.panel, self.features, self.horizon, *entries, spread)
