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
from ml.evaluation.walk_forward import MAX_TRAINING_ROWS, bounds_of
from ml.models.samples import TrainingWindow, moves

OURS = "paperdesk"
MINUTES = (5, 15, 60, 240)
_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
_MIN_DAYS = 2


@dataclass(frozen=True, slots=True)
class RangeLine:
    """Scores of the ranges of one model at a horizon (candles): of all forecasts first, then of each regime."""

    horizon: int
    name: str
    scores: tuple[RangeScore, ...]


def range_horizons(panel: Panel) -> tuple[int, ...]:
    """Returns the horizons of `MINUTES` in candles, as far as the panel's candles and its length allow."""
    bounds = bounds_of(panel.shape[0])
    most = (bounds[1] - bounds[0]) // 2
    found = [minutes * _MINUTE_MS / panel.interval_ms for minutes in MINUTES]
    return tuple(int(horizon) for horizon in found if horizon.is_integer() and 1 <= horizon <= most)


def compare_ranges(
    panel: Panel, horizons: tuple[int, ...], on_model: Callable[[int, str], None]
) -> tuple[RangeLine, ...]:
    """Returns the scores of the last quarter of the rows, by horizon (candles) and model.

    `on_model` receives each horizon and model as it begins. Raises NoTrainingData.
    """
    features = features_of(panel)
    regimes = regimes_of(features)
    starts = trainings(panel)
    models: dict[str, Rival] = {OURS: _ours, **rivals()}
    lines: list[RangeLine] = []
    for horizon in horizons:
        ground = TrainingWindow(panel, features, horizon)
        for name, model in models.items():
            on_model(horizon, name)
            lines.append(RangeLine(horizon, name, _scored(ground, regimes, model, starts)))
    return tuple(lines)


def trainings(panel: Panel) -> tuple[int, ...]:
    """Returns the rows before which a model is fitted: where the folds begin, and each midnight (UTC) from there on.

    The folds alone count where fewer than two midnights follow.
    """
    bounds = bounds_of(panel.shape[0])
    days = np.flatnonzero(panel.times % _DAY_MS == 0)
    days = days[days > bounds[0]]
    return (bounds[0], *days.tolist()) if len(days) >= _MIN_DAYS else bounds[:-1]


def _ours(ground: TrainingWindow, start: int, stop: int) -> Floats:
    """Returns the sizes of the volatility model, as `Rival` describes them."""
    fitted = ground.fit_volatility(start, limit=MAX_TRAINING_ROWS)
    rows, places = np.nonzero(ground.features.ready[:stop])
    found = np.full((stop, ground.panel.shape[1]), np.nan)
    found[rows, places] = fitted.sizes(ground.features, rows, places, ground.horizon)
    return found


def _scored(
    ground: TrainingWindow, regimes: NDArray[np.int64], model: Rival, starts: tuple[int, ...]
) -> tuple[RangeScore, ...]:
    features, horizon, end = ground.features, ground.horizon, ground.panel.shape[0]
    sizes: Floats = np.full_like(features.log_close, np.nan)
    first: Floats = np.zeros(0)
    for start, stop in pairwise((*starts, end)):
        found = model(ground, start, stop)
        sizes[start:stop] = found[start:stop]
        if not len(first):
            rows, places = ground.entries(0, start - horizon, limit=MAX_TRAINING_ROWS)
            distances = np.abs(moves(ground.panel, horizon, rows, places)) / found[rows, places]
            first = initial_multiples(distances, regimes[rows])
    sizes[~features.ready] = np.nan
    begun = starts[0]
    learner = AdaptiveMultiples(horizon, first, ground.panel.shape[1])
    naive = np.where(np.isnan(sizes), np.nan, 0.0)
    multiples = learner.run(regimes[begun:], features.log_close[begun:], naive[begun:], sizes[begun:])
    return _judged(ground, regimes, sizes[begun:] * multiples[:, None], begun)


def _judged(ground: TrainingWindow, regimes: NDArray[np.int64], reach: Floats, begun: int) -> tuple[RangeScore, ...]:
    """Scores the ranges of the test, given those from row `begun` on, rows x symbols."""
    test = bounds_of(ground.panel.shape[0])[1]
    rows, places = np.nonzero(np.isfinite(reach[test - begun :]))
    rows += test
    came = moves(ground.panel, ground.horizon, rows, places)
    known = np.isfinite(came)
    rows, places, came = rows[known], places[known], came[known]
    widths = reach[rows - begun, places]
    return score_ranges(np.zeros(len(rows)), widths, came, regimes=regimes[rows], rows=rows, horizon=ground.horizon)
