"""Models for tests: the real training, with trees that take a tenth of the time."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ml.data.panel import Panel
from ml.models import catalogue as recipes
from ml.models.base import TrainingResources
from ml.models.forecast_model import ForecastModel
from ml.models.xgboost import Boosted
from ml.training.train import train

MEANS = TrainingResources(threads=1, seed=1)
SMALL = Boosted(rounds=15, parameters={**Boosted().parameters, "min_child_weight": 50, "max_depth": 3})


@contextmanager
def small_trees() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(recipes.RECIPES, "xgb", SMALL)
        yield


def trained_on(panel: Panel, horizon: int = 1, means: TrainingResources = MEANS) -> ForecastModel:
    with small_trees():
        return train(panel, horizon, means, lambda *_: None)
