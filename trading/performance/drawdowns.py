"""Drawdowns: losses from the highest value so far. Depths are negative fractions, -0.2 is 20 % below the peak."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.returns import Floats, known


@dataclass(frozen=True, slots=True)
class Drawdown:
    """A fall and its recovery, as places in a series: the `peak` before it, the `trough`, and the first place at which
    the peak's value is reached again, None if it is not.
    """

    depth: float
    peak: int
    trough: int
    recovered: int | None


def wealth(returns: ArrayLike) -> Floats:
    """Returns the value of 1 after each known period, with the start in front."""
    return np.concatenate([[1.0], np.cumprod(1.0 + known(returns))])


def drawdown_series(values: ArrayLike) -> Floats:
    """Returns the drawdown at each value; values are wealth or an index, at least one, the first above zero."""
    series = np.asarray(values, float)
    return np.asarray(series / np.maximum.accumulate(series) - 1.0)


def drawdowns(values: ArrayLike) -> list[Drawdown]:
    """Returns the drawdowns in order of time; they do not overlap."""
    depths = drawdown_series(values)
    found: list[Drawdown] = []
    peak = 0
    for place in range(1, len(depths)):
        if depths[place] < 0:
            continue
        if place - peak > 1:
            found.append(_drawdown(depths, peak, place, recovered=True))
        peak = place
    if len(depths) - peak > 1:
        found.append(_drawdown(depths, peak, len(depths), recovered=False))
    return found


def max_drawdown(returns: ArrayLike) -> float | None:
    """Returns the depth of the deepest drawdown, 0 if there is none; None without a return."""
    values = known(returns)
    return float(drawdown_series(wealth(values)).min()) if values.size else None


def deepest(found: Sequence[Drawdown]) -> Drawdown | None:
    """Returns the deepest drawdown, the first of equals."""
    return min(found, key=lambda each: each.depth, default=None)


def current(found: Sequence[Drawdown]) -> Drawdown | None:
    """Returns the drawdown that has not recovered, None at a high."""
    return found[-1] if found and found[-1].recovered is None else None


def _drawdown(depths: Floats, peak: int, end: int, *, recovered: bool) -> Drawdown:
    trough = peak + 1 + int(np.argmin(depths[peak + 1 : end]))
    return Drawdown(float(depths[trough]), peak, trough, end if recovered else None)
