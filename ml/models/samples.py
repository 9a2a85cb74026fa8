"""Samples for training and forecasting: times and symbols with their outcomes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.calibration.volatility import VolatilityModel, inputs
from ml.data.features import Features
from ml.data.panel import Floats, Mask, Panel

_PART = 100_000

Entries = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Sample:
    """Entries of a panel and its features, given by `rows` and `symbol_index`, one of each for each forecast.

    The outcome over `horizon` candles is the log return from the next open, the first price that could be had after the
    row was known, to the close `horizon` rows after the row. The move is the log return between the two closes.
    `spread` gives the usual size of a move; it was fitted earlier, to the data known by then.
    """

    panel: Panel
    features: Features
    horizon: int
    rows: NDArray[np.int64]
    symbol_index: NDArray[np.int64]
    spread: VolatilityModel

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return self.features.names

    def values(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Returns the features of those columns, entries x columns."""
        gathered = np.empty((len(self), len(columns)), np.float32)
        flat = self.rows * self.panel.shape[1] + self.symbol_index
        for number, column in enumerate(columns):
            gathered[:, number] = self.features.table[column].ravel()[flat]
        return gathered

    def parts(self) -> Iterator["Sample"]:
        """Yields the sample in parts, so that the features of all of it are never in memory at once."""
        for start in range(0, len(self), _PART):
            part = slice(start, start + _PART)
            yield replace(self, rows=self.rows[part], symbol_index=self.symbol_index[part])

    def chosen(self, wanted: Mask | NDArray[np.int64]) -> "Sample":
        """Returns the sample with those entries only."""
        return replace(self, rows=self.rows[wanted], symbol_index=self.symbol_index[wanted])

    def thinned(self, limit: int) -> "Sample":
        """Returns at most `limit` entries, evenly spread."""
        every = max(1, -(-len(self) // limit))
        return replace(self, rows=self.rows[::every], symbol_index=self.symbol_index[::every])

    def sizes(self) -> Floats:
        """Returns the mean size of the expected move."""
        return self.spread.sizes(self.features, self.rows, self.symbol_index, self.horizon)

    def signal_scale(self) -> Floats:
        """Returns the scale of the forecasts: the size on known ground, and less the further the size is beyond it."""
        return self.spread.signal_scale(self.sizes(), self.symbol_index)

    def outcomes(self) -> Floats:
        """Returns the outcomes, NaN if the later close is missing or not known yet."""
        return outcomes(self.panel, self.horizon, self.rows, self.symbol_index)

    def moves(self) -> Floats:
        """Returns the moves, NaN if the later close is missing or not known yet."""
        return moves(self.panel, self.horizon, self.rows, self.symbol_index)


def moves(panel: Panel, horizon: int, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> Floats:
    """Returns log returns from the close of each row, NaN if the later close is missing or not known yet."""
    found: Floats = np.log(_later(panel, horizon, rows, symbol_index) / panel.close[rows, symbol_index])
    return found


def outcomes(panel: Panel, horizon: int, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> Floats:
    """Returns log returns from the next open, NaN if the later close is missing or not known yet.

    A candle without volume repeats the last price without a trade, so the next open is that of the next candle with
    volume. If there is none within the horizon, no trade was possible and the outcome is 0: unchanged.
    """
    ends = _later(panel, horizon, rows, symbol_index)
    begins = ends.copy()
    left = np.flatnonzero(np.isfinite(ends))
    for ahead in range(1, horizon + 1):
        at, places = rows[left] + ahead, symbol_index[left]
        opens = panel.open[at, places]
        traded = np.isfinite(opens) & (panel.volume[at, places] != 0)
        begins[left[traded]] = opens[traded]
        left = left[~traded]
        if not len(left):
            break
    found: Floats = np.log(ends / begins)
    return found


def _later(panel: Panel, horizon: int, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> Floats:
    """Returns the close `horizon` rows after each row."""
    later, last = rows + horizon, len(panel.close) - 1
    found: Floats = np.where(later <= last, panel.close[np.minimum(later, last), symbol_index], np.nan)
    return found


@dataclass(frozen=True, slots=True)
class TrainingWindow:
    """Panel and features from which samples for one horizon are taken."""

    panel: Panel
    features: Features
    horizon: int

    def entries(self, start: int, stop: int, *, limit: int | None = None) -> Entries:
        """Returns rows and places from row `start` to before row `stop` that are ready and have an outcome.

        If there are more than about `limit`, whole rows are left out evenly.
        """
        part = slice(start, max(start, stop))
        ready = self.features.ready[part]
        count = int(ready.sum())
        kept = np.arange(len(ready))
        if limit is not None and count > limit:
            kept = np.unique(np.linspace(0, len(ready) - 1, max(1, len(ready) * limit // count)).astype(np.int64))
        rows, places = np.nonzero(ready[kept])
        rows = kept[rows] + start
        there = np.isfinite(outcomes(self.panel, self.horizon, rows, places))
        return rows[there], places[there]

    def fit_volatility(self, stop: int, *, limit: int) -> VolatilityModel:
        """Fits the spread to the data known before row `stop`. Raises NoTrainingData."""
        rows, places = self.entries(0, stop - self.horizon, limit=limit)
        moved = moves(self.panel, self.horizon, rows, places)
        return VolatilityModel.fit(
            inputs(self.features, rows, places),
            moved,
            rows=rows,
            symbol_index=places,
            symbols=self.panel.shape[1],
            horizon=self.horizon,
        )

    def known_sample(self, stop: int, spread: VolatilityModel, *, limit: int) -> Sample:
        """Returns the sample that may be used for training by row `stop`: entries whose outcome came before it.

        The purge gap is the horizon.
        """
        return self._sample(self.entries(0, stop - self.horizon, limit=limit), spread)

    def judged(self, start: int, stop: int, spread: VolatilityModel) -> Sample:
        """Returns every forecast from row `start` to before row `stop` that has an outcome."""
        return self._sample(self.entries(start, stop), spread)

    def forecasts(self, start: int, stop: int, spread: VolatilityModel) -> Sample:
        """Returns every forecast from row `start` to before row `stop`, as they are served: with an outcome or not."""
        rows, places = np.nonzero(self.features.ready[start:stop])
        return self._sample((rows + start, places), spread)

    def _sample(self, entries: Entries, spread: VolatilityModel) -> Sample:
        return Sample(self.panel, self.features, self.horizon, *entries, spread)
