"""CSV file of the days of a performance report, in the form of the other exports. Pure."""

from decimal import Decimal

from trading.reports.csv_export import Cell, CsvExport, CsvWriter
from trading.reports.performance import PerformanceReport

COLUMNS = ("date", "equity", "flow", "return", "index", "index_btc", "index_equal_weight", "stale_price")


def performance_csv(report: PerformanceReport) -> CsvExport:
    """Returns a row for each day (UTC), oldest first. An unknown value is an empty cell; `stale_price` is 1 if a price
    was old.
    """
    sheet = CsvWriter(COLUMNS)
    for row in report.days:
        figures = (row.equity, row.flow, row.returned, row.index, row.bitcoin, row.equal_weight)
        cells: list[Cell] = [row.day.isoformat(), *(_cell(each) for each in figures), int(row.stale)]
        if not sheet.add([cells]):
            break
    return sheet.end()


def _cell(value: float | None) -> Cell:
    return None if value is None else Decimal(f"{value:.12g}")
