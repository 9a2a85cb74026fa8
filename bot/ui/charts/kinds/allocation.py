"""Allocation of an equity: one horizontal bar per holding, which is easier to read on a phone than a pie."""

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.canvas import Canvas, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import LEAD, MARGIN, NOTE, WIDTH
from bot.ui.charts.specs import AllocationSlice, AllocationSpec

_ROW = 54
_BAR = 30
_BOTTOM = 24
_MIN_ROWS = 3
_WIDEST_NAME = 250.0


def draw(sheet: Canvas, spec: AllocationSpec) -> None:
    """Draws the chart on a sheet as high as its rows need."""
    height = HEADER + _ROW * max(len(spec.rows), _MIN_ROWS) + _BOTTOM
    sheet.start(WIDTH, height, spec.appearance.theme)
    palette = sheet.palette
    draw_header(sheet, _header(spec), height)
    names = min(_WIDEST_NAME, widest(sheet, [row.name for row in spec.rows], LEAD - 2, bold=True)) + 20
    values = widest(sheet, [row.text for row in spec.rows], NOTE) + 16
    shares = sheet.width_of("100.0%", NOTE, bold=True) + 16
    left, right = MARGIN + names, WIDTH - MARGIN - values - shares
    for index, row in enumerate(spec.rows):
        middle = height - HEADER - _ROW * (index + 0.5)
        _draw_name(sheet, row, middle, names - 20, palette.ink)
        sheet.boxes(left, middle - _BAR / 2, right, middle + _BAR / 2, palette.grid)
        if row.share:
            end = left + max(3.0, (right - left) * row.share)
            colour = palette.muted if row.cash else palette.accent
            sheet.boxes(left, middle - _BAR / 2, end, middle + _BAR / 2, colour)
        share = numbers.percent(row.share) if row.share is not None else "–"
        share_at = WIDTH - MARGIN - values
        sheet.text(share_at, middle, share, size=NOTE, colour=palette.ink, bold=True, across="right")
        sheet.text(WIDTH - MARGIN, middle, row.text, size=NOTE, colour=palette.muted, across="right")


def _draw_name(sheet: Canvas, row: AllocationSlice, middle: float, room: float, ink: str) -> None:
    size = LEAD - 2
    needed = sheet.width_of(row.name, size, bold=True)
    sheet.text(MARGIN, middle, row.name, size=size * min(1.0, room / max(needed, 1.0)), colour=ink, bold=True)


def _header(spec: AllocationSpec) -> Header:
    return Header(title=spec.appearance.words["allocation"], value=spec.total_text, label=spec.appearance.label)
