"""Mood of a year as a line over its five bands, with the index of the last day in its band's colour."""

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.axes import TIME_AXIS, TimeScale, draw_tag, draw_times, draw_values
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import HEIGHT, LEAD, MARGIN, NOTE, WIDTH, Palette
from bot.ui.charts.specs import MoodSpec
from pipeline.market import DAY_MS

_BANDS = 5
_STRENGTHS = (0.32, 0.16, 0.0, 0.16, 0.32)
_EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)


def draw(sheet: Canvas, spec: MoodSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    labels = [numbers.fixed(edge, 0) for edge in _EDGES]
    right = WIDTH - widest(sheet, ["100"], LEAD, bold=True) - 34
    pane = Pane(MARGIN, TIME_AXIS + 10, right, HEIGHT - HEADER, 0.0, 100.0)
    values = np.array(spec.values)
    known = np.isfinite(values)
    times = np.array(spec.times, float)
    span = max(float(times[-1] - times[0]), 1.0)
    xs = np.asarray(pane.left + (times - times[0]) / span * (pane.right - pane.left))

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, times, xs)), moment

    _draw_bands(sheet, pane)
    if len(times) > 1:
        draw_times(sheet, pane, TimeScale(times, DAY_MS, place), spec.appearance.language)
    last = float(values[known][-1])
    clear = [(edge, label) for edge, label in zip(_EDGES, labels, strict=True) if abs(edge - last) > 8]  # noqa: PLR2004
    draw_values(sheet, pane, [edge for edge, _ in clear], [label for _, label in clear])
    sheet.curve(xs[known], pane.y(values[known]), sheet.palette.ink, width=3.5)
    _draw_names(sheet, spec, pane, xs[known], pane.y(values[known]))
    draw_tag(sheet, pane, float(pane.y(last)), numbers.fixed(last, 0), _colour(sheet.palette, last))
    draw_header(sheet, Header(spec.title, spec.value, spec.appearance.label, note=f"{spec.note} · UTC"), HEIGHT)


def _draw_bands(sheet: Canvas, pane: Pane) -> None:
    palette, rows = sheet.palette, pane.y(_EDGES).tolist()
    for place, strength in enumerate(_STRENGTHS):
        colour = palette.down if place < _BANDS // 2 else palette.up
        if strength:
            sheet.boxes(pane.left, rows[place], pane.right, rows[place + 1], colour, alpha=strength)


def _draw_names(sheet: Canvas, spec: MoodSpec, pane: Pane, xs: Floats, ys: Floats) -> None:
    """Names each band where the line leaves room: the first such place from the left, else the roomiest."""
    rows = pane.y(_EDGES).tolist()
    for place, name in enumerate(spec.bands):
        row, width = (rows[place] + rows[place + 1]) / 2, sheet.width_of(name, NOTE)
        across = np.linspace(-8.0, width + 8.0, 25)
        lefts = np.linspace(pane.left + 12, pane.right - 12 - width, 24)
        rooms = [float(np.abs(np.interp(left + across, xs, ys) - row).min()) for left in lefts]
        roomy = next((at for at, room in enumerate(rooms) if room > NOTE), int(np.argmax(rooms)))
        sheet.text(float(lefts[roomy]), row, name, size=NOTE, colour=sheet.palette.muted)


def _colour(palette: Palette, value: float) -> str:
    middle = _EDGES[2] <= value < _EDGES[3]
    return palette.muted if middle else palette.down if value < _EDGES[2] else palette.up
