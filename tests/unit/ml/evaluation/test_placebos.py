"""Markets without anything to find: no recipe may report skill, at no horizon and for no seed.

`PLACEBO_SEEDS=20` runs that many seeds of each placebo.
"""

import os
from collections.abc import Callable

import pytest

from ml.data.panel import Panel
from ml.evaluation.backtest import Evaluation, EvaluationPlan, evaluate
from ml.evaluation.metrics import SKILL_LEVEL
from ml.evaluation.summary import shown, summary
from ml.models.base import TrainingResources
from ml.models.catalogue import NAMES
from tests.fakes.candles import bounce_panel, walk_panel
from tests.fakes.models import small_trees

pytestmark = pytest.mark.long

SEEDS = range(1, 1 + int(os.environ.get("PLACEBO_SEEDS", "1")))
HORIZONS = (1, 5, 15, 60) if len(SEEDS) > 1 else (1, 5)
RECIPES = tuple(name for name in NAMES if name != "baseline")
ROWS = 3200


def walk(seed: int) -> Panel:
    """Random walks."""
    return walk_panel(ROWS, 4, seed=seed)


def bounce(seed: int) -> Panel:
    """Random walks that are traded at the bid or the ask by chance."""
    return bounce_panel(ROWS, 4, seed=seed)


def _evaluated(panel: Panel, horizons: tuple[int, ...]) -> Evaluation:
    with small_trees():
        return evaluate(panel, EvaluationPlan(horizons, RECIPES, TrainingResources(1, 1)), lambda *_: None)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("market", [walk, bounce])
def test_a_placebo_has_no_skill_at_any_horizon(market: Callable[[int], Panel], seed: int) -> None:
    found = _evaluated(market(seed), HORIZONS)
    for line in found.lines:
        assert not shown(line), (line.recipe, line.horizon, line.score)
    for served in (found.line(horizon, "ensemble").score for horizon in HORIZONS):
        assert not (served.rmse_skill.low > 0 and served.skill_p <= SKILL_LEVEL), served
    assert "skill that holds" not in summary(found)[0]


def test_measured_from_the_last_close_a_bounce_looks_like_skill() -> None:
    """What is measured from the next open does not, so the placebo has something to refuse."""
    line = _evaluated(bounce(1), (1,)).line(1, "reversal")
    assert line.closing_hits > 0.6
    assert line.score.hits is not None
    assert line.score.hits.low < 0.5 < line.score.hits.high


@pytest.mark.parametrize("seed", SEEDS)
def test_a_planted_signal_is_found(seed: int) -> None:
    found = _evaluated(walk_panel(ROWS, 4, seed=seed, echo=-0.3), (1,))
    assert shown(found.line(1, "ensemble"))
    assert "skill that holds over 1 (xgb, ensemble)" in summary(found)[0]
