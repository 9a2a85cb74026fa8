"""The expected size of a move: what it learns, how soon it sees a storm, and what is stored of it."""

import json
from typing import Any

import numpy as np
import pytest

from ml.calibration.volatility import FIRST_NAMES, NAMES, VolatilityModel, inputs
from ml.data.features import features_of
from ml.data.panel import Panel, panel_of
from ml.errors import NoTrainingData
from ml.models.samples import TrainingWindow
from tests.fakes.candles import frame_of

STORM = 3500
SYMBOLS = 8


def _market(seed: int, *, storms: bool = True) -> Panel:
    """Calm and wild hours in turn, shared by all symbols, then a calm before a storm of five times the volatility."""
    chance = np.random.default_rng(seed)
    size = np.full(STORM + 60, 0.0005)
    at = 0
    while storms and at < STORM - 300:
        at += int(chance.integers(60, 240))
        stop = min(at + int(chance.integers(20, 120)), STORM - 300)
        size[at:stop] *= chance.uniform(2, 6)
        at = stop
    size[STORM:] *= 5
    own = np.exp(chance.uniform(-1, 1, SYMBOLS))
    returns = size[:, None] * own * chance.standard_normal((len(size), SYMBOLS))
    return panel_of(frame_of(100 * np.exp(np.cumsum(returns, axis=0)), tuple(f"S{n}USDT" for n in range(SYMBOLS))))


def _sizes(panel: Panel, model: VolatilityModel, row: int, horizon: int) -> np.ndarray:
    every = np.arange(SYMBOLS)
    return model.sizes(features_of(panel), np.full(SYMBOLS, row), every, horizon)


@pytest.mark.parametrize(("horizon", "wider"), [(5, 2.0), (15, 2.0), (60, 1.5)])
def test_the_range_widens_within_five_minutes_of_a_storm(horizon: int, wider: float) -> None:
    """Over an hour it widens less: the storms that were learnt from lasted for an hour or so."""
    panel = _market(1)
    model = TrainingWindow(panel, features_of(panel), horizon).fit_volatility(STORM - 100, limit=400_000)
    before, within = (_sizes(panel, model, row, horizon) for row in (STORM - 1, STORM + 4))
    assert np.median(within / before) > wider


def test_symbols_differ_beyond_what_the_inputs_tell() -> None:
    chance = np.random.default_rng(7)
    rows = np.repeat(np.arange(6000), 4)
    places = np.tile(np.arange(4), 6000)
    given = np.column_stack([np.ones(24_000), chance.standard_normal((24_000, len(NAMES)))])
    slopes = np.concatenate([[-5.0, 0.8, 0.3, -0.2], np.zeros(len(NAMES) - 3)])
    wilder = np.array([0.0, 0.0, 0.0, 0.4])
    moved = np.exp(given @ slopes + wilder[places]) * chance.exponential(size=24_000)
    found = VolatilityModel.fit(given, moved, rows=rows, symbol_index=places, symbols=5, horizon=1)
    assert found.slopes[1:] == pytest.approx(slopes[1:], abs=0.03)
    assert found.offsets[3] - found.offsets[0] == pytest.approx(0.4, abs=0.08)
    assert found.offsets[4] == 0, "nothing is known of a symbol without rows"


def test_a_little_evidence_changes_little() -> None:
    """One span of time with thousands of entries is not a thousand observations."""
    chance = np.random.default_rng(8)
    given = np.column_stack([np.ones(3000), chance.standard_normal((3000, len(NAMES)))])
    moved = np.exp(-5 + 0.5 * given[:, 4] + given[:, 1] + given[:, 2] / 3 - given[:, 3] / 3) * chance.exponential(
        size=3000
    )
    short, long = (
        VolatilityModel.fit(
            given, moved, rows=np.arange(3000) // every, symbol_index=np.zeros(3000, int), symbols=1, horizon=1
        )
        for every in (3000, 1)
    )
    assert short.slopes[4] < 0.2
    assert long.slopes[4] == pytest.approx(0.5, abs=0.06)
    with pytest.raises(NoTrainingData):
        VolatilityModel.fit(
            given[:50], moved[:50], rows=np.arange(50), symbol_index=np.zeros(50, int), symbols=1, horizon=1
        )


def test_a_model_of_the_version_before_goes_on_as_it_was() -> None:
    """Its state has neither names nor offsets; the size is the exponential of the line through the first inputs."""
    panel = _market(2)
    features = features_of(panel)
    old: dict[str, Any] = {"slopes": [-0.4, 0.9, 0.3, -0.1, 0.05], "known": [0.01] * SYMBOLS}
    model = VolatilityModel.from_state(json.loads(json.dumps(old)))
    line = -0.4 + sum(
        slope * features.named(name)[3000].astype(float)
        for slope, name in zip((0.9, 0.3, -0.1, 0.05), FIRST_NAMES, strict=True)
    )
    assert _sizes(panel, model, 3000, 15) == pytest.approx(np.exp(line) * np.sqrt(15))
    again = VolatilityModel.from_state(model.state())
    assert again.names == FIRST_NAMES
    np.testing.assert_array_equal(_sizes(panel, again, 3000, 15), _sizes(panel, model, 3000, 15))


def test_it_comes_back_the_same() -> None:
    panel = _market(3)
    model = TrainingWindow(panel, features_of(panel), 5).fit_volatility(STORM, limit=400_000)
    again = VolatilityModel.from_state(json.loads(json.dumps(model.state())))
    np.testing.assert_array_equal(_sizes(panel, again, 3400, 5), _sizes(panel, model, 3400, 5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": ["moon", *NAMES[1:]]},
        {"names": list(NAMES[1:])},
        {"names": [NAMES[0], *NAMES[:-1]]},
        {"offsets": [0.0]},
        {"offsets": [1e9] * SYMBOLS},
        {"offsets": [float("nan")] * SYMBOLS},
        {"slopes": [1e9] * (1 + len(NAMES))},
    ],
)
def test_a_state_that_nothing_here_wrote_is_refused(wrong: dict[str, Any]) -> None:
    state: dict[str, Any] = VolatilityModel(
        np.zeros(1 + len(NAMES)), np.ones(SYMBOLS), np.zeros(SYMBOLS), np.zeros(5)
    ).state()
    VolatilityModel.from_state(state)
    with pytest.raises(ValueError, match=r"."):
        VolatilityModel.from_state({**state, "line": state["line"] | wrong})


@pytest.mark.parametrize("wrong", [{"known": [-1.0] * SYMBOLS}, {"known": [1.0]}, {"slopes": [0.0] * 6}, {"line": {}}])
def test_so_is_one_whose_first_part_is_not_right(wrong: dict[str, Any]) -> None:
    state = VolatilityModel(np.zeros(1 + len(NAMES)), np.ones(SYMBOLS), np.zeros(SYMBOLS), np.zeros(5)).state()
    with pytest.raises((ValueError, KeyError)):
        VolatilityModel.from_state(state | wrong)


def test_the_version_before_reads_a_model_of_this_one() -> None:
    """It reads slopes of the first inputs and known sizes, and nothing else."""
    panel = _market(5)
    features = features_of(panel)
    model = TrainingWindow(panel, features, 5).fit_volatility(STORM, limit=400_000)
    state = model.state()
    former = VolatilityModel.from_state({name: state[name] for name in ("slopes", "known")})
    assert former.names == FIRST_NAMES
    rows = np.repeat(np.arange(1500, 3400), SYMBOLS)
    places = np.tile(np.arange(SYMBOLS), 1900)
    ratio = former.sizes(features, rows, places, 5) / model.sizes(features, rows, places, 5)
    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)


def test_inputs_are_finite_where_features_are_not() -> None:
    features = features_of(_market(4).rows(0, 300))
    rows, places = np.nonzero(features.ready)
    assert np.isfinite(inputs(features, rows, places)).all()
