"""A sheet that remembers where its texts, tags and grid lines stand."""

from itertools import combinations
from typing import Any

import numpy as np

from bot.ui.charts.drawing.axes import TAG_HALF
from bot.ui.charts.drawing.canvas import Canvas
from bot.ui.charts.drawing.style import NOTE
from bot.ui.charts.specs import Spec
from bot.ui.charts.workers.draw import draw

Box = tuple[str, float, float, float, float]
"""A text, and the left, bottom, right and top of the room it takes."""

_SHORTEST_GRID_LINE = 200
_CROWDED = 4.0


class Ruler(Canvas):
    """Tags are texts in bold and in the size of the axis, in the colour that stands on fills."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Box] = []
        self.tags: list[Box] = []
        self.rows: list[float] = []
        self.columns: list[float] = []
        self.size = (0, 0)

    def start(self, width: int, height: int, theme: str) -> None:
        super().start(width, height, theme)
        self.size = (width, height)

    def boxes(self, left: Any, bottom: Any, right: Any, top: Any, colour: str, **look: Any) -> None:
        super().boxes(left, bottom, right, top, colour, **look)
        if colour != self.palette.grid or look:
            return
        for x0, y0, x1, y1 in zip(*np.broadcast_arrays(*map(np.atleast_1d, (left, bottom, right, top))), strict=True):
            if y1 - y0 == 1 and x1 - x0 > _SHORTEST_GRID_LINE:
                self.rows.append(float(y0))
            if x1 - x0 == 1:
                self.columns.append(float(x0))

    def text(self, x: float, y: float, text: str, **look: Any) -> None:
        super().text(x, y, text, **look)
        width = self.width_of(text, look["size"], bold=look.get("bold", False))
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[look.get("across", "left")] * width
        tag = look["colour"] == self.palette.on_fill and look["size"] == NOTE and look.get("bold", False)
        half = TAG_HALF if tag else 0.4 * look["size"]
        if text:
            self.texts.append((text, left, y - half, left + width, y + half))
        if tag:
            self.tags.append(self.texts[-1])

    def outside(self) -> list[Box]:
        """Texts that leave the picture."""
        width, height = self.size
        return [box for box in self.texts if not (box[1] >= 0 and box[2] >= 0 and box[3] <= width and box[4] <= height)]

    def meeting(self) -> list[tuple[Box, Box]]:
        """Pairs of texts or tags that overlap."""
        return [
            (one, other)
            for one, other in combinations(self.texts, 2)
            if not (one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2])
        ]

    def unlabelled(self) -> list[float]:
        """Rows of horizontal grid lines beside which no number stands."""
        middles = [(bottom + top) / 2 for text, _, bottom, _, top in self.texts if any(map(str.isdigit, text))]
        return [row for row in self.rows if not any(abs(row - middle) <= _CROWDED for middle in middles)]


def ruled(spec: Spec) -> Ruler:
    """The chart of a spec."""
    sheet = Ruler()
    draw(sheet, spec)
    return sheet
