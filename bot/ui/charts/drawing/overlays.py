"""Indicators drawn on the price axis: moving averages and Bollinger bands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.ui.charts.drawing.canvas import Canvas, Floats, Pane
from bot.ui.charts.drawing.legend import Entry, Swatch
from bot.ui.charts.drawing.style import Palette
from bot.ui.charts.specs import CandlesSpec
from trading.indicators.registry import INDICATORS

_AVERAGES = (20, 50)
_BANDS = (20, 2)
_WIDE = 2.5


@dataclass(frozen=True, slots=True)
class AverageLine:
    """Moving average over the candles shown. `role` is its index in `Palette.lines`."""

    name: str
    values: Floats
    role: int


@dataclass(frozen=True, slots=True)
class Band:
    """Area between two lines."""

    name: str
    upper: Floats
    lower: Floats


Overlay = AverageLine | Band


def of(spec: CandlesSpec) -> list[Overlay]:
    """Returns the indicators requested by the spec's options, computed over all candles including the warm-up."""
    closes, lead = {"close": np.array(spec.close, float)}, spec.lead
    found: list[Overlay] = []
    if "bb" in spec.options:
        bands = INDICATORS["bollinger"].compute(closes, length=_BANDS[0], multiple=_BANDS[1])
        found.append(Band(f"BB {_BANDS[0]}, {_BANDS[1]}σ", bands["upper"][lead:], bands["lower"][lead:]))
    if "ma" in spec.options:
        found += _averages("sma", "MA", closes, lead, (0, 2))
    if "ema" in spec.options:
        found += _averages("ema", "EMA", closes, lead, (3, 1))
    return found


def _averages(
    name: str, label: str, closes: Mapping[str, Floats], lead: int, roles: tuple[int, int]
) -> list[AverageLine]:
    return [
        AverageLine(f"{label} {n}", INDICATORS[name].compute(closes, length=n)[name][lead:], role)
        for n, role in zip(_AVERAGES, roles, strict=True)
    ]


def values(overlays: Sequence[Overlay]) -> list[float]:
    """Returns every known value."""
    arrays = [array for overlay in overlays for array in _arrays(overlay)]
    joined = np.concatenate(arrays) if arrays else np.empty(0)
    return [float(value) for value in joined[~np.isnan(joined)]]


def _arrays(overlay: Overlay) -> Iterator[Floats]:
    match overlay:
        case AverageLine():
            yield overlay.values
        case Band():
            yield overlay.upper
            yield overlay.lower


def entries(overlays: Sequence[Overlay], palette: Palette) -> list[Entry]:
    """Returns the legend entries of indicators that have at least one value."""
    there = [overlay for overlay in overlays if any(not np.isnan(array).all() for array in _arrays(overlay))]
    return [
        Entry(overlay.name, palette.lines[overlay.role], Swatch.LINE)
        if isinstance(overlay, AverageLine)
        else Entry(overlay.name, palette.accent, Swatch.BAND)
        for overlay in there
    ]


def draw_bands(sheet: Canvas, overlays: Sequence[Overlay], xs: Floats, pane: Pane) -> None:
    """Draws the bands, which lie behind the candles."""
    for band in overlays:
        if isinstance(band, Band):
            known = ~np.isnan(band.upper)
            upper, lower = pane.y(band.upper[known]), pane.y(band.lower[known])
            if known.any():
                outline = np.concatenate([xs[known], xs[known][::-1]]), np.concatenate([upper, lower[::-1]])
                sheet.polygon(np.column_stack(outline), sheet.palette.accent, alpha=0.10)
            for edge in (band.upper, band.lower):
                draw_curve(sheet, xs, edge, pane, sheet.palette.accent, width=1.5)


def draw_lines(sheet: Canvas, overlays: Sequence[Overlay], xs: Floats, pane: Pane) -> None:
    """Draws the averages, which lie in front of the candles."""
    for line in overlays:
        if isinstance(line, AverageLine):
            draw_curve(sheet, xs, line.values, pane, sheet.palette.lines[line.role], width=_WIDE)


def draw_curve(sheet: Canvas, xs: Floats, values: Floats, pane: Pane, colour: str, *, width: float) -> None:
    """Draws a curve with gaps at values that are unknown or outside the pane."""
    inside = (values >= pane.low) & (values <= pane.high)
    if inside.any():
        sheet.curve(xs, np.where(inside, pane.y(values), np.nan), colour, width=width)
