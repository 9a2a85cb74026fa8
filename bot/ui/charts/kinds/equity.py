"""Equity over time compared with the grant: green above it, red below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.axes import TIME_AXIS, TimeScale, draw_tag, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, direction_colour, draw_header
from bot.ui.charts.drawing.style import HEIGHT, MARGIN, NOTE, WIDTH
from bot.ui.charts.drawing.time_axis import span_label
from bot.ui.charts.specs import EquitySpec
from pipeline.market import MINUTE_MS

_BESIDE = 22.0
_MIN_SPAN = 0.002
"""Minimum span of the axis as a share of the grant, so that tiny changes look small."""


_Spot = tuple[float, float, float]
"""Middle of a text, its row, and half its width, in pixels."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Values and their pixel positions. `base` is the row of the grant."""

    values: Floats
    xs: Floats
    ys: Floats
    base: float


def draw(sheet: Canvas, spec: EquitySpec) -> None:
    """Draws the chart, WIDTH x HEIGHT. Without points only the grant is drawn."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    values = np.array(spec.values or (spec.granted,))
    low, high = value_range(values, spec.granted)
    pane = Pane(MARGIN, TIME_AXIS + 8, WIDTH, HEIGHT - HEADER, low, high)
    ticks, decimals = ticks_of(pane, [float(pane.y(values[-1]))])
    labels = [numbers.fixed(tick, decimals) for tick in ticks]
    pane = replace(pane, right=WIDTH - widest(sheet, [*labels, spec.last], NOTE, bold=True) - 30)
    xs = columns_of(spec, pane)
    curve = Curve(values, xs, pane.y(values), float(pane.y(spec.granted)))
    if spec.times and spec.times[-1] > spec.times[0]:
        _draw_times(sheet, spec, pane, xs)
    draw_values(sheet, pane, ticks, labels)
    _draw_curve(sheet, curve, pane)
    taken = _draw_extremes(sheet, spec, curve, pane)
    _draw_grant(sheet, spec, curve, pane, taken)
    direction = int(np.sign(values[-1] - spec.granted))
    draw_tag(sheet, pane, float(curve.ys[-1]), spec.last, direction_colour(sheet.palette, direction))
    draw_header(sheet, _header(spec), HEIGHT)


def value_range(values: Floats, granted: float) -> tuple[float, float]:
    """Returns the range of the axis: all values and the grant, with room for the labels above and below."""
    low, high = min(float(values.min()), granted), max(float(values.max()), granted)
    least = _MIN_SPAN * granted or 1.0
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    margin = 0.15 * (high - low)
    return low - margin, high + margin


def columns_of(spec: EquitySpec, pane: Pane) -> Floats:
    """Returns the pixel columns of the points, proportional to time. Points that share one time are centred."""
    times = np.array(spec.times or (0,), float)
    length = float(times[-1] - times[0])
    share = (times - times[0]) / length if length > 0 else np.full_like(times, 0.5)
    return np.asarray(pane.left + share * (pane.right - pane.left))


def _draw_times(sheet: Canvas, spec: EquitySpec, pane: Pane, xs: Floats) -> None:
    local = np.maximum.accumulate(np.array(spec.times, float) + np.array(spec.offsets, float))

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, local, xs)), moment

    draw_times(sheet, pane, TimeScale(local, MINUTE_MS, place), spec.appearance.language)


def _draw_curve(sheet: Canvas, curve: Curve, pane: Pane) -> None:
    palette, base = sheet.palette, curve.base
    xs, ys = with_crossings(curve.xs, curve.ys, base)
    for side, colour in ((np.maximum(ys, base), palette.up), (np.minimum(ys, base), palette.down)):
        outline = np.column_stack([np.concatenate([xs, xs[::-1]]), np.concatenate([side, np.full_like(xs, base)])])
        sheet.polygon(outline, colour, alpha=0.22)
    sheet.lines([(pane.left, base)], [(pane.right, base)], palette.muted, width=2, dashed=True)
    if len(curve.values) > 1:
        sheet.curve(curve.xs, curve.ys, palette.accent, width=3.5)
    else:
        _draw_dot(sheet, float(curve.xs[0]), float(curve.ys[0]), palette.accent)


def with_crossings(xs: Floats, ys: Floats, base: float) -> tuple[Floats, Floats]:
    """Returns the same curve with a point added at each crossing of `base`."""
    before = np.flatnonzero((ys[:-1] - base) * (ys[1:] - base) < 0)
    share = (base - ys[before]) / (ys[before + 1] - ys[before])
    cross = xs[before] + share * (xs[before + 1] - xs[before])
    return np.insert(xs, before + 1, cross), np.insert(ys, before + 1, base)


def _draw_extremes(sheet: Canvas, spec: EquitySpec, curve: Curve, pane: Pane) -> list[_Spot]:
    """Marks the highest and the lowest point with their values, unless all are equal. Returns the texts' positions."""
    highest, lowest = int(curve.values.argmax()), int(curve.values.argmin())
    if curve.values[highest] == curve.values[lowest]:
        return []
    taken = []
    for index, word, towards in ((highest, "high", 1), (lowest, "low", -1)):
        x, y = float(curve.xs[index]), float(curve.ys[index])
        text = f"{spec.appearance.words[word]} {numbers.fixed(float(curve.values[index]), 0)}"
        half = sheet.width_of(text, NOTE - 2) / 2
        middle = min(max(x, pane.left + half), pane.right - half)
        _draw_dot(sheet, x, y, sheet.palette.ink)
        sheet.text(middle, y + 28 * towards, text, size=NOTE - 2, colour=sheet.palette.ink, across="center")
        taken.append((middle, y + 28 * towards, half))
    return taken


def _draw_grant(sheet: Canvas, spec: EquitySpec, curve: Curve, pane: Pane, taken: Sequence[_Spot]) -> None:
    """Labels the dashed line where the curve and the texts at `taken` leave the most room.

    Draws no label if there is not enough room.
    """
    text, size = spec.appearance.words["grant"], NOTE - 2
    half = sheet.width_of(text, size) / 2
    across = np.linspace(-half, half, 15)
    spots = [
        (float(np.abs(np.interp(middle + across, curve.xs, curve.ys) - row).min()), float(middle), row)
        for middle in np.linspace(pane.left + half, pane.right - half, 9)
        for row in (curve.base + _BESIDE, curve.base - _BESIDE)
        if all(abs(row - at) > _BESIDE or abs(middle - x) > half + other for x, at, other in taken)
    ]
    room, middle, row = max(spots, default=(0.0, 0.0, 0.0))
    if room > 0.8 * _BESIDE:
        sheet.text(middle, row, text, size=size, colour=sheet.palette.muted, across="center")


def _draw_dot(sheet: Canvas, x: float, y: float, colour: str) -> None:
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    sheet.polygon(np.column_stack([x + 7 * np.cos(turns), y + 7 * np.sin(turns)]), colour)


def _header(spec: EquitySpec) -> Header:
    note = ""
    if spec.times:
        first, last = spec.times[0] + spec.offsets[0], spec.times[-1] + spec.offsets[-1]
        note = span_label(first, last, spec.zone, spec.appearance.language)
    return Header(
        title=spec.appearance.words["equity"],
        value=f"{spec.last} {spec.asset}",
        label=spec.appearance.label,
        note=note,
        change=spec.change,
    )
