"""Comparison of several symbols from one start, in percent. Each line is named at its end."""

from dataclasses import replace

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.axes import TIME_AXIS, TimeScale, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.label_placement import apart
from bot.ui.charts.drawing.style import HEIGHT, MARGIN, NOTE, WIDTH
from bot.ui.charts.drawing.time_axis import span_label
from bot.ui.charts.ports import RelativeSeries
from bot.ui.charts.specs import ComparisonSpec
from pipeline.market import MINUTE_MS

_LEAD_LINE = 22
_HALF_LABEL = 16
_WIDEST_LABEL = 330.0
_MIN_SPAN = 0.002
"""Minimum span of the axis: a fifth of a percent, so that flat prices look flat."""


def draw(sheet: Canvas, spec: ComparisonSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    low, high = value_range(spec)
    pane = Pane(MARGIN, TIME_AXIS + 8, WIDTH, HEIGHT - HEADER, low, high)
    ticks, decimals = ticks_of(replace(pane, low=low * 100, high=high * 100))
    labels = [f"{numbers.fixed(tick, decimals)}%" for tick in ticks]
    names = list(spec.labels)
    size = NOTE * min(1.0, _WIDEST_LABEL / max(1.0, widest(sheet, names, NOTE, bold=True)))
    left = MARGIN + widest(sheet, labels, NOTE) + 14
    right = WIDTH - MARGIN - widest(sheet, names, size, bold=True) - _LEAD_LINE - 10
    pane = replace(pane, left=left, right=right)
    _draw_times(sheet, spec, pane)
    draw_values(sheet, pane, [tick / 100 for tick in ticks], labels, left=True)
    zero = float(pane.y(0.0))
    sheet.lines([(pane.left, zero)], [(pane.right, zero)], sheet.palette.muted, width=2, dashed=True)
    for way, colour in zip(reversed(spec.ways), reversed(sheet.palette.lines[: len(spec.ways)]), strict=True):
        sheet.curve(_columns(spec, way, pane), pane.y(way.values), colour, width=3.5)
    _draw_names(sheet, spec, pane, names, size)
    note = span_label(
        spec.times[0] + spec.offsets[0], spec.times[-1] + spec.offsets[-1], spec.zone, spec.appearance.language
    )
    title = spec.appearance.words["comparison"]
    draw_header(
        sheet, Header(title=title, detail=spec.period, value="", label=spec.appearance.label, note=note), HEIGHT
    )


def value_range(spec: ComparisonSpec) -> tuple[float, float]:
    """Returns the range of the axis: all changes, as fractions, and zero, with a margin."""
    values = [value for way in spec.ways for value in way.values]
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < _MIN_SPAN:
        low, high = (low + high - _MIN_SPAN) / 2, (low + high + _MIN_SPAN) / 2
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _columns(spec: ComparisonSpec, way: RelativeSeries, pane: Pane) -> Floats:
    times, first, last = np.array(way.times, float), spec.times[0], spec.times[-1]
    share = (times - first) / (last - first) if last > first else np.full_like(times, 1.0)
    return np.asarray(pane.left + share * (pane.right - pane.left))


def _draw_times(sheet: Canvas, spec: ComparisonSpec, pane: Pane) -> None:
    if spec.times[-1] <= spec.times[0]:
        return
    times = np.array(spec.times, float)
    local = np.maximum.accumulate(times + np.array(spec.offsets, float))
    xs = pane.left + (times - times[0]) / (times[-1] - times[0]) * (pane.right - pane.left)

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, local, xs)), moment

    draw_times(sheet, pane, TimeScale(local, MINUTE_MS, place), spec.appearance.language)


def _draw_names(sheet: Canvas, spec: ComparisonSpec, pane: Pane, names: list[str], size: float) -> None:
    """Draws the names at the ends of their lines, moved apart and connected to them."""
    rows = [float(pane.y(way.values[-1])) for way in spec.ways]
    places = apart(rows, _HALF_LABEL, pane.bottom - _HALF_LABEL, pane.top + _HALF_LABEL)
    for way, name, row, place, colour in zip(spec.ways, names, rows, places, sheet.palette.lines, strict=False):
        end = float(_columns(spec, way, pane)[-1])
        sheet.lines([(end, row)], [(pane.right + _LEAD_LINE - 4, place)], colour, width=1.5)
        sheet.text(pane.right + _LEAD_LINE, place, name, size=size, colour=colour, bold=True)
