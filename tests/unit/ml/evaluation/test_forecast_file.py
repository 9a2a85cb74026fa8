"""The file of all forecasts: the report can be computed again from it alone."""

import numpy as np
import pandas as pd
import pytest

from ml.calibration.intervals import REGIMES
from ml.evaluation.backtest import Evaluation, EvaluationPlan, evaluate
from ml.evaluation.forecast_file import SCHEMA, ForecastFile
from ml.models.base import TrainingResources
from tests.fakes.candles import bounce_panel
from tests.fakes.models import small_trees
from tests.paths import PROJECT

FEE = 0.001


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, pd.DataFrame]:
    path = tmp_path_factory.mktemp("forecasts") / "forecasts.parquet"
    panel = bounce_panel(3200, 3, seed=4, spread=0.004)
    plan = EvaluationPlan((5, 15), ("ridge", "ensemble"), TrainingResources(1, 1), FEE)
    with small_trees(), ForecastFile(path, panel) as file:
        found = evaluate(panel, plan, lambda *_: None, file.write)
    return found, pd.read_parquet(path)


def test_the_report_follows_from_the_file_alone(kept: tuple[Evaluation, pd.DataFrame]) -> None:
    found, frame = kept
    for line in found.lines:
        own = frame[(frame.horizon == line.horizon) & (frame.recipe == line.recipe)]
        choice, test = own[own.fold == 0], own[own.fold > 0]
        outcome, expected = test.outcome, test.expected
        assert line.score.count == len(test)
        squares = ((outcome - expected) ** 2).sum()
        assert line.score.rmse_skill.value == pytest.approx(1 - np.sqrt(squares / (outcome**2).sum()), abs=1e-12)
        beside = ((outcome - test.rival_expected) ** 2).sum()
        assert line.score.rival_skill.value == pytest.approx(1 - np.sqrt(squares / beside), abs=1e-12)
        assert line.score.mae_skill == pytest.approx(1 - (outcome - expected).abs().sum() / outcome.abs().sum())
        assert line.score.unchanged == pytest.approx((outcome == 0).mean())
        if line.score.hits is not None:
            said = test[(expected != 0) & (outcome != 0)]
            assert line.score.hits.value == pytest.approx((np.sign(said.expected) == np.sign(said.outcome)).mean())
            closing = test[(expected != 0) & (test.move != 0)]
            assert line.closing_hits == pytest.approx((np.sign(closing.expected) == np.sign(closing.move)).mean())
        inside = (test.low <= test.move) & (test.move <= test.high)
        assert line.covered == pytest.approx(inside.mean(), abs=1e-3), "the ends are rounded"
        for number, regime in enumerate(REGIMES):
            assert line.coverage[number] == pytest.approx(inside[test.regime == regime].mean(), abs=1e-3)
        if line.odds is not None:
            bins = np.searchsorted(np.unique(np.quantile(test.prob_up, np.arange(1, 10) / 10)), test.prob_up)
            off = test.assign(rose=outcome > 0).groupby(bins)[["prob_up", "rose"]].mean()
            weights = np.bincount(bins)[off.index]
            error = np.average((off.prob_up - off.rose.astype(float)).abs(), weights=weights)
            assert line.odds.error == pytest.approx(error)
        taken = test[expected.abs() > np.quantile(choice.expected.abs(), 0.9)]
        assert line.trades.count == len(taken)
        if len(taken):
            assert line.trades.gross == pytest.approx((np.sign(taken.expected) * np.expm1(taken.outcome)).mean())
            assert line.trades.net == pytest.approx(line.trades.gross - 2 * FEE)


def test_every_fold_names_its_rival_which_was_the_best_of_the_fold_before(
    kept: tuple[Evaluation, pd.DataFrame],
) -> None:
    found, frame = kept
    for horizon in found.horizons:
        own = frame[(frame.horizon == horizon) & (frame.recipe == "naive")]
        named = own.groupby("fold").rival.unique()
        assert [len(names) for names in named] == [1] * len(named)
        assert [names[0] for names in named][1:] == list(found.rivals[horizon])
        naive = own[own.rival == "naive"]
        assert (naive.rival_expected == 0).all()


def test_every_column_is_described(kept: tuple[Evaluation, pd.DataFrame]) -> None:
    _, frame = kept
    page = (PROJECT / "docs" / "forecasts.md").read_text("utf-8")
    assert list(frame.columns) == SCHEMA.names
    for name in SCHEMA.names:
        assert f"`{name}`" in page
