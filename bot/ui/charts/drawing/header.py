"""The two rows on top of every chart."""

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
    """First row: `title` with a quiet `detail`, and `value`. Second row: the source's `label` as a badge, a quiet
    `note`, and the `change` with a quiet `aside`. What is empty or None leaves no trace."""

    title: str
    value: str
    label: str
    detail: str = ""
    note: str = ""
    change: float | None = None
    aside: str = ""


def direction_colour(palette: Palette, direction: int) -> str:
    """Green, red, or neither."""
    return {1: palette.up, -1: palette.down}.get(direction, palette.muted)


def draw_header(sheet: Canvas, header: Header, height: int) -> None:
    """Fills the top HEADER pixels of a sheet of that height; long texts shrink rather than meet."""
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
    """The source's name in a box at the left edge, nothing for ''; returns where the row goes on."""
    if not label:
        return MARGIN
    width = sheet.width_of(label, NOTE - 3, bold=True) + 24
    sheet.boxes(MARGIN, row - _BADGE_HALF, MARGIN + width, row + _BADGE_HALF, sheet.palette.badge)
    middle = MARGIN + width / 2
    sheet.text(middle, row, label, size=NOTE - 3, colour=sheet.palette.on_fill, bold=True, across="center")
    return MARGIN + width + 16


def _draw_change(sheet: Canvas, header: Header, row: float) -> float:
    """Returns where the row must end."""
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
