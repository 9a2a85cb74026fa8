"""Indicators against published and hand-made figures, their parameters, and the warm-up that charts give them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from bot.ui.charts.ports import ChartOption
from pipeline.candles import Floats
from tests.charts_specs import walk
from tests.unit.trading.indicators.samples import FIELDS, random_candles, rows
from trading.indicators.averages import ema, highest
from trading.indicators.definitions import Indicator, InvalidParameter, Value
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars, lag
from trading.indicators.streaming import Stream

WILDER = np.array(
    [
        *(44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.10, 45.42, 45.84, 46.08, 45.89),
        *(46.03, 45.61, 46.28, 46.28, 46.00, 46.03, 46.41, 46.22, 45.64, 46.21),
    ]
)
"""The closing prices of the RSI example in StockCharts' ChartSchool, rounded to two decimals."""


def of(name: str, closes: Floats, output: str = "", **values: Value) -> Floats:
    return INDICATORS[name].compute({"close": closes}, **values)[output or name]


def test_a_simple_average_is_the_mean_of_the_last_values() -> None:
    found = of("sma", np.array([1.0, 2.0, 6.0, 4.0]), length=3)
    assert np.isnan(found[:2]).all()
    assert found[2:].tolist() == [3.0, 4.0]


def test_an_exponential_average_begins_with_the_mean_and_follows() -> None:
    found = of("ema", np.array([2.0, 4.0, 6.0, 10.0, 2.0]), length=3)
    assert np.isnan(found[:2]).all()
    assert found[2:].tolist() == [4.0, 7.0, 4.5]


def test_bollinger_bands_are_two_population_deviations_wide() -> None:
    closes = np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    assert [of("bollinger", closes, line, length=8)[-1] for line in ("middle", "upper", "lower")] == [5.0, 9.0, 1.0]
    assert of("bollinger", closes, "percent_b", length=8)[-1] == 1.0


def test_rsi_gives_the_published_figures() -> None:
    found = of("rsi", WILDER)
    assert np.isnan(found[:14]).all()
    assert found[14:].tolist() == pytest.approx([70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93], abs=0.15)


def test_rsi_of_three_changes_by_hand() -> None:
    """Gains 1, 0, 2, 0 and losses 0, 1, 0, 4 with a length of 2: means 1/2 and 1/2, then 5/4, 1/4, then 5/8, 17/8."""
    found = of("rsi", np.array([10.0, 11.0, 10.0, 12.0, 8.0]), length=2)
    assert found[2:].tolist() == pytest.approx([50.0, 100 * 5 / 6, 100 * 5 / 22])


def test_rsi_at_its_ends() -> None:
    assert of("rsi", np.arange(1.0, 30.0))[-1] == 100.0
    assert of("rsi", np.arange(30.0, 1.0, -1.0))[-1] == 0.0
    assert of("rsi", np.full(30, 7.0))[-1] == 50.0


def test_macd_is_the_difference_of_averages_and_its_own_average() -> None:
    line, signal = (of("macd", np.arange(1.0, 61.0), each) for each in ("line", "signal"))
    assert line[25:].tolist() == pytest.approx([7.0] * 35), "on a straight line the averages lag 5.5 and 12.5"
    assert signal[33:].tolist() == pytest.approx([7.0] * 27)
    assert INDICATORS["macd"].warm_up() == {"line": 25, "signal": 33, "histogram": 33, "fast": 11, "slow": 25}


def test_a_volatility_by_hand() -> None:
    """Returns of e, 1/e and 1 within three candles: the root of 1 + 1 + 0. A price of 0 has no return."""
    prices = np.exp(np.array([0.0, 1.0, 0.0, 0.0]))
    assert of("realised_volatility", prices, length=3)[-1] == pytest.approx(2**0.5)
    found = of("realised_volatility", np.array([1.0, 2.0, 0.0, 4.0, 4.0, 4.0]), length=2)
    assert np.isnan(found[:5]).all()
    assert found[5] == 0


def test_a_volume_without_any_before_it_has_no_multiple() -> None:
    quiet = {"volume": np.array([0.0, 0.0, 3.0, 3.0])}
    found = INDICATORS["relative_volume"].compute(quiet, length=2)["relative_volume"]
    assert np.isnan(found[:3]).all()
    assert found[3] == 2


def test_a_session_begins_at_midnight_of_utc() -> None:
    """Two days of four candles: the average begins anew, the pivot is of the day before."""
    candles = random_candles(12)
    start = int(np.flatnonzero(candles["open_time"] % 86_400_000 == 0)[0])
    first, second = slice(start, start + 4), start + 4
    typical = (candles["high"] + candles["low"] + candles["close"]) / 3
    assert INDICATORS["vwap"].compute(candles)["vwap"][start] == pytest.approx(typical[start])
    pivot = (candles["high"][first].max() + candles["low"][first].min() + candles["close"][second - 1]) / 3
    assert INDICATORS["pivot_points"].compute(candles)["pivot"][second] == pytest.approx(pivot)


def test_a_week_begins_on_monday() -> None:
    """The volume-weighted average of a candle for each day from Saturday, 2026-11-21, on."""
    candles = random_candles(5) | {"open_time": 1_795_219_200_000.0 + 86_400_000.0 * np.arange(5), "volume": np.ones(5)}
    typical = (candles["high"] + candles["low"] + candles["close"]) / 3
    found = INDICATORS["vwap"].compute(candles, session="week")["vwap"]
    assert found.tolist() == pytest.approx(
        [typical[0], typical[:2].mean(), typical[2], typical[2:4].mean(), typical[2:].mean()]
    )


def test_the_channel_is_that_of_the_candles_before() -> None:
    highs = np.array([1.0, 2.0, 3.0, 9.0])
    found = INDICATORS["donchian"].compute({"high": highs, "low": highs}, length=2)
    assert (found["upper"][3], found["lower"][3]) == (3.0, 2.0), "a close of 9 is above it"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sma", {"length": 0}),
        ("sma", {"length": 1001}),
        ("sma", {"length": 2.5}),
        ("sma", {"length": True}),
        ("sma", {"length": math.nan}),
        ("sma", {"period": 3}),
        ("bollinger", {"multiple": 0}),
        ("bollinger", {"multiple": math.inf}),
        ("bollinger", {"multiple": "2"}),
        ("vwap", {"session": "year"}),
        ("hma", {"length": 1}),
    ],
)
def test_parameters_outside_their_bounds_are_refused(name: str, values: dict[str, Value]) -> None:
    for use in (INDICATORS[name].stream, INDICATORS[name].warm_up):
        with pytest.raises(InvalidParameter) as refused:
            use(**values)
        assert (refused.value.indicator, refused.value.parameter) == (name, next(iter(values)))


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_can_be_described(name: str) -> None:
    indicator = INDICATORS[name]
    assert indicator.name == name
    assert indicator.summary
    assert indicator.inputs() <= set(FIELDS)
    assert set(indicator.warm_up()) == set(indicator.outputs())
    assert all(each.accepts(each.default) for each in indicator.parameters)


@pytest.mark.parametrize("name", INDICATORS)
@pytest.mark.parametrize("end", ["least", "most"])
def test_the_bounds_of_parameters_work(name: str, end: str) -> None:
    """Each parameter at its bound, the others at their defaults."""
    candles = random_candles(60)
    for each in INDICATORS[name].parameters:
        if not each.choices:
            bound = getattr(each, end)
            stream = INDICATORS[name].stream(**{each.name: bound})
            expected = INDICATORS[name].compute(candles, **{each.name: bound})
            last = [stream.take(**row) for row in rows(candles)][-1]
            for key, value in last.items():
                assert (math.nan if value is None else value) == pytest.approx(
                    expected[key][-1], rel=1e-9, abs=1e-9, nan_ok=True
                )


def test_an_indicator_of_another_series() -> None:
    """The average of an RSI: published by Skender as 70.4659 and so on; here against the two steps."""
    closes = random_candles(100)["close"]
    strength = INDICATORS["rsi"].series()["rsi"]
    chained = Stream({"average": ema(strength, 20), "breakout": Bars().close - lag(highest(Bars().high, 5))})
    found = [chained.take(close=close, high=close)["average"] for close in closes.tolist()]
    expected = of("ema", of("rsi", closes)[14:], length=20)
    assert found[:33] == [None] * 33
    assert found[33:] == pytest.approx(expected[19:].tolist())


CHARTED: dict[ChartOption, tuple[Callable[[Floats], Floats], float]] = {
    ChartOption.MA: (lambda p: of("sma", p, length=50), 0.0),
    ChartOption.EMA: (lambda p: of("ema", p, length=50), 0.01),
    ChartOption.BB: (lambda p: of("bollinger", p, "upper"), 0.0),
    ChartOption.RSI: (lambda p: of("rsi", p), 0.0),
    ChartOption.MACD: (lambda p: of("macd", p, "histogram"), 0.002),
}


@pytest.mark.parametrize("option", CHARTED)
def test_the_warm_up_is_long_enough_that_the_beginning_does_not_matter(option: ChartOption) -> None:
    """The first value shown is that of an endless history, to a hundredth of the price's own range."""
    whole = np.array([candle.close for candle in walk(1000)])
    short = whole[-120 - option.warm_up :]
    work, near = CHARTED[option]
    allowed = 0.5 if option is ChartOption.RSI else near * float(np.ptp(short))
    assert math.isclose(work(short)[-120], work(whole)[-120], rel_tol=1e-12, abs_tol=allowed)


def test_the_registry_has_the_indicators_that_traders_ask_for() -> None:
    asked = (
        "sma ema wma rsi macd bollinger atr adx stochastic cci obv vwap donchian keltner ichimoku supertrend roc "
        "williams_r mfi parabolic_sar pivot_points realised_volatility"
    )
    assert set(asked.split()) <= set(INDICATORS)
    assert all(isinstance(each, Indicator) for each in INDICATORS.values())
