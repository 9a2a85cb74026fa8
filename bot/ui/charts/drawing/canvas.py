"""Drawing canvas in pixels over one reused matplotlib Figure, and the map from data to pixels.

Axes are not used: their ticks, limits and layout take most of the drawing time and would be overridden anyway.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from bot.ui.charts.drawing.style import PALETTES, clean, sized

Floats = NDArray[np.float64]

_PIXELS = IdentityTransform()
_COMPRESSION = 3
_HALF_CAPITAL = 0.365
_ACROSS = {"left": 0.0, "center": 0.5, "right": 1.0}
_MAX_WIDTHS = 512
_DOTS_PER_INCH = 72  # a typographic point is then exactly a pixel


@dataclass(frozen=True, slots=True)
class Pane:
    """A rectangle of the canvas (pixels from the bottom left) that maps `low` to its bottom and `high` to its top."""

    left: float
    bottom: float
    right: float
    top: float
    low: float
    high: float

    def y(self, values: ArrayLike) -> Floats:
        """Returns the pixel rows of values, clipped at the pane's edges."""
        share = (np.asarray(values, float) - self.low) / (self.high - self.low)
        return self.bottom + np.clip(share, 0.0, 1.0) * (self.top - self.bottom)


class Canvas:
    """Canvas with pixel coordinates, origin at the bottom left. Later shapes cover earlier ones.

    `start` starts the next picture.
    """

    def __init__(self) -> None:
        self._figure = Figure(dpi=_DOTS_PER_INCH)
        self._canvas = FigureCanvasAgg(self._figure)
        self._order = 0
        self.palette = PALETTES["dark"]

    def start(self, width: int, height: int, theme: str) -> None:
        """Starts an empty picture of the given size in pixels, in the colours of a theme."""
        self.palette = PALETTES[theme]
        self._figure.clear()
        self._figure.set_size_inches(width / _DOTS_PER_INCH, height / _DOTS_PER_INCH)
        self._figure.set_facecolor(self.palette.background)
        self._order = 0

    def boxes(
        self, left: ArrayLike, bottom: ArrayLike, right: ArrayLike, top: ArrayLike, colour: str, *, alpha: float = 1.0
    ) -> None:
        """Draws filled boxes with crisp edges. The four sides are broadcast against each other."""
        x0, y0, x1, y1 = np.broadcast_arrays(*(np.atleast_1d(np.rint(side)) for side in (left, bottom, right, top)))
        if not x0.size:
            return
        corners = np.stack([np.stack([x0, x0, x1, x1], 1), np.stack([y0, y1, y1, y0], 1)], 2)
        path = Path.make_compound_path_from_polys(corners)
        self._add(PathPatch(path, facecolor=colour, edgecolor="none", linewidth=0, antialiased=False, alpha=alpha))

    def lines(self, starts: ArrayLike, ends: ArrayLike, colour: str, *, width: float = 1, dashed: bool = False) -> None:
        """Draws straight lines from (n, 2) starts to (n, 2) ends."""
        segments = np.stack([np.atleast_2d(starts), np.atleast_2d(ends)], axis=1)
        style = (0, (4, 4)) if dashed else "solid"
        self._add(LineCollection(list(segments), colors=[colour], linewidths=[width], linestyles=[style]))

    def curve(self, xs: Floats, ys: Floats, colour: str, *, width: float) -> None:
        """Draws a connected line."""
        self._add(Line2D(xs, ys, color=colour, linewidth=width, solid_joinstyle="round", solid_capstyle="round"))

    def polygon(self, points: ArrayLike, colour: str, *, alpha: float = 1.0) -> None:
        """Draws a filled shape with (n, 2) corners."""
        path = Path(np.asarray(points, float))
        self._add(PathPatch(path, facecolor=colour, edgecolor="none", linewidth=0, alpha=alpha))

    def text(
        self, x: float, y: float, text: str, *, size: float, colour: str, bold: bool = False, across: str = "left"
    ) -> None:
        """Draws text, sanitized by `clean`, with its capitals centred on row `y`.

        `across` (left, center, right) is the point of the text placed at `x`.
        """
        left = x - _ACROSS[across] * self.width_of(text, size, bold=bold)
        self._add(_TextLayer(round(left), round(y - _HALF_CAPITAL * size), clean(text), sized(size, bold=bold), colour))

    def width_of(self, text: str, size: float, *, bold: bool = False) -> float:
        """Returns the width of `text` in pixels."""
        return _width_of(clean(text), size, bold)

    def png(self) -> bytes:
        """Returns the picture as PNG. The same drawing gives the same bytes."""
        self._canvas.draw()  # type: ignore[no-untyped-call]
        out = io.BytesIO()
        pixels = np.asarray(self._canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        Image.fromarray(pixels).convert("RGB").save(out, "PNG", compress_level=_COMPRESSION)
        return out.getvalue()

    def _add(self, artist: Artist) -> None:
        self._order += 1
        artist.set_transform(_PIXELS)
        artist.set_zorder(self._order)
        artist.set_clip_on(False)
        self._figure.add_artist(artist)


@lru_cache(_MAX_WIDTHS)
def _width_of(text: str, size: float, bold: bool) -> float:  # noqa: FBT001
    measured = _ruler().get_text_width_height_descent(text, sized(size, bold=bold), ismath=False)  # type: ignore[no-untyped-call]
    return float(measured[0])


@cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, _DOTS_PER_INCH)  # type: ignore[no-untyped-call]


class _TextLayer(Artist):
    """One line of text at a baseline.

    Used instead of matplotlib's Text, which lays out every line again and caches 4096 layouts with their fonts.
    """

    def __init__(self, x: float, y: float, text: str, fonts: FontProperties, colour: str) -> None:
        super().__init__()
        self._place, self._text, self._fonts, self._colour = (x, y), text, fonts, colour

    def draw(self, renderer: RendererBase) -> None:
        """Draws the text; called by the figure."""
        if not self._text:
            return
        pen = renderer.new_gc()
        pen.set_foreground(self._colour)
        (x, y), (_, height) = self._place, renderer.get_canvas_width_height()
        renderer.draw_text(pen, x, height - y, self._text, self._fonts, 0, ismath=False)
        pen.restore()


def widest(sheet: Canvas, texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    """Returns the width of the widest text, 0 if there is none."""
    return max((sheet.width_of(text, size, bold=bold) for text in texts), default=0.0)
