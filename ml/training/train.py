"""Training of a model on a panel, with metrics from parts of it that were not in its training data.

The walk (`ml.evaluation.walk_forward`) makes forecasts out of sample over the last two fifths of the rows. The
ensemble's weights, the curve of the odds and the multiples of the intervals are fitted to those, the metrics come from
the last quarter, and then the members are trained again on all rows.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from ml.calibration import intervals
from ml.calibration.probability import reliability_curve
from ml.data.feature_reference import Reference
from ml.data.features import HISTORY, Features, features_of
from ml.data.panel import Floats, Panel
from ml.errors import NoTrainingData
from ml.evaluation import metrics
from ml.evaluation.metrics import SKILL_LEVEL
from ml.evaluation.walk_forward import FOLDS, MAX_TRAINING_ROWS, OnFold, WalkForward, walk_forward
from ml.forecast import MIN_BLOCKS
from ml.models import ensemble
from ml.models.base import Model, TrainingResources
from ml.models.catalogue import recipes_for
from ml.models.fitted_members import LinearMember, TreeMember
from ml.models.forecast_model import RECIPE, ForecastModel
from ml.models.linear import LinearModel, LogisticModel
from ml.models.samples import TrainingWindow
from ml.models.xgboost import PARAMETERS, ROUNDS, BoostedModel

_MIN_PER_SYMBOL = 200


def rows_needed(horizon: int) -> int:
    """Returns the number of times a panel must have.

    Each fold holds two horizons, so that some outcomes are known when the next one begins.
    """
    return max(HISTORY, int(np.ceil(2 * horizon / (FOLDS[2] - FOLDS[1]))) + 1)


def train(
    panel: Panel,
    horizon: int,
    means: TrainingResources,
    on_fold: OnFold,
    *,
    features: Features | None = None,
    max_rows: int = MAX_TRAINING_ROWS,
) -> ForecastModel:
    """Trains the ensemble for `horizon` candles.

    `on_fold` receives each horizon, recipe and fold as it begins; the index after the last fold is that of the final
    model. `features` are those of the panel, if they are already computed. Beyond about `max_rows` rows, a part is used
    for training. Raises NoTrainingData.
    """
    if panel.shape[0] < rows_needed(horizon):
        raise NoTrainingData(panel.shape[0], rows_needed(horizon))
    features = features_of(panel) if features is None else features
    ground, regimes = TrainingWindow(panel, features, horizon), intervals.regimes_of(features)
    walked = walk_forward(ground, regimes, (RECIPE,), means, on_fold=on_fold, max_rows=max_rows)
    if not walked.test.any():
        raise NoTrainingData(0, 1)
    walked.expected[RECIPE], _ = walked.together()
    judged = _metrics(walked, means.seed)
    known = walked.known
    weights = walked.weights(known)
    spread = ground.fit_volatility(panel.shape[0], limit=max_rows)
    learnt = ground.known_sample(panel.shape[0], spread, limit=max_rows)
    members: dict[str, Model] = {}
    for recipe in recipes_for((RECIPE,)):
        on_fold(horizon, recipe.name, len(FOLDS) - 1)
        members[recipe.name] = recipe.fit(learnt, means)
    own = np.bincount(learnt.symbol_index, minlength=panel.shape[1])
    return ForecastModel(
        horizon=horizon,
        symbols=panel.symbols,
        names=features.names,
        start=int(panel.times[0]),
        end=int(panel.times[-1]) + panel.interval_ms,
        rows=len(learnt),
        skilled=is_skilled(judged) and any(weights),  # without weights it expects no change
        metrics=judged | {f"weight_{name}": float(w) for name, w in zip(ensemble.MEMBERS, weights, strict=True)},
        parameters={**PARAMETERS, "rounds": ROUNDS, "most": max_rows, "seed": means.seed, "folds": list(FOLDS)},
        seen=tuple((own >= _MIN_PER_SYMBOL).tolist()),
        spread=spread,
        weights=tuple(map(float, weights)),
        odds=walked.calibrated(RECIPE, known),
        multiples=tuple(map(float, walked.last_multiples(RECIPE))),
        ridge=LinearMember.of(cast("LinearModel", members["ridge"])),
        logistic=LinearMember.of(cast("LogisticModel", members["logistic"])),
        trees=TreeMember.of(cast("BoostedModel", members["xgb"])),
        reference=Reference.fit(features, panel.times),
    )


def is_skilled(metrics: dict[str, float]) -> bool:
    """Returns whether the skill is above 0 at the level of `SKILL_LEVEL`, with enough blocks of time.

    `skill_low` is the lower end of its 95 % interval.
    """
    sure = metrics["skill_low"] > 0 and metrics["skill_p"] <= SKILL_LEVEL
    return sure and metrics["blocks"] >= MIN_BLOCKS


def _metrics(walked: WalkForward, seed: int) -> dict[str, float]:
    """Returns the metrics of the last quarter, all finite.

    They are skill (beside the naive forecast and the best trivial rival) and hits with their intervals, the share of
    unchanged outcomes, coverage, pinball loss and calibration error, some of them by regime too.
    """
    test, expected = walked.test, walked.expected[RECIPE]
    said, came, regimes = expected[test], walked.outcomes[test], walked.regimes[test]
    rival = walked.best_rivals()[1][test]
    score = metrics.score(said, came, walked.rows[test], walked.horizon, seed=seed, rival=rival)
    reach = walked.reach(RECIPE)[test]
    moved = walked.moves[test]
    inside = np.abs(moved - said) <= reach
    found = {
        "count": float(score.count),
        "blocks": float(score.blocks),
        "skill": score.rmse_skill.value,
        "skill_low": score.rmse_skill.low,
        "skill_high": score.rmse_skill.high,
        "skill_p": score.skill_p,
        "rival_skill": score.rival_skill.value,
        "rival_skill_low": score.rival_skill.low,
        "rival_skill_high": score.rival_skill.high,
        "mae_skill": score.mae_skill,
        "unchanged": score.unchanged,
        "rmse": float(np.sqrt(((came - said) ** 2).mean())),
        "coverage": float(inside.mean()),
        "pinball": metrics.pinball(said - reach, said + reach, moved, coverage=intervals.COVERAGE),
    }
    if score.hits is not None:
        found |= {"hits": score.hits.value, "hits_low": score.hits.low, "hits_high": score.hits.high}
    if odds := reliability_curve(walked.prob_up(RECIPE)[test], came):
        found["calibration_error"] = odds.error
    for number, regime in enumerate(intervals.REGIMES):
        found |= _of_regime(regime, regimes == number, said, came, inside)
    return {name: float(value) for name, value in found.items() if np.isfinite(value)}


def _of_regime(
    name: str, own: NDArray[np.bool_], said: Floats, came: Floats, inside: NDArray[np.bool_]
) -> dict[str, float]:
    if not own.any():
        return {f"count_{name}": 0.0}
    naive = float((came[own] ** 2).sum())
    skill = 1 - np.sqrt(((came[own] - said[own]) ** 2).sum() / naive) if naive > 0 else np.nan
    moved = own & (came != 0) & (said != 0)
    return {
        f"count_{name}": float(own.sum()),
        f"coverage_{name}": float(inside[own].mean()),
        f"skill_{name}": float(skill),
        f"hits_{name}": float((np.sign(said[moved]) == np.sign(came[moved])).mean()) if moved.any() else np.nan,
    }
