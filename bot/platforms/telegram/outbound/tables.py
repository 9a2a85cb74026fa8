"""Tables as lines: fixed-width if they fit on a phone, otherwise one card per row."""

from collections.abc import Sequence

from bot.platforms.telegram.outbound.markup import Line, TextRun, TextStyle, safe
from bot.platforms.telegram.outbound.text_width import cells, padded
from bot.reply import Align, Table
from bot.views.buttons import row_name

TABLE_CELLS = 36
"""Number of fixed-width columns that fit on one line of a phone."""


def table_lines(table: Table) -> list[Line]:
    """Renders a fixed-width table if it fits on a phone, otherwise one card per row, so that no number is broken."""
    titles = [safe(column.title) for column in table.columns]
    rows = [[safe(cell) for cell in row] for row in table.rows]
    for narrow in (False, True):
        widths = _widths(titles, rows, narrow=narrow)
        for gap in (2, 1):
            if sum(widths) + gap * (len(widths) - 1) <= TABLE_CELLS:
                rights = [column.align is Align.RIGHT for column in table.columns]
                return [_row(row, widths, rights, " " * gap) for row in (*_heads(titles, widths), *rows)]
    return _cards(titles, rows)


def _widths(titles: list[str], rows: list[list[str]], *, narrow: bool) -> list[int]:
    """Returns column widths such that no value is broken. Titles break between words only if `narrow`."""
    parts = [title.split() if narrow else [title] for title in titles]
    return [max(map(cells, ("", *part, *(row[at] for row in rows)))) for at, part in enumerate(parts)]


def _heads(titles: list[str], widths: list[int]) -> list[list[str]]:
    """Returns the titles in as many lines as the longest needs, aligned to the bottom."""
    wrapped = [_wrapped(title, width) for title, width in zip(titles, widths, strict=True)]
    height = max(map(len, wrapped), default=0)
    return [list(line) for line in zip(*([""] * (height - len(part)) + part for part in wrapped), strict=True)]


def _wrapped(title: str, width: int) -> list[str]:
    lines = [""]
    for word in title.split():
        if lines[-1] and cells(f"{lines[-1]} {word}") > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _row(row: Sequence[str], widths: Sequence[int], rights: Sequence[bool], gap: str) -> Line:
    laid = (padded(cell, width, right=right) for cell, width, right in zip(row, widths, rights, strict=True))
    return (TextRun(gap.join(laid).rstrip(), TextStyle.PRE),)


def _cards(titles: list[str], rows: list[list[str]]) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        filled = [(title, cell) for title, cell in zip(titles, row, strict=True) if cell.strip()]
        if not filled:
            continue
        if lines:
            lines.append(())
        title, head = filled[0]
        lines.append((TextRun(row_name(title, head), TextStyle.BOLD),))
        lines += [(TextRun(f"{title}: {cell}"),) for title, cell in filled[1:]]
    return lines
