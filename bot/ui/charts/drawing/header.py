"""Header of a chart, in two rows."""

from dataclasses import dataclass

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.drawing.style import LEAD, MARGIN, NOTE, TITLE, WIDTH, Palette

HEADER = 124
_FIRST_ROW = 42
_SECOND_ROW = 92
_BADGE_HALF = 18


@dataclass(frozen=True, slots=True)
class Header:
    """Content of the header; empty or None fields are omitted.

    First row: `title` with a muted `detail`, and `value`. Second row: the source's `label` as a badge, a muted `note`,
    and the `change` with a muted `aside`.
    """

    title: str
    value: str
    label: str
    detail: str = ""
    note: str = ""
    change: float | None = None
    aside: str = ""


def direction_colour(palette: Palette, direction: int) -> str:
    """Returns the colour of a direction: green for 1, red for -1, muted for 0."""
    return {1: palette.up, -1: palette.down}.get(direction, palette.muted)


def draw_header(sheet: Canvas, header: Header, height: int) -> None:
    """Fills the top HEADER pixels of a sheet of height `height`. Long texts are shrunk so that they do not overlap."""
    palette, row = sheet.palette, height - _FIRST_ROW
    scale = _fit(sheet, header)
    title, lead = TITLE * scale, LEAD * scale
    sheet.text(MARGIN, row, header.title, size=title, colour=palette.ink, bold=True)
    x = MARGIN + sheet.width_of(header.title, title, bold=True) + 16
    sheet.text(x, row, header.detail, size=lead, colour=palette.muted)
    sheet.text(WIDTH - MARGIN, row, header.value, size=title, colour=palette.ink, bold=True, across="right")
    _second_row(sheet, header, height - _SECOND_ROW)


def _fit(sheet: Canvas, header: Header) -> float:
    bold = sheet.width_of(header.title, TITLE, bold=True) + sheet.width_of(header.value, TITLE, bold=True)
    needed = bold + sheet.width_of(header.detail, LEAD) + 56
    return min(1.0, (WIDTH - 2 * MARGIN) / needed)


def _second_row(sheet: Canvas, header: Header, row: float) -> None:
    left = draw_badge(sheet, header.label, row)
    right = _draw_change(sheet, header, row)
    room = max(1.0, right - left)
    size = NOTE * min(1.0, room / max(1.0, sheet.width_of(header.note, NOTE)))
    sheet.text(left, row, header.note, size=size, colour=sheet.palette.muted)


def draw_badge(sheet: Canvas, label: str, row: float) -> float:
    """Draws the source's name in a box at the left edge, or nothing for ''.

    Returns the column at which the row continues.
    """
    if not label:
        return MARGIN
    width = sheet.width_of(label, NOTE - 3, bold=True) + 24
    sheet.boxes(MARGIN, row - _BADGE_HALF, MARGIN + width, row + _BADGE_HALF, sheet.palette.badge)
    middle = MARGIN + width / 2
    sheet.text(middle, row, label, size=NOTE - 3, colour=sheet.palette.on_fill, bold=True, across="center")
    return MARGIN + width + 16


def _draw_change(sheet: Canvas, header: Header, row: float) -> float:
    """Draws the change and returns the column at which the rest of the row must end."""
    right = float(WIDTH - MARGIN)
    if header.change is None:
        return right
    if header.aside:
        sheet.text(right, row, header.aside, size=NOTE, colour=sheet.palette.muted, across="right")
        right -= sheet.width_of(header.aside, NOTE) + 12
    text, direction = numbers.change(header.change)
    colour = direction_colour(sheet.palette, direction)
    sheet.text(right, row, text, size=LEAD, colour=colour, bold=True, across="right")
    return right - sheet.width_of(text, LEAD, bold=True) - 24
