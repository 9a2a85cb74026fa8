"""`paperdesk mood FILE`: mood of a recorded market, its components, and its record by band, as tables."""

from pathlib import Path

import numpy as np
from rich.console import Console

from app.cli.tables import plain_console, plain_table
from ml.data.panel import Panel, days_of, read_candles
from pipeline.market import DAY_MS, Symbol
from trading.mood.index import band_of
from trading.mood.market_days import MarketDays
from trading.mood.record import BandFigure, MoodRecord
from trading.mood.report import ComponentReading, mood_report
from trading.portfolio.daily_closes import DailyCloses

_WIDTH = 120
_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "USD")


def run_mood(file: Path) -> int:
    """Prints the tables. Raises the errors of `read_candles` and `daily_of`."""
    panel = read_candles(file)
    report = mood_report(MarketDays.of(daily_of(panel), _quote_of(panel.symbols)))
    console = plain_console(_WIDTH)
    until = np.datetime64(report.end, "ms").astype("datetime64[D]")
    console.print(f"{file.name}: {report.days} days until {until} 00:00 UTC, {report.coins} coins count on the last")
    if report.index is None:
        console.print("no index: the components that are known have less than half of the weight")
    else:
        console.print(f"index {report.index:.1f}, {band_of(report.index).value}")
    table = plain_table("component", "figure", "score", "weight")
    for reading in report.components:
        table.add_row(*_cells(reading))
    console.print(table)
    pace, course = report.regime.pace, report.regime.course
    console.print(f"regime: {pace.value if pace else '-'}, {course.value if course else '-'}")
    _print_record(report.record, console)
    return 0


def daily_of(panel: Panel) -> DailyCloses:
    """Returns the daily candles (UTC) of a panel of any interval up to a day. Raises IrregularCandles."""
    days, first = days_of(panel), int(panel.times[0] // DAY_MS)
    shape = (int(days[-1]) + 1, panel.shape[1])
    closes, opens, highs, lows, volumes = (np.full(shape, np.nan) for _ in range(5))
    for row, day in enumerate(days):
        known = np.isfinite(panel.close[row])
        opens[day] = np.where(np.isfinite(opens[day]), opens[day], panel.open[row])
        closes[day] = np.where(known, panel.close[row], closes[day])
        highs[day] = np.fmax(highs[day], panel.high[row])
        lows[day] = np.fmin(lows[day], panel.low[row])
        volumes[day] = np.where(known, np.nan_to_num(volumes[day]) + panel.volume[row], volumes[day])
    ends = tuple((first + day + 1) * DAY_MS for day in range(len(closes)))
    return DailyCloses(ends, tuple(map(Symbol, panel.symbols)), closes, opens, highs, lows, volumes)


def _quote_of(symbols: tuple[str, ...]) -> str:
    """Returns the quote asset that most symbols end with."""
    return max(_QUOTES, key=lambda quote: sum(symbol.endswith(quote) for symbol in symbols))


def _cells(reading: ComponentReading) -> tuple[str, ...]:
    figure = "-" if reading.figure is None else f"{reading.figure:.3f}"
    score = "-" if reading.score is None else f"{reading.score:.1f}"
    return reading.component.value, figure, score, f"{reading.weight:.1f}%"


def _print_record(record: MoodRecord, console: Console) -> None:
    if record.mean is None or record.up is None:
        console.print("no record: no week with an index has passed")
        return
    console.print(f"the 7 days after: {record.weeks} weeks, mean {record.mean:+.2%}, {record.up:.1%} rose")
    table = plain_table("band", "weeks", "mean", "interval", "rose", "interval", "edge")
    for row in record.bands:
        table.add_row(row.band.value, str(row.weeks), *_figure(row.mean), *_figure(row.up), row.edge.value)
    console.print(table)


def _figure(figure: BandFigure) -> tuple[str, str]:
    if figure.value is None:
        return "-", "-"
    interval = "-" if figure.low is None or figure.high is None else f"{figure.low:.1%} to {figure.high:.1%}"
    return f"{figure.value:.2%}", interval
