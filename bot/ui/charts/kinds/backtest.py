"""Back-test: growth of the rule against buying and holding with its trades, and the underwater plot."""

from dataclasses import replace

import numpy as np

from bot.ui.charts.drawing import legend
from bot.ui.charts.drawing.annotations import trade_colour
from bot.ui.charts.drawing.axes import TIME_AXIS
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane, widest
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.legend import triangle
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
from bot.ui.charts.specs import BacktestSpec

GROWTH, UNDERWATER, TITLE, STRIP = 420, 170, 52, 14
MAX_MARKED = 40
"""Most trades that are marked one by one; the strip under the paths shows the positions of any number."""

_SIZE = 17.0
_FOOT = 14


def height_of(spec: BacktestSpec) -> int:
    """Returns the height of the sheet."""
    return HEADER + legend_height(spec) + legend.ROW + GROWTH + TITLE + UNDERWATER + TIME_AXIS + _FOOT


def draw(sheet: Canvas, spec: BacktestSpec) -> None:
    """Draws the sheet, WIDTH wide."""
    height = height_of(spec)
    sheet.start(WIDTH, height, spec.appearance.theme)
    palette = sheet.palette
    note = f"{spec.period} · UTC"
    title = spec.appearance.words["backtest"]
    header = Header(spec.pair, "", spec.appearance.label, detail=f"{spec.interval} · {title}", note=note)
    draw_header(sheet, replace(header, change=spec.total), height)
    top = height - HEADER
    colours = path_colours(sheet, spec)
    entries = [
        legend.Entry(path.label, colour, legend.Swatch.LINE) for path, colour in zip(spec.paths, colours, strict=True)
    ]
    marks = [legend.Entry(spec.appearance.words["held"], palette.accent, legend.Swatch.BAND)]
    if _marked(spec):
        marks += [
            legend.Entry(spec.appearance.words["buy"], trade_colour(palette, buy=True), legend.Swatch.UP),
            legend.Entry(spec.appearance.words["sell"], trade_colour(palette, buy=False), legend.Swatch.DOWN),
        ]
    legend.draw(sheet, [*([entry] for entry in entries), marks], top)
    top -= legend_height(spec) + legend.ROW
    bottom = top - GROWTH - TITLE - UNDERWATER
    left = MARGIN + widest(sheet, ["−100.0%"], NOTE) + 14
    growth = Pane(left, top - GROWTH + STRIP + 6, WIDTH - MARGIN, top, *growth_range(spec))
    deepest = min((value for value in spec.underwater if np.isfinite(value)), default=0.0)
    under = Pane(left, bottom, WIDTH - MARGIN, bottom + UNDERWATER, 1.1 * min(deepest, -MIN_SPAN), 0.0)
    xs = time_columns(spec, growth)
    draw_axis(sheet, spec, replace(growth, bottom=bottom), xs, bottom - TIME_AXIS)
    draw_growth(sheet, spec, growth, xs, colours)
    _draw_strip(sheet, spec, growth, xs)
    if _marked(spec):
        _draw_trades(sheet, spec, growth, xs)
    draw_title(sheet, spec.appearance.words["underwater"], under.top + TITLE / 2 - 4)
    draw_underwater(sheet, spec, under, xs)


def _marked(spec: BacktestSpec) -> bool:
    return 0 < len(spec.entries) <= MAX_MARKED


def _draw_strip(sheet: Canvas, spec: BacktestSpec, pane: Pane, xs: Floats) -> None:
    """Draws a strip under the paths, filled while there is a position."""
    low = pane.bottom - STRIP - 6
    sheet.boxes(pane.left, low, pane.right, low + STRIP, sheet.palette.muted, alpha=0.15)
    if spec.held:
        begins, ends = (np.interp([span[side] for span in spec.held], spec.times, xs) for side in (0, 1))
        sheet.boxes(begins, low, np.maximum(ends, begins + 1), low + STRIP, sheet.palette.accent, alpha=0.75)


def _draw_trades(sheet: Canvas, spec: BacktestSpec, pane: Pane, xs: Floats) -> None:
    for marks, buy in ((spec.entries, True), (spec.exits, False)):
        colour = trade_colour(sheet.palette, buy=buy)
        for time, value in marks:
            x, tip = float(np.interp(time, spec.times, xs)), float(pane.y(value))
            sheet.polygon(triangle(x, tip + (2 if buy else -2), _SIZE + 5, upwards=buy), sheet.palette.background)
            sheet.polygon(triangle(x, tip, _SIZE, upwards=buy), colour)
