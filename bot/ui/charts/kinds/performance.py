"""Performance on one sheet: growth against benchmarks, underwater plot, returns by month, distribution of the days."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from babel.dates import format_skeleton

from bot.ui.charts.drawing import legend, numbers
from bot.ui.charts.drawing.axes import TIME_AXIS
from bot.ui.charts.drawing.canvas import Canvas, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, direction_colour, draw_header
from bot.ui.charts.drawing.style import MARGIN, NOTE, WIDTH
from bot.ui.charts.kinds.growth import (
    MIN_SPAN,
    draw_axis,
    draw_growth,
    draw_title,
    draw_underwater,
    growth_range,
    legend_height,
    path_colours,
    time_columns,
)
from bot.ui.charts.specs import PerformanceSpec

GROWTH, UNDERWATER, DISTRIBUTION = 330, 150, 170
TITLE, CELL, FOOT = 52, 46, 44
MAX_YEARS = 4
_BINS = 30
_SHOWN_DEVIATIONS = 4.0
"""Standard deviations beyond which days are counted in the outermost bars."""

_MONTHS = 12
_FULL_COLOUR = 0.2
"""Monthly return at which a cell has its full colour."""


def height_of(spec: PerformanceSpec) -> int:
    """Returns the height of the sheet, which depends on the number of years and on whether there is a distribution."""
    years = len(_years(spec))
    rows = HEADER + legend_height(spec) + GROWTH + TITLE + UNDERWATER + TIME_AXIS + TITLE + CELL * (years + 1)
    return rows + (TITLE + DISTRIBUTION + FOOT if spec.returns else 16)


def draw(sheet: Canvas, spec: PerformanceSpec) -> None:
    """Draws the sheet, WIDTH wide."""
    height = height_of(spec)
    sheet.start(WIDTH, height, spec.appearance.theme)
    note = f"{spec.period} · UTC"
    header = Header(spec.appearance.words["performance"], "", spec.appearance.label, note=note, change=spec.total)
    draw_header(sheet, header, height)
    top = height - HEADER
    colours = path_colours(sheet, spec)
    entries = [
        legend.Entry(path.label, colour, legend.Swatch.LINE) for path, colour in zip(spec.paths, colours, strict=True)
    ]
    legend.draw(sheet, [[entry] for entry in entries], top)
    top -= legend_height(spec)
    bottom = top - GROWTH - TITLE - UNDERWATER
    left = MARGIN + widest(sheet, ["−100.0%"], NOTE) + 14
    growth = Pane(left, top - GROWTH, WIDTH - MARGIN, top, *growth_range(spec))
    deepest = min((value for value in spec.underwater if np.isfinite(value)), default=0.0)
    under = Pane(left, bottom, WIDTH - MARGIN, bottom + UNDERWATER, 1.1 * min(deepest, -MIN_SPAN), 0.0)
    xs = time_columns(spec, growth)
    draw_axis(sheet, spec, replace(growth, bottom=bottom), xs, bottom - TIME_AXIS)
    draw_growth(sheet, spec, growth, xs, colours)
    draw_title(sheet, spec.appearance.words["underwater"], under.top + TITLE / 2 - 4)
    draw_underwater(sheet, spec, under, xs)
    row = float(bottom - TIME_AXIS)
    draw_title(sheet, spec.appearance.words["months"], row - TITLE / 2)
    row = _draw_months(sheet, spec, row - TITLE)
    if spec.returns:
        draw_title(sheet, spec.appearance.words["distribution"], row - TITLE / 2)
        _draw_distribution(sheet, spec, row - TITLE)


def _years(spec: PerformanceSpec) -> list[int]:
    return sorted({cell.year for cell in spec.months})[-MAX_YEARS:]


def _draw_months(sheet: Canvas, spec: PerformanceSpec, top: float) -> float:
    """Draws a row for each year, with the months and the year; returns the row below."""
    first = MARGIN + sheet.width_of("2026", NOTE - 3, bold=True) + 10
    width = (WIDTH - MARGIN - first) / (_MONTHS + 1)
    language, palette = spec.appearance.language, sheet.palette
    names = [
        format_skeleton("MMM", datetime(2026, month, 1, tzinfo=UTC), locale=language).rstrip(".")
        for month in range(1, _MONTHS + 1)
    ]
    for place, name in enumerate([*names, spec.appearance.words["year"]]):
        middle = first + (place + 0.5) * width
        sheet.text(middle, top - CELL / 2, name, size=NOTE - 5, colour=palette.muted, across="center")
    known = {(cell.year, cell.month): cell.value for cell in spec.months}
    row = top - CELL
    for year in _years(spec):
        sheet.text(MARGIN, row - CELL / 2, str(year), size=NOTE - 3, colour=palette.ink, bold=True)
        values = [known.get((year, month)) for month in range(1, _MONTHS + 1)]
        there = [value for value in values if value is not None]
        whole = float(np.prod([1 + value for value in there])) - 1 if there else None
        for place, value in enumerate([*values, whole]):
            _draw_cell(sheet, value, first + place * width, row, width, bold=place == _MONTHS)
        row -= CELL
    return row


def _draw_cell(sheet: Canvas, value: float | None, left: float, top: float, width: float, *, bold: bool) -> None:
    palette = sheet.palette
    if value is None:
        return
    shown = round(value * 100, 1)
    strength = 0.12 + 0.38 * min(1.0, abs(value) / _FULL_COLOUR)
    colour = direction_colour(palette, int(np.sign(shown)))
    sheet.boxes(left + 2, top - CELL + 3, left + width - 2, top - 3, colour, alpha=strength)
    text = numbers.fixed(shown, 1 if abs(shown) < 100 else 0)  # noqa: PLR2004
    middle, size = left + width / 2, min(NOTE - 4, (NOTE - 4) * (width - 8) / max(sheet.width_of(text, NOTE - 4), 1.0))
    sheet.text(middle, top - CELL / 2, text, size=size, colour=palette.ink, across="center", bold=bold)


def _draw_distribution(sheet: Canvas, spec: PerformanceSpec, top: float) -> None:
    """Draws how many days had which return; bars end at zero, so that gains and losses never share one."""
    values, palette = np.array(spec.returns), sheet.palette
    furthest = max(float(np.abs(values).max()), 1e-4)
    reach = min(furthest, max(_SHOWN_DEVIATIONS * float(values.std()), 1e-4))
    width = numbers.tick_step(2 * reach, _BINS)
    steps = int(np.ceil(reach / width - 1e-9))
    edges = np.arange(-steps, steps + 1) * width
    counts, _ = np.histogram(np.clip(values[values != 0], edges[0], edges[-1]), edges)
    pane = Pane(MARGIN, top - DISTRIBUTION, WIDTH - MARGIN, top, 0.0, max(1.0, float(counts.max())) * 1.15)
    xs = np.linspace(pane.left, pane.right, len(edges))
    heights = pane.y(counts)
    for side, colour in ((edges[:-1] >= 0, palette.up), (edges[:-1] < 0, palette.down)):
        sheet.boxes(xs[:-1][side] + 1, pane.bottom, xs[1:][side] - 1, heights[side], colour, alpha=0.85)
    sheet.boxes(pane.left, pane.bottom - 1, pane.right, pane.bottom + 1, palette.muted)
    middle = (pane.left + pane.right) / 2
    for at, value, across in ((pane.left, edges[0], "left"), (middle, 0.0, "center"), (pane.right, edges[-1], "right")):
        text = f"{numbers.fixed(value * 100, numbers.decimals_of(width * 100))}%"
        if across == "left" and values.min() < value:
            text = f"≤ {text}"
        if across == "right" and values.max() > value:
            text = f"≥ {text}"
        sheet.text(at, pane.bottom - FOOT / 2, text, size=NOTE, colour=palette.muted, across=across)
