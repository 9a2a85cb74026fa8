"""Rendering of a spec to a PNG. One canvas is used for the life of the process to keep memory flat."""

from functools import cache
from typing import assert_never

from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.kinds import (
    allocation,
    backtest,
    candles,
    comparison,
    correlation,
    equity,
    forecast,
    heatmap,
    mood,
    parameter_grid,
    performance,
    sparkline,
)
from bot.ui.charts.specs import (
    AllocationSpec,
    Appearance,
    BacktestSpec,
    CandlesSpec,
    ComparisonSpec,
    CorrelationSpec,
    EquitySpec,
    ForecastSpec,
    HeatmapSpec,
    MoodSpec,
    ParameterGridSpec,
    PerformanceSpec,
    SparkSpec,
    Spec,
)


def render(spec: Spec) -> bytes:
    """Renders a spec as PNG. The same spec gives the same bytes. Not thread-safe."""
    sheet = _sheet()
    draw(sheet, spec)
    return sheet.png()


def draw(sheet: Canvas, spec: Spec) -> None:
    """Draws a spec of any kind."""
    match spec:
        case CandlesSpec():
            candles.draw(sheet, spec)
        case SparkSpec():
            sparkline.draw(sheet, spec)
        case ComparisonSpec():
            comparison.draw(sheet, spec)
        case HeatmapSpec():
            heatmap.draw(sheet, spec)
        case ForecastSpec():
            forecast.draw(sheet, spec)
        case _:
            _draw_report(sheet, spec)


def _draw_report(
    sheet: Canvas,
    spec: AllocationSpec | EquitySpec | CorrelationSpec | ParameterGridSpec | PerformanceSpec | BacktestSpec | MoodSpec,
) -> None:
    match spec:
        case AllocationSpec():
            allocation.draw(sheet, spec)
        case EquitySpec():
            equity.draw(sheet, spec)
        case CorrelationSpec():
            correlation.draw(sheet, spec)
        case ParameterGridSpec():
            parameter_grid.draw(sheet, spec)
        case PerformanceSpec():
            performance.draw(sheet, spec)
        case BacktestSpec():
            backtest.draw(sheet, spec)
        case MoodSpec():
            mood.draw(sheet, spec)
        case _:
            assert_never(spec)


@cache
def _sheet() -> Canvas:
    return Canvas()


def warm() -> None:
    """Draws a small chart, which loads fonts and fills the caches of matplotlib."""
    words = {"volume": "거래량", "day": "24 h"}
    render(
        CandlesSpec(
            appearance=Appearance(theme="dark", language="en", label="WARM", words=words),
            symbol="인생USDC",
            interval="1m",
            interval_ms=60_000,
            zone="UTC",
            times=(0, 60_000),
            offsets=(0, 0),
            open=(1.0, 2.0),
            high=(3.0, 3.0),
            low=(0.5, 0.5),
            close=(2.0, 1.0),
            volume=(1.0, 2.0),
            last=1.0,
            last_text="1.00",
            change=0.01,
        )
    )
