"""Rivals of the ranges: right by definition, blind to the future, and compared on equal terms."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.features import features_of
from ml.data.panel import Panel
from ml.evaluation import range_rivals
from ml.evaluation.range_comparison import OURS, compare_ranges
from ml.evaluation.range_rivals import ewma, returns_of, rivals
from ml.models.samples import TrainingWindow
from tests.fakes.candles import walk_panel

RIVALS = ("ewma", "har", "garch")


@pytest.fixture(scope="module")
def panel() -> Panel:
    return walk_panel(2000, 4, seed=11)


def _ground(panel: Panel, horizon: int = 5) -> TrainingWindow:
    return TrainingWindow(panel, features_of(panel), horizon)


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_knows_the_size_of_a_steady_walk(panel: Panel, name: str) -> None:
    sizes = rivals()[name](_ground(panel), 1200, 1500)
    assert sizes.shape == (1500, 4)
    ratio = sizes[300:] / (0.001 * np.sqrt(5))
    assert np.median(ratio) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_knows_nothing_of_what_comes_later(panel: Panel, name: str) -> None:
    later = replace(panel, close=panel.close.copy())
    later.close[1300:] *= 3
    before = rivals()[name](_ground(panel), 1200, 1400)
    after = rivals()[name](_ground(later), 1200, 1400)
    np.testing.assert_array_equal(before[:1300], after[:1300])
    assert (after[1305] != before[1305]).all()


@pytest.mark.parametrize("name", RIVALS)
def test_gaps_leave_a_size(panel: Panel, name: str) -> None:
    close = panel.close.copy()
    close[700:730, 1] = np.nan
    close[:900, 2] = np.nan
    holes = replace(panel, close=close, usable=~np.isnan(close))
    ground = _ground(holes)
    sizes = rivals()[name](ground, 1200, 2000)
    assert np.isfinite(sizes[ground.features.ready]).all()
    assert (sizes[ground.features.ready] > 0).all()


def test_the_ewma_is_that_of_riskmetrics(monkeypatch: pytest.MonkeyPatch, panel: Panel) -> None:
    """Variance 0.94 times the last one plus 0.06 times the last squared return, once it has forgotten its start."""
    monkeypatch.setattr(range_rivals, "DECAYS", (0.94,))
    sizes = ewma(_ground(panel, 1), 1200, 1500)
    squares, variance = returns_of(np.log(panel.close)) ** 2, 1e-6
    for row in range(1, 1500):
        variance = 0.94 * variance + 0.06 * squares[row, 0]
    assert sizes[-1, 0] == pytest.approx(np.sqrt(variance))


def test_all_models_are_judged_on_the_same_forecasts(panel: Panel) -> None:
    lines = compare_ranges(panel, (1, 5), lambda *_: None)
    assert [(line.horizon, line.name) for line in lines] == [
        (horizon, name) for horizon in (1, 5) for name in (OURS, *RIVALS)
    ]
    for horizon in (1, 5):
        own = [line.scores for line in lines if line.horizon == horizon]
        assert {scores[0].count for scores in own} == {4 * (500 - horizon)}
        assert all(0.74 < scores[0].coverage < 0.86 for scores in own)
        assert max(scores[0].crps for scores in own) < 1.05 * min(scores[0].crps for scores in own)
