"""Axes of charts: whatever the data, every grid line has its number and no text meets another."""

from decimal import Decimal
from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from bot.ui.charts.ports import ChartAnnotations, ChartStyle
from pipeline.market import Interval, Symbol
from tests.charts_ruler import ruled
from tests.charts_samples import marked
from tests.charts_specs import (
    allocation_spec,
    candles_spec,
    comparison_spec,
    equity_spec,
    equity_walk,
    forecast_spec,
    position,
    style,
    walk,
)

_SEED = 20261129
few = settings(max_examples=25, deadline=None)
prices = st.floats(-8, 6).map(lambda power: 10**power)
spreads = st.sampled_from((0.00001, 0.0005, 0.004, 0.05))
places = st.floats(-0.02, 0.02)
seeds = st.integers(0, 10_000)
markets = st.tuples(prices, spreads, seeds, st.integers(2, 150))
widths = st.sampled_from(list(Interval))
looks = st.builds(
    style,
    st.sampled_from(("dark", "light")),
    st.sampled_from(("en", "ko")),
    st.sampled_from(("UTC", "Asia/Seoul", "America/New_York")),
)


def check(spec: Any, *, least: int = 2) -> None:
    sheet = ruled(spec)
    assert sheet.unlabelled() == []
    assert sheet.meeting() == []
    assert sheet.outside() == []
    assert len(sheet.rows) >= least


@seed(_SEED)
@few
@given(markets, widths, looks, st.none() | st.tuples(places, places))
def test_candles_have_a_number_at_every_grid_line(
    market: tuple[float, float, int, int], width: Interval, look: ChartStyle, lines: tuple[float, float] | None
) -> None:
    price, spread, start, count = market
    candles = walk(count, width, price=price, spread=spread, seed=start, symbol=Symbol("1000CHEEMSUSDC"))
    last = Decimal(f"{candles[-1].close:.8g}")
    marks = marked(candles) if count > 8 else ChartAnnotations()
    if lines:
        cost, level = (last * (1 + Decimal(share)) for share in lines)
        marks = ChartAnnotations(marks.trades, cost, level)
    check(candles_spec(candles, width, last=last, marks=marks, looks=look, label="SIMULATION"))


@seed(_SEED)
@few
@given(spreads, seeds, st.integers(0, 120), st.sampled_from((60_000, 3_600_000, 86_400_000)), looks)
def test_equity_has_a_number_at_every_grid_line(
    spread: float, start: int, count: int, step: int, look: ChartStyle
) -> None:
    check(equity_spec(equity_walk(count, step, spread=spread, seed=start), looks=look))


@seed(_SEED)
@few
@given(spreads, seeds, st.integers(2, 6), st.integers(2, 120), looks)
def test_comparisons_have_a_number_at_every_grid_line(
    spread: float, start: int, symbols: int, count: int, look: ChartStyle
) -> None:
    names = ("BTC", "ETH", "1000CHEEMS", "1MBABYDOGE", "币安人生", "SOL")[:symbols]
    check(comparison_spec({n: walk(count, spread=spread, seed=start + i) for i, n in enumerate(names)}, looks=look))


@seed(_SEED)
@few
@given(markets, places, st.floats(0.0001, 0.1), st.sampled_from(({"skilled": True}, {"skilled": False})), looks)
def test_forecasts_have_a_number_at_every_grid_line(
    market: tuple[float, float, int, int], expected: float, reach: float, skill: dict[str, bool], look: ChartStyle
) -> None:
    price, spread, start, count = market
    candles = walk(count, Interval.M5, price=price, spread=spread, seed=start)
    check(forecast_spec(candles, 240, "4 hours ahead", expected=expected, reach=reach, looks=look, **skill), least=1)


@seed(_SEED)
@few
@given(st.lists(st.integers(0, 10**12), max_size=14), st.integers(0, 10**12), looks)
def test_allocations_have_a_number_at_every_bar(values: list[int], cash: int, look: ChartStyle) -> None:
    names = ("1MBABYDOGE", "1000CHEEMS", "BTC", "币安人生", "SHIB")
    held = [position(f"{names[n % 5]}{n or ''}", str(value)) for n, value in enumerate(values)]
    check(allocation_spec(str(cash), *held, looks=look), least=0)
