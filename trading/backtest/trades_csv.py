"""CSV file of the trades of a back-test, in the form of the other exports. Pure."""

from datetime import UTC, datetime

from core.decimals import down
from trading.backtest.result import BacktestResult
from trading.reports.csv_export import Cell, CsvExport, CsvWriter

COLUMNS = (
    *("entry_time", "entry_price", "quantity", "exit_time", "exit_price", "cause"),
    *("profit", "return", "fees"),
)
_FRACTION_SCALE = 8


def trades_csv(result: BacktestResult) -> CsvExport:
    """Returns a row for each position, oldest first. One that is open has no exit, profit and return."""
    sheet = CsvWriter(COLUMNS)
    for trade in result.all_trades:
        closed = trade.exit_index is not None
        cells: list[Cell] = [
            _time(trade.entry_time),
            trade.entry_price,
            trade.quantity,
            None if trade.exit_time is None else _time(trade.exit_time),
            trade.exit_price,
            trade.cause,
            trade.profit if closed else None,
            down(trade.gain, _FRACTION_SCALE) if closed else None,
            trade.fees,
        ]
        if not sheet.add([cells]):
            break
    return sheet.end()


def _time(time: int) -> datetime:
    return datetime.fromtimestamp(time / 1000, UTC)
