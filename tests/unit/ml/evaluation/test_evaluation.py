"""The whole walk on made-up markets: where there is nothing to find it says so, and where there is it finds it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.calibration.intervals import regimes_of
from ml.calibration.probability import reliability_curve
from ml.data.features import features_of
from ml.data.panel import Floats
from ml.errors import BadHorizon
from ml.evaluation.backtest import Evaluation, EvaluationPlan, evaluate, horizons_for
from ml.evaluation.calibration_tables import RELIABILITY_COLUMNS, coverage_rows, coverage_sentence, reliability_rows
from ml.evaluation.horizon_texts import horizon_text, length_text
from ml.evaluation.plots import coverage_plot
from ml.evaluation.report import write_report
from ml.evaluation.summary import COLUMNS, about, cells, shown, summary
from ml.evaluation.walk_forward import WalkForward, bounds_of, nightly_bounds, walk_forward
from ml.models import ensemble
from ml.models.base import TrainingResources
from ml.models.catalogue import RECIPES
from ml.models.samples import TrainingWindow
from ml.models.xgboost import PARAMETERS, Boosted
from ml.training.hyperparameter_search import search
from tests.fakes.candles import walk_panel

MEANS = TrainingResources(threads=1, seed=1)


def _evaluation(echo: float, horizons: tuple[int, ...], recipes: tuple[str, ...]) -> Evaluation:
    panel = walk_panel(3200, 3, seed=3, echo=echo)
    with pytest.MonkeyPatch.context() as patch:
        small = {**PARAMETERS, "max_depth": 3, "min_child_weight": 50}
        patch.setitem(RECIPES, "xgb", Boosted(rounds=30, parameters=small))
        return evaluate(panel, EvaluationPlan(horizons, recipes, MEANS), lambda *_: None)


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return _evaluation(-0.3, (1, 15), ("ridge", "ensemble"))


@pytest.fixture(scope="module")
def nothing() -> Evaluation:
    return _evaluation(0.0, (1,), ("baseline", "ensemble"))


def test_skill_is_found_where_it_was_put(found: Evaluation) -> None:
    line = found.line(1, "ensemble")
    assert shown(line)
    assert line.score.rmse_skill.low > 0
    assert line.score.hits is not None
    assert line.score.hits.low > 0.52
    assert line.odds is not None
    assert line.odds.error < 0.1
    assert any("1 candle of 1 min: ensemble has skill" in sentence for sentence in summary(found))
    assert summary(found)[0].startswith("In short, over candles of 1 min: skill that holds over 1 (ensemble)")


def test_where_there_is_nothing_to_find_it_says_so(nothing: Evaluation) -> None:
    line = nothing.line(1, "ensemble")
    assert not shown(line)
    assert line.score.rmse_skill.value > -0.01
    assert any("no skill" in sentence or "may be chance" in sentence for sentence in summary(nothing))
    assert summary(nothing)[0].endswith("none shown over 1: there only the interval is worth anything.")
    assert any("loses money after 0.20%" in sentence for sentence in summary(nothing))


def test_intervals_cover_four_fifths_in_every_regime(found: Evaluation, nothing: Evaluation) -> None:
    for line in (*found.lines, *nothing.lines):
        if line.recipe != "baseline" and line.horizon == 1:
            assert np.array(line.coverage) == pytest.approx(0.8, abs=0.05)


def test_the_baseline_learns_prices_and_is_told_so(nothing: Evaluation, found: Evaluation) -> None:
    assert nothing.line(1, "baseline").score.rmse_skill.high < 0
    assert any("learns price levels" in sentence for sentence in summary(nothing))
    assert any("was not asked for" in sentence for sentence in summary(found))


def test_the_naive_line_claims_nothing(found: Evaluation) -> None:
    line = found.line(1, "naive")
    assert line.score.rmse_skill.value == line.pinball == 0.0
    assert line.skill_holm == 1.0
    assert not shown(line)


def test_every_row_has_a_cell_for_every_column(found: Evaluation) -> None:
    assert {len(cells(line)) for line in found.lines} == {len(COLUMNS)}
    assert [(line.horizon, line.recipe) for line in found.lines] == [
        (horizon, recipe) for horizon in (1, 15) for recipe in ("naive", "ridge", "ensemble")
    ]
    assert "3 symbols x 3,200 candles" in about(found)


def test_weights_of_the_ensemble_are_told_and_convex(found: Evaluation) -> None:
    for weights in found.weights.values():
        assert (weights >= 0).all()
        assert weights.sum() <= 1 + 1e-9


@pytest.fixture(scope="module")
def unchanged() -> WalkForward:
    return _walked(walk_panel(3200, 3, seed=5, echo=-0.2).close)


@pytest.mark.parametrize("fold", [1, 2])
def test_what_comes_after_a_fold_began_changes_nothing_that_was_served_by_then(
    fold: int, unchanged: WalkForward
) -> None:
    """Not the weights, the odds, the regimes or the intervals either: all is as it would be on a shorter record."""
    panel = walk_panel(3200, 3, seed=5, echo=-0.2)
    begun = bounds_of(3200)[fold]
    changed = panel.close.copy()
    changed[begun + 1 :] *= np.exp(np.random.default_rng(1).normal(0, 0.05, (3200 - begun - 1, 1)))
    one, other = unchanged, _walked(changed)
    served = one.rows <= begun
    assert (one.folds[served] == fold).any()
    np.testing.assert_array_equal(one.rows[served], other.rows[served])
    for name in ("ridge", "ensemble"):
        np.testing.assert_array_equal(one.expected[name][served], other.expected[name][served])
        np.testing.assert_array_equal(one.reach(name)[served], other.reach(name)[served])
        np.testing.assert_array_equal(one.prob_up(name)[served], other.prob_up(name)[served])
    assert (one.reach("ridge")[~served] != other.reach("ridge")[~served]).any()


def _walked(close: Floats) -> WalkForward:
    panel = replace(walk_panel(3200, 3, seed=5, echo=-0.2), close=close)
    features = features_of(panel)
    regimes = regimes_of(features)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECIPES, "xgb", Boosted(rounds=10))
        walked = walk_forward(
            TrainingWindow(panel, features, 5), regimes, ("naive", "ridge", "ensemble"), MEANS, on_fold=lambda *_: None
        )
    walked.expected["ensemble"], _ = walked.together()
    return walked


@pytest.mark.parametrize("horizon", [0, -1, 4000, 241])
def test_a_horizon_that_cannot_be_judged_is_refused(horizon: int) -> None:
    with pytest.raises(BadHorizon) as refused:
        _evaluation(0.0, (horizon,), ("ridge",))
    assert refused.value.most == 240


def test_the_report_stands_on_its_own(found: Evaluation, tmp_path: Path) -> None:
    markdown, page = write_report(found, tmp_path / "deep" / "folder", "<b>|.parquet")
    text, html = markdown.read_text("utf-8"), page.read_text("utf-8")
    assert "| 1 | ensemble |" in text
    assert "&lt;b>\\|.parquet" in text
    assert "<b>|" not in html
    assert html.count("data:image/png;base64,") == 3
    for picture in ("skill", "calibration", "coverage"):
        assert f"![{picture}]({picture}.png)" in text
        assert (markdown.parent / f"{picture}.png").read_bytes().startswith(b"\x89PNG")
    assert coverage_plot(found) == (markdown.parent / "coverage.png").read_bytes()


def test_the_report_is_written_through_no_link(found: Evaluation, tmp_path: Path) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "out"
    victim.write_text("untouched")
    folder.mkdir()
    names = ("report.md", "report.html", "skill.png", "calibration.png", "coverage.png")
    for name in names:
        (folder / name).symlink_to(victim)
    write_report(found, folder, "candles.parquet")
    assert victim.read_text() == "untouched"
    assert not any((folder / name).is_symlink() for name in names)


@pytest.mark.parametrize(
    ("interval_ms", "text"),
    [(60_000, "1 min"), (900_000, "15 min"), (3_600_000, "1 h"), (86_400_000, "1 d"), (1000, "1 s"), (90_000, "90 s")],
)
def test_candles_are_named_by_their_length(interval_ms: int, text: str) -> None:
    assert length_text(interval_ms) == text
    assert horizon_text(2, interval_ms) == f"2 candles of {text}"


def test_the_search_begins_with_the_default_and_never_sees_the_test() -> None:
    panel = walk_panel(3000, 3, seed=6, echo=-0.3)
    told: list[str] = []
    lines = list(search(panel, (1,), MEANS, 2, told.append))
    assert len(lines) == len(told) == 2
    assert sum("(default)" in line for line in lines) == 1
    cut = bounds_of(3000)[1]
    changed = replace(panel, close=np.where(np.arange(3000)[:, None] < cut, panel.close, 1.0))
    assert lines == list(search(changed, (1,), MEANS, 2, told.append))


def test_the_promise_of_ranges_is_judged_where_there_was_time_enough(found: Evaluation) -> None:
    def said(covered: float, calm: float, times: int) -> str:
        lines = tuple(replace(line, covered=covered, coverage=(calm, 0.8, np.nan)) for line in found.lines)
        regimes = np.repeat([0, 1], [times, 5000])
        courses = {horizon: replace(course, regimes=regimes) for horizon, course in found.courses.items()}
        changed = replace(found, lines=lines, courses=courses)
        assert coverage_sentence(changed) in summary(changed)
        return coverage_sentence(changed)

    kept = said(0.82, 0.75, 3000)
    assert "keep their promise: they covered 75.0% to 82.0%" in kept
    assert "Not judged" not in kept
    assert "82.1% at 1 candle of 1 min (8000 spans)" in said(0.821, 0.75, 3000)
    missed = said(0.78, 0.749, 3000)
    assert "miss their promise: 74.9% at 1 candle of 1 min in calm markets (3000 spans); 74.9% at 15 candles" in missed
    short = said(0.80, 0.70, 199)
    assert "keep their promise" in short
    assert short.endswith("Not judged, with fewer than 200 spans of their length: 2 of 6.")


def test_tables_mark_what_misses_and_show_what_was_said(found: Evaluation) -> None:
    lines = tuple(replace(line, covered=0.83) for line in found.lines)
    rows = coverage_rows(replace(found, lines=lines))
    assert rows[0][:2] == ("1 candle of 1 min", "83.0 ! (799)")
    assert rows[1][:2] == ("15 candles of 1 min", "83.0 (52)"), "too few spans are not judged"
    odds = found.line(1, "ensemble").odds
    assert odds is not None
    assert reliability_rows(found)[0][2] == f"{100 * odds.predicted[0]:.1f} → {100 * odds.observed[0]:.1f}"
    assert {len(row) for row in reliability_rows(found)} == {len(RELIABILITY_COLUMNS)}


def test_an_evaluation_trains_at_each_midnight_of_the_test() -> None:
    panel = walk_panel(3 * 1440 + 100, 1, seed=1)
    choice, test, *nights, end = nightly_bounds(panel)
    assert (choice, test, end) == (*bounds_of(4420)[:2], 4420)
    assert nights == [4320], "3315 is on the third day"
    daily = replace(panel, times=panel.times[0] + 86_400_000 * np.arange(4420), interval_ms=86_400_000)
    many = nightly_bounds(daily)
    assert len(many) == 2 + 32 + 1, "of very many midnights, some are enough"
    assert list(many) == sorted(set(many))


def test_without_a_choice_the_horizons_are_those_of_the_desk_that_the_candles_allow() -> None:
    panel = walk_panel(3300, 1, seed=1)
    assert horizons_for(panel) == (5, 15, 60, 240)
    assert horizons_for(panel.rows(0, 991)) == (5, 15, 60)
    assert horizons_for(replace(panel, interval_ms=900_000)) == (1, 4, 16)
    assert horizons_for(replace(panel, interval_ms=3_600_000)) == (1, 4)
    assert horizons_for(replace(panel, interval_ms=86_400_000)) == (1,)


def test_too_few_blocks_of_time_show_no_skill_no_hits_and_no_gains(found: Evaluation) -> None:
    few = replace(found, lines=tuple(replace(x, score=replace(x.score, blocks=7)) for x in found.lines))
    row = dict(zip(COLUMNS, cells(few.line(1, "ensemble")), strict=True))
    assert row["RMSE skill % [95 %]"] == "too few spans"
    assert not row["hits % [95 %]"] + row["gross %"] + row["net %"] + row["MAE %"]
    assert row["calm"]
    said = " ".join(summary(few))
    assert "nothing can be said about ensemble: the test holds only 7 blocks of time." in said
    assert "Trades cannot be judged" in said


def test_skill_is_told_beside_the_best_trivial_rival(found: Evaluation) -> None:
    """A market whose returns come back has nothing that the last two returns do not tell."""
    assert set(found.rivals[1]) <= {"own-market", "reversal"}
    line = found.line(1, "ensemble")
    assert line.score.rival_skill.value < 0.01 < line.score.rmse_skill.value
    assert "is not shown to beat the best trivial rival" in " ".join(summary(found))
    naive = found.line(1, "naive")
    assert naive.score.rival_skill.value < -0.01


def test_probabilities_fit_the_weights_that_serve() -> None:
    """The members earn their weight in the second fold only: of the first, the ensemble's forecasts are tiny."""
    chance = np.random.default_rng(8)
    rows = np.repeat(np.arange(3000), 20)
    said, folds = chance.standard_normal(len(rows)), rows // 1000
    signal = np.where(folds == 0, 0.05, 0.4)
    outcomes = signal * said + chance.standard_normal(len(rows))
    walked = WalkForward(
        1,
        (0, 1000, 2000, 3002),
        rows,
        np.tile(np.arange(20), 3000),
        folds,
        np.ones(len(rows)),
        outcomes,
        outcomes,
        np.zeros(len(rows)),
        np.zeros(len(rows), np.int64),
        np.full(3, 1.6),
        np.zeros((3002, 20)),
        dict.fromkeys(ensemble.MEMBERS, said),
    )
    walked.expected[ensemble.NAME], weights = walked.together()
    assert weights.sum() > 2 * walked.weights(walked.before(1)).sum()
    own = walked.folds == 2
    curve = reliability_curve(walked.prob_up(ensemble.NAME)[own], outcomes[own])
    assert curve is not None
    assert curve.error < 0.08
