"""Candle chart with volume and optional indicators and marks.

Candles are placed in slots of equal width. The time axis is cut where candles are missing: a gap of any length is one
to three empty slots wide, and a dashed line marks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.ui.charts.drawing import annotations, indicator_panes, legend, numbers, overlays
from bot.ui.charts.drawing.axes import TIME_AXIS, TimeScale, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.candle_arrays import Columns, Places, Range, columns_of, extended, places_of, price_range
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import HEIGHT, MARGIN, NOTE, PALETTES, WIDTH
from bot.ui.charts.drawing.time_axis import span_label
from bot.ui.charts.specs import CandlesSpec

_VOLUME_HEIGHT = 84
_VOLUME_WORD = 34
_CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class _Plan:
    """Layout of the chart: the panes from top to bottom, and the rows of the tags and the numbers of the price axis."""

    height: int
    price: Pane
    volume: Pane | None
    strips: tuple[Pane, ...]
    tags: list[float]
    values: list[float]
    labels: list[str]


def draw(sheet: Canvas, spec: CandlesSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT, or higher if a legend or indicator panes need it."""
    columns, lines, below = columns_of(spec), overlays.of(spec), indicator_panes.of(spec)
    shown = extended(price_range(columns, spec.last), [*overlays.values(lines), *annotations.prices(spec)])
    palette = PALETTES[spec.appearance.theme]
    entries = legend.rows(sheet, [*overlays.entries(lines, palette), *annotations.entries(spec, palette)])
    plan = _plan(sheet, spec, shown, float(columns.volume.max()), len(below), len(entries))
    price, places = plan.price, places_of(columns.slots, plan.price)
    sheet.start(WIDTH, plan.height, spec.appearance.theme)
    _draw_times(sheet, spec, columns, places, Pane(MARGIN, TIME_AXIS, price.right, price.top, 0.0, 1.0))
    draw_values(sheet, price, plan.values, plan.labels)
    _draw_gaps(sheet, columns.slots, places.middles, price)
    overlays.draw_bands(sheet, lines, places.middles, price)
    annotations.draw_lines(sheet, spec, price)
    if plan.volume is not None:
        _draw_volume(sheet, spec, columns, places, plan.volume)
    for strip, pane in zip(below, plan.strips, strict=True):
        indicator_panes.draw(sheet, strip, places, pane)
    _draw_candles(sheet, columns, places, price)
    overlays.draw_lines(sheet, lines, places.middles, price)
    _draw_cuts(sheet, places.middles, shown.cut_high, columns.high, price, upwards=True)
    _draw_cuts(sheet, places.middles, shown.cut_low, columns.low, price, upwards=False)
    annotations.draw_trades(sheet, spec, places, price)
    annotations.draw_labels(sheet, spec, price)
    annotations.draw_tags(sheet, spec, price, plan.tags)
    draw_header(sheet, _header(spec, columns), plan.height)
    legend.draw(sheet, entries, plan.height - HEADER)


def _plan(sheet: Canvas, spec: CandlesSpec, shown: Range, max_width: float, below: int, rows: int) -> _Plan:  # noqa: PLR0917
    """Computes the layout.

    `max_width` is the largest volume, `below` the number of indicator panes, and `rows` the number of legend rows.
    """
    bottom = TIME_AXIS + indicator_panes.STRIP * below
    volume = None
    if _CLEAN not in spec.options:
        volume = Pane(MARGIN, bottom, WIDTH, bottom + _VOLUME_HEIGHT, 0.0, max_width or 1.0)
        bottom += _VOLUME_HEIGHT + _VOLUME_WORD
    height = HEIGHT + legend.ROW * rows + indicator_panes.STRIP * below
    price = Pane(MARGIN, bottom, WIDTH, height - HEADER - legend.ROW * rows, shown.low, shown.high)
    tags = annotations.tag_rows(spec, price)
    values, decimals = ticks_of(price, tags, minimum=0.0)
    labels = [numbers.fixed(value, decimals) for value in values]
    right = WIDTH - max(widest(sheet, [*labels, "00.0K"], NOTE), annotations.widest_tag(sheet, spec)) - 30
    rows_of_strips = [float(TIME_AXIS + indicator_panes.STRIP * index) for index in reversed(range(below))]
    return _Plan(
        height=height,
        price=replace(price, right=right),
        volume=volume and replace(volume, right=right),
        strips=tuple(Pane(MARGIN, row, right, row + indicator_panes.PANE, 0.0, 1.0) for row in rows_of_strips),
        tags=tags,
        values=values,
        labels=labels,
    )


def _by_direction(sheet: Canvas, columns: Columns) -> Iterator[tuple[NDArray[np.bool_], str]]:
    """Yields masks of rising and of falling candles, with their colour. A candle with close equal to open is rising."""
    rising = columns.close >= columns.open
    yield rising, sheet.palette.up
    yield ~rising, sheet.palette.down


def _draw_times(sheet: Canvas, spec: CandlesSpec, columns: Columns, places: Places, pane: Pane) -> None:
    local = np.maximum.accumulate(columns.local)

    def place(moment: int) -> tuple[float, int]:
        index = min(int(np.searchsorted(local, moment)), len(local) - 1)
        return float(np.rint(places.middles[index])), int(local[index])

    draw_times(sheet, pane, TimeScale(local, spec.interval_ms, place), spec.appearance.language)


def _draw_gaps(sheet: Canvas, slots: Floats, middles: Floats, pane: Pane) -> None:
    before = np.flatnonzero(np.diff(slots) > 1)
    if before.size:
        columns = (middles[before] + middles[before + 1]) / 2
        starts = np.column_stack([columns, np.full_like(columns, pane.bottom)])
        ends = np.column_stack([columns, np.full_like(columns, pane.top)])
        sheet.lines(starts, ends, sheet.palette.muted, dashed=True)


def _draw_candles(sheet: Canvas, columns: Columns, places: Places, pane: Pane) -> None:
    for chosen, colour in _by_direction(sheet, columns):
        left, right = places.around(chosen, places.wick)
        sheet.boxes(left, pane.y(columns.low[chosen]), right, pane.y(columns.high[chosen]), colour)
        bottom = np.rint(pane.y(np.minimum(columns.open, columns.close)[chosen]))
        top = pane.y(np.maximum(columns.open, columns.close)[chosen])
        left, right = places.around(chosen, places.body)
        sheet.boxes(left, bottom, right, np.maximum(top, bottom + 2), colour)


def _draw_volume(sheet: Canvas, spec: CandlesSpec, columns: Columns, places: Places, pane: Pane) -> None:
    muted = sheet.palette.muted
    for direction, colour in _by_direction(sheet, columns):
        chosen = direction & (columns.volume > 0)
        left, right = places.around(chosen, places.body)
        top = np.maximum(pane.y(columns.volume[chosen]), pane.bottom + 1)
        sheet.boxes(left, pane.bottom, right, top, colour, alpha=0.55)
    sheet.boxes(pane.left, pane.bottom, pane.right, pane.bottom + 1, sheet.palette.grid)
    sheet.text(pane.left, pane.top + 16, spec.appearance.words["volume"], size=NOTE - 3, colour=muted)
    sheet.text(pane.right + 12, pane.bottom, "0", size=NOTE, colour=muted)
    if most := float(columns.volume.max()):
        sheet.text(pane.right + 12, pane.top - 8, numbers.compact(most), size=NOTE, colour=muted)


def _draw_cuts(
    sheet: Canvas, middles: Floats, cut: tuple[int, ...], values: Floats, pane: Pane, *, upwards: bool
) -> None:
    """Draws a triangle where a candle leaves the axis, and the price of the farthest."""
    if not cut:
        return
    edge, towards = (pane.top, 1) if upwards else (pane.bottom, -1)
    for index in cut:
        x = middles[index]
        sheet.polygon([(x - 9, edge - 15 * towards), (x + 9, edge - 15 * towards), (x, edge)], sheet.palette.badge)
    farthest = max(cut, key=lambda index: towards * values[index])
    text, size, row = numbers.short(float(values[farthest])), NOTE - 3, edge - 14 * towards
    width = sheet.width_of(text, size, bold=True)
    on_the_left = middles[farthest] < (pane.left + pane.right) / 2
    left = middles[farthest] + 14 if on_the_left else middles[farthest] - 14 - width
    sheet.boxes(left - 4, row - 14, left + width + 4, row + 14, sheet.palette.background)
    sheet.text(left, row, text, size=size, colour=sheet.palette.badge, bold=True)


def _header(spec: CandlesSpec, columns: Columns) -> Header:
    return Header(
        title=spec.symbol,
        detail=spec.interval,
        value=spec.last_text,
        label=spec.appearance.label,
        note=span_label(int(columns.local[0]), int(columns.local[-1]), spec.zone, spec.appearance.language),
        change=spec.change,
        aside=spec.appearance.words["day"],
    )
