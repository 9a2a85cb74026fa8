"""Spec of the picture of a back-test, from a report."""

import numpy as np

from bot.ui.charts.specs import Appearance, BacktestSpec, GrowthPath
from pipeline.candles import Floats
from trading.backtest.report import BacktestReport

MAX_POINTS = 600
"""Most points of a path; of a longer test the last of each equal part, and the deepest drawdown of it."""


def backtest_spec(
    report: BacktestReport, pair: str, period: str, names: tuple[str, str], appearance: Appearance
) -> BacktestSpec:
    """Returns the spec; `names` label the rule and buying and holding."""
    history, cash = report.history, float(report.result.terms.cash)
    ends = history.candles.open_time + report.interval.ms
    count = len(history)
    places = np.unique(np.linspace(0, count - 1, min(count, MAX_POINTS)).round().astype(np.intp))
    grown, held = (result.equity / cash - 1.0 for result in (report.result, report.hold))
    begins = np.concatenate([[0], places[:-1] + 1])
    depths = np.minimum.reduceat(report.underwater, begins)
    trades = report.result.all_trades
    closed = report.result.trades
    return BacktestSpec(
        appearance=appearance,
        pair=pair,
        interval=report.interval.value,
        period=period,
        times=(report.start, *(int(end) for end in ends[places])),
        paths=tuple(
            GrowthPath(name, (0.0, *values[places].tolist())) for name, values in zip(names, (grown, held), strict=True)
        ),
        underwater=(0.0, *depths.tolist()),
        entries=tuple((trade.entry_time, _at(grown, trade.entry_index)) for trade in trades),
        exits=tuple((trade.exit_time or 0, _at(grown, trade.exit_index or 0)) for trade in closed),
        held=tuple((trade.entry_time, trade.exit_time or report.end) for trade in trades),
        total=round(report.result.net_return, 4),
    )


def _at(values: Floats, index: int) -> float:
    return float(values[index])
