"""Squarified treemap: rectangles of given areas that are as square as possible.

M. Bruls, K. Huizing, J. J. van Wijk, "Squarified Treemaps", 2000.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. Rows increase from `bottom` to `top`."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width, from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height, from bottom to top."""
        return self.top - self.bottom


def squarify(weights: Sequence[float], whole: Box) -> list[Box]:
    """Returns one box per weight (all > 0, the largest first). The areas are proportional and together fill `whole`.

    The first box is at the top left.
    """
    boxes: list[Box] = []
    rest, left = whole, list(weights)
    scale = whole.width * whole.height / sum(weights) if weights else 0.0
    while left:
        row = _row([weight * scale for weight in left], min(rest.width, rest.height))
        laid, rest = _lay(row, rest, last=len(row) == len(left))
        boxes += laid
        left = left[len(row) :]
    return boxes


def _row(areas: Sequence[float], side: float) -> list[float]:
    """Returns as many of the areas along a side as improve the worst aspect ratio."""
    row = [areas[0]]
    for area in areas[1:]:
        if _worst([*row, area], side) > _worst(row, side):
            break
        row.append(area)
    return row


def _worst(row: Sequence[float], side: float) -> float:
    """Returns the ratio of the longer to the shorter side of the most elongated box."""
    total = sum(row)
    return max(side * side * max(row) / (total * total), total * total / (side * side * min(row)))


def _lay(row: Sequence[float], rest: Box, *, last: bool) -> tuple[list[Box], Box]:
    """Places the row along the shorter side of the remaining area, and returns its boxes and what remains.

    The last row takes all of the remaining area.
    """
    total = sum(row)
    ends = [sum(row[: index + 1]) / total for index in range(len(row))]
    starts = [0.0, *ends[:-1]]
    if rest.width >= rest.height:
        edge = rest.right if last else rest.left + total / rest.height
        cuts = [
            (rest.top - start * rest.height, rest.top - end * rest.height)
            for start, end in zip(starts, ends, strict=True)
        ]
        return [Box(rest.left, low, edge, high) for high, low in cuts], Box(edge, rest.bottom, rest.right, rest.top)
    edge = rest.bottom if last else rest.top - total / rest.width
    cuts = [
        (rest.left + start * rest.width, rest.left + end * rest.width) for start, end in zip(starts, ends, strict=True)
    ]
    return [Box(low, edge, high, rest.top) for low, high in cuts], Box(rest.left, rest.bottom, rest.right, edge)
