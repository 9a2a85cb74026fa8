"""Ranges of the volatility model beside those of its rivals, on equal terms.

All of them have the naive centre, so that only the widths differ. Each model is fitted again at every midnight (UTC) to
the moves known by then, as the desk is trained, and its multiples learn with every candle, as they do in the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.calibration.intervals import AdaptiveMultiples, initial_multiples, regimes_of
from ml.data.features import features_of
from ml.data.panel import Floats, Panel
from ml.evaluation.range_rivals import Rival, rivals
from ml.evaluation.range_scores import RangeScore, score_ranges
from ml.evaluation.walk_forward import MAX_TRAINING_ROWS, nightly_bounds
from ml.models.samples import TrainingWindow, moves

OURS = "paperdesk"


@dataclass(frozen=True, slots=True)
class RangeLine:
    """Scores of the ranges of one model at a horizon (candles): of all forecasts first, then of each regime."""

    horizon: int
    name: str
    scores: tuple[RangeScore, ...]


def compare_ranges(
    panel: Panel, horizons: tuple[int, ...], on_model: Callable[[int, str], None]
) -> tuple[RangeLine, ...]:
    """Returns the scores of the last quarter of the rows, by horizon (candles) and model.

    `on_model` receives each horizon and model as it begins. Raises NoTrainingData.
    """
    features = features_of(panel)
    regimes = regimes_of(features)
    bounds = nightly_bounds(panel)
    models: dict[str, Rival] = {OURS: _ours, **rivals()}
    lines: list[RangeLine] = []
    for horizon in horizons:
        ground = TrainingWindow(panel, features, horizon)
        for name, model in models.items():
            on_model(horizon, name)
            lines.append(RangeLine(horizon, name, _scored(ground, regimes, model, bounds)))
    return tuple(lines)


def _ours(ground: TrainingWindow, start: int, stop: int) -> Floats:
    """Returns the sizes of the volatility model, as `Rival` describes them."""
    fitted = ground.fit_volatility(start, limit=MAX_TRAINING_ROWS)
    rows, places = np.nonzero(ground.features.ready[:stop])
    found = np.full((stop, ground.panel.shape[1]), np.nan)
    found[rows, places] = fitted.sizes(ground.features, rows, places, ground.horizon)
    return found


def _scored(
    ground: TrainingWindow, regimes: NDArray[np.int64], model: Rival, bounds: tuple[int, ...]
) -> tuple[RangeScore, ...]:
    features, horizon = ground.features, ground.horizon
    sizes: Floats = np.full_like(features.log_close, np.nan)
    first: Floats = np.zeros(0)
    for start, stop in pairwise(bounds):
        found = model(ground, start, stop)
        sizes[start:stop] = found[start:stop]
        if not len(first):
            rows, places = ground.entries(0, start - horizon, limit=MAX_TRAINING_ROWS)
            distances = np.abs(moves(ground.panel, horizon, rows, places)) / found[rows, places]
            first = initial_multiples(distances, regimes[rows])
    sizes[~features.ready] = np.nan
    begun, test, *_ = bounds
    learner = AdaptiveMultiples(horizon, first, ground.panel.shape[1])
    naive = np.where(np.isnan(sizes), np.nan, 0.0)
    multiples = learner.run(regimes[begun:], features.log_close[begun:], naive[begun:], sizes[begun:])
    sizes[begun:] *= multiples[:, None]
    return _judged(ground, regimes, sizes, test)


def _judged(ground: TrainingWindow, regimes: NDArray[np.int64], reach: Floats, test: int) -> tuple[RangeScore, ...]:
    """Scores the ranges, rows x symbols, from the row at which the test begins."""
    rows, places = np.nonzero(np.isfinite(reach[test:]))
    rows += test
    came = moves(ground.panel, ground.horizon, rows, places)
    known = np.isfinite(came)
    rows, places, came = rows[known], places[known], came[known]
    return score_ranges(
        np.zeros(len(rows)), reach[rows, places], came, regimes=regimes[rows], rows=rows, horizon=ground.horizon
    )
