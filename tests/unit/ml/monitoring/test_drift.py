"""Whether the market has left a model behind: what is told, since when, and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.feature_reference import BINS, FAR, Reference, population_stability_index, stored_counts
from ml.data.features import features_of
from ml.monitoring.drift import errors_drift, features_drift, page_cusum
from ml.registry import ModelRow, ModelState
from ml.serving.forecast_log import HourlyErrors
from ml.serving.types import DriftKind
from tests.fakes.candles import walk_panel

HOUR = 3_600_000
ROW = ModelRow(
    version=7,
    market="replay",
    horizon=5,
    recipe="ensemble",
    state=ModelState.CHAMPION,
    barred=False,
    trained_at=0,
    start=0,
    end=1,
    symbols=("BTCUSDT",),
    rows=1,
    features=("return_0",),
    parameters={},
    code_version="",
    metrics={"skill": 0.1},
    sha256="",
    size=1,
    kept=True,
)


def hours(misses: list[float], ratios: list[float]) -> list[HourlyErrors]:
    return [
        HourlyErrors(n * HOUR, 100, round(100 * (1 - miss)), ratio * 2.0, 2.0)
        for n, (miss, ratio) in enumerate(zip(misses, ratios, strict=True))
    ]


@pytest.fixture(scope="module")
def quiet() -> tuple[Reference, object]:
    panel = walk_panel(6000, 6, seed=5)
    features = features_of(panel)
    reference = Reference.fit(features, panel.times)
    assert reference is not None
    return reference, features


def test_the_index_is_that_of_the_formula() -> None:
    usual, now = np.array([[10, 20, 30]]), np.array([[30, 20, 10]])
    a, b = np.array([10.5, 20.5, 30.5]) / 61.5, np.array([30.5, 20.5, 10.5]) / 61.5
    assert population_stability_index(usual, now)[0] == pytest.approx(sum((b - a) * np.log(b / a)))
    assert population_stability_index(usual, 3 * usual)[0] < 0.001


def test_training_falls_into_the_bins_evenly_and_what_is_missing_into_the_last(quiet: tuple[Reference, object]) -> None:
    reference, features = quiet
    own = reference.shares[reference.names.index("return_0")]
    assert own[:-1] == pytest.approx(np.full(BINS - 1, 0.1), abs=0.02)
    assert own[-1] < 0.01
    late = reference.names.index("momentum_1440")
    assert 0.1 < reference.shares[late][-1] < 0.3
    counts = reference.count(features)
    assert counts.sum(axis=1).tolist() == [6] * len(reference.names)


def test_a_day_like_those_of_the_training_is_no_drift_and_another_market_is(quiet: tuple[Reference, object]) -> None:
    reference, _ = quiet

    def day(size: float) -> list[tuple[int, np.ndarray]]:
        panel = walk_panel(3000, 6, seed=77)
        closes = 100 * np.exp(size * np.log(panel.close / 100))
        wilder = replace(panel, close=closes, high=closes * 1.001, low=closes / 1.001, open=closes)
        features = features_of(wilder)
        return [(n * HOUR, reference.count(features, 1500 + 60 * n)) for n in range(24)]

    far = features_drift(reference, day(6.0))
    assert far is not None
    what, amount, bound, since = far
    assert what in reference.names
    assert amount > bound >= FAR
    assert since == 0
    assert features_drift(reference, day(6.0)[:19]) is None


def test_a_quiet_day_is_no_drift(quiet: tuple[Reference, object]) -> None:
    reference, features = quiet
    day = [(n * HOUR, reference.count(features, 3000 + 60 * n)) for n in range(24)]
    assert features_drift(reference, day) is None


def test_the_reference_comes_back_the_same(quiet: tuple[Reference, object]) -> None:
    reference, features = quiet
    again = Reference.from_state(reference.state())
    assert again.names == reference.names
    for name in ("edges", "shares", "bounds"):
        assert getattr(again, name).tolist() == getattr(reference, name).tolist()
    with pytest.raises(ValueError):
        Reference.from_state(reference.state() | {"edges": [[1.0]]})
    with pytest.raises(ValueError):
        replace(reference, names=("other",)).count(features)  # type: ignore[arg-type]


def test_a_panel_of_a_few_hours_has_no_reference() -> None:
    panel = walk_panel(1000, 2, seed=1)
    assert Reference.fit(features_of(panel), panel.times) is None


def test_page_tells_what_went_beyond_and_since_when() -> None:
    values = np.array([0.2] * 10 + [0.6] * 10)
    found = page_cusum(values, 0.2, 0.05, 2.0)
    assert found is not None
    assert found[0] == pytest.approx(10 * 0.35)
    assert found[1] == 10
    assert page_cusum(values[:15], 0.2, 0.05, 2.0) is None
    assert page_cusum(np.concatenate([values, [0.0] * 20]), 0.2, 0.05, 2.0) is None
    assert page_cusum(np.array([]), 0.2, 0.05, 2.0) is None


def test_errors_as_in_training_are_no_drift() -> None:
    chance = np.random.default_rng(1)
    misses = (0.2 + 0.1 * chance.standard_normal(168)).clip(0, 1).tolist()
    ratios = (0.81 + 0.1 * chance.standard_normal(168)).tolist()
    assert errors_drift(ROW, hours(misses, ratios)) is None


def test_errors_beyond_those_of_training_are_told_since_they_began() -> None:
    drift = errors_drift(ROW, hours([0.2] * 40, [0.81] * 20 + [1.2] * 20))
    assert drift is not None
    assert (drift.kind, drift.what, drift.since, drift.version, drift.horizon) == (
        DriftKind.ERRORS,
        "squares",
        20 * HOUR,
        7,
        5,
    )
    assert drift.amount == pytest.approx(20 * (1.2 - 0.81 - 0.05))


def test_one_bad_day_of_forecasts_that_overlap_is_not_yet_drift() -> None:
    day = hours([0.2] * 30 + [0.9] * 24, [0.81] * 54)
    assert errors_drift(ROW, day) is not None
    assert errors_drift(replace(ROW, horizon=1440), day) is None


def test_hours_without_moves_or_forecasts_say_nothing() -> None:
    still = [HourlyErrors(n * HOUR, 10 * (n % 2), 8 * (n % 2), 0.0, 0.0) for n in range(100)]
    assert errors_drift(ROW, still) is None
    assert errors_drift(ROW, [HourlyErrors(0, 100, 80, 1.0, 1e-9)]) is None
    assert errors_drift(ROW, []) is None


@pytest.mark.parametrize(
    "values",
    [[1, 2, 3], [1, 2, 3, -1], [1, 2, 3, None], [[1, 2], [3, 4], [5, 6]], [1.5, 2, 3, 4], ["1", "2", "3", "4"], []],
)
def test_stored_counts_of_another_shape_are_left_out(values: list[object]) -> None:
    assert stored_counts(values, (2, 2)) is None


def test_stored_counts_come_back_in_their_shape() -> None:
    kept = stored_counts([1, 2, 3, 4], (2, 2))
    assert kept is not None
    assert kept.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("skill", [-1e300, 1e300])
def test_a_stored_skill_of_any_size_is_borne(skill: float) -> None:
    hours = [HourlyErrors(hour * HOUR, 60, 48, 1.0, 1.0) for hour in range(24)]
    errors_drift(replace(ROW, metrics={"skill": skill}), hours)
