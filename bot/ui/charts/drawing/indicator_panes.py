"""Indicators with a separate axis, in low panes below the volume: RSI and MACD."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.candle_arrays import Places
from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane
from bot.ui.charts.drawing.overlays import draw_curve
from bot.ui.charts.drawing.style import NOTE
from bot.ui.charts.specs import CandlesSpec
from trading.indicators.registry import INDICATORS

PANE = 104
STRIP = 144
"""Height in pixels of a pane and the row above it with its name."""

_PERIOD = 14
_MACD = {"fast": 12, "slow": 26, "signal": 9}
_OVERBOUGHT, _OVERSOLD = 70.0, 30.0
_WORD = 18
_SIZE = NOTE - 2
_EMPTY = "–"


@dataclass(frozen=True, slots=True)
class Rsi:
    """RSI values over the candles shown."""

    values: Floats


@dataclass(frozen=True, slots=True)
class MacdStrip:
    """MACD lines over the candles shown."""

    line: Floats
    signal: Floats
    histogram: Floats


Strip = Rsi | MacdStrip


def of(spec: CandlesSpec) -> list[Strip]:
    """Returns the indicators requested by the spec's options, from top to bottom."""
    closes, lead = {"close": np.array(spec.close, float)}, spec.lead
    found: list[Strip] = []
    if "rsi" in spec.options:
        found.append(Rsi(INDICATORS["rsi"].compute(closes, length=_PERIOD)["rsi"][lead:]))
    if "macd" in spec.options:
        whole = INDICATORS["macd"].compute(closes, **_MACD)
        found.append(MacdStrip(*(whole[name][lead:] for name in ("line", "signal", "histogram"))))
    return found


def draw(sheet: Canvas, strip: Strip, places: Places, pane: Pane) -> None:
    """Draws an indicator into its pane and its name above the pane."""
    match strip:
        case Rsi():
            _draw_rsi(sheet, strip.values, places, pane)
        case MacdStrip():
            _draw_macd(sheet, strip, places, pane)


def _draw_rsi(sheet: Canvas, values: Floats, places: Places, pane: Pane) -> None:
    scaled = Pane(pane.left, pane.bottom, pane.right, pane.top, 0.0, 100.0)
    palette = sheet.palette
    high, low = scaled.y([_OVERBOUGHT, _OVERSOLD])
    sheet.boxes(pane.left, low, pane.right, high, palette.grid, alpha=0.6)
    for level, row in ((_OVERBOUGHT, high), (_OVERSOLD, low)):
        sheet.lines([(pane.left, row)], [(pane.right, row)], palette.muted, dashed=True)
        sheet.text(pane.right + 12, row, numbers.fixed(level, 0), size=NOTE, colour=palette.muted)
    draw_curve(sheet, places.middles, values, scaled, palette.lines[0], width=2.5)
    _name(sheet, pane, [(f"RSI {_PERIOD}", palette.muted), (_last(values, 1), palette.lines[0])])


def _draw_macd(sheet: Canvas, values: MacdStrip, places: Places, pane: Pane) -> None:
    known = np.concatenate([values.line, values.signal, values.histogram])
    most = float(np.nanmax(np.abs(known))) if not np.isnan(known).all() else 0.0
    most = most or 1.0
    scaled, palette = Pane(pane.left, pane.bottom, pane.right, pane.top, -most, most), sheet.palette
    zero = float(scaled.y(0.0))
    for rising, colour in ((values.histogram >= 0, palette.up), (values.histogram < 0, palette.down)):
        left, right = places.around(rising, places.body)
        rows = scaled.y(values.histogram[rising])
        sheet.boxes(left, np.minimum(rows, zero), right, np.maximum(rows, zero), colour, alpha=0.55)
    sheet.boxes(pane.left, zero, pane.right, zero + 1, palette.muted)
    sheet.text(pane.right + 12, zero, "0", size=NOTE, colour=palette.muted)
    draw_curve(sheet, places.middles, values.line, scaled, palette.accent, width=2.5)
    draw_curve(sheet, places.middles, values.signal, scaled, palette.lines[0], width=2.5)
    figures = [(_last(values.line), palette.accent), (_last(values.signal), palette.lines[0])]
    _name(sheet, pane, [("MACD {fast}, {slow}, {signal}".format(**_MACD), palette.muted), *figures])


def _last(values: Floats, decimals: int | None = None) -> str:
    if not len(values) or np.isnan(values[-1]):
        return _EMPTY
    value = float(values[-1])
    return numbers.fixed(value, decimals) if decimals is not None else numbers.short(value)


def _name(sheet: Canvas, pane: Pane, parts: Sequence[tuple[str, str]]) -> None:
    x = pane.left
    for text, colour in parts:
        sheet.text(x, pane.top + _WORD, text, size=_SIZE, colour=colour)
        x += sheet.width_of(text, _SIZE) + 18
