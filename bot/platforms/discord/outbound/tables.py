"""Tables: a code block if the table is narrow enough, otherwise one field per row."""

import unicodedata
from collections.abc import Sequence

from bot.platforms.discord.outbound.markdown import code, escaped
from bot.platforms.discord.outbound.messages import FIELD_NAME_LIMIT, FIELD_VALUE_LIMIT, Field
from bot.reply import Align, Table
from bot.views.buttons import row_name

BLOCK_COLUMNS = 56
_GAP = "  "
_FENCE = "```"
_EMPTY = "–"


def code_blocks(table: Table, limit: int) -> list[str]:
    """Renders the table as code blocks of at most `limit` characters, each with the header. [] if it is too wide."""
    titles = [code(column.title) for column in table.columns]
    rows = [[code(cell) for cell in row] for row in table.rows]
    widths = [max(cells(text) for text in texts) for texts in zip(titles, *rows, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > BLOCK_COLUMNS:
        return []
    aligns = [column.align for column in table.columns]
    head = [_line(titles, widths, aligns), "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))]
    lines = [_line(row, widths, aligns) for row in rows]
    room = limit - 2 * len(_FENCE) - 2
    return [f"{_FENCE}\n{part}\n{_FENCE}" for part in _parts(head, lines, room)]


def field_cards(table: Table) -> list[Field]:
    """Renders one field per row, named by its first non-empty cell.

    The title of the cell's column is added if the cell alone is not descriptive.
    """
    fields = []
    for row in table.rows:
        filled = [(column.title, cell) for column, cell in zip(table.columns, row, strict=True) if cell.strip()]
        if not filled:
            continue
        (title, head), *rest = filled
        body = "\n".join(f"{title}: {cell}" for title, cell in rest)
        name, value = (
            escaped(row_name(title, head), FIELD_NAME_LIMIT) or _EMPTY,
            escaped(body, FIELD_VALUE_LIMIT) or _EMPTY,
        )
        fields.append(Field(name, value, inline=True))
    return fields


def cells(text: str) -> int:
    """Returns the width of a text in a fixed-width font: wide East Asian characters take two columns, combining marks
    none.
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _line(row: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    parts = []
    for text, width, align in zip(row, widths, aligns, strict=True):
        blank = " " * (width - cells(text))
        parts.append(blank + text if align is Align.RIGHT else text + blank)
    return _GAP.join(parts).rstrip()


def _parts(head: list[str], lines: list[str], room: int) -> list[str]:
    parts: list[list[str]] = [list(head)]
    for line in lines:
        if len("\n".join([*parts[-1], line])) > room and len(parts[-1]) > len(head):
            parts.append(list(head))
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]
