"""Walk-forward evaluation: train on the past, forecast the rows that follow, move on.

The last quarter of the rows is the test. All choices and fits for it (weights of the ensemble, the curves of the
probabilities, the rival to beat, thresholds of trades, bounds of regimes, first intervals) come from forecasts on the
folds before, or from outcomes that were known when the test forecast was made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.calibration import intervals
from ml.calibration.intervals import AdaptiveMultiples
from ml.calibration.probability import ProbabilityCalibration, still_share
from ml.data.panel import Floats, Mask, Panel
from ml.data.time_blocks import blocks_of
from ml.models import ensemble
from ml.models.base import Model, TrainingResources
from ml.models.catalogue import SLOW, recipes_for
from ml.models.rivals import RIVAL_NAMES
from ml.models.samples import Sample, TrainingWindow

FOLDS = (0.6, 0.75, 0.875, 1.0)
"""Shares of the rows at which a training checks its recipes; the first fold is for choices, the others are the test."""

NAIVE = "naive"
MAX_TRAINING_ROWS = 400_000
MAX_ROWS_NEXT = 2_000_000
"""Limit for the next candle, whose outcomes do not overlap: a larger sample still improves the fit."""

_MAX_NIGHTS = 32
_DAY_MS = 86_400_000

OnFold = Callable[[int, str, int], None]
"""Receives each horizon, recipe and fold as it begins."""


@dataclass(frozen=True, slots=True)
class WalkForward:
    """Forecasts of all folds at one horizon; arrays have one entry for each, in order of rows.

    `sizes` are mean sizes of a move, `regimes` indices in `intervals.REGIMES`, `still` shares of still candles, `first`
    the multiples of sizes that covered 80 % of the moves known before the first fold. Expectations, outcomes (from the
    next open) and moves (from the last close) are log returns. The last two are NaN if the later close is missing or
    after the last row.
    """

    horizon: int
    bounds: tuple[int, ...]
    rows: NDArray[np.int64]
    symbol_index: NDArray[np.int64]
    folds: NDArray[np.int64]
    sizes: Floats
    outcomes: Floats
    moves: Floats
    still: Floats
    regimes: NDArray[np.int64]
    first: Floats
    log_close: Floats
    expected: dict[str, Floats]

    @property
    def test(self) -> Mask:
        """Mask of the forecasts that are judged."""
        return self.known & (self.folds > 0)

    @property
    def known(self) -> Mask:
        """Mask of the forecasts with an outcome."""
        return np.isfinite(self.outcomes)

    def before(self, fold: int) -> Mask:
        """Returns the mask of the forecasts whose outcome was known when the fold began."""
        return self.known & (self.rows + self.horizon < self.bounds[fold])

    def reach(self, name: str) -> Floats:
        """Returns half the width of each 80 % interval of a recipe; its multiples learn as those of the desk do."""
        return self._learnt(name)[0] * self.sizes

    def last_multiples(self, name: str) -> Floats:
        """Returns the multiple of each regime after every outcome is known."""
        return self._learnt(name)[1].settled()

    def _learnt(self, name: str) -> tuple[Floats, AdaptiveMultiples]:
        """Returns the multiple of each forecast, and the multiples after the last row."""
        rows, log_close = self.rows - self.bounds[0], self.log_close[self.bounds[0] :]
        regimes = np.zeros(len(log_close), np.int64)
        regimes[rows] = self.regimes
        expected, sizes = np.full(log_close.shape, np.nan), np.full(log_close.shape, np.nan)
        expected[rows, self.symbol_index], sizes[rows, self.symbol_index] = self.expected[name], self.sizes
        learner = AdaptiveMultiples(self.horizon, self.first, log_close.shape[1])
        return learner.run(regimes, log_close, expected, sizes)[rows], learner

    def calibrated(self, name: str, known: Mask) -> ProbabilityCalibration:
        """Returns the curves of a recipe's probabilities by these known outcomes.

        The ensemble's are fitted to what its members said then, with the weights that these outcomes give: those that
        serve next. The weights grow with the evidence, so a slope for the small forecasts of earlier weights would be
        too steep for the larger ones of the weights that serve.
        """
        blocks = blocks_of(self.rows[known], self.horizon)
        if name == ensemble.NAME:
            scaled = self.members(known) @ self.weights(known)
        else:
            scaled = self.expected[name][known] / self.sizes[known]
        return ProbabilityCalibration.fit(scaled, self.still[known], self.outcomes[known], blocks)

    def prob_up(self, name: str) -> Floats:
        """Returns the probability of rising by the curves known when each fold began.

        It is one half on the fold for choices.
        """
        scaled = self.expected[name] / self.sizes
        found = np.full(len(scaled), 0.5)
        for fold in range(1, len(self.bounds) - 1):
            own = self.folds == fold
            found[own] = self.calibrated(name, self.before(fold)).prob_up(scaled[own], self.still[own])
        return found

    def best_rivals(self) -> tuple[tuple[str, ...], Floats]:
        """Returns the trivial rival to beat in each fold, and its expectations.

        It is the one with the smallest squared error on the fold before, by the outcomes known when the fold began. The
        naive forecast is one of them. The fold for choices has none before it, so it is compared with the naive one.
        """
        rivals = {name: self.expected[name] for name in RIVAL_NAMES if name in self.expected}
        rivals = {NAIVE: np.zeros(len(self.rows)), **rivals}
        chosen, found = [NAIVE], np.zeros(len(self.rows))
        for fold in range(1, len(self.bounds) - 1):
            seen = self.before(fold) & (self.folds == fold - 1)
            errors = {name: float(((self.outcomes - said)[seen] ** 2).sum()) for name, said in rivals.items()}
            chosen.append(min(errors, key=errors.__getitem__) if seen.any() else chosen[-1])
            own = self.folds == fold
            found[own] = rivals[chosen[-1]][own]
        return tuple(chosen), found

    def together(self) -> tuple[Floats, Floats]:
        """Returns the ensemble's expectations and its last weights.

        The fold for choices uses the weights that are fitted to it.
        """
        found = np.zeros(len(self.rows))
        weights: Floats = np.zeros(len(ensemble.MEMBERS))
        for fold in range(1, len(self.bounds) - 1):
            weights = self.weights(self.before(fold))
            own = self.folds == fold if fold > 1 else self.folds <= 1
            found[own] = self.members(own) @ weights * self.sizes[own]
        return found, weights

    def weights(self, known: Mask) -> Floats:
        """Returns the ensemble's weights by these known outcomes."""
        return ensemble.weights(self.members(known), self.outcomes[known] / self.sizes[known])

    def members(self, entries: Mask) -> Floats:
        """Returns these forecasts of the ensemble's members in sizes of a move, entries x members."""
        said = np.column_stack([self.expected[name][entries] for name in ensemble.MEMBERS])
        found: Floats = said / self.sizes[entries][:, None]
        return found


def bounds_of(rows: int) -> tuple[int, ...]:
    """Returns the rows at which the folds of a training begin, and the row at which the last one ends."""
    return tuple(int(rows * share) for share in FOLDS)


def nightly_bounds(panel: Panel) -> tuple[int, ...]:
    """Returns the rows at which the folds of an evaluation begin, and the row at which the last one ends.

    The folds are those that a desk would have: it trains at each midnight (UTC) of the test. The first two begin where
    those of a training do. Of more than `_MAX_NIGHTS` midnights, evenly spread ones are used.
    """
    choice, test, *_, end = bounds_of(panel.shape[0])
    nights = np.flatnonzero(panel.times % _DAY_MS == 0)
    nights = nights[nights > test]
    if len(nights) > _MAX_NIGHTS:
        nights = nights[np.linspace(0, len(nights) - 1, _MAX_NIGHTS).astype(np.int64)]
    return (choice, test, *(int(night) for night in nights), end)


def walk_forward(
    ground: TrainingWindow,
    regimes: NDArray[np.int64],
    names: tuple[str, ...],
    means: TrainingResources,
    *,
    on_fold: OnFold,
    bounds: tuple[int, ...] | None = None,
    max_rows: int = MAX_TRAINING_ROWS,
) -> WalkForward:
    """Trains the recipes and the trivial rivals fold by fold and returns their forecasts.

    `regimes` has one index for each row of the panel. `bounds` are those of the folds, by default a training's. Slow
    recipes, which do not serve, are trained for the first two folds and once in the middle. Beyond about `max_rows`
    rows, a part is used for training. Raises NoTrainingData.
    """
    bounds = bounds_of(ground.panel.shape[0]) if bounds is None else bounds
    recipes = recipes_for((*names, *RIVAL_NAMES))
    parts: dict[str, list[Floats]] = {recipe.name: [] for recipe in recipes}
    tests: list[Sample] = []
    first: Floats = np.zeros(0)
    fitted: dict[str, Model] = {}
    for fold, (start, stop) in enumerate(pairwise(bounds)):
        spread = ground.fit_volatility(start, limit=max_rows)
        learnt = ground.known_sample(
            start, spread, limit=max(max_rows, MAX_ROWS_NEXT) if ground.horizon == 1 else max_rows
        )
        test = ground.forecasts(start, stop, spread)
        tests.append(test)
        if fold == 0:
            first = intervals.initial_multiples(np.abs(learnt.moves()) / learnt.sizes(), regimes[learnt.rows])
        for recipe in recipes:
            if recipe.name not in SLOW or fold in {0, 1, len(bounds) // 2}:
                if recipe.name not in RIVAL_NAMES:
                    on_fold(ground.horizon, recipe.name, fold)
                fitted[recipe.name] = recipe.fit(learnt, means)
            parts[recipe.name].append(fitted[recipe.name].expect(test).astype(np.float32))
    rows = np.concatenate([test.rows for test in tests])
    symbol_index = np.concatenate([test.symbol_index for test in tests])
    return WalkForward(
        ground.horizon,
        bounds,
        rows,
        symbol_index,
        np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        np.concatenate([test.sizes() for test in tests]),
        np.concatenate([test.outcomes() for test in tests]),
        np.concatenate([test.moves() for test in tests]),
        still_share(ground.features, rows, symbol_index),
        regimes[rows],
        first,
        ground.features.log_close,
        {name: np.concatenate(found) for name, found in parts.items()},
    )
