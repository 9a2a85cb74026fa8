"""Indicators against published and hand-made figures; what warms up is NaN."""

import math

import numpy as np
import pytest

from bot.ui.charts.ports import ChartOption
from tests.charts_specs import walk
from trading.indicators.batch import bollinger, ema, macd, rsi, sma

WILDER = np.array(
    [
        *(44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.10, 45.42, 45.84, 46.08, 45.89),
        *(46.03, 45.61, 46.28, 46.28, 46.00, 46.03, 46.41, 46.22, 45.64, 46.21),
    ]
)
"""The closing prices of the RSI example in StockCharts' ChartSchool, rounded to two decimals."""


def closes(count: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([candle.close for candle in walk(count)])


def test_a_simple_average_is_the_mean_of_the_last_values() -> None:
    found = sma(np.array([1.0, 2.0, 6.0, 4.0]), 3)
    assert np.isnan(found[:2]).all()
    assert found[2:].tolist() == [3.0, 4.0]


def test_an_exponential_average_begins_with_the_mean_and_follows() -> None:
    found = ema(np.array([2.0, 4.0, 6.0, 10.0, 2.0]), 3)
    assert np.isnan(found[:2]).all()
    assert found[2:].tolist() == [4.0, 7.0, 4.5]


def test_bollinger_bands_are_two_population_deviations_wide() -> None:
    bands = bollinger(np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), 8)
    assert (bands.middle[-1], bands.upper[-1], bands.lower[-1]) == (5.0, 9.0, 1.0)
    assert np.isnan(bands.upper[:-1]).all()


def test_rsi_gives_the_published_figures() -> None:
    found = rsi(WILDER)
    assert np.isnan(found[:14]).all()
    assert found[14:].tolist() == pytest.approx([70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93], abs=0.15)


def test_rsi_of_three_changes_by_hand() -> None:
    """Gains 1, 0, 2, 0 and losses 0, 1, 0, 4 with a period of 2: means 1/2 and 1/2, then 5/4, 1/4, then 5/8, 17/8."""
    found = rsi(np.array([10.0, 11.0, 10.0, 12.0, 8.0]), 2)
    assert found[2:].tolist() == pytest.approx([50.0, 100 * 5 / 6, 100 * 5 / 22])


def test_rsi_at_its_ends() -> None:
    assert rsi(np.arange(1.0, 30.0))[-1] == 100.0
    assert rsi(np.arange(30.0, 1.0, -1.0))[-1] == 0.0
    assert rsi(np.full(30, 7.0))[-1] == 50.0


def test_macd_is_the_difference_of_averages_and_its_own_average() -> None:
    found = macd(np.arange(1.0, 61.0))
    assert np.isnan(found.line[:25]).all()
    assert found.line[25:].tolist() == pytest.approx([7.0] * 35), "on a straight line the averages lag 5.5 and 12.5"
    assert np.isnan(found.signal[:33]).all()
    assert found.signal[33:].tolist() == pytest.approx([7.0] * 27)
    assert found.histogram[33:].tolist() == pytest.approx([0.0] * 27, abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 2, 13, 14, 15, 25, 26, 33, 34, 60])
def test_every_indicator_is_as_long_as_its_prices_and_says_nothing_too_early(count: int) -> None:
    prices = closes(count)
    known = {
        "sma": (sma(prices, 20), 19),
        "ema": (ema(prices, 20), 19),
        "upper": (bollinger(prices).upper, 19),
        "rsi": (rsi(prices), 14),
        "macd": (macd(prices).line, 25),
        "signal": (macd(prices).signal, 33),
    }
    for name, (values, first) in known.items():
        assert len(values) == count, name
        assert np.isnan(values).sum() == min(first, count), name


def test_no_indicator_looks_ahead() -> None:
    prices = closes(200)
    later = prices.copy()
    later[150:] *= 3
    for work in (
        lambda p: sma(p, 20),
        lambda p: ema(p, 50),
        rsi,
        lambda p: macd(p).signal,
        lambda p: bollinger(p).lower,
    ):
        assert np.array_equal(work(prices)[:150], work(later)[:150], equal_nan=True)


@pytest.mark.parametrize("option", list(ChartOption))
def test_the_warm_up_is_long_enough_that_the_beginning_does_not_matter(option: ChartOption) -> None:
    """The first value shown is that of an endless history, to a hundredth of the price's own range."""
    whole = closes(1000)
    short = whole[-120 - option.warm_up :]
    works = {
        ChartOption.MA: (lambda p: sma(p, 50), 0.0),
        ChartOption.EMA: (lambda p: ema(p, 50), 0.01 * np.ptp(short)),
        ChartOption.BB: (lambda p: bollinger(p).upper, 0.0),
        ChartOption.RSI: (rsi, 0.5),
        ChartOption.MACD: (lambda p: macd(p).histogram, 0.002 * np.ptp(short)),
    }
    if option in works:
        work, near = works[option]
        assert math.isclose(work(short)[-120], work(whole)[-120], rel_tol=1e-12, abs_tol=near)
