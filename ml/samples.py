"""Rows that are learnt from or forecast: which times and symbols, and what came of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features import Features
from ml.panel import Floats, Mask, Panel


@dataclass(frozen=True, slots=True)
class Sample:
    """`rows` and `places` choose from the panel and its features; both have one entry for each forecast.

    The outcome over `horizon` candles is the log return from the close of the row to the close `horizon` rows later.
    """

    panel: Panel
    features: Features
    horizon: int
    rows: NDArray[np.int64]
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return self.features.names

    def values(self, columns: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The features, entries x names, of those columns alone where some are given."""
        if columns is None:
            return self.features.values[self.rows, self.places]
        return self.features.values[self.rows[:, None], self.places[:, None], columns[None, :]]

    @property
    def volatility(self) -> Floats:
        """The standard deviation of the outcome, if it were a random walk of the last hour's pace."""
        pace: Floats = self.features.volatility[self.rows, self.places]
        return np.asarray(pace * np.sqrt(self.horizon), np.float64)

    def outcomes(self) -> Floats:
        """NaN where the later close is missing or not there yet."""
        log_close = self.features.log_close
        later = self.rows + self.horizon
        inside = later < len(log_close)
        ends = np.where(inside, log_close[np.minimum(later, len(log_close) - 1), self.places], np.nan)
        return ends - log_close[self.rows, self.places]


def sample(panel: Panel, features: Features, horizon: int, start: int, stop: int, *, every: int = 1) -> Sample:
    """Every row from `start` to before `stop` in which a forecast can be made, or every so many of them."""
    chosen: Mask = np.zeros_like(features.ready)
    chosen[start:stop:every] = features.ready[start:stop:every]
    rows, places = np.nonzero(chosen)
    return Sample(panel, features, horizon, rows, places)


def known_sample(panel: Panel, features: Features, horizon: int, start: int, stop: int, *, every: int = 1) -> Sample:
    """Those whose outcome is known before row `stop`: what may be learnt by then (the purge gap is the horizon)."""
    found = sample(panel, features, horizon, start, max(start, stop - horizon), every=every)
    known = np.isfinite(found.outcomes())
    return Sample(panel, features, horizon, found.rows[known], found.places[known])
