"""Correlations of coins as a square of coloured cells, similar coins side by side."""

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.canvas import Canvas, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import LEAD, MARGIN, NOTE, WIDTH
from bot.ui.charts.kinds.heatmap import colour_of, ink_on
from bot.ui.charts.specs import CorrelationSpec

_BOTTOM = 24
_SEAM = 2
_NAMES = 60.0
_WIDEST_NAME = 190.0
_TALLEST = 90.0
_PADDING = 10


def draw(sheet: Canvas, spec: CorrelationSpec) -> None:
    """Draws the square, names at the left and on top, on a sheet as high as its rows need."""
    count = len(spec.names)
    left = MARGIN + min(_WIDEST_NAME, widest(sheet, spec.names, LEAD - 2, bold=True)) + 16
    width = (WIDTH - MARGIN - left) / count
    row = min(width, _TALLEST)
    height = round(HEADER + _NAMES + row * count + _BOTTOM)
    sheet.start(WIDTH, height, spec.appearance.theme)
    words = spec.appearance.words
    draw_header(
        sheet,
        Header(title=words["correlation"], value="", label=spec.appearance.label, note=words["correlation-note"]),
        height,
    )
    top = height - HEADER - _NAMES
    for place, name in enumerate(spec.names):
        _draw_name(sheet, name, (MARGIN, top - row * (place + 0.5)), left - MARGIN - 16, "left")
        _draw_name(sheet, name, (left + width * (place + 0.5), top + _NAMES / 2), width - 8, "center")
        for other, value in enumerate(spec.values[place]):
            x, y = left + width * other, top - row * (place + 1)
            colour = colour_of(sheet.palette, -value, 1.0)  # falling together is the danger
            sheet.boxes(x, y, x + width - _SEAM, y + row - _SEAM, colour)
            text = numbers.fixed(value, 2)
            size = _fitting(sheet, text, NOTE, width - _SEAM - _PADDING, bold=False)
            sheet.text(x + width / 2, y + row / 2, text, size=size, colour=ink_on(colour), across="center")


def _draw_name(sheet: Canvas, name: str, place: tuple[float, float], room: float, across: str) -> None:
    size = _fitting(sheet, name, LEAD - 2, room, bold=True)
    sheet.text(*place, name, size=size, colour=sheet.palette.ink, bold=True, across=across)


def _fitting(sheet: Canvas, text: str, size: float, room: float, *, bold: bool) -> float:
    """Returns the size, or the largest smaller one at which the text fits."""
    return size * min(1.0, room / max(sheet.width_of(text, size, bold=bold), 1.0))
