"""Port of the records of an account: its executions page by page, and CSV files."""

from datetime import datetime
from typing import Protocol

from pipeline.market import Symbol
from trading.orders.types import HistoryPage
from trading.ports import Account
from trading.reports.csv_export import CsvExport, ExportKind


class TradeRecords(Protocol):
    """Records of an account and of those that were merged into it. Every method raises DatabaseUnavailable."""

    async def executions(
        self,
        account: Account,
        limit: int,
        before: int | None = None,
        *,
        symbol: Symbol | None = None,
        order_id: int | None = None,
    ) -> HistoryPage:
        """Returns executions, newest first, at most 100 a page: of all orders, of a symbol, or of one order. A market
        order is its own execution. `before` is a cursor of an earlier page of the same list.
        """

    async def export(self, account: Account, kind: ExportKind, since: datetime | None) -> CsvExport:
        """Returns a file of the records since then, or of all: newest first, without the oldest if it grows too
        large.
        """
