"""Recurrent network over the last candles, to test whether their order adds to what the trees find in the features.

Needs the extra `deep` (JAX); the network itself is in `ml.models.gru_network`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.calibration.volatility import MIN_ROWS
from ml.data.panel import Floats
from ml.data.time_blocks import blocks_of
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample
from ml.models.targets import clipped, columns_for, expected, targets
from ml.models.xgboost import PRIOR_SHARE, believed

STEPS = 30
"""Candles in the input of the network."""

CHANNELS = (
    "return_0",
    "range",
    "place",
    "range_place_60",
    "volume",
    "volatility_short",
    "still",
    "rank",
    "market_0",
    "leader_0",
)
_ROWS = 300_000
_CHECK_ROWS = 60_000
_HELD_BACK = 0.9
_BOUND = 5.0
_EPOCHS = 4
_BATCH = 2048
_MIN_BATCH = 64
_MIN_STEPS = 100


@dataclass(frozen=True, slots=True)
class SequenceScaler:
    """Columns of the features that form the sequences, with the means and deviations that standardise them."""

    columns: NDArray[np.int64]
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def fit(cls, sample: Sample) -> "SequenceScaler":
        """Fits the means and deviations; a column without any value counts as always at its mean."""
        usable = set(columns_for(sample.names, sample.horizon).tolist())
        columns = np.array([place for place in map(sample.names.index, CHANNELS) if place in usable])
        values = sample.values(columns)
        there = np.isfinite(values)
        count = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, values, 0).sum(axis=0) / count
        deviation = np.sqrt(np.where(there, (values - mean) ** 2, 0).sum(axis=0) / count)
        return cls(columns, mean.astype(np.float32), np.where(deviation > 0, deviation, 1).astype(np.float32))

    def of(self, sample: Sample) -> NDArray[np.float32]:
        """Returns sequences, steps x entries x channels, with the row's candle last; missing values are the mean."""
        found = np.empty((STEPS, len(sample), len(self.columns)), np.float32)
        for step in range(STEPS):
            rows = np.maximum(sample.rows - (STEPS - 1 - step), 0)
            for number, column in enumerate(self.columns):
                found[step, :, number] = sample.features.table[column][rows, sample.symbol_index]
        found -= self.mean
        found /= self.deviation
        np.nan_to_num(found, copy=False)
        return np.clip(found, -_BOUND, _BOUND, out=found)


@dataclass(frozen=True, slots=True)
class Recurrent:
    """GRU (Cho et al., 2014) trained on nine tenths of the rows.

    The last tenth decides its best epoch and the share of its output that is used.
    """

    name: str = "gru"
    epochs: int = _EPOCHS

    def fit(self, sample: Sample, means: TrainingResources) -> Model:
        """Trains the network. Raises NoTrainingData."""
        from ml.models import gru_network  # noqa: PLC0415 - an extra that most desks do without

        cut = int(np.quantile(sample.rows, _HELD_BACK)) if len(sample) else 0
        early = sample.chosen(sample.rows < cut - sample.horizon).thinned(_ROWS)
        late = sample.chosen(sample.rows >= cut).thinned(_CHECK_ROWS)
        wanted = targets(early).astype(np.float32)
        channels = SequenceScaler.fit(early)
        chance = np.random.default_rng(means.seed)
        network = gru_network.Network.init(means.seed, len(channels.columns))
        best, least = network, float("inf")
        for epoch in range(self.epochs):
            network = network.fit(_batches(early, wanted, channels, chance), 1 - epoch / self.epochs)
            missed = float(((_said(network, channels, late) - clipped(late)) ** 2).mean()) if len(late) else 0.0
            if missed < least:
                best, least = network, missed
        if len(late) < MIN_ROWS:
            return RecurrentModel(best, channels, PRIOR_SHARE)
        said = _said(best, channels, late)
        return RecurrentModel(best, channels, believed(said, clipped(late), blocks_of(late.rows, late.horizon)))


@dataclass(frozen=True, slots=True)
class RecurrentModel:
    """Trained network, its channels, and the share of its output that is used."""

    network: Any
    channels: SequenceScaler
    share: float

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return."""
        return expected(sample, lambda part: self.share * _said(self.network, self.channels, part))


def _said(network: Any, channels: SequenceScaler, sample: Sample) -> Floats:
    """Returns the output in mean sizes of a move.

    Parts are padded to one length, because the network is compiled again for each new length.
    """
    found = np.empty(len(sample))
    for start in range(0, len(sample), _BATCH):
        part = sample.chosen(np.arange(start, min(start + _BATCH, len(sample))))
        sequences = channels.of(part)
        full = np.pad(sequences, ((0, 0), (0, _BATCH - len(part)), (0, 0)))
        found[start : start + _BATCH] = network.predict(full)[: len(part)]
    return found


def _batches(
    sample: Sample, wanted: NDArray[np.float32], channels: SequenceScaler, chance: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yields the shuffled sample in batches of one size, small enough to give many of them.

    An incomplete batch is left out.
    """
    size = max(_MIN_BATCH, min(_BATCH, len(sample) // _MIN_STEPS))
    order = chance.permutation(len(sample))
    for start in range(0, len(sample) - size + 1, size):
        part = order[start : start + size]
        yield channels.of(sample.chosen(part)), wanted[part]
