"""Legend of lines and marks, in one or two rows above the candles."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.drawing.style import MARGIN, NOTE, WIDTH

ROW = 36
_SIZE = NOTE - 2
_SWATCH = 26
_BETWEEN = 26


class Swatch(Enum):
    """Symbols of legend entries."""

    LINE = "line"
    DASHES = "dashes"
    BAND = "band"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Entry:
    """Legend entry: a name, a colour and a symbol."""

    text: str
    colour: str
    swatch: Swatch


def rows(sheet: Canvas, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Distributes the entries over as many rows as needed."""
    found: list[list[Entry]] = []
    used = float(WIDTH)
    for entry in entries:
        width = _width(sheet, entry)
        if used + width > WIDTH - 2 * MARGIN:
            found.append([])
            used = 0.0
        found[-1].append(entry)
        used += width + _BETWEEN
    return found


def draw(sheet: Canvas, entries: Sequence[Sequence[Entry]], top: float) -> None:
    """Draws the rows downwards from `top`."""
    for number, line in enumerate(entries):
        x, row = float(MARGIN), top - ROW * (number + 0.5) + 6
        for entry in line:
            _draw_swatch(sheet, entry, x, row)
            sheet.text(x + _SWATCH + 8, row, entry.text, size=_SIZE, colour=sheet.palette.muted)
            x += _width(sheet, entry) + _BETWEEN


def triangle(
    x: float, tip: float, size: float, *, upwards: bool
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Returns the corners of a triangle whose tip is at (x, tip) and points upwards or downwards."""
    base = tip - size if upwards else tip + size
    return np.array([(x, tip), (x - 0.62 * size, base), (x + 0.62 * size, base)])


def _width(sheet: Canvas, entry: Entry) -> float:
    return _SWATCH + 8 + sheet.width_of(entry.text, _SIZE)


def _draw_swatch(sheet: Canvas, entry: Entry, x: float, row: float) -> None:
    match entry.swatch:
        case Swatch.LINE:
            sheet.boxes(x, row - 2, x + _SWATCH, row + 2, entry.colour)
        case Swatch.DASHES:
            sheet.boxes([x, x + 10, x + 20], row - 2, [x + 6, x + 16, x + 26], row + 2, entry.colour)
        case Swatch.BAND:
            sheet.boxes(x, row - 9, x + _SWATCH, row + 9, entry.colour, alpha=0.25)
            sheet.boxes(x, [row - 9, row + 7], x + _SWATCH, [row - 7, row + 9], entry.colour)
        case Swatch.UP | Swatch.DOWN as shape:
            upwards = shape is Swatch.UP
            sheet.polygon(triangle(x + _SWATCH / 2, row + (9 if upwards else -9), 18, upwards=upwards), entry.colour)
