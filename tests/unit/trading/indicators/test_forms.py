"""Every indicator: arrays, one symbol candle by candle and a panel of symbols agree, at any scale, and do not peek."""

import math

import numpy as np
import pytest

from pipeline.market import Candle, Symbol
from tests.unit.trading.indicators.samples import PRICES, Columns, constant_candles, random_candles, rows
from trading.indicators.definitions import Value
from trading.indicators.registry import INDICATORS

COUNT = 160
OTHERS: tuple[tuple[str, dict[str, Value]], ...] = (
    *(("envelopes", {"average": kind}) for kind in ("ema", "smma", "wma", "dema", "tema", "hma", "epma", "alma")),
    *(("pivot_points", {"session": "week", "kind": kind}) for kind in ("camarilla", "demark", "fibonacci", "woodie")),
    *(("pivot_points", {"session": session}) for session in ("hour", "month")),
    *(("rolling_pivots", {"length": 5, "offset": 2, "kind": kind}) for kind in ("camarilla", "demark", "woodie")),
    *(("vwap", {"session": session}) for session in ("hour", "week", "month", "all")),
    ("atr_stop", {"source": "high_low"}),
    ("sma", {"length": 1}),
    ("ema", {"length": 1}),
    ("rsi", {"length": 1}),
    ("hma", {"length": 2}),
    ("stochastic", {"length": 1}),
    ("stochastic", {"average": "smma"}),
)
EVERY: tuple[tuple[str, dict[str, Value]], ...] = (*((name, {}) for name in INDICATORS), *OTHERS)
SCALED = {
    **dict.fromkeys(("bollinger", "keltner", "starc", "donchian"), frozenset(("middle", "upper", "lower"))),
    "macd": {"line", "signal", "histogram", "fast", "slow"},
    **dict.fromkeys(("envelopes", "ichimoku", "alligator", "gator", "elder_ray", "heikin_ashi"), None),
    **dict.fromkeys(
        ("sma", "ema", "smma", "wma", "dema", "tema", "hma", "alma", "epma", "t3", "dynamic", "vwma"), None
    ),
    **dict.fromkeys(("true_range", "vwap", "pivot_points", "rolling_pivots"), None),
    "kama": {"kama"},
    "sma_errors": {"mad"},
    "standard_deviation": {"standard_deviation", "mean"},
    "linear_regression": {"slope", "end", "deviation"},
    "atr": {"atr"},
    "supertrend": {"supertrend"},
    "atr_stop": {"atr_stop"},
    "parabolic_sar": {"parabolic_sar"},
    "volatility_stop": {"volatility_stop"},
    "roc": {"momentum"},
    "trix": {"average"},
    "awesome": {"awesome"},
    "force_index": None,
}
"""Outputs in units of price, None for all; "mse" is one in units of its square, all others have no unit of price."""


def stepwise(name: str, candles: Columns, values: dict[str, Value]) -> Columns:
    stream = INDICATORS[name].stream(**values)
    found = [stream.take(**row) for row in rows(candles)]
    return {key: np.array([math.nan if row[key] is None else row[key] for row in found]) for key in found[0]}


@pytest.mark.parametrize(("name", "values"), EVERY)
def test_candle_by_candle_gives_the_numbers_of_the_array(name: str, values: dict[str, Value]) -> None:
    candles = random_candles(COUNT)
    expected = INDICATORS[name].compute(candles, **values)
    assert tuple(expected) == INDICATORS[name].outputs(**values)
    for key, found in stepwise(name, candles, values).items():
        np.testing.assert_allclose(found, expected[key], rtol=1e-9, atol=1e-10, err_msg=key)


@pytest.mark.parametrize(("name", "values"), EVERY)
def test_a_panel_gives_each_symbol_the_numbers_of_its_array(name: str, values: dict[str, Value]) -> None:
    symbols = [random_candles(COUNT, seed) for seed in (1, 2, 3)]
    panel = INDICATORS[name].panel(len(symbols), **values)
    steps = []
    for at in range(COUNT):
        candle = {key: np.array([each[key][at] for each in symbols]) for key in symbols[0]}
        steps.append(np.stack(panel.update(candle)))
    for place, candles in enumerate(symbols):
        expected = np.stack(list(INDICATORS[name].compute(candles, **values).values()), axis=1)
        found = np.array([step[:, place] for step in steps])
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize(("name", "values"), EVERY)
def test_there_is_no_value_before_the_warm_up_and_none_is_made_up(name: str, values: dict[str, Value]) -> None:
    indicator = INDICATORS[name]
    found = indicator.compute(random_candles(400), **values)
    for key, first in indicator.warm_up(**values).items():
        assert np.isnan(found[key][:first]).all(), key
        assert np.isfinite(found[key]).any(), key
        early = 40 if name in {"parabolic_sar", "volatility_stop", "pivot_points"} or values.get("length") == 1 else 2
        if values.get("session") != "month" and name not in {"pvo", "kvo"}:
            assert np.flatnonzero(np.isfinite(found[key]))[0] <= first + early, key
    for count in (0, 1, 2, 13):
        short = indicator.compute(random_candles(count), **values)
        assert all(len(array) == count for array in short.values())
        for key, first in indicator.warm_up(**values).items():
            assert np.isnan(short[key][:first]).all()


@pytest.mark.parametrize(("name", "values"), EVERY)
def test_later_candles_change_nothing(name: str, values: dict[str, Value]) -> None:
    candles = random_candles(COUNT)
    later = {key: array if key == "open_time" else array.copy() for key, array in candles.items()}
    for key in (*PRICES, "volume"):
        later[key][120:] *= 3
    one, other = (INDICATORS[name].compute(each, **values) for each in (candles, later))
    for key, array in one.items():
        np.testing.assert_array_equal(array[:120], other[key][:120])


@pytest.mark.parametrize("unit", [1e-9, 1e6])
@pytest.mark.parametrize(("name", "values"), EVERY)
def test_the_unit_of_prices_only_scales(name: str, values: dict[str, Value], unit: float) -> None:
    candles = random_candles(COUNT)
    scaled = candles | {key: candles[key] * unit for key in PRICES}
    one = INDICATORS[name].compute(candles, **values)
    for found in (INDICATORS[name].compute(scaled, **values), stepwise(name, scaled, values)):
        for key, expected in one.items():
            factor = unit if name in SCALED and (SCALED[name] is None or key in SCALED[name]) else 1.0
            factor = unit**2 if key == "mse" else factor
            near = 1e-9 * np.nanmax(np.abs(expected)) * factor
            np.testing.assert_allclose(found[key], expected * factor, rtol=1e-7, atol=near, err_msg=key)


@pytest.mark.parametrize("price", [0.1, 1e-9, 7.0])
@pytest.mark.parametrize("volume", [5.0, 0.0])
@pytest.mark.parametrize("name", INDICATORS)
def test_a_frozen_market_gives_a_plain_figure_or_none(name: str, price: float, volume: float) -> None:
    """Nothing divides by nothing, and no rounding error becomes a signal."""
    candles = constant_candles(COUNT, price, volume)
    plain = (0.0, 1.0, -1.0, 50.0, 100.0, -100.0, price, volume, price * 1.025, price * 0.975, 100 / 3, 5 * price)
    for found in (INDICATORS[name].compute(candles), stepwise(name, candles, {})):
        for key, array in found.items():
            for value in np.unique(array[np.isfinite(array)]):
                assert any(math.isclose(value, each, rel_tol=1e-9, abs_tol=1e-13 * price) for each in plain), (
                    key,
                    value,
                )
            assert not np.isinf(array).any()


def test_a_candle_that_is_missing_is_undefined_and_averages_go_on() -> None:
    candles = random_candles(COUNT)
    for key in (*PRICES, "volume"):
        candles[key][60] = np.nan
    other = random_candles(COUNT, seed=2)
    for name in INDICATORS:
        over_array, steps = INDICATORS[name].compute(candles), stepwise(name, candles, {})
        panel = INDICATORS[name].panel(2)
        both = [
            panel.update({key: np.array([candles[key][at], other[key][at]]) for key in candles}) for at in range(COUNT)
        ]
        for place, (key, expected) in enumerate(over_array.items()):
            found = [each[place][0] for each in both]
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10, err_msg=f"{name} {key}")
        for key, expected in over_array.items():
            np.testing.assert_allclose(steps[key], expected, rtol=1e-9, atol=1e-10, err_msg=f"{name} {key}")
            assert np.isfinite(expected[-1]) or name in {"connors_rsi", "pmo", "kvo"}, (name, key)


def test_a_candle_of_the_market_is_taken_whole() -> None:
    stream = INDICATORS["sma"].stream(length=2)
    symbol = Symbol("BTCUSDC")
    assert stream.update(Candle(symbol, 0, 1.0, 3.0, 1.0, 2.0, 1.0)) == {"sma": None}
    assert stream.update(Candle(symbol, 60_000, 1.0, 5.0, 1.0, 4.0, 1.0)) == {"sma": 3.0}
