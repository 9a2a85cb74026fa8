"""Records of trades of the bot in memory, over the receipts of `FakeDesk`."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.market import Symbol
from tests.fakes.bot_desk import FakeDesk, line_of
from trading.orders.types import HistoryPage, Receipt
from trading.ports import Account
from trading.reports.csv_export import CsvExport, CsvWriter, ExportKind


@dataclass
class FakeRecords:
    """`TradeRecords`. Every kind of export has the executions; a file takes `max_rows`."""

    desk: FakeDesk
    max_rows: int = 50

    def _receipts(self, account: Account) -> list[Receipt]:
        return [receipt for owner, receipt in reversed(self.desk.receipts.values()) if owner == account.account_id]

    async def executions(
        self,
        account: Account,
        limit: int,
        before: int | None = None,
        *,
        symbol: Symbol | None = None,
        order_id: int | None = None,
    ) -> HistoryPage:
        lines = [
            line_of(receipt)
            for receipt in self._receipts(account)
            if (before is None or receipt.order_id < before)
            and symbol in (None, receipt.execution.symbol)
            and order_id in (None, receipt.order_id, receipt.parent_id)
        ]
        older = lines[limit - 1].order_id if len(lines) > limit else None
        return HistoryPage(tuple(lines[:limit]), older)

    async def export(self, account: Account, kind: ExportKind, since: datetime | None) -> CsvExport:
        sheet = CsvWriter(["number", "kind", "time"], max_rows=self.max_rows)
        for receipt in self._receipts(account):
            if since is None or receipt.at >= since:
                sheet.add([(receipt.order_id, kind.value, receipt.at)])
        return sheet.end()
