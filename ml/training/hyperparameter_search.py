"""A budgeted search for hyper-parameters of the boosted trees, in time-ordered folds before the test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ml.data.features import features_of
from ml.data.panel import Panel
from ml.evaluation.walk_forward import bounds_of
from ml.models.base import TrainingResources
from ml.models.samples import TrainingWindow
from ml.models.xgboost import PARAMETERS, Boosted

FOLDS = (0.6, 0.8, 1.0)
"""Shares of the rows before the test, which is not used."""

MAX_TRAINING_ROWS = 200_000
CHOICES: dict[str, tuple[float | int, ...]] = {
    "eta": (0.02, 0.03, 0.05, 0.1),
    "max_depth": (3, 4, 5, 6, 8),
    "min_child_weight": (50, 100, 200, 400, 800),
    "subsample": (0.3, 0.5, 0.8),
    "colsample_bytree": (0.3, 0.5, 0.8),
    "reg_lambda": (1.0, 10.0, 100.0),
}
ROUNDS_CHOICES = (60, 100, 150, 250)


@dataclass(frozen=True, slots=True)
class Trial:
    """Parameters and their RMSE skill at each horizon, the mean over folds."""

    recipe: Boosted
    skills: tuple[float, ...]

    @property
    def skill(self) -> float:
        """Mean skill over all horizons."""
        return float(np.mean(self.skills))


def search(
    panel: Panel, horizons: Sequence[int], means: TrainingResources, trials: int, on_trial: Callable[[str], None]
) -> Iterator[str]:
    """Yields lines about the trials, best first; the first trial run is always the present default.

    Raises NoTrainingData.
    """
    earlier = panel.rows(0, bounds_of(panel.shape[0])[1])
    features = features_of(earlier)
    grounds = [TrainingWindow(earlier, features, horizon) for horizon in horizons]
    chance = np.random.default_rng(means.seed)
    done: list[Trial] = []
    for number in range(trials):
        recipe = Boosted() if number == 0 else _drawn(chance)
        done.append(Trial(recipe, tuple(_skill(ground, recipe, means) for ground in grounds)))
        on_trial(f"trial {number + 1} of {trials}: {describe(done[-1])}")
    for trial in sorted(done, key=lambda each: -each.skill):
        yield describe(trial) + (" (default)" if trial is done[0] else "")


def describe(trial: Trial) -> str:
    """Returns the skills and the parameters of a trial."""
    skills = " ".join(f"{skill:+.3%}" for skill in trial.skills)
    given = " ".join(f"{name}={trial.recipe.parameters[name]}" for name in CHOICES if name in trial.recipe.parameters)
    return f"{trial.skill:+.3%} ({skills}) rounds={trial.recipe.rounds} {given}"


def _drawn(chance: np.random.Generator) -> Boosted:
    drawn = {name: values[int(chance.integers(len(values)))] for name, values in CHOICES.items()}
    rounds = ROUNDS_CHOICES[int(chance.integers(len(ROUNDS_CHOICES)))]
    return Boosted(rounds=rounds, parameters={**PARAMETERS, **drawn})


def _skill(ground: TrainingWindow, recipe: Boosted, means: TrainingResources) -> float:
    bounds = [int(ground.panel.shape[0] * share) for share in FOLDS]
    skills = []
    for start, stop in pairwise(bounds):
        spread = ground.fit_volatility(start, limit=MAX_TRAINING_ROWS)
        test = ground.judged(start, stop, spread)
        expected = recipe.fit(ground.known_sample(start, spread, limit=MAX_TRAINING_ROWS), means).expect(test)
        outcomes = test.outcomes()
        skills.append(1 - float(np.sqrt(((outcomes - expected) ** 2).sum() / (outcomes**2).sum())))
    return float(np.mean(skills))
