"""Performance on one sheet: growth against benchmarks, underwater plot, returns by month, distribution of the days."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from babel.dates import format_skeleton

from bot.ui.charts.drawing import legend, numbers
from bot.ui.charts.drawing.axes import TIME_AXIS, TimeScale, draw_times, draw_values, ticks_of
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, direction_colour, draw_header
from bot.ui.charts.drawing.style import LEAD, MARGIN, NOTE, WIDTH
from bot.ui.charts.specs import GrowthPath, PerformanceSpec
from pipeline.market import DAY_MS

GROWTH, UNDERWATER, DISTRIBUTION = 330, 150, 170
TITLE, CELL, FOOT = 52, 46, 44
MAX_YEARS = 4
_BINS = 30
_DEPTHS = 3
_SHOWN_DEVIATIONS = 4.0
"""Standard deviations beyond which days are counted in the outermost bars."""

_MIN_SPAN = 0.002
_MONTHS = 12
_FULL_COLOUR = 0.2
"""Monthly return at which a cell has its full colour."""


def height_of(spec: PerformanceSpec) -> int:
    """Returns the height of the sheet, which depends on the number of years and on whether there is a distribution."""
    years = len(_years(spec))
    rows = HEADER + _legend_height(spec) + GROWTH + TITLE + UNDERWATER + TIME_AXIS + TITLE + CELL * (years + 1)
    return rows + (TITLE + DISTRIBUTION + FOOT if spec.returns else 16)


def draw(sheet: Canvas, spec: PerformanceSpec) -> None:
    """Draws the sheet, WIDTH wide."""
    height = height_of(spec)
    sheet.start(WIDTH, height, spec.appearance.theme)
    note = f"{spec.period} · UTC"
    header = Header(spec.appearance.words["performance"], "", spec.appearance.label, note=note, change=spec.total)
    draw_header(sheet, header, height)
    top = height - HEADER
    colours = _colours(sheet, spec)
    entries = [
        legend.Entry(path.label, colour, legend.Swatch.LINE) for path, colour in zip(spec.paths, colours, strict=True)
    ]
    legend.draw(sheet, [[entry] for entry in entries], top)
    top -= _legend_height(spec)
    bottom = top - GROWTH - TITLE - UNDERWATER
    left = MARGIN + widest(sheet, ["−100.0%"], NOTE) + 14
    growth = Pane(left, top - GROWTH, WIDTH - MARGIN, top, *_range(spec))
    deepest = min((value for value in spec.underwater if np.isfinite(value)), default=0.0)
    under = Pane(left, bottom, WIDTH - MARGIN, bottom + UNDERWATER, 1.1 * min(deepest, -_MIN_SPAN), 0.0)
    xs = _columns(spec, growth)
    _draw_axis(sheet, spec, replace(growth, bottom=bottom), xs, bottom - TIME_AXIS)
    _draw_growth(sheet, spec, growth, xs, colours)
    _draw_title(sheet, spec.appearance.words["underwater"], under.top + TITLE / 2 - 4)
    _draw_underwater(sheet, spec, under, xs)
    row = float(bottom - TIME_AXIS)
    _draw_title(sheet, spec.appearance.words["months"], row - TITLE / 2)
    row = _draw_months(sheet, spec, row - TITLE)
    if spec.returns:
        _draw_title(sheet, spec.appearance.words["distribution"], row - TITLE / 2)
        _draw_distribution(sheet, spec, row - TITLE)


def _legend_height(spec: PerformanceSpec) -> int:
    return legend.ROW * len(spec.paths) + 12


def _colours(sheet: Canvas, spec: PerformanceSpec) -> list[str]:
    palette = sheet.palette
    return [palette.accent, palette.lines[0], palette.lines[2]][: len(spec.paths)]


def _years(spec: PerformanceSpec) -> list[int]:
    return sorted({cell.year for cell in spec.months})[-MAX_YEARS:]


def _range(spec: PerformanceSpec) -> tuple[float, float]:
    values = np.concatenate([np.array(path.values) for path in spec.paths])
    values = values[np.isfinite(values)]
    low, high = min(0.0, float(values.min(initial=0.0))), max(0.0, float(values.max(initial=0.0)))
    if high - low < _MIN_SPAN:
        low, high = (low + high - _MIN_SPAN) / 2, (low + high + _MIN_SPAN) / 2
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _columns(spec: PerformanceSpec, pane: Pane) -> Floats:
    times = np.array(spec.times, float)
    share = (times - times[0]) / max(times[-1] - times[0], 1.0)
    return np.asarray(pane.left + share * (pane.right - pane.left))


def _draw_axis(sheet: Canvas, spec: PerformanceSpec, pane: Pane, xs: Floats, base: float) -> None:
    local = np.array(spec.times, float)

    def place(moment: int) -> tuple[float, int]:
        return float(np.interp(moment, local, xs)), moment

    draw_times(sheet, pane, TimeScale(local, DAY_MS, place), spec.appearance.language, base=base)


def _draw_growth(sheet: Canvas, spec: PerformanceSpec, pane: Pane, xs: Floats, colours: list[str]) -> None:
    ticks, decimals = ticks_of(replace(pane, low=pane.low * 100, high=pane.high * 100))
    labels = [f"{numbers.fixed(tick, decimals)}%" for tick in ticks]
    draw_values(sheet, pane, [tick / 100 for tick in ticks], labels, left=True)
    zero = float(pane.y(0.0))
    sheet.lines([(pane.left, zero)], [(pane.right, zero)], sheet.palette.muted, width=2, dashed=True)
    for path, colour in reversed(list(zip(spec.paths, colours, strict=True))):
        _draw_path(sheet, path, pane, xs, colour, 4.0 if path is spec.paths[0] else 2.5)


def _draw_path(  # noqa: PLR0917
    sheet: Canvas, path: GrowthPath, pane: Pane, xs: Floats, colour: str, width: float
) -> None:
    values = np.array(path.values)
    known = np.isfinite(values)
    if known.sum() > 1:
        sheet.curve(xs[known], pane.y(values[known]), colour, width=width)


def _draw_underwater(sheet: Canvas, spec: PerformanceSpec, pane: Pane, xs: Floats) -> None:
    ticks, decimals = numbers.ticks(pane.low * 100, 0.0, _DEPTHS)
    labels = [f"{numbers.fixed(tick, decimals)}%" for tick in ticks[:-1]]
    draw_values(sheet, pane, [tick / 100 for tick in ticks[:-1]], labels, left=True)
    ys = pane.y(np.array(spec.underwater))
    outline = np.column_stack([np.append(xs, [xs[-1], xs[0]]), np.append(ys, [pane.top, pane.top])])
    sheet.polygon(outline, sheet.palette.down, alpha=0.3)
    sheet.curve(xs, ys, sheet.palette.down, width=2.5)
    sheet.lines([(pane.left, pane.top)], [(pane.right, pane.top)], sheet.palette.muted, width=2)


def _draw_title(sheet: Canvas, text: str, row: float) -> None:
    sheet.text(MARGIN, row, text, size=LEAD - 3, colour=sheet.palette.ink, bold=True)


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
