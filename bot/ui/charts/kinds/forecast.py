"""Forecast chart: past prices, and a fan that contains four outcomes of five."""

from dataclasses import replace

import numpy as np

from bot.ui.charts.drawing import legend, numbers
from bot.ui.charts.drawing.axes import TAG_HALF, TIME_AXIS, TimeScale, draw_tag, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.label_placement import apart
from bot.ui.charts.drawing.legend import Entry, Swatch
from bot.ui.charts.drawing.style import HEIGHT, MARGIN, NOTE, WIDTH, Palette
from bot.ui.charts.drawing.time_axis import span_label
from bot.ui.charts.specs import ForecastSpec
from pipeline.market import MINUTE_MS

_BETWEEN_TAGS = 2
_DOT = 7.0
_MIN_SPAN = 0.001
"""Minimum span of the axis: a tenth of a percent, so that a constant price looks constant."""


def draw(sheet: Canvas, spec: ForecastSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    entries = legend.rows(sheet, _entries(spec, sheet.palette))
    low, high = value_range(spec)
    tags = _tags(spec, sheet.palette)
    pane = Pane(MARGIN, TIME_AXIS + 8, WIDTH, HEIGHT - HEADER - legend.ROW * len(entries), low, high)
    wanted = [float(pane.y(value)) for value, _, _ in tags]
    rows = apart(wanted, TAG_HALF + _BETWEEN_TAGS / 2, pane.bottom - TAG_HALF, pane.top + TAG_HALF, fixed=0)
    ticks, decimals = ticks_of(pane, rows)
    labels = [numbers.fixed(tick, decimals) for tick in ticks]
    gutter = widest(sheet, [*labels, *(text for _, text, _ in tags)], NOTE, bold=True) + 30
    pane = replace(pane, right=WIDTH - gutter)
    _draw_times(sheet, spec, pane)
    draw_values(sheet, pane, ticks, labels)
    _draw_fan(sheet, spec, pane)
    _draw_prices(sheet, spec, pane)
    for (value, text, colour), row in zip(tags, rows, strict=True):
        draw_tag(sheet, pane, float(pane.y(value)), text, colour, at=row)
    legend.draw(sheet, entries, HEIGHT - HEADER)
    draw_header(sheet, _header(spec), HEIGHT)


def value_range(spec: ForecastSpec) -> tuple[float, float]:
    """Returns the range of the axis: the prices and the fan, with a margin."""
    values = (*spec.values, *spec.low, *spec.high)
    low, high = min(values), max(values)
    least = _MIN_SPAN * abs(high) or 1.0
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _entries(spec: ForecastSpec, palette: Palette) -> list[Entry]:
    words = spec.appearance.words
    middle = [Entry(words["path"], palette.lines[0], Swatch.LINE)] if spec.middle else []
    return [
        Entry(words["price"], palette.ink, Swatch.LINE),
        Entry(words["fan"], palette.accent, Swatch.BAND),
        *middle,
    ]


def _tags(spec: ForecastSpec, palette: Palette) -> list[tuple[float, str, str]]:
    """Returns value, text and colour of the tags. The last price is first and is not moved by other tags."""
    middle = [(spec.middle[-1], spec.middle_text, palette.lines[0])] if spec.middle else []
    return [
        (spec.values[-1], spec.last_text, palette.ink),
        (spec.high[-1], spec.high_text, palette.accent),
        (spec.low[-1], spec.low_text, palette.accent),
        *middle,
    ]


def _columns(spec: ForecastSpec, times: tuple[int, ...], pane: Pane) -> Floats:
    first, last = spec.times[0], spec.ahead[-1]
    return np.asarray(pane.left + (np.array(times, float) - first) / (last - first) * (pane.right - pane.left))


def _draw_times(sheet: Canvas, spec: ForecastSpec, pane: Pane) -> None:
    """Draws the time axis up to the end of the fan. Prices after the forecast lie within the fan's range."""
    kept = sum(time < spec.ahead[0] for time in spec.times)
    times = (*spec.times[:kept], *spec.ahead)
    offsets = (*spec.offsets[:kept], *spec.ahead_offsets)
    local = np.maximum.accumulate(np.array(times, float) + np.array(offsets, float))
    xs = _columns(spec, times, pane)

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, local, xs)), moment

    draw_times(sheet, pane, TimeScale(local, MINUTE_MS, place), spec.appearance.language)


def _draw_fan(sheet: Canvas, spec: ForecastSpec, pane: Pane) -> None:
    palette, xs = sheet.palette, _columns(spec, spec.ahead, pane)
    low, high = pane.y(spec.low), pane.y(spec.high)
    sheet.lines([(xs[0], pane.bottom)], [(xs[0], pane.top)], palette.muted, width=2, dashed=True)
    outline = np.column_stack([np.concatenate([xs, xs[::-1]]), np.concatenate([high, low[::-1]])])
    sheet.polygon(outline, palette.accent, alpha=0.22)
    for edge in (low, high):
        sheet.curve(xs, edge, palette.accent, width=2)
    if spec.middle:
        sheet.curve(xs, pane.y(spec.middle), palette.lines[0], width=3.5)


def _draw_prices(sheet: Canvas, spec: ForecastSpec, pane: Pane) -> None:
    """Draws the price line, and a dot at the current price with a dashed line to its tag."""
    palette = sheet.palette
    xs, ys = _columns(spec, spec.times, pane), pane.y(spec.values)
    sheet.lines([(xs[-1], ys[-1])], [(pane.right, ys[-1])], palette.muted, dashed=True)
    if len(xs) > 1:
        sheet.curve(xs, ys, palette.ink, width=3)
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    sheet.polygon(np.column_stack([xs[-1] + _DOT * np.cos(turns), ys[-1] + _DOT * np.sin(turns)]), palette.ink)


def _header(spec: ForecastSpec) -> Header:
    first, last = spec.times[0] + spec.offsets[0], spec.ahead[-1] + spec.ahead_offsets[-1]
    return Header(
        title=spec.symbol,
        detail=spec.horizon,
        value=spec.last_text,
        label=spec.appearance.label,
        note=span_label(first, last, spec.zone, spec.appearance.language),
        change=spec.middle[-1] / spec.middle[0] - 1 if spec.middle else None,
        aside=spec.appearance.words["expected"],
    )
