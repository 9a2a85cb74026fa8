"""CSV files of orders, fills and the ledger: bounded, and safe to open in a spreadsheet. Pure.

The files are UTF-8 with a byte order mark, because spreadsheets otherwise read them in the code page of the machine,
which garbles names such as 币安人生. Lines end in CRLF (RFC 4180), numbers have a decimal point and no grouping, times
are UTC in ISO 8601.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

MAX_ROWS = 50_000
MAX_BYTES = 7 << 20
"""Largest file: Discord accepts files of up to ten megabytes."""

Cell = str | Decimal | int | datetime | None
"""Value of a cell; None is an empty cell."""

_FORMULA = frozenset("=+-@＝＋－＠")
"""First characters of formulas; spreadsheets read the full-width signs as well."""

_CONTROL = frozenset("\t\r\n")
_MARK = "\ufeff"


class ExportKind(StrEnum):
    """Content of a file."""

    ORDERS = "orders"
    FILLS = "fills"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class CsvExport:
    """A complete file of `rows` rows without the header. `complete` is False if older rows did not fit."""

    data: bytes
    rows: int
    complete: bool


def cell_text(value: Cell) -> str:
    """Returns the text of a cell. Text that a spreadsheet would calculate gets an apostrophe in front; numbers, also
    negative ones, stay numbers.
    """
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case _:
            return f"'{value}" if value[:1] in _CONTROL or value.lstrip()[:1] in _FORMULA else value


class CsvWriter:
    """Writer of one file. It takes rows until the next ones would exceed a bound, and none after that."""

    def __init__(self, columns: Sequence[str], *, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES) -> None:
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._bytes = 0
        self._rows = 0
        self._complete = True
        self._put(_MARK + _lines([columns]))

    def add(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Adds rows that belong together, all or none. Returns False once the file is full."""
        text = _lines([cell_text(value) for value in row] for row in rows)
        full = self._rows + len(rows) > self._max_rows or self._bytes + len(text.encode()) > self._max_bytes
        self._complete = self._complete and not full
        if self._complete:
            self._put(text)
            self._rows += len(rows)
        return self._complete

    def end(self) -> CsvExport:
        """Returns the file."""
        return CsvExport(b"".join(self._parts), self._rows, self._complete)

    def _put(self, text: str) -> None:
        data = text.encode()
        self._parts.append(data)
        self._bytes += len(data)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerows(rows)
    return sheet.getvalue()
