"""Rules of a parameter grid: bars for one parameter, a heat map for two. Colours tell the Sharpe ratio."""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.axes import draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import LEAD, MARGIN, NOTE, WIDTH
from bot.ui.charts.kinds.heatmap import colour_of, ink_on
from bot.ui.charts.specs import ParameterGridSpec

BARS = 420
_SEAM = 2
_BOTTOM = 24
_LABELS = 44.0
_NAMES = 46.0
_LEAST, _TALLEST = 30.0, 84.0
_SMALLEST = 19.0
"""Size of the smallest figure that is drawn in a cell."""

_FRAME = 5
_SCALES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_MOST_ROWS = 1000.0
_LEGEND = 84
_STEPS = 5


def draw(sheet: Canvas, spec: ParameterGridSpec) -> None:
    """Draws the grid, WIDTH wide and as high as its rows need."""
    if len(spec.rows) > 1:
        _draw_map(sheet, spec)
    else:
        _draw_bars(sheet, spec)


def _start(sheet: Canvas, spec: ParameterGridSpec, height: int) -> None:
    sheet.start(WIDTH, height, spec.appearance.theme)
    words = spec.appearance.words
    header = Header(title=words["grid"], value="", label=spec.appearance.label, note=words["grid-note"])
    draw_header(sheet, header, height)


def _draw_map(sheet: Canvas, spec: ParameterGridSpec) -> None:
    rows, columns = len(spec.rows), len(spec.columns)
    left = MARGIN + widest(sheet, spec.rows, NOTE) + 16
    width = (WIDTH - MARGIN - left) / columns
    row = min(max(width, _LEAST), _TALLEST, _MOST_ROWS / rows)
    figures = [[_figure(value) for value in line] for line in spec.values]
    size = _fitting(sheet, [each for line in figures for each in line], width - _SEAM - 10, row - 8)
    foot = _BOTTOM if size else _LEGEND
    height = round(HEADER + 2 * _NAMES + _LABELS + row * rows + foot)
    _start(sheet, spec, height)
    words = spec.appearance.words
    top = height - HEADER - 2 * _NAMES - _LABELS
    _draw_name(sheet, f"{words['grid-down']} {spec.row_name}", height - HEADER - _NAMES / 2)
    _draw_name(sheet, f"{words['grid-across']} {spec.column_name}", height - HEADER - 1.5 * _NAMES)
    _draw_columns(sheet, spec, left, width, top + _LABELS / 2)
    scale, step = scale_of(spec), max(1, math.ceil((NOTE + 6) / row))
    for place in range(0, rows, step):
        y = top - row * (place + 0.5)
        sheet.text(left - 16, y, spec.rows[place], size=NOTE, colour=sheet.palette.muted, across="right")
    # The best one last: its frame covers its neighbours.
    cells = sorted(product(range(rows), range(columns)), key=lambda each: each == spec.best)
    for place, other in cells:
        value = spec.values[place][other]
        box = _Cell(left + width * other, top - row * (place + 1), width, row)
        colour = colour_of(sheet.palette, value, scale)
        box.draw(sheet, colour, framed=(place, other) == spec.best)
        if size:
            middle = (box.left + width / 2, box.bottom + row / 2)
            bold = (place, other) == spec.best
            sheet.text(*middle, figures[place][other], size=size, colour=ink_on(colour), bold=bold, across="center")
    if not size:
        _draw_legend(sheet, scale)


@dataclass(frozen=True, slots=True)
class _Cell:
    left: float
    bottom: float
    width: float
    height: float

    def draw(self, sheet: Canvas, colour: str, *, framed: bool) -> None:
        seam = min(_SEAM, self.width / 8, self.height / 8)
        right, top = self.left + self.width - seam, self.bottom + self.height - seam
        if framed:
            sheet.boxes(self.left - _FRAME, self.bottom - _FRAME, right + _FRAME, top + _FRAME, sheet.palette.ink)
        sheet.boxes(self.left, self.bottom, right, top, colour)


def _draw_legend(sheet: Canvas, scale: float) -> None:
    """Draws boxes from the lowest to the highest colour with their figures."""
    room = (WIDTH - 2 * MARGIN) / _STEPS
    for step in range(_STEPS):
        value = scale * (step - _STEPS // 2) / (_STEPS // 2)
        left, colour = MARGIN + step * room, colour_of(sheet.palette, value, scale)
        sheet.boxes(left, 20, left + room - _SEAM, _LEGEND - 20, colour)
        text = {0: "≤ ", _STEPS - 1: "≥ "}.get(step, "") + numbers.fixed(value, 2 if scale < 1 else 1)
        sheet.text(left + room / 2, _LEGEND / 2, text, size=NOTE - 3, colour=ink_on(colour), across="center")


def _draw_bars(sheet: Canvas, spec: ParameterGridSpec) -> None:
    values = np.array([np.nan if value is None else value for value in spec.values[0]])
    height = round(HEADER + _NAMES + BARS + _LABELS + _BOTTOM)
    _start(sheet, spec, height)
    _draw_name(sheet, spec.column_name, height - HEADER - _NAMES / 2)
    known = values[np.isfinite(values)]
    low, high = min(0.0, float(known.min(initial=0.0))), max(0.0, float(known.max(initial=0.0)))
    margin = 0.08 * max(high - low, 0.5)
    left = MARGIN + widest(sheet, ["−10.0"], NOTE) + 14
    bottom = _BOTTOM + _LABELS
    pane = Pane(left, bottom, WIDTH - MARGIN, bottom + BARS, low - margin, high + margin)
    ticks, decimals = ticks_of(pane)
    draw_values(sheet, pane, ticks, [numbers.fixed(tick, decimals) for tick in ticks], left=True)
    width = (pane.right - pane.left) / len(values)
    zero, scale = float(pane.y(0.0)), scale_of(spec)
    for place, value in enumerate(values.tolist()):
        if not np.isfinite(value):
            continue
        x, y = left + width * place, float(pane.y(value))
        ends = (min(zero, y), max(zero, y, min(zero, y) + 2))
        gap = min(6.0, width / 5)
        if (0, place) == spec.best:
            frame = min(_FRAME, gap)
            sheet.boxes(x + gap - frame, ends[0] - frame, x + width - gap + frame, ends[1] + frame, sheet.palette.ink)
        sheet.boxes(x + gap, ends[0], x + width - gap, ends[1], colour_of(sheet.palette, value, scale))
    sheet.lines([(pane.left, zero)], [(pane.right, zero)], sheet.palette.muted, width=2)
    _draw_columns(sheet, spec, left, width, _BOTTOM + _LABELS / 2)


def _draw_name(sheet: Canvas, name: str, row: float) -> None:
    size = LEAD * min(1.0, (WIDTH - 2 * MARGIN) / max(sheet.width_of(name, LEAD, bold=True), 1.0))
    sheet.text(MARGIN, row, name, size=size, colour=sheet.palette.ink, bold=True)


def _draw_columns(sheet: Canvas, spec: ParameterGridSpec, left: float, width: float, row: float) -> None:
    """Draws the values of the columns, every second or fewer where they would touch."""
    step = max(1, math.ceil((widest(sheet, spec.columns, NOTE) + 14) / width))
    for place, name in enumerate(spec.columns):
        if place % step == 0:
            sheet.text(left + width * (place + 0.5), row, name, size=NOTE, colour=sheet.palette.muted, across="center")


def scale_of(spec: ParameterGridSpec) -> float:
    """Returns the Sharpe ratio with the full colour: a round value above nine of ten."""
    known = [abs(value) for line in spec.values for value in line if value is not None]
    typical = float(np.percentile(known, 90)) if known else 0.0
    return next((scale for scale in _SCALES if scale >= typical), _SCALES[-1])


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return numbers.fixed(value, 1 if abs(value) < 10 else 0)  # noqa: PLR2004


def _fitting(sheet: Canvas, figures: list[str], width: float, height: float) -> float:
    """Returns the size at which all figures fit into their cells, 0 if that is too small to read."""
    size = min(NOTE + 3.0, height, (NOTE + 3.0) * width / max(widest(sheet, figures, NOTE + 3.0, bold=True), 1.0))
    return size if size >= _SMALLEST else 0.0
