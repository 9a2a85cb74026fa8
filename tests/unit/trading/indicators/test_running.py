"""Batch forms that do not depend on the length of the window: the numbers of the plain ones, over long series."""

import numpy as np
import pytest

from tests.unit.trading.indicators.samples import constant_candles, random_candles
from trading.indicators import operators, windows
from trading.indicators.registry import INDICATORS
from trading.indicators.running import RUNNING, smooth

COUNT = 3_000


def naive(values: list[float], average: float, weight: float) -> list[float]:
    found = []
    for value in values:
        average += weight * (value - average)
        found.append(average)
    return found


@pytest.mark.parametrize("length", [1, 2, 7, 64, 1000])
@pytest.mark.parametrize("function", RUNNING)
def test_every_run_has_the_figure_of_the_plain_function(function: windows.Weighted, length: int) -> None:
    values = random_candles(COUNT)["close"]
    values[[0, 5, 700, 1800]] = np.nan
    runs = np.lib.stride_tricks.sliding_window_view(values, length)
    np.testing.assert_allclose(RUNNING[function](values, length), function(runs), rtol=1e-13)


@pytest.mark.parametrize("weight", [1.0, 0.5, 2 / 15, 1 / 1000])
@pytest.mark.parametrize("count", [1, 255, 256, 257, COUNT])
def test_an_average_moves_as_it_does_value_by_value(weight: float, count: int) -> None:
    values = random_candles(count)["close"]
    np.testing.assert_allclose(smooth(values, 50.0, weight), naive(values.tolist(), 50.0, weight), rtol=1e-13)


def test_equal_values_keep_an_average_exactly_theirs() -> None:
    assert np.unique(smooth(np.full(COUNT, 0.1), 0.1, 0.3)).tolist() == [0.1]
    assert np.unique(RUNNING[windows.mean](np.full(COUNT, 0.1), 7)).tolist() == [0.1]


def test_an_average_decays_without_a_rounding_error() -> None:
    values = np.concatenate([random_candles(300)["close"], np.zeros(900)])
    found = smooth(values, 1.0, 1 / 14)
    np.testing.assert_allclose(found, naive(values.tolist(), 1.0, 1 / 14), rtol=1e-12)
    assert found[-1] > 0


def test_a_market_that_freezes_leaves_the_figures_as_they_are() -> None:
    moving, still = random_candles(operators._PLAIN + 200), constant_candles(400)
    candles = {name: np.concatenate([moving[name], still[name]]) for name in moving}
    last = len(moving["close"]) + 1
    strength = INDICATORS["rsi"].compute(candles)["rsi"][last:]
    np.testing.assert_allclose(strength, strength[0], rtol=1e-9)
    assert abs(INDICATORS["macd"].compute(candles)["line"][-1]) < 1e-11
