"""Market as a treemap: area by volume, colour by change."""

import re
from collections.abc import Sequence

import numpy as np

from bot.ui.charts.drawing import numbers
from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.drawing.header import HEADER, Header, draw_header
from bot.ui.charts.drawing.style import MARGIN, NOTE, WIDTH, Palette
from bot.ui.charts.drawing.treemap import Box, squarify
from bot.ui.charts.specs import HeatmapSpec, HeatmapTileSpec

HEIGHT = 1080
_LEGEND = 84
_STEPS = 7
_SCALES = (0.015, 0.03, 0.06, 0.15, 0.3, 0.6, 1.5, 3.0, 6.0)  # thirds of them are round
_TYPICAL = 80
_SEAM = 2
_LARGEST, _SMALLEST = 46.0, 20.0
_BESIDE, _BETWEEN = 6.0, 8.0
_MIN_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0, 1.5, 2.5)
"""Minimum areas of tiles as shares of the mean area, tried in order."""

_COMPACT_FROM = 100.0
_MULTIPLIER = re.compile(r"^(?:10+|1M)(?=\w{3})")
_DARK_FROM = 0.179  # the luminance at which black and white are equally readable (WCAG 2: contrast 4.58 each)


def draw(sheet: Canvas, spec: HeatmapSpec) -> None:
    """Draws the map, WIDTH x HEIGHT."""
    sheet.start(WIDTH, HEIGHT, spec.appearance.theme)
    scale = scale_of([tile.change for tile in spec.tiles])
    whole = Box(MARGIN, _LEGEND, WIDTH - MARGIN, HEIGHT - HEADER)
    for tile, box in zip(spec.tiles, boxes_of(sheet, spec.tiles, whole), strict=True):
        _draw_tile(sheet, tile, box, colour_of(sheet.palette, tile.change, scale))
    _draw_legend(sheet, scale)
    words = spec.appearance.words
    title, note = words["heatmap"], words["heatmap-note"]
    draw_header(
        sheet, Header(title=title, detail=words["day"], value="", label=spec.appearance.label, note=note), HEIGHT
    )


def boxes_of(sheet: Canvas, tiles: Sequence[HeatmapTileSpec], whole: Box) -> list[Box]:
    """Returns boxes with areas by weight. The smallest are enlarged until every change is readable."""
    weights = [tile.weight for tile in tiles]
    mean = sum(weights) / len(weights)
    for least in (*(share * mean for share in _MIN_SHARES), weights[0]):
        boxes = squarify([max(weight, least) for weight in weights], whole)
        if all(_first_line_fits(sheet, tile, box) for tile, box in zip(tiles, boxes, strict=True)):
            break
    return boxes


def _first_line_fits(sheet: Canvas, tile: HeatmapTileSpec, box: Box) -> bool:
    width, height = _room(box)
    return tile.change is None or _fitting(sheet, signed(tile.change), width, height, bold=False) is not None


def scale_of(changes: Sequence[float | None]) -> float:
    """Returns the change at which the colour is full: a round value above four of five changes."""
    known = [abs(change) for change in changes if change is not None]
    typical = float(np.percentile(known, _TYPICAL)) if known else 0.0
    return next((scale for scale in _SCALES if scale >= typical), _SCALES[-1])


def colour_of(palette: Palette, change: float | None, scale: float) -> str:
    """Returns a colour between neutral and the direction's colour; neutral if the change is unknown."""
    if change is None:
        return palette.neutral
    strength = min(1.0, abs(change) / scale)
    towards = palette.up if change > 0 else palette.down
    return _mixed(palette.neutral, towards, strength)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(first + (second - first) * share):02x}" for first, second in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def ink_on(colour: str) -> str:
    """Returns the more readable of black and white, by WCAG 2's relative luminance."""
    shares = [channel / 255 for channel in _channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]  # noqa: PLR2004
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#0b0e14" if luminance > _DARK_FROM else "#ffffff"


def signed(change: float) -> str:
    """Formats a change briefly, because tiles are small: `+2.8%`."""
    if abs(change) >= _COMPACT_FROM:
        return f"{'+' if change > 0 else ''}{numbers.compact(change * 100)}%"
    text = numbers.fixed(change * 100, 1 if abs(change) < 1 else 0)
    return f"+{text}%" if change > 0 and text.strip("0.,") else f"{text}%"


def _room(box: Box) -> tuple[float, float]:
    """Returns the width and height available for texts."""
    return box.width - _SEAM - 2 * _BESIDE, box.height - _SEAM - _BETWEEN


def _draw_tile(sheet: Canvas, tile: HeatmapTileSpec, box: Box, colour: str) -> None:
    """Draws the name, shortened if it is too long, and the change below it.

    Only the change is drawn if there is no room for both.
    """
    sheet.boxes(box.left, box.bottom, box.right - _SEAM, box.top - _SEAM, colour)
    width, height = _room(box)
    x, y, ink = (box.left + box.right - _SEAM) / 2, (box.bottom + box.top - _SEAM) / 2, ink_on(colour)
    if tile.change is None:
        text, name = _shortened(sheet, tile.name, width, height)
        sheet.text(x, y, text, size=name, colour=ink, bold=True, across="center")
        return
    change = signed(tile.change)
    text, name = _shortened(sheet, tile.name, width, height - _SMALLEST - _BETWEEN)
    room = height - name - _BETWEEN if text else height
    second = _fitting(sheet, change, width, room, max_width=0.62 * name if text else _LARGEST, bold=False)
    if second is None:
        return
    lift = (second + _BETWEEN) / 2 if text else 0.0
    drop = (name + second) / 2 + _BETWEEN if text else 0.0
    sheet.text(x, y + lift, text, size=name, colour=ink, bold=True, across="center")
    sheet.text(x, y + lift - drop, change, size=second, colour=ink, across="center")


def _shortened(sheet: Canvas, name: str, width: float, height: float) -> tuple[str, float]:
    """Returns the longest prefix of a name that fits, and its size; '' if not even two letters fit.

    A leading multiplier is dropped first, because `1000SATS` and `1000CHEEMS` differ after it.
    """
    coin = _MULTIPLIER.sub("", name)
    heads = (f"{coin[:end]}…" for end in range(len(coin) - 1, 1, -1))
    for text in (name, f"…{coin}" if coin != name else name, *heads):
        size = _fitting(sheet, text, width, height)
        if size is not None:
            return text, size
    return "", _SMALLEST


def _fitting(
    sheet: Canvas, text: str, width: float, height: float, *, max_width: float = _LARGEST, bold: bool = True
) -> float | None:
    """Returns the largest size at which the text fits. None if that is too small to read."""
    at_full = sheet.width_of(text, _LARGEST, bold=bold)
    size = min(max(max_width, _SMALLEST), height, _LARGEST * width / max(at_full, 1.0))
    return float(int(size)) if size >= _SMALLEST else None


def _draw_legend(sheet: Canvas, scale: float) -> None:
    """Draws boxes from the largest fall to the largest rise with their figures."""
    room = (WIDTH - 2 * MARGIN) / _STEPS
    decimals = 0 if scale >= 0.03 else 1  # noqa: PLR2004
    for step in range(_STEPS):
        change = scale * (step - _STEPS // 2) / (_STEPS // 2)
        left = MARGIN + step * room
        colour = colour_of(sheet.palette, change, scale)
        sheet.boxes(left, 20, left + room - _SEAM, _LEGEND - 20, colour)
        ends = {0: "≤ ", _STEPS - 1: "≥ "}.get(step, "")
        sign = "+" if change > 0 else ""
        text = f"{ends}{sign}{numbers.fixed(change * 100, decimals)}%"
        sheet.text(left + room / 2, _LEGEND / 2, text, size=NOTE - 3, colour=ink_on(colour), across="center")
