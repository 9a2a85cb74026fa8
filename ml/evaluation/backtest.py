"""Evaluation of the forecasts of a walk, by recipe and horizon."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.calibration import intervals
from ml.calibration.probability import ReliabilityCurve, reliability_curve
from ml.data.features import features_of
from ml.data.panel import Floats, Mask, Panel
from ml.errors import BadHorizon
from ml.evaluation import metrics
from ml.evaluation.metrics import Score, Trades
from ml.evaluation.walk_forward import NAIVE, OnFold, WalkForward, bounds_of, nightly_bounds, walk_forward
from ml.models import ensemble
from ml.models.base import TrainingResources
from ml.models.catalogue import names_wanted
from ml.models.samples import TrainingWindow
from trading.performance.multiple_tests import holm

MINUTES = (5, 15, 60, 240)
"""Horizons that are evaluated by default, those that the desk offers up to four hours."""

FEE = 0.001
_PROMISING = 0.9
_MINUTE_MS = 60_000


OnWalk = Callable[[WalkForward, tuple[str, ...]], None]


def _nothing(walked: WalkForward, names: tuple[str, ...]) -> None:
    """Ignores the forecasts."""


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """Parameters of an evaluation: `horizons` are in candles, `fee` is a share of each fill."""

    horizons: tuple[int, ...]
    recipes: tuple[str, ...]
    means: TrainingResources
    fee: float = FEE


@dataclass(frozen=True, slots=True)
class ResultRow:
    """Results of one recipe at one horizon, on the test.

    `covered` is the share of moves inside the 80 % intervals and `coverage` the same by regime, NaN for a regime that
    did not occur. `pinball` is 1 minus the loss of the interval's ends over that of the naive forecast. `closing_hits`
    is the share of right directions measured from the last close, at which no trade was possible. `symbols` are their
    RMSE skills, NaN if there were too few forecasts. The adjusted p-values are Holm's over all lines except those of
    the naive forecast.
    """

    horizon: int
    recipe: str
    score: Score
    closing_hits: float
    covered: float
    coverage: tuple[float, ...]
    pinball: float
    odds: ReliabilityCurve | None
    trades: Trades
    symbols: Floats
    skill_holm: float = 1.0
    rival_holm: float = 1.0
    hits_holm: float = 1.0


@dataclass(frozen=True, slots=True)
class CoverageSeries:
    """Intervals of the leading recipe over time: at each time (UTC ms) the regime and the share inside."""

    times: NDArray[np.int64]
    regimes: NDArray[np.int64]
    inside: Floats


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Results of all recipes and horizons.

    `shape` is that of the panel, times x symbols. Start and end are those of the test, in UTC ms. `leading` is the
    recipe whose courses and symbols are shown. `weights` are the ensemble's last ones by horizon, `rivals` the trivial
    rivals to beat in each fold of the test. `trainings` is the number of folds of the test.
    """

    symbols: tuple[str, ...]
    interval_ms: int
    shape: tuple[int, int]
    start_ms: int
    end_ms: int
    fee: float
    leading: str
    lines: tuple[ResultRow, ...]
    courses: dict[int, CoverageSeries]
    weights: dict[int, Floats]
    rivals: dict[int, tuple[str, ...]]
    trainings: int

    def line(self, horizon: int, recipe: str) -> ResultRow:
        """Returns the results of a recipe at a horizon. Raises StopIteration if it was not evaluated."""
        return next(line for line in self.lines if line.horizon == horizon and line.recipe == recipe)

    @property
    def horizons(self) -> tuple[int, ...]:
        """Horizons in candles, in the order of the plan."""
        return tuple(self.courses)


def horizons_for(panel: Panel) -> tuple[int, ...]:
    """Returns the horizons that are evaluated by default, in candles: those that the candles are fine and many enough
    for, or the next candle if there is none.
    """
    candles = [divmod(minutes * _MINUTE_MS, panel.interval_ms) for minutes in MINUTES]
    most = _longest_horizon(panel.shape[0])
    return tuple(whole for whole, rest in candles if not rest and 0 < whole <= most) or (1,)


def evaluate(panel: Panel, plan: EvaluationPlan, on_fold: OnFold, on_walk: OnWalk = _nothing) -> Evaluation:
    """Evaluates the recipes of the plan at its horizons.

    `on_walk` receives the forecasts of each horizon and the names of their recipes. Raises NoTrainingData,
    UnknownRecipe and BadHorizon.
    """
    names = names_wanted(plan.recipes)
    bounds = nightly_bounds(panel)
    _check_horizons(plan.horizons, panel.shape[0])
    features = features_of(panel)
    regimes = intervals.regimes_of(features)
    leading = next(name for name in (ensemble.NAME, "xgb", names[-1]) if name in names)
    lines: list[ResultRow] = []
    courses: dict[int, CoverageSeries] = {}
    weights: dict[int, Floats] = {}
    rivals: dict[int, tuple[str, ...]] = {}
    for horizon in plan.horizons:
        ground = TrainingWindow(panel, features, horizon)
        walked = walk_forward(ground, regimes, names, plan.means, on_fold=on_fold, bounds=bounds)
        if ensemble.NAME in names:
            walked.expected[ensemble.NAME], weights[horizon] = walked.together()
        chosen, _ = walked.best_rivals()
        rivals[horizon] = chosen[1:]
        found, courses[horizon] = _judged(walked, names, leading, panel, plan)
        lines += found
        on_walk(walked, names)
    return Evaluation(
        panel.symbols,
        panel.interval_ms,
        panel.shape,
        int(panel.times[bounds[1]]),
        int(panel.times[-1]) + panel.interval_ms,
        plan.fee,
        leading,
        adjusted(lines),
        courses,
        weights,
        rivals,
        len(bounds) - 2,
    )


def _longest_horizon(rows: int) -> int:
    """Returns the longest horizon of which the fold for choices holds two."""
    bounds = bounds_of(rows)
    return max(0, (bounds[1] - bounds[0]) // 2)


def _check_horizons(horizons: Iterable[int], rows: int) -> None:
    """Raises BadHorizon if a fold does not hold at least two horizons."""
    most = _longest_horizon(rows)
    for horizon in horizons:
        if not 0 < horizon <= most:
            raise BadHorizon(horizon, rows, most)


def _judged(
    walked: WalkForward, names: tuple[str, ...], leading: str, panel: Panel, plan: EvaluationPlan
) -> tuple[list[ResultRow], CoverageSeries]:
    naive = _loss(walked, NAIVE, walked.reach(NAIVE))
    lines: list[ResultRow] = []
    course = CoverageSeries(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    for name in names:
        reach = walked.reach(name)
        inside = (np.abs(walked.moves - walked.expected[name]) <= reach)[walked.test]
        line = _line(walked, name, inside, panel, plan)
        lines.append(replace(line, pinball=1 - _loss(walked, name, reach) / naive if naive > 0 else 0.0))
        if name == leading:
            course = _course(walked, inside, panel)
    return lines, course


def _line(walked: WalkForward, name: str, inside: Mask, panel: Panel, plan: EvaluationPlan) -> ResultRow:
    test, expected = walked.test, walked.expected[name]
    rival = walked.best_rivals()[1][test]
    threshold = promising(expected[walked.known & (walked.folds == 0)])
    expected, outcomes = expected[test], walked.outcomes[test]
    return ResultRow(
        walked.horizon,
        name,
        metrics.score(expected, outcomes, walked.rows[test], walked.horizon, seed=plan.means.seed, rival=rival),
        metrics.hit_share(expected, walked.moves[test]),
        float(inside.mean()) if len(inside) else float("nan"),
        _coverage(inside, walked.regimes[test]),
        0.0,
        reliability_curve(walked.prob_up(name)[test], outcomes),
        metrics.trades(expected, outcomes, threshold=threshold, fee=plan.fee),
        metrics.by_symbol(expected, outcomes, walked.symbol_index[test], panel.shape[1]),
    )


def promising(expected: Floats) -> float:
    """Returns the size of an expectation from which a forecast is traded: a tenth of those given promised more."""
    return float(np.quantile(np.abs(expected), _PROMISING)) if len(expected) else 0.0


def _loss(walked: WalkForward, name: str, reach: Floats) -> float:
    expected, reach = walked.expected[name][walked.test], reach[walked.test]
    moves = walked.moves[walked.test]
    return metrics.pinball(expected - reach, expected + reach, moves, coverage=intervals.COVERAGE)


def _coverage(inside: Mask, regimes: NDArray[np.int64]) -> tuple[float, ...]:
    own = [inside[regimes == regime] for regime in range(len(intervals.REGIMES))]
    return tuple(float(found.mean()) if len(found) else float("nan") for found in own)


def _course(walked: WalkForward, inside: Mask, panel: Panel) -> CoverageSeries:
    rows, starts, counts = np.unique(walked.rows[walked.test], return_index=True, return_counts=True)
    shares = np.add.reduceat(inside.astype(float), starts) / counts
    return CoverageSeries(panel.times[rows] + panel.interval_ms, walked.regimes[walked.test][starts], shares)


def adjusted(lines: list[ResultRow]) -> tuple[ResultRow, ...]:
    """Returns the lines with Holm's p-values; the naive forecast makes no claim and is not counted."""
    claims = [line for line in lines if line.recipe != NAIVE]
    skill = iter(holm([line.score.skill_p for line in claims]))
    rival = iter(holm([line.score.rival_p for line in claims]))
    hits = iter(holm([line.score.hits_p for line in claims]))
    return tuple(
        line
        if line.recipe == NAIVE
        else replace(line, skill_holm=next(skill), rival_holm=next(rival), hits_holm=next(hits))
        for line in lines
    )
