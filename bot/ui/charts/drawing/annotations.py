"""The user's marks in a chart: trades, average cost, an alert's level and open orders, and the tags on the axis."""

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
_LABEL_SIZE = NOTE - 3
LABEL_HALF = 17
_LABEL_PAD = 9


def prices(spec: CandlesSpec) -> list[float]:
    """Returns every marked price."""
    return [*(line.price for line in spec.lines), *(trade.price for trade in spec.trades)]


def entries(spec: CandlesSpec, palette: Palette) -> list[Entry]:
    """Returns the legend entries of the marks."""
    words = spec.appearance.words
    sides = (("buy", Swatch.UP, True), ("sell", Swatch.DOWN, False))
    trades = [
        Entry(words[word], trade_colour(palette, buy=buy), swatch)
        for word, swatch, buy in sides
        if any(trade.buy is buy for trade in spec.trades)
    ]
    unlabelled = [line for line in spec.lines if not line.label]
    return [*trades, *(Entry(words[line.kind], line_colour(palette, line), Swatch.DASHES) for line in unlabelled)]


def trade_colour(palette: Palette, *, buy: bool) -> str:
    """Returns the colour of a trade, which differs from the colours of the candles around it."""
    return palette.accent if buy else palette.lines[0]


def line_colour(palette: Palette, line: LineMark) -> str:
    """Returns the colour of a line and its tag."""
    match line.kind:
        case "level":
            return palette.lines[1]
        case "order-stop" | "order-trail":
            return palette.down
        case "order-profit":
            return palette.up
        case "order-buy" | "order-sell":
            return palette.ink
        case _:
            return palette.accent


def widest_tag(sheet: Canvas, spec: CandlesSpec) -> float:
    """Returns the width of the widest tag's text, including the arrow of a price outside the axis."""
    return widest(sheet, [spec.last_text, *(f"▲ {line.text}" for line in spec.lines)], NOTE, bold=True)


def tag_rows(spec: CandlesSpec, pane: Pane) -> list[float]:
    """Returns the rows of the tags, the last price's first, at their prices but moved apart if they would overlap."""
    wanted = [float(pane.y(price)) for price in (spec.last, *(line.price for line in spec.lines))]
    return apart(wanted, TAG_HALF + _BETWEEN_TAGS / 2, pane.bottom - TAG_HALF, pane.top + TAG_HALF, fixed=0)


def draw_lines(sheet: Canvas, spec: CandlesSpec, pane: Pane) -> None:
    """Draws a dashed line at the last price and at each marked price within the axis."""
    row = float(pane.y(spec.last))
    sheet.lines([(pane.left, row)], [(pane.right, row)], last_colour(sheet.palette, spec), dashed=True)
    for line in spec.lines:
        if pane.low <= line.price <= pane.high:
            row = float(pane.y(line.price))
            colour = line_colour(sheet.palette, line)
            sheet.lines([(pane.left, row)], [(pane.right, row)], colour, width=2.5, dashed=True)


def draw_tags(sheet: Canvas, spec: CandlesSpec, pane: Pane, rows: Sequence[float]) -> None:
    """Draws the tags on the axis, the last price's on top.

    An arrow marks a price outside the axis.
    """
    for line, at in zip(reversed(spec.lines), reversed(rows[1:]), strict=True):
        arrow = "▲ " if line.price > pane.high else "▼ " if line.price < pane.low else ""
        row = at if arrow else float(pane.y(line.price))
        colour = line_colour(sheet.palette, line)
        draw_tag(sheet, pane, row, f"{arrow}{line.text}", colour, at=at, hollow=bool(line.label))
    row = float(pane.y(spec.last))
    draw_tag(sheet, pane, row, spec.last_text, last_colour(sheet.palette, spec), at=rows[0])


def label_rows(spec: CandlesSpec, pane: Pane) -> list[tuple[LineMark, float]]:
    """Returns the labelled lines within the axis with the rows of their labels, moved apart if they would overlap."""
    lines = [line for line in spec.lines if line.label and pane.low <= line.price <= pane.high]
    wanted = [float(pane.y(line.price)) for line in lines]
    return list(zip(lines, apart(wanted, LABEL_HALF + 1, pane.bottom, pane.top), strict=True))


def draw_labels(sheet: Canvas, spec: CandlesSpec, pane: Pane) -> None:
    """Draws the labels of the lines within the axis at their left ends."""
    for line, row in label_rows(spec, pane):
        colour, width = line_colour(sheet.palette, line), sheet.width_of(line.label, _LABEL_SIZE, bold=True)
        right = pane.left + width + 2 * _LABEL_PAD
        sheet.boxes(pane.left, row - LABEL_HALF, right, row + LABEL_HALF, colour)
        inside = (pane.left + 2, row - LABEL_HALF + 2, right - 2, row + LABEL_HALF - 2)
        sheet.boxes(*inside, sheet.palette.background)
        sheet.text(pane.left + _LABEL_PAD, row, line.label, size=_LABEL_SIZE, colour=colour, bold=True)


def last_colour(palette: Palette, spec: CandlesSpec) -> str:
    """Returns the colour of the last price, which is that of the candle not yet closed."""
    return palette.up if spec.last >= spec.open[-1] else palette.down


def draw_trades(sheet: Canvas, spec: CandlesSpec, places: Places, pane: Pane) -> None:
    """Draws a rimmed triangle below the price of each purchase and above that of each sale."""
    for trade in spec.trades:
        x, tip = _column(trade, spec, places, pane), float(pane.y(trade.price))
        rim = triangle(x, tip + (_HALO if trade.buy else -_HALO), _SIZE + 2.2 * _HALO, upwards=trade.buy)
        sheet.polygon(rim, sheet.palette.background)
        colour = trade_colour(sheet.palette, buy=trade.buy)
        sheet.polygon(triangle(x, tip, _SIZE, upwards=trade.buy), colour)


def _column(trade: TradeMark, spec: CandlesSpec, places: Places, pane: Pane) -> float:
    """Returns the middle of the candle of a trade. A trade after the last closed candle is one slot to its right."""
    times = spec.times[spec.lead :]
    index = max(0, int(np.searchsorted(np.array(times), trade.time, "right")) - 1)
    later = trade.time >= times[-1] + spec.interval_ms
    return min(float(places.middles[index]) + (places.slot if later else 0.0), pane.right - _SIZE / 2)
