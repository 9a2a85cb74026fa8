"""`paperdesk coverage FILE`: judges the nightly VaR of an equal-weight portfolio of recorded candles, as a table."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.cli.tables import plain_console, plain_table
from ml.data.panel import Panel, days_of, read_candles
from pipeline.candles import Floats
from trading.portfolio.risk_report import CoverageRow, coverage_row
from trading.risk.backtest import equal_weight_returns, nightly_forecasts
from trading.risk.gaps import simple_returns
from trading.risk.tables import CONFIDENCES, METHODS

_WIDTH = 120
_COLUMNS = ("method", "level", "nights", "violations", "expected", "rate", "Kupiec p", "conditional p", "zone")


def run_coverage(file: Path, leave_out: Sequence[str]) -> int:
    """Prints the table. Raises the errors of `read_candles` and `daily_closes`."""
    panel = read_candles(file)
    kept = [place for place, symbol in enumerate(panel.symbols) if symbol not in leave_out]
    returns = equal_weight_returns(simple_returns(daily_closes(panel)[:, kept]))
    console = plain_console(_WIDTH)
    console.print(f"{file.name}: {len(kept)} coins in equal parts, {len(returns)} daily returns")
    table = plain_table(*_COLUMNS)
    for row in judged(returns):
        table.add_row(*_cells(row))
    console.print(table)
    return 0


def daily_closes(panel: Panel) -> Floats:
    """Returns the last close of every UTC day, (days, symbols); NaN where a symbol has no candle that day. Raises
    IrregularCandles.
    """
    days = days_of(panel)
    closes = np.full((int(days[-1]) + 1, panel.shape[1]), np.nan)
    for day, row in zip(days, panel.close, strict=True):
        closes[day] = np.where(np.isfinite(row), row, closes[day])
    return closes


def judged(returns: Floats) -> list[CoverageRow]:
    """Returns the record of every method and level over all days that have a forecast."""
    forecasts = nightly_forecasts(returns)
    return [
        coverage_row(method, confidence, returns, forecasts[:, place, level])
        for place, method in enumerate(METHODS)
        for level, confidence in enumerate(CONFIDENCES)
    ]


def _cells(row: CoverageRow) -> tuple[str, ...]:
    rate = f"{row.violations / row.nights:.2%}" if row.nights else "-"
    return (
        row.method.value,
        f"{row.confidence:.0%}",
        str(row.nights),
        str(row.violations),
        f"{row.expected:.1f}",
        rate,
        f"{row.kupiec:.4f}",
        f"{row.christoffersen:.4f}",
        row.light.zone.value if row.nights else "-",
    )
