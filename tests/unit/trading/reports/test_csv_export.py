"""CSV files: what spreadsheets read from them, and their bounds."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from trading.reports.csv_export import CsvExport, CsvWriter, cell_text


def rows_of(export: CsvExport) -> list[list[str]]:
    return list(csv.reader(io.StringIO(export.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n", " =1+1", "=cmd|' /C calc'!A0", "＝1", "－1", "＋", "＠"],
)
def test_text_that_a_spreadsheet_would_calculate_is_neutralised(text: str) -> None:
    sheet = CsvWriter(["text"])
    sheet.add([(text,)])
    assert rows_of(sheet.end())[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["BTC", "币安人生", "a=b", "available/1", "'x", ""])
def test_other_text_stays(text: str) -> None:
    assert cell_text(text) == text


def test_numbers_stay_numbers() -> None:
    values = (Decimal("-1.50"), Decimal("1E+3"), Decimal("0E-8"), -7, None)
    assert [cell_text(value) for value in values] == ["-1.50", "1000", "0.00000000", "-7", ""]


def test_times_are_utc() -> None:
    seoul = datetime(2021, 4, 2, 3, 30, 0, 123_456, timezone(timedelta(hours=9)))
    assert cell_text(seoul) == "2021-04-01T18:30:00.123Z"
    assert cell_text(datetime(2021, 4, 1, tzinfo=UTC)) == "2021-04-01T00:00:00.000Z"


def test_cells_with_separators_are_quoted() -> None:
    sheet = CsvWriter(["text", "other"])
    sheet.add([('a,"b"\r\n=c', "x")])
    assert rows_of(sheet.end())[1] == ['a,"b"\r\n=c', "x"]


def test_a_file_has_a_mark_and_a_header_even_without_rows() -> None:
    export = CsvWriter(["a", "b"]).end()
    assert export == CsvExport("\ufeffa,b\r\n".encode(), 0, complete=True)


def test_a_file_takes_rows_until_one_does_not_fit_and_none_after() -> None:
    sheet = CsvWriter(["n"], max_rows=3)
    assert sheet.add([(1,), (2,)])
    assert not sheet.add([(3,), (4,)]), "rows that belong together are not parted"
    assert not sheet.add([(5,)])
    assert sheet.end() == CsvExport("\ufeffn\r\n1\r\n2\r\n".encode(), 2, complete=False)


def test_a_file_is_bounded_in_bytes() -> None:
    sheet = CsvWriter(["n"], max_bytes=40)
    while sheet.add([("币",)]):
        pass
    export = sheet.end()
    assert len(export.data) <= 40
    assert export.rows == 6
