"""A model from its training to its answers: what it finds, what it says of itself, and that it comes back the same."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ml.calibration import intervals
from ml.data.feature_groups import FAMILIES, USUAL
from ml.data.features import HISTORY, features_of
from ml.data.panel import Panel, columns_of
from ml.errors import ModelUnusable, NoTrainingData
from ml.forecast import MIN_BLOCKS
from ml.models.artifact import ModelParts, digest, pack, unpack
from ml.models.catalogue import recipes_for
from ml.models.forecast_model import ForecastModel
from ml.models.samples import TrainingWindow
from ml.training.train import is_skilled, rows_needed, train
from tests.fakes.boosters import with_number
from tests.fakes.candles import walk_panel
from tests.fakes.models import MEANS, small_trees, trained_on


@pytest.fixture(scope="module")
def echo() -> Panel:
    """Four symbols whose returns come back by three tenths, turned round."""
    return walk_panel(2400, 4, seed=1, echo=-0.3)


@pytest.fixture(scope="module")
def model(echo: Panel) -> ForecastModel:
    return trained_on(echo)


def test_it_finds_what_there_is_and_says_how_sure_it_is(model: ForecastModel, echo: Panel) -> None:
    assert model.skilled
    best = 1 - np.sqrt(1 - 0.3**2)
    found = model.metrics
    assert 0.4 * best < found["skill_low"] < found["skill"] < found["skill_high"] < 1.5 * best
    assert 0.55 < found["hits_low"] < found["hits"] < 0.65
    assert found["skill_p"] < 0.001
    assert found["blocks"] >= MIN_BLOCKS
    for name in ("coverage", *(f"coverage_{regime}" for regime in intervals.REGIMES)):
        assert 0.74 < found[name] < 0.86
    assert sum(found[f"count_{regime}"] for regime in intervals.REGIMES) == found["count"]
    assert found["count"] == 4 * (600 - 1), "the last quarter, which no choice was made on"
    json.dumps(found, allow_nan=False)
    assert model.symbols == echo.symbols
    assert (model.start, model.end) == (echo.times[0], echo.times[-1] + echo.interval_ms)
    assert all(model.seen)


def test_noise_has_no_skill() -> None:
    model = trained_on(walk_panel(2400, 4, seed=2), 5)
    assert not model.skilled
    assert model.metrics["skill_low"] <= 0
    assert 0.74 < model.metrics["coverage"] < 0.86


def test_skill_takes_a_lower_bound_above_nothing_and_time_enough() -> None:
    enough = {"skill_low": 0.001, "skill_p": 0.002, "blocks": float(MIN_BLOCKS)}
    assert is_skilled(enough)
    assert not is_skilled(enough | {"skill_low": 0.0})
    assert not is_skilled(enough | {"skill_p": 0.0021})
    assert not is_skilled(enough | {"blocks": MIN_BLOCKS - 1.0})


def test_what_it_expects_comes_true_more_than_nothing_does(model: ForecastModel) -> None:
    """On candles that came after all that it learnt from."""
    later = walk_panel(3400, 4, seed=1, echo=-0.3)
    features = features_of(later)
    outlooks = {row: model.outlook(features, row) for row in range(2400, 3399)}
    said = np.stack([outlook.expected for outlook in outlooks.values()])
    came = features.log_close[2401:3400] - features.log_close[2400:3399]
    assert 1 - np.sqrt(((came - said) ** 2).mean() / (came**2).mean()) > 0.02
    inside = [(o.low <= came[n]) & (came[n] <= o.high) for n, o in enumerate(outlooks.values())]
    assert 0.75 < np.mean(inside) < 0.85
    rising = np.stack([outlook.prob_up for outlook in outlooks.values()])
    assert abs(rising[rising > 0.55].mean() - (came[rising > 0.55] > 0).mean()) < 0.05
    assert ((rising > 0.5) == (said > 0)).all()


def test_the_members_say_what_the_recipes_said(echo: Panel) -> None:
    """What serves is not the libraries' own objects: it must be the same functions."""
    features = features_of(echo)
    ground = TrainingWindow(echo, features, 1)
    spread = ground.fit_volatility(2400, limit=400_000)
    learnt = ground.known_sample(2400, spread, limit=400_000)
    sample = ground.judged(2000, 2001, spread)
    with small_trees():
        fitted = {recipe.name: recipe.fit(learnt, MEANS) for recipe in recipes_for(("ensemble",))}
        model = train(echo, 1, MEANS, lambda *_: None, features=features)
    for number, name in enumerate(("ridge", "logistic", "xgb")):
        alone = replace(model, weights=tuple(float(n == number) for n in range(3)))
        expected = fitted[name].expect(sample)
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(alone.outlook(features, 2000).expected, expected, rtol=1e-4, atol=1e-9)
    regimes = intervals.regimes_of(features)
    for row in (300, 1500, 2399):
        outlook = model.outlook(features, row)
        assert outlook.regime == regimes[row]
        half = (outlook.high - outlook.low) / 2
        sizes = spread.sizes(features, np.full(4, row), np.arange(4), 1)
        np.testing.assert_allclose(half, model.multiples[regimes[row]] * sizes)
        np.testing.assert_allclose((outlook.high + outlook.low) / 2, outlook.expected, atol=1e-15)


def test_it_comes_back_the_same_to_the_last_bit(model: ForecastModel, echo: Panel) -> None:
    blob = pack(model.parts())
    again = ForecastModel.from_parts(unpack(blob, digest(blob), 7), 7)
    assert pack(again.parts()) == blob
    assert replace(again, version=0, ridge=model.ridge, logistic=model.logistic, trees=model.trees) == replace(
        model, spread=again.spread, reference=again.reference
    )
    features = features_of(echo)
    for row in (-1, 260, 1999):
        before, after = model.outlook(features, row), again.outlook(features, row)
        for name in ("expected", "low", "high", "prob_up", "ready"):
            assert getattr(before, name).tobytes() == getattr(after, name).tobytes()
        assert model.drivers(features, 2, row) == again.drivers(features, 2, row)


def test_the_last_candles_that_features_need_say_what_all_of_them_say(model: ForecastModel, echo: Panel) -> None:
    whole, short = features_of(echo), features_of(echo.rows(2400 - HISTORY, 2400))
    far, near = model.outlook(whole), model.outlook(short)
    np.testing.assert_allclose(near.expected, far.expected, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(near.high, far.high, rtol=1e-6)
    assert near.regime == far.regime


def test_drivers_are_families_the_strongest_first(model: ForecastModel, echo: Panel) -> None:
    features = features_of(echo)
    drivers = model.drivers(features, 1)
    assert {driver.family for driver in drivers} <= {*FAMILIES, USUAL}
    assert [abs(d.share) for d in drivers] == sorted((abs(d.share) for d in drivers), reverse=True)
    early = np.mean(
        [model.drivers(features, place, row)[0].family == "reversal" for row in range(2380, 2400) for place in range(4)]
    )
    assert early > 0.5, "returns that come back are what there is to know"


def test_no_forecast_where_the_last_candles_are_missing_few_or_frozen(model: ForecastModel, echo: Panel) -> None:
    close, usable = echo.close.copy(), echo.usable.copy()
    close[-1, 0] = np.nan
    close[:2200, 1] = np.nan
    usable[-1, 2] = False
    features = features_of(replace(echo, close=close, usable=usable & ~np.isnan(close)))
    outlook = model.outlook(features)
    assert outlook.ready.tolist() == [False, False, False, True]
    for values in (outlook.expected, outlook.low, outlook.high, outlook.prob_up):
        assert np.isfinite(values).tolist() == [False, False, False, True]
    assert model.drivers(features, 0) == ()
    assert model.drivers(features, 3)


def test_missing_numbers_among_the_features_break_nothing(model: ForecastModel, echo: Panel) -> None:
    volume = echo.volume.copy()
    volume[-700:] = np.nan  # minutes built of points
    close = echo.close.copy()
    close[1000:1100] = np.nan
    features = features_of(replace(echo, volume=volume, close=close, usable=echo.usable & ~np.isnan(close)))
    outlook = model.outlook(features)
    assert outlook.ready.all()
    assert np.isfinite(outlook.expected).all()
    shares = sum(driver.share for driver in model.drivers(features, 0))
    assert shares == pytest.approx(outlook.expected[0], abs=1e-9)


def test_a_symbol_that_it_never_learnt_from_is_not_ready(echo: Panel) -> None:
    other = columns_of(echo, ("AAAUSDT", *echo.symbols))
    model = trained_on(other)
    assert model.seen == (False, True, True, True, True)
    filled = columns_of(other, other.symbols)
    filled.close[:, 0] = filled.close[:, 1]
    outlook = model.outlook(features_of(replace(filled, usable=~np.isnan(filled.close))))
    assert outlook.ready.tolist() == [False, True, True, True, True]


def test_other_features_or_symbols_are_refused(model: ForecastModel, echo: Panel) -> None:
    features = features_of(echo)
    for wrong in (
        replace(features, names=("moon", *features.names[1:])),
        replace(features, names=features.names[::-1]),
        features_of(columns_of(echo, echo.symbols[:2])),
    ):
        for ask in (model.outlook, lambda f: model.drivers(f, 0)):
            with pytest.raises(ModelUnusable) as refused:
                ask(wrong)
            assert refused.value.why == "features"


def _with(state: Any, name: str, value: float) -> dict[str, Any]:
    """The same state with another first number in a list."""
    return {**state, name: [value, *state[name][1:]]}


def _with_trees(parts: ModelParts, raw: bytes) -> tuple[dict[str, object], dict[str, bytes]]:
    trees: Any = parts.state["trees"]
    return {**parts.state, "trees": {**trees, "sha256": digest(raw)}}, {"xgb": raw}


def _zeros(rows: list[list[float]]) -> list[list[float]]:
    return [[0.0] * len(row) for row in rows]


def broken(parts: ModelParts) -> dict[str, ModelParts]:
    state: dict[str, Any] = parts.state
    raw = parts.blobs["xgb"]
    ridge: Any = state["ridge"]
    trees: Any = state["trees"]
    spread: Any = state["spread"]
    drift: Any = state["reference"]
    return {
        "no trees": ModelParts(state, {}),
        "trees cut off": ModelParts(state, {"xgb": raw[:1000]}),
        "no trees at all": ModelParts(state, {"xgb": b"{}"}),
        "trees without their digest": ModelParts(
            {**state, "trees": {"columns": trees["columns"], "share": 1.0}}, parts.blobs
        ),
        "fewer columns": ModelParts({**state, "trees": {**trees, "columns": trees["columns"][1:]}}, parts.blobs),
        "columns that are not there": ModelParts(
            {**state, "ridge": {**ridge, "columns": [99] * len(ridge["columns"])}}, parts.blobs
        ),
        "a slope too few": ModelParts({**state, "ridge": {**ridge, "slopes": ridge["slopes"][1:]}}, parts.blobs),
        "a symbol too few": ModelParts({**state, "symbols": ["BTCUSDT"]}, parts.blobs),
        "a weight too few": ModelParts({**state, "weights": [1.0]}, parts.blobs),
        "a regime too few": ModelParts({**state, "multiples": [1.0, 1.0]}, parts.blobs),
        "a list for a dictionary": ModelParts({**state, "metrics": [1.0]}, parts.blobs),
        "words for numbers": ModelParts({**state, "odds": "much"}, parts.blobs),
        "nothing": ModelParts({}, parts.blobs),
        "another child": ModelParts(*_with_trees(parts, with_number(raw, "left_children", 0, 900_000_000))),
        "another feature": ModelParts(*_with_trees(parts, with_number(raw, "split_indices", 0, 300_000_000))),
        "a deviation of nothing": ModelParts({**state, "ridge": _with(ridge, "deviation", 0.0)}, parts.blobs),
        "a slope without end": ModelParts({**state, "ridge": _with(ridge, "slopes", 1e308)}, parts.blobs),
        "a column twice": ModelParts({**state, "ridge": _with(ridge, "columns", 1)}, parts.blobs),
        "a slope of the spread too few": ModelParts({**state, "spread": {**spread, "slopes": [1.0]}}, parts.blobs),
        "a size below nothing": ModelParts({**state, "spread": _with(spread, "known", -1.0)}, parts.blobs),
        "a share of nothing": ModelParts(
            {**state, "reference": {**drift, "shares": _zeros(drift["shares"])}}, parts.blobs
        ),
        "drift of other features": ModelParts(
            {**state, "reference": {**drift, "names": ["moon", *drift["names"][1:]]}}, parts.blobs
        ),
        "a number that no float holds": ModelParts({**state, "odds": 10**400}, parts.blobs),
        "a horizon without end": ModelParts({**state, "horizon": 10**400}, parts.blobs),
        "a horizon of nothing": ModelParts({**state, "horizon": 0}, parts.blobs),
        "an infinite beginning": ModelParts({**state, "start": float("inf")}, parts.blobs),
        "no number among the weights": ModelParts({**state, "weights": [float("nan"), 0.0, 0.0]}, parts.blobs),
        "a weight beyond one": ModelParts({**state, "weights": [2.0, 0.0, 0.0]}, parts.blobs),
        "a text for a flag": ModelParts({**state, "skilled": "false"}, parts.blobs),
        "a symbol twice": ModelParts({**state, "symbols": ["BTCUSDT"] * len(state["symbols"])}, parts.blobs),
    }


def test_parts_of_something_else_are_refused(model: ForecastModel) -> None:
    whole = unpack(pack(model.parts()), digest(pack(model.parts())), 1)
    for what, parts in broken(whole).items():
        with pytest.raises(ModelUnusable) as refused:
            ForecastModel.from_parts(parts, 12)
        assert (refused.value.version, refused.value.why) == (12, "foreign"), what


@pytest.mark.parametrize(("rows", "horizon"), [(100, 1), (HISTORY - 1, 5), (1500, 240)])
def test_too_little_history_is_said_so(rows: int, horizon: int, echo: Panel) -> None:
    with pytest.raises(NoTrainingData) as refused:
        train(echo.rows(0, rows), horizon, MEANS, lambda *_: None)
    assert refused.value.found == rows
    assert refused.value.needed == rows_needed(horizon)


@pytest.mark.parametrize("what", ["frozen", "ended", "begun"])
def test_history_without_enough_in_it_is_said_so(what: str, echo: Panel) -> None:
    usable = np.zeros_like(echo.usable)
    if what == "ended":
        usable[:1300] = True
    if what == "begun":
        usable[2000:] = True
    with pytest.raises(NoTrainingData):
        train(replace(echo, usable=usable), 1, MEANS, lambda *_: None)


def test_every_step_is_told(echo: Panel) -> None:
    told: list[tuple[int, str, int]] = []
    with small_trees():
        train(echo, 1, MEANS, lambda *step: told.append(step))
    assert told == [(1, name, fold) for fold in range(4) for name in ("ridge", "logistic", "xgb")]
