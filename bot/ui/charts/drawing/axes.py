"""The value axis on the right with its tag, and the time axis below."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.ui.charts.drawing import numbers, time_axis
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane
from bot.ui.charts.drawing.style import MARGIN, NOTE, WIDTH

TIME_AXIS = 48
TAG_HALF = 19
_CLEAR = 14
_ROOM = 36
_MAX_MARKS = 20
_MAX_TICKS = (7, 10, 12)
_MIN_TICKS = 3


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Time range of a chart (`local`, ms of the user's wall clock, rising) and the placement of its labels.

    `place` returns the pixel column of a round local time, and the local time at that column. No label is finer than
    `shortest_ms`.
    """

    local: Floats
    shortest_ms: int
    place: Callable[[int], tuple[float, int]]


def ticks_of(pane: Pane, tags: Sequence[float] = (), *, minimum: float = -math.inf) -> tuple[list[float], int]:
    """Returns round values not below `minimum`, and the number of decimals they need.

    Their labels keep clear of the pane's ends and of the tags at the rows `tags`. A finer step is used if fewer than
    three values remain. The pane's left and right sides are ignored.
    """
    found: tuple[list[float], int] = ([], 0)
    for most in _MAX_TICKS:
        values, decimals = numbers.ticks(max(minimum, pane.low), pane.high, most)
        rows = pane.y(values)
        kept = [value for value, row in zip(values, rows, strict=True) if _has_room(pane, row, tags)]
        if len(kept) > len(found[0]):
            found = kept, decimals
        if len(kept) >= _MIN_TICKS:
            break
    return found


def _has_room(pane: Pane, row: float, tags: Sequence[float]) -> bool:
    inside = pane.bottom + _CLEAR <= row <= pane.top - _CLEAR
    return inside and all(abs(row - tag) > TAG_HALF + _CLEAR for tag in tags)


def draw_values(
    sheet: Canvas, pane: Pane, values: Sequence[float], labels: Sequence[str], *, left: bool = False
) -> None:
    """Draws grid lines with their labels to the right of the pane, or to its left."""
    rows = pane.y(values)
    sheet.boxes(pane.left, rows, pane.right, rows + 1, sheet.palette.grid)
    x, across = (pane.left - 14, "right") if left else (pane.right + 12, "left")
    for label, row in zip(labels, rows.tolist(), strict=True):
        sheet.text(x, row, label, size=NOTE, colour=sheet.palette.muted, across=across)


def draw_tag(
    sheet: Canvas,
    pane: Pane,
    row: float,
    text: str,
    colour: str,
    *,
    at: float | None = None,
    hollow: bool = False,
) -> None:
    """Draws a value on the axis in a filled box, or in a `hollow` one.

    The box is centred at row `at`, by default `row`, and points at `row`.
    """
    left, middle = pane.right + 6, row if at is None else at
    right = max(left + sheet.width_of(text, NOTE, bold=True) + 12, WIDTH - 6)
    sheet.boxes(left, middle - TAG_HALF, right, middle + TAG_HALF, colour)
    sheet.polygon([(pane.right, row), (left, middle + 9), (left, middle - 9)], colour)
    if hollow:
        sheet.boxes(left + 2, middle - TAG_HALF + 2, right - 2, middle + TAG_HALF - 2, sheet.palette.background)
    ink = colour if hollow else sheet.palette.on_fill
    sheet.text(pane.right + 12, middle, text, size=NOTE, colour=ink, bold=True)


def draw_times(sheet: Canvas, pane: Pane, scale: TimeScale, language: str, *, base: float = 0.0) -> None:
    """Draws labels for the finest calendar step that fits, and a grid line at each. The labels are in a band of height
    TIME_AXIS that begins at row `base`.
    """
    marks = time_axis.thin(_best_marks(sheet, scale, language), _ROOM)
    columns = np.array([mark.column for mark in marks])
    sheet.boxes(columns, pane.bottom, columns + 1, pane.top, sheet.palette.grid)
    for mark in marks:
        half = MARGIN / 2 + mark.width / 2
        x = min(max(mark.column, half), WIDTH - half)
        colour = sheet.palette.ink if mark.important else sheet.palette.muted
        sheet.text(x, base + TIME_AXIS / 2, mark.text, size=NOTE, colour=colour, across="center", bold=mark.important)


def _best_marks(sheet: Canvas, scale: TimeScale, language: str) -> list[time_axis.TickLabel]:
    first, last = int(scale.local[0]), int(scale.local[-1])
    steps = time_axis.steps_from(scale.shortest_ms)
    for step in steps:
        places = {place[0]: (moment, place[1]) for moment, place in _placed(scale, first, last, step)}
        if not 0 < len(places) <= _MAX_MARKS:
            continue
        marks = [_mark(sheet, step, language, column, *times) for column, times in places.items()]
        if not time_axis.crowded(marks, _ROOM):
            return marks
    return [_mark(sheet, steps[0], language, scale.place(first)[0], first, first)]


def _placed(scale: TimeScale, first: int, last: int, step: time_axis.AxisStep) -> list[tuple[int, tuple[float, int]]]:
    return [(moment, scale.place(moment)) for moment in time_axis.moments(first, last, step)]


def _mark(  # noqa: PLR0917
    sheet: Canvas, step: time_axis.AxisStep, language: str, column: float, moment: int, shown: int
) -> time_axis.TickLabel:
    text, important = time_axis.moment_label(moment, shown, step, language)
    return time_axis.TickLabel(column, sheet.width_of(text, NOTE, bold=important), text, important)
