"""Candles with volume.

Candles stand side by side in slots of equal width. Where candles are missing the time axis is cut: a gap is one to
three empty slots wide, whatever its length, and a dashed line marks it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.charts import plain
from bot.charts.axes import TIME_AXIS, TimeScale, draw_tag, draw_times, draw_values
from bot.charts.figure import Floats, Pane, Sheet, widest
from bot.charts.header import HEADER, Header, draw_header
from bot.charts.specs import CandlesSpec
from bot.charts.style import HEIGHT, MARGIN, NOTE, WIDTH
from bot.charts.timeaxis import span_label

_WIDEST_SLOT = 36.0
_WIDEST_GAP = 3
_BEFORE_AXIS = 8
_BODY_SHARE = 0.72
_BROAD = 11
_VOLUME_HEIGHT = 84
_VOLUME_WORD = 34
_MOST_TICKS = 7
_STICK_OUT = 4.0
"""How far outside the core, in core heights, a price may lie before it is cut off."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A spec's candles as arrays; `local` is the reader's wall clock in ms, `slots` counts from 0 with gaps."""

    local: Floats
    slots: Floats
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


@dataclass(frozen=True, slots=True)
class Range:
    """What the price axis shows; `cut_high` and `cut_low` are indexes of candles that stick out of it."""

    low: float
    high: float
    cut_high: tuple[int, ...] = ()
    cut_low: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where candles stand: the pixel columns of their middles and the widths of bodies and wicks."""

    middles: Floats
    body: int
    wick: int

    def around(self, chosen: NDArray[np.bool_], width: int) -> tuple[Floats, Floats]:
        """Left and right edges of boxes of that width around the chosen candles."""
        left = np.rint(self.middles[chosen]) - width // 2
        return left, left + width


def draw(sheet: Sheet, spec: CandlesSpec) -> None:
    """Draws the chart, WIDTH x HEIGHT."""
    sheet.begin(WIDTH, HEIGHT, spec.look.theme)
    columns = columns_of(spec)
    shown = price_range(columns, spec.last)
    values, decimals = plain.ticks(max(0.0, shown.low), shown.high, _MOST_TICKS)
    labels = [*(plain.fixed(value, decimals) for value in values), "00.0K"]
    gutter = max(widest(sheet, labels, NOTE), sheet.width_of(spec.last_text, NOTE, bold=True)) + 30
    above_volume = TIME_AXIS + _VOLUME_HEIGHT + _VOLUME_WORD
    price = Pane(MARGIN, above_volume, WIDTH - gutter, HEIGHT - HEADER, shown.low, shown.high)
    volume = Pane(MARGIN, TIME_AXIS, price.right, TIME_AXIS + _VOLUME_HEIGHT, 0.0, float(columns.volume.max()) or 1.0)
    places = places_of(columns.slots, price)
    _draw_times(sheet, spec, columns, places, Pane(MARGIN, TIME_AXIS, price.right, price.top, 0.0, 1.0))
    draw_values(sheet, price, values, decimals, tag_row=float(price.y(spec.last)))
    _draw_gaps(sheet, columns.slots, places.middles, price)
    _draw_last(sheet, spec, price)
    _draw_volume(sheet, spec, columns, places, volume)
    _draw_candles(sheet, columns, places, price)
    _draw_cuts(sheet, places.middles, shown.cut_high, columns.high, price, upwards=True)
    _draw_cuts(sheet, places.middles, shown.cut_low, columns.low, price, upwards=False)
    draw_header(sheet, _header(spec, columns), HEIGHT)


def columns_of(spec: CandlesSpec) -> Columns:
    """The arrays and the slot of each candle."""
    times = np.array(spec.times, float)
    steps = np.rint(np.diff(times) / spec.interval_ms)
    slots = np.concatenate([[0.0], np.cumsum(np.clip(steps, 1, 1 + _WIDEST_GAP))])
    prices = (np.array(column, float) for column in (spec.open, spec.high, spec.low, spec.close, spec.volume))
    return Columns(times + np.array(spec.offsets, float), slots, *prices)


def price_range(columns: Columns, last: float) -> Range:
    """The price axis: everything, unless something sticks far out of where the market traded.

    The core is the 2nd to 98th percentile of all opens and closes, at least as high as the median candle and as 0.5 %
    of the price. What lies more than four core heights outside it is cut off (a listing candle may reach 100 times
    the price and would flatten all others); the last price is always inside.
    """
    bodies = np.concatenate([columns.open, columns.close])
    core_low, core_high = np.percentile(bodies, [2, 98])
    least = max(float(np.median(columns.high - columns.low)), 0.005 * float(np.median(bodies)))
    reach = _STICK_OUT * max(float(core_high - core_low), least)
    cut_high = columns.high > core_high + reach
    cut_low = columns.low < core_low - reach
    inside = np.concatenate([columns.high[~cut_high], columns.low[~cut_low], [core_low, core_high, last]])
    low, high = float(inside.min()), float(inside.max())
    margin = 0.06 * (high - low) or 0.01 * abs(high) or 1.0
    return Range(low - margin, high + margin, tuple(np.flatnonzero(cut_high)), tuple(np.flatnonzero(cut_low)))


def places_of(slots: Floats, pane: Pane) -> Places:
    """Slots across the pane; few candles stand together in its middle. Bodies are odd pixels wide where there is room,
    so that the wick is centred, and never so thin as to fade."""
    count = float(slots[-1]) + 1
    room = pane.right - _BEFORE_AXIS - pane.left
    slot = min(_WIDEST_SLOT, room / count)
    first = pane.left + (room - slot * count) / 2
    body = max(round(slot * _BODY_SHARE), min(2, math.ceil(slot)))
    body = body if body <= 2 else body // 2 * 2 + 1  # noqa: PLR2004
    return Places(first + (slots + 0.5) * slot, body, 3 if body >= _BROAD else 1)


def _by_direction(sheet: Sheet, columns: Columns) -> Iterator[tuple[NDArray[np.bool_], str]]:
    """Which candles rise and which fall, with their colour; a candle that closes where it opened rises."""
    rising = columns.close >= columns.open
    yield rising, sheet.palette.up
    yield ~rising, sheet.palette.down


def _draw_times(sheet: Sheet, spec: CandlesSpec, columns: Columns, places: Places, pane: Pane) -> None:
    local = np.maximum.accumulate(columns.local)

    def place(moment: int) -> tuple[float, int]:
        index = min(int(np.searchsorted(local, moment)), len(local) - 1)
        return float(np.rint(places.middles[index])), int(local[index])

    draw_times(sheet, pane, TimeScale(local, spec.interval_ms, place), spec.look.language)


def _draw_gaps(sheet: Sheet, slots: Floats, middles: Floats, pane: Pane) -> None:
    before = np.flatnonzero(np.diff(slots) > 1)
    if before.size:
        columns = (middles[before] + middles[before + 1]) / 2
        starts = np.column_stack([columns, np.full_like(columns, pane.bottom)])
        ends = np.column_stack([columns, np.full_like(columns, pane.top)])
        sheet.lines(starts, ends, sheet.palette.muted, dashed=True)


def _draw_candles(sheet: Sheet, columns: Columns, places: Places, pane: Pane) -> None:
    for chosen, colour in _by_direction(sheet, columns):
        left, right = places.around(chosen, places.wick)
        sheet.boxes(left, pane.y(columns.low[chosen]), right, pane.y(columns.high[chosen]), colour)
        bottom = np.rint(pane.y(np.minimum(columns.open, columns.close)[chosen]))
        top = pane.y(np.maximum(columns.open, columns.close)[chosen])
        left, right = places.around(chosen, places.body)
        sheet.boxes(left, bottom, right, np.maximum(top, bottom + 2), colour)


def _draw_volume(sheet: Sheet, spec: CandlesSpec, columns: Columns, places: Places, pane: Pane) -> None:
    muted = sheet.palette.muted
    for direction, colour in _by_direction(sheet, columns):
        chosen = direction & (columns.volume > 0)
        left, right = places.around(chosen, places.body)
        top = np.maximum(pane.y(columns.volume[chosen]), pane.bottom + 1)
        sheet.boxes(left, pane.bottom, right, top, colour, alpha=0.55)
    sheet.boxes(pane.left, pane.bottom, pane.right, pane.bottom + 1, sheet.palette.grid)
    sheet.text(pane.left, pane.top + 16, spec.look.words["volume"], size=NOTE - 3, colour=muted)
    most = float(columns.volume.max())
    row = pane.top - 8 if most else pane.bottom
    sheet.text(pane.right + 12, row, plain.compact(most), size=NOTE, colour=muted)


def _draw_last(sheet: Sheet, spec: CandlesSpec, pane: Pane) -> None:
    row = float(pane.y(spec.last))
    colour = sheet.palette.up if spec.last >= spec.open[-1] else sheet.palette.down
    sheet.lines([(pane.left, row)], [(pane.right, row)], colour, dashed=True)
    draw_tag(sheet, pane, row, spec.last_text, colour)


def _draw_cuts(
    sheet: Sheet, middles: Floats, cut: tuple[int, ...], values: Floats, pane: Pane, *, upwards: bool
) -> None:
    """A triangle where a candle leaves the axis; the farthest also tells its price."""
    if not cut:
        return
    edge, towards = (pane.top, 1) if upwards else (pane.bottom, -1)
    for index in cut:
        x = middles[index]
        sheet.polygon([(x - 9, edge - 15 * towards), (x + 9, edge - 15 * towards), (x, edge)], sheet.palette.badge)
    farthest = max(cut, key=lambda index: towards * values[index])
    text, size, row = plain.short(float(values[farthest])), NOTE - 3, edge - 14 * towards
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
        label=spec.look.label,
        note=span_label(int(columns.local[0]), int(columns.local[-1]), spec.zone, spec.look.language),
        change=spec.change,
        aside=spec.look.words["day"],
    )
