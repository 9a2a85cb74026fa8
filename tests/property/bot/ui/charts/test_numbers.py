"""Numbers and markets of any size can be drawn."""

import math
import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.candle_arrays import columns_of, price_range
from bot.ui.charts.workers.draw import render
from pipeline.market import Candle, Interval, Symbol
from tests.charts_specs import START, candles_spec

prices = st.floats(1e-8, 1e8)
PLAIN = re.compile(r"−?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?")


@given(low=prices, height=st.floats(1e-6, 100), most=st.integers(3, 9))
def test_ticks_lie_inside_stand_apart_and_read_as_plain_decimals(low: float, height: float, most: int) -> None:
    high = low * (1 + height)
    values, decimals = numbers.ticks(low, high, most)
    slack = (high - low) * 1e-6
    assert 1 <= len(values) <= most + 1
    assert all(low - slack <= value <= high + slack for value in values)
    labels = [numbers.fixed(value, decimals) for value in values]
    assert len(set(labels)) == len(labels)
    assert all(PLAIN.fullmatch(label) for label in labels)
    assert all(
        math.isclose(float(label.replace(",", "")), value, rel_tol=1e-9)
        for label, value in zip(labels, values, strict=True)
    )


@given(st.floats(0, 1e14))
def test_compact_figures_are_short_and_plain(value: float) -> None:
    text = numbers.compact(value)
    assert len(text) <= 10
    assert re.fullmatch(r"[0-9.,]+[KMBT]?", text)


@st.composite
def markets(draw: st.DrawFn) -> list[Candle]:
    rows = draw(
        st.lists(
            st.tuples(prices, prices, prices, prices, st.floats(0, 1e12), st.integers(1, 9)), min_size=1, max_size=30
        )
    )
    candles, time = [], START
    for first, second, third, fourth, volume, step in rows:
        low, opened, closed, high = sorted((first, second, third, fourth))
        candles.append(Candle(Symbol("BTCUSDC"), time, opened, high, low, closed, volume))
        time += step * Interval.H1.ms
    return candles


@given(markets())
def test_the_axis_holds_the_last_price_and_all_that_is_not_marked(market: list[Candle]) -> None:
    spec = candles_spec(market)
    shown = price_range(columns_of(spec), spec.last)
    assert shown.low < spec.last < shown.high
    inside_high = np.delete(np.array(spec.high), shown.cut_high)
    inside_low = np.delete(np.array(spec.low), shown.cut_low)
    assert (inside_high <= shown.high).all()
    assert (inside_low >= shown.low).all()


@settings(max_examples=25)
@given(markets())
def test_any_market_becomes_a_picture_without_a_warning(market: list[Candle]) -> None:
    assert render(candles_spec(market)).startswith(b"\x89PNG")
