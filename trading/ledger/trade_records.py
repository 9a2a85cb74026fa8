"""Executions of an account, and exports of its records, on PostgreSQL."""

from datetime import datetime

from core.database import Connection, Database
from core.sql import load_queries
from pipeline.market import Symbol
from trading.ledger.rows import execution_line
from trading.orders.types import HistoryPage
from trading.ports import Account
from trading.reports.csv_export import MAX_BYTES, MAX_ROWS, Cell, CsvExport, CsvWriter, ExportKind

SQL = load_queries(__package__, "trade_records.sql")

MAX_PAGE = 100
_ROWS_AT_ONCE = 200


class PostgresTradeRecords:
    """`trading.reports.trade_records.TradeRecords` on a pool whose role is paperdesk_app."""

    def __init__(
        self, database: Database, patient: Database, *, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES
    ) -> None:
        """`patient` is a database with a longer timeout, used by exports."""
        self._database = database
        self._patient = patient
        self._max_rows = max_rows
        self._max_bytes = max_bytes

    async def executions(
        self,
        account: Account,
        limit: int,
        before: int | None = None,
        *,
        symbol: Symbol | None = None,
        order_id: int | None = None,
    ) -> HistoryPage:
        """Returns executions, newest first; at most 100 a page."""
        limit = min(max(limit, 1), MAX_PAGE)
        name, subject = ("executions", symbol) if order_id is None else ("executions_of_order", order_id)
        rows = await self._database.fetch(SQL[name], account.account_id, before, limit + 1, subject)
        older = rows[limit - 1]["cursor"] if len(rows) > limit else None
        return HistoryPage(tuple(map(execution_line, rows[:limit])), older)

    async def export(self, account: Account, kind: ExportKind, since: datetime | None) -> CsvExport:
        """Returns a file of the records since then, read row by row from one snapshot."""
        query = SQL[f"export_{kind}"]

        async def work(connection: Connection) -> CsvExport:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                statement = await connection.prepare(query)
                sheet = CsvWriter(
                    [each.name for each in statement.get_attributes()],
                    max_rows=self._max_rows,
                    max_bytes=self._max_bytes,
                )
                together: list[tuple[Cell, ...]] = []
                rows = statement.cursor(account.account_id, since, self._max_rows + 1, prefetch=_ROWS_AT_ONCE)
                async for row in rows:
                    if together and row[0] != together[0][0]:
                        if not sheet.add(together):
                            return sheet.end()
                        together = []
                    together.append(tuple(row))
                if together:
                    sheet.add(together)
                return sheet.end()

        return await self._patient.run(work)
