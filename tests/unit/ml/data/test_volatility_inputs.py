"""Inputs of the expected size of a move."""

from dataclasses import replace

import numpy as np
import pytest

from ml.data.features import features_of
from ml.data.panel import panel_of, panel_of_grids
from ml.data.volatility_inputs import MARKET_INPUTS, SYMBOL_INPUTS, range_variances
from tests.fakes.candles import frame_of, walk_closes, walk_panel


def test_the_variance_of_a_candle_is_that_of_garman_and_klass() -> None:
    """0.5 ln(H/L)^2 - (2 ln 2 - 1) ln(C/O)^2, and the gap from the close before."""
    times = np.array([0, 60_000], np.int64)
    grids = [np.array([[100.0], [101.0]]), np.array([[102.0], [104.0]]), np.array([[99.0], [100.0]])]
    panel = panel_of_grids(times, ("S",), 60_000, [*grids, np.array([[100.5], [103.0]]), np.full((2, 1), 5.0)])
    found = range_variances(panel, np.log(panel.close))[:, 0]
    first = 0.5 * np.log(102 / 99) ** 2 - (2 * np.log(2) - 1) * np.log(100.5 / 100) ** 2
    second = 0.5 * np.log(104 / 100) ** 2 - (2 * np.log(2) - 1) * np.log(103 / 101) ** 2 + np.log(101 / 100.5) ** 2
    assert found == pytest.approx([first, second])


def test_ranges_know_the_volatility_of_a_fine_walk() -> None:
    """Candles of 400 steps each; fewer steps would show a smaller range."""
    chance = np.random.default_rng(1)
    steps = 0.001 / 20 * chance.standard_normal((600, 400, 3))
    paths = np.cumsum(steps.reshape(-1, 3), axis=0).reshape(600, 400, 3)
    opens = np.concatenate([np.zeros((1, 3)), paths[:-1, -1]])
    ends = np.exp([opens, np.maximum(paths.max(axis=1), opens), np.minimum(paths.min(axis=1), opens), paths[:, -1]])
    times = 60_000 * np.arange(600, dtype=np.int64)
    panel = panel_of_grids(times, ("A", "B", "C"), 60_000, [*ends, np.full((600, 3), 5.0)])
    found = features_of(panel).named("range_volatility_60")[-1]
    assert np.exp(found) == pytest.approx([0.001] * 3, rel=0.12)


def test_the_day_before_tells_how_lively_the_time_of_day_is() -> None:
    """The same hour of each day is wild: it is known when it begins, and the hours of the input are those after it."""
    closes = walk_closes(4000, 3, seed=2)
    returns = np.diff(np.log(closes), axis=0, prepend=np.log(closes[:1]))
    wild = np.arange(4000) % 1440 // 60 == 7
    returns[wild] *= 5
    panel = panel_of(frame_of(np.exp(np.cumsum(returns, axis=0)), ("A", "B", "C")))
    found = features_of(panel).named("yesterday_hour")[:, 0]
    begun = 2 * 1440 + 7 * 60
    assert found[begun - 1] > 1.0
    assert abs(found[begun + 59]) < 0.4
    assert (found[:1440] == 0).all()
    assert found[begun - 31] == pytest.approx(found[begun - 1] / 2, abs=0.3)


@pytest.mark.parametrize("interval_ms", [60_000, 900_000, 3_600_000, 86_400_000])
def test_candles_of_any_length_have_all_inputs(interval_ms: int) -> None:
    panel = replace(walk_panel(500, 2, seed=3), interval_ms=interval_ms)
    features = features_of(panel)
    for name in (*SYMBOL_INPUTS, *MARKET_INPUTS):
        assert np.isfinite(features.named(name)[features.ready]).all(), name
        assert features.named(name).shape == (500, 2)


def test_nothing_of_the_future_is_known() -> None:
    panel = walk_panel(3200, 2, seed=4)
    later = replace(panel, **{name: getattr(panel, name).copy() for name in ("open", "high", "low", "close")})
    for name in ("open", "high", "low", "close"):
        getattr(later, name)[3000:] *= 1.7
    one, other = features_of(panel), features_of(later)
    np.testing.assert_array_equal(one.own[:, :3000], other.own[:, :3000])
    np.testing.assert_array_equal(one.shared[:, :3000], other.shared[:, :3000])
