"""Spec of the performance sheet, from a report."""

import math

from bot.ui.charts.specs import Appearance, GrowthPath, MonthCell, PerformanceSpec
from pipeline.market import DAY_MS
from trading.performance.drawdowns import drawdown_series
from trading.reports.performance import MIN_RETURNS, PerformanceReport

MAX_POINTS = 400
"""Most days that are drawn; of a longer history every second day or fewer."""


def performance_spec(
    report: PerformanceReport, period: str, names: tuple[str, ...], appearance: Appearance
) -> PerformanceSpec:
    """Returns the spec; `names` label the account and its benchmarks, in the order of the report."""
    days = report.days
    step = -(-len(days) // MAX_POINTS)
    shown = [*range(0, len(days) - 1, step), len(days) - 1]
    index = [row.index for row in days]
    columns: list[list[float | None]] = [
        [row.index for row in days],
        [row.bitcoin for row in days],
        [row.equal_weight for row in days],
    ]
    paths = [
        GrowthPath(name, (0.0, *(_growth(column[at]) for at in shown)))
        for name, column in zip(names, columns, strict=False)
    ]
    under = drawdown_series([1.0, *index])
    ends = [min((report.start // DAY_MS + at + 1) * DAY_MS, report.end) for at in shown]
    returns = [row.returned for row in days if row.returned is not None]
    return PerformanceSpec(
        appearance=appearance,
        period=period,
        times=(report.start, *ends),
        paths=tuple(paths),
        underwater=(0.0, *(float(under[at + 1]) for at in shown)),
        months=tuple(MonthCell(row.year, row.month, row.returned) for row in report.months),
        returns=tuple(returns) if len(returns) >= MIN_RETURNS else (),
        total=None if report.time_weighted is None else round(report.time_weighted, 4),
    )


def _growth(value: float | None) -> float:
    return math.nan if value is None else value - 1.0
