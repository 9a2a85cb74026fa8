"""The reader's own in a chart: trades, average cost, an alert's level; and the tags of these and the last price."""

from collections.abc import Sequence

import numpy as np

from bot.ui.charts.drawing.axes import TAG_HALF, draw_tag
from bot.ui.charts.drawing.candle_arrays import Places
from bot.ui.charts.drawing.canvas import Canvas, Pane, widest
from bot.ui.charts.drawing.label_placement import apart
from bot.ui.charts.drawing.legend import Entry, Swatch, triangle
from bot.ui.charts.drawing.style import NOTE, Palette
from bot.ui.charts.specs import CandlesSpec, LineMark, TradeMark

_BETWEEN_TAGS = 2
_SIZE = 20.0
_HALO = 3.5


def prices(spec: CandlesSpec) -> list[float]:
    """Every marked price."""
    return [*(line.price for line in spec.lines), *(trade.price for trade in spec.trades)]


def entries(spec: CandlesSpec, palette: Palette) -> list[Entry]:
    """Names for the legend."""
    words = spec.look.words
    sides = (("buy", Swatch.UP, True), ("sell", Swatch.DOWN, False))
    trades = [
        Entry(words[word], trade_colour(palette, buy=buy), swatch)
        for word, swatch, buy in sides
        if any(trade.buy is buy for trade in spec.trades)
    ]
    return [*trades, *(Entry(words[line.kind], line_colour(palette, line), Swatch.DASHES) for line in spec.lines)]


def trade_colour(palette: Palette, *, buy: bool) -> str:
    """Not those of the candles, among which the triangles stand."""
    return palette.accent if buy else palette.lines[0]


def line_colour(palette: Palette, line: LineMark) -> str:
    """Of the line and its tag."""
    return palette.lines[1] if line.kind == "level" else palette.accent


def widest_tag(sheet: Canvas, spec: CandlesSpec) -> float:
    """The width of the widest tag's text, with the arrow of a price that lies outside."""
    return widest(sheet, [spec.last_text, *(f"▲ {line.text}" for line in spec.lines)], NOTE, bold=True)


def tag_rows(spec: CandlesSpec, pane: Pane) -> list[float]:
    """Where the tags stand, the last price's first: at their prices, moved apart where they would meet."""
    wanted = [float(pane.y(price)) for price in (spec.last, *(line.price for line in spec.lines))]
    return apart(wanted, TAG_HALF + _BETWEEN_TAGS / 2, pane.bottom - TAG_HALF, pane.top + TAG_HALF, fixed=0)


def draw_lines(sheet: Canvas, spec: CandlesSpec, pane: Pane) -> None:
    """A dashed line at the last price and at each marked one that the axis shows."""
    row = float(pane.y(spec.last))
    sheet.lines([(pane.left, row)], [(pane.right, row)], last_colour(sheet.palette, spec), dashed=True)
    for line in spec.lines:
        if pane.low <= line.price <= pane.high:
            row = float(pane.y(line.price))
            colour = line_colour(sheet.palette, line)
            sheet.lines([(pane.left, row)], [(pane.right, row)], colour, width=2.5, dashed=True)


def draw_tags(sheet: Canvas, spec: CandlesSpec, pane: Pane, rows: Sequence[float]) -> None:
    """The tags on the axis; an arrow says that a price lies outside. The last price's is drawn over the others."""
    for line, at in zip(reversed(spec.lines), reversed(rows[1:]), strict=True):
        arrow = "▲ " if line.price > pane.high else "▼ " if line.price < pane.low else ""
        row = at if arrow else float(pane.y(line.price))
        draw_tag(sheet, pane, row, f"{arrow}{line.text}", line_colour(sheet.palette, line), at=at)
    row = float(pane.y(spec.last))
    draw_tag(sheet, pane, row, spec.last_text, last_colour(sheet.palette, spec), at=rows[0])


def last_colour(palette: Palette, spec: CandlesSpec) -> str:
    """As the candle that is not closed yet."""
    return palette.up if spec.last >= spec.open[-1] else palette.down


def draw_trades(sheet: Canvas, spec: CandlesSpec, places: Places, pane: Pane) -> None:
    """A triangle below the price of each purchase and above that of each sale, with a rim."""
    for trade in spec.trades:
        x, tip = _column(trade, spec, places, pane), float(pane.y(trade.price))
        rim = triangle(x, tip + (_HALO if trade.buy else -_HALO), _SIZE + 2.2 * _HALO, upwards=trade.buy)
        sheet.polygon(rim, sheet.palette.background)
        colour = trade_colour(sheet.palette, buy=trade.buy)
        sheet.polygon(triangle(x, tip, _SIZE, upwards=trade.buy), colour)


def _column(trade: TradeMark, spec: CandlesSpec, places: Places, pane: Pane) -> float:
    """The middle of the candle in which it was; one after the last closed candle stands a slot to its right."""
    times = spec.times[spec.lead :]
    index = max(0, int(np.searchsorted(np.array(times), trade.time, "right")) - 1)
    later = trade.time >= times[-1] + spec.interval_ms
    return min(float(places.middles[index]) + (places.slot if later else 0.0), pane.right - _SIZE / 2)
