"""Wide, short line chart of a day, shown under a price card that contains the figures."""

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane
from bot.ui.charts.drawing.header import direction_colour
from bot.ui.charts.specs import SparkSpec

WIDTH, HEIGHT = 640, 160
"""Size in pixels: smaller than other charts to render quickly, and displayed at the same width on a phone."""

_MARGIN = 18
_TITLE, _NOTE = 20, 16
_HEADER = 38
_ROOM = 26
_DOT = 4.5


def draw(sheet: Canvas, spec: SparkSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT, with the line in the colour of the day's change."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    values = np.array(spec.values)
    low, high = float(values.min()), float(values.max())
    half = 0.5 * (high - low) or 0.5 * abs(high) or 1.0
    middle = (low + high) / 2
    pane = Pane(_MARGIN, _ROOM, WIDTH - _MARGIN, HEIGHT - _HEADER - _ROOM, middle - half, middle + half)
    xs, ys = columns_of(spec, pane), pane.y(values)
    colour = direction_colour(sheet.palette, int(np.sign(spec.change or 0.0)))
    outline = np.concatenate([xs, [xs[-1], xs[0]]]), np.concatenate([ys, [0.0, 0.0]])
    sheet.polygon(np.column_stack(outline), colour, alpha=0.14)
    sheet.curve(xs, ys, colour, width=2.2)
    _draw_extremes(sheet, spec, xs, ys)
    _dot(sheet, float(xs[-1]), float(ys[-1]), colour)
    _draw_title(sheet, spec)


def columns_of(spec: SparkSpec, pane: Pane) -> Floats:
    """Returns pixel columns proportional to time. A single value is centred."""
    times = np.array(spec.times, float)
    length = float(times[-1] - times[0])
    share = (times - times[0]) / length if length > 0 else np.full_like(times, 0.5)
    return np.asarray(pane.left + share * (pane.right - pane.left))


def _draw_extremes(sheet: Canvas, spec: SparkSpec, xs: Floats, ys: Floats) -> None:
    """Draws the highest and the lowest price with their figures, or neither if the price never changed."""
    values = np.array(spec.values)
    highest, lowest = int(values.argmax()), int(values.argmin())
    if values[highest] == values[lowest]:
        return
    for index, text, towards in ((highest, spec.high_text, 1), (lowest, spec.low_text, -1)):
        half = sheet.width_of(text, _NOTE) / 2
        x, row = float(xs[index]), float(ys[index])
        _dot(sheet, x, row, sheet.palette.ink)
        middle = min(max(x, _MARGIN + half), WIDTH - _MARGIN - half)
        sheet.text(middle, row + towards * (_ROOM - 10), text, size=_NOTE, colour=sheet.palette.ink, across="center")


def _draw_title(sheet: Canvas, spec: SparkSpec) -> None:
    row, palette = HEIGHT - _HEADER / 2 - 2, sheet.palette
    x = _draw_badge(sheet, spec.appearance.label, row)
    sheet.text(x, row, spec.symbol, size=_TITLE, colour=palette.ink, bold=True)
    x += sheet.width_of(spec.symbol, _TITLE, bold=True) + 12
    sheet.text(x, row, spec.appearance.words["day"], size=_NOTE, colour=palette.muted)
    if spec.change is not None:
        text, direction = numbers.change(spec.change)
        colour = direction_colour(palette, direction)
        sheet.text(WIDTH - _MARGIN, row, text, size=_TITLE, colour=colour, bold=True, across="right")


def _draw_badge(sheet: Canvas, label: str, row: float) -> float:
    """Draws the source's label and returns the column at which the row continues."""
    if not label:
        return _MARGIN
    end = _MARGIN + sheet.width_of(label, _NOTE - 2, bold=True) + 16
    sheet.boxes(_MARGIN, row - 12, end, row + 12, sheet.palette.badge)
    sheet.text(_MARGIN + 8, row, label, size=_NOTE - 2, colour=sheet.palette.on_fill, bold=True)
    return end + 12


def _dot(sheet: Canvas, x: float, y: float, colour: str) -> None:
    turns = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    sheet.polygon(np.column_stack([x + _DOT * np.cos(turns), y + _DOT * np.sin(turns)]), colour)
