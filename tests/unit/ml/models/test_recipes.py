"""Every recipe behind one interface: what it learns where there is something to learn, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from ml.calibration.probability import ProbabilityCalibration, reliability_curve
from ml.calibration.volatility import VolatilityModel
from ml.data.features import features_of
from ml.data.panel import Panel, columns_of
from ml.errors import ExtraMissing, NoTrainingData, UnknownRecipe
from ml.models import ensemble
from ml.models.base import Recipe, TrainingResources
from ml.models.catalogue import ALL_NAMES, NAMES, RECIPES, missing_extra, names_wanted, recipes_for
from ml.models.gru import CHANNELS, STEPS, Recurrent, SequenceScaler
from ml.models.samples import Sample, TrainingWindow
from ml.models.targets import CLIP, columns_for, targets
from ml.models.xgboost import PRIOR_SHARE, Boosted, BoostedModel, believed
from tests.fakes.candles import walk_panel

MEANS = TrainingResources(threads=1, seed=1)
SMALL = Boosted(rounds=30, parameters={**Boosted().parameters, "min_child_weight": 50, "max_depth": 3})
QUICK: dict[str, Recipe] = {**RECIPES, "xgb": SMALL, "gru": Recurrent(epochs=2)}
EVERY = [recipe for name, recipe in QUICK.items() if missing_extra(name) is None]


@pytest.fixture(scope="module")
def echo() -> Panel:
    """Four symbols whose returns come back by a fifth, turned round."""
    return walk_panel(2400, 3, seed=1, echo=-0.3)


def _ground(panel: Panel, horizon: int = 1) -> TrainingWindow:
    return TrainingWindow(panel, features_of(panel), horizon)


def _samples(ground: TrainingWindow, cut: int = 1600) -> tuple[Sample, Sample]:
    spread = ground.fit_volatility(cut, limit=100_000)
    return ground.known_sample(cut, spread, limit=100_000), ground.judged(cut, ground.panel.shape[0], spread)


def _share(recipe: Boosted, learnt: Sample) -> float:
    model = recipe.fit(learnt, MEANS)
    assert isinstance(model, BoostedModel)
    return model.share


def _skill(recipe: Recipe, learnt: Sample, test: Sample) -> float:
    expected, outcomes = recipe.fit(learnt, MEANS).expect(test), test.outcomes()
    return float(1 - np.sqrt(((outcomes - expected) ** 2).mean() / (outcomes**2).mean()))


@pytest.mark.parametrize("name", ["ridge", "logistic", "xgb"])
def test_a_recipe_that_learns_finds_what_there_is_to_find(name: str, echo: Panel) -> None:
    learnt, test = _samples(_ground(echo))
    best = 1 - np.sqrt(1 - 0.3**2)
    assert 0.4 * best < _skill({recipe.name: recipe for recipe in EVERY}[name], learnt, test) < 1.5 * best


@pytest.mark.parametrize("recipe", EVERY, ids=lambda recipe: recipe.name)
def test_expectations_are_finite_and_repeatable_and_do_not_see_outcomes(recipe: Recipe, echo: Panel) -> None:
    learnt, test = _samples(_ground(echo, 5))
    expected = recipe.fit(learnt, MEANS).expect(test)
    assert expected.shape == (len(test),)
    assert np.isfinite(expected).all()
    np.testing.assert_array_equal(expected, recipe.fit(learnt, MEANS).expect(test))
    short = _ground(echo.rows(0, 2000), 5)
    sooner = replace(test, panel=short.panel, features=short.features).chosen(test.rows < 2000)
    np.testing.assert_allclose(
        recipe.fit(learnt, MEANS).expect(sooner), expected[test.rows < 2000], rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize("recipe", EVERY, ids=lambda recipe: recipe.name)
def test_symbols_and_candles_that_are_missing_break_nothing(recipe: Recipe, echo: Panel) -> None:
    learnt, _ = _samples(_ground(echo))
    model = recipe.fit(learnt, MEANS)
    other = columns_of(echo, ("BTCUSDT", "NEWUSDT", "S01USDT"))
    gone = other.close.copy()
    gone[1900:1950] = np.nan
    ground = _ground(replace(other, close=gone, usable=other.usable & ~np.isnan(gone)))
    test = ground.judged(1700, 2400, learnt.spread)
    assert set(test.symbol_index) == {0, 2}
    assert np.isfinite(model.expect(test)).all()


@pytest.mark.parametrize("recipe", EVERY, ids=lambda recipe: recipe.name)
def test_nothing_is_expected_of_nothing(recipe: Recipe, echo: Panel) -> None:
    learnt, test = _samples(_ground(echo))
    assert len(recipe.fit(learnt, MEANS).expect(test.chosen(np.zeros(len(test), bool)))) == 0


@pytest.mark.parametrize("name", ["baseline", "ridge", "logistic", "xgb"])
def test_too_little_to_learn_from_is_refused(name: str, echo: Panel) -> None:
    learnt, _ = _samples(_ground(echo))
    with pytest.raises(NoTrainingData):
        RECIPES[name].fit(learnt.chosen(np.arange(len(learnt)) < 0), MEANS)
    with pytest.raises(NoTrainingData):
        _ground(echo).fit_volatility(260, limit=1000)


def test_prices_that_never_move_are_refused_or_stay(echo: Panel) -> None:
    still = np.full(echo.shape, 5.0)
    ground = _ground(replace(echo, open=still, high=still, low=still, close=still, usable=np.ones(echo.shape, bool)))
    learnt, test = _samples(ground)
    assert np.abs(SMALL.fit(learnt, MEANS).expect(test)).max() < 1e-6
    with pytest.raises(NoTrainingData):
        RECIPES["logistic"].fit(learnt, MEANS)


def test_only_what_was_known_may_be_learnt(echo: Panel) -> None:
    ground = _ground(echo, 60)
    spread = ground.fit_volatility(1600, limit=100_000)
    assert ground.known_sample(1600, spread, limit=100_000).rows.max() == 1539
    judged = ground.judged(1600, 2000, spread)
    assert (judged.rows.min(), judged.rows.max()) == (1600, 1999)
    assert ground.judged(1600, 2400, spread).rows.max() == 2339
    moved = ground.known_sample(1600, spread, limit=100_000)
    log_close = np.log(echo.close)
    np.testing.assert_allclose(
        moved.outcomes(), log_close[moved.rows + 60, moved.symbol_index] - log_close[moved.rows, moved.symbol_index]
    )


def test_fewer_rows_are_spread_evenly(echo: Panel) -> None:
    ground = _ground(echo)
    rows, _ = ground.entries(500, 1500, limit=1000)
    assert len(rows) <= 1000 + 3
    steps = np.diff(np.unique(rows))
    assert set(steps.tolist()) == {3, 4} or set(steps.tolist()) == {3}
    assert (rows.min(), rows.max()) == (500, 1499)


def test_what_all_symbols_share_teaches_the_next_candle_only() -> None:
    names = ("return_0", "market_0", "leader_0", "day_sine", "rank")
    assert columns_for(names, 1).tolist() == [0, 1, 2, 3, 4]
    assert columns_for(names, 5).tolist() == [0, 4]


def test_targets_are_sizes_of_moves_and_bounded(echo: Panel) -> None:
    learnt, _ = _samples(_ground(echo))
    wanted = targets(learnt)
    assert np.abs(wanted).max() <= CLIP
    assert np.abs(wanted).mean() == pytest.approx(1.0, abs=0.03)


def test_expectations_scale_with_the_size_of_moves_and_fade_beyond_what_was_learnt() -> None:
    spread = VolatilityModel(np.zeros(20), np.array([0.02, 0.05]), np.zeros(2), np.zeros(5))
    sizes, places = np.array([0.01, 0.02, 0.04, 0.04]), np.array([0, 0, 0, 1])
    assert spread.signal_scale(sizes, places) == pytest.approx([0.01, 0.02, 0.01, 0.04])


def test_the_ensemble_never_bets_more_than_its_members_and_leaves_out_the_useless() -> None:
    chance = np.random.default_rng(8)
    truth = 0.1 * chance.standard_normal(50_000)
    wanted = truth + chance.standard_normal(50_000)
    noise = 0.1 * chance.standard_normal(50_000)
    found = ensemble.weights(np.column_stack([truth, truth + 0.01 * noise, -truth]), wanted)
    assert (found >= 0).all()
    assert 0.7 < found.sum() <= 1 + 1e-9
    assert found[2] < 0.01
    none = ensemble.weights(np.column_stack([noise, noise, noise]), wanted)
    assert none.sum() < 0.2
    small = ensemble.weights(np.column_stack([truth / 5] * 3), wanted)
    assert small.sum() == pytest.approx(1.0), "members that are too timid are not blown up"


def test_the_odds_are_calibrated_and_never_turned_round() -> None:
    chance = np.random.default_rng(9)
    scaled = 0.5 * chance.standard_normal(40_000)
    rises = chance.random(40_000) < 1 / (1 + np.exp(-0.8 * scaled))
    outcomes = np.where(rises, 0.01, -0.01)
    still, blocks = np.zeros(40_000), np.arange(40_000) // 60
    odds = ProbabilityCalibration.fit(scaled, still, outcomes, blocks)
    assert odds.slope == pytest.approx(0.8, abs=0.05)
    found = reliability_curve(odds.prob_up(scaled, still), outcomes)
    assert found is not None
    assert found.error < 0.01
    assert ProbabilityCalibration.fit(-scaled, still, outcomes, blocks).slope == 0.0
    assert reliability_curve(np.full(100, 0.5), outcomes[:100]) is None
    overdone = reliability_curve(ProbabilityCalibration(8.0).prob_up(scaled, still), outcomes)
    assert overdone is not None
    assert overdone.error > 0.1


def test_trees_are_believed_as_far_as_they_held_on_what_came_later() -> None:
    eager = replace(SMALL, rounds=60)
    learnt, _ = _samples(_ground(walk_panel(3600, 4, seed=1, echo=-0.3)), 3400)
    assert _share(SMALL, learnt) > 0.8
    learnt, _ = _samples(_ground(walk_panel(3600, 4, seed=2)), 3400)
    assert _share(eager, learnt) < 0.3


def test_a_check_on_few_blocks_of_time_moves_belief_little() -> None:
    chance = np.random.default_rng(3)
    said = chance.standard_normal(10_000)
    wanted = said + 3 * chance.standard_normal(10_000)
    assert believed(said, wanted, np.arange(10_000) // 10) == pytest.approx(0.98, abs=0.05)
    together = np.repeat(chance.standard_normal(20), 500)
    assert believed(
        together, 30 * np.repeat(chance.standard_normal(20), 500), np.arange(10_000) // 500
    ) == pytest.approx(PRIOR_SHARE, abs=0.1)
    assert believed(said, -said, np.arange(10_000)) == 0.0
    assert believed(np.zeros(5), np.ones(5), np.arange(5)) == 0.0


def test_recipes_are_called_by_name() -> None:
    assert names_wanted(["xgb"]) == ("naive", "xgb")
    assert [recipe.name for recipe in recipes_for(("naive", "ensemble"))] == ["naive", *ensemble.MEMBERS]
    assert names_wanted(NAMES) == NAMES
    with pytest.raises(UnknownRecipe) as unknown:
        names_wanted(["xbg"])
    assert unknown.value.name == "xbg"


@pytest.mark.parametrize(("name", "extra"), [("gru", "deep"), ("arima", "arima")])
def test_a_recipe_of_an_extra_is_refused_by_name_where_that_is_not_installed(
    name: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name in ALL_NAMES
    assert name not in NAMES, "it did not earn a place in the default"
    monkeypatch.setattr("ml.models.catalogue.find_spec", lambda _: None)
    with pytest.raises(ExtraMissing) as missing:
        names_wanted(["xgb", name])
    assert (missing.value.name, missing.value.extra) == (name, extra)
    assert names_wanted(NAMES) == NAMES
    monkeypatch.setattr("ml.models.catalogue.find_spec", lambda library: library)
    assert names_wanted([name]) == ("naive", name)


@pytest.mark.skipif(missing_extra("arima") is not None, reason="the extra arima is not installed")
def test_an_arima_finds_the_echo_and_sums_it_over_the_horizon(echo: Panel) -> None:
    learnt, test = _samples(_ground(echo))
    best = 1 - np.sqrt(1 - 0.3**2)
    assert 0.6 * best < _skill(RECIPES["arima"], learnt, test) < 1.5 * best
    learnt, test = _samples(_ground(echo, 30))
    near = RECIPES["arima"].fit(learnt, MEANS).expect(test)
    scaled = (
        test.features.named("return_0")[test.rows, test.symbol_index]
        * test.features.volatility[test.rows, test.symbol_index]
    )
    slope = float(near @ scaled / (scaled @ scaled))
    assert slope == pytest.approx(-0.3 / 1.3, abs=0.04), "a geometric series of the echo"


@pytest.mark.skipif(missing_extra("gru") is not None, reason="the extra deep is not installed")
def test_a_network_finds_the_echo() -> None:
    learnt, test = _samples(_ground(walk_panel(3600, 4, seed=1, echo=-0.3)), 3000)
    best = 1 - np.sqrt(1 - 0.3**2)
    assert 0.3 * best < _skill(Recurrent(epochs=4), learnt, test) < 1.5 * best


def test_sequences_end_with_the_row_and_leave_no_holes(echo: Panel) -> None:
    learnt, test = _samples(_ground(echo))
    channels = SequenceScaler.fit(learnt)
    assert len(channels.columns) == len(CHANNELS)
    assert len(SequenceScaler.fit(replace(learnt, horizon=5)).columns) == len(CHANNELS) - 2, "what all symbols share"
    found = channels.of(test)
    assert found.shape == (STEPS, len(test), len(CHANNELS))
    assert np.isfinite(found).all()
    lag = test.features.named("return_0")[test.rows - 3, test.symbol_index]
    np.testing.assert_allclose(
        found[-4, :, 0], np.clip((lag - channels.mean[0]) / channels.deviation[0], -5, 5), rtol=1e-5
    )
