"""Convex quadratic programs over weights: a primal active-set method.

J. Nocedal and S. J. Wright, "Numerical Optimization", 2006, algorithm 16.3.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds

Mask = NDArray[np.bool_]

_TOLERANCE = 1e-12
_RIDGE = 1e-12
"""Share of the mean variance that is added to the diagonal, so that coins that move alike have a unique solution."""


def least_variance(
    covariance: Floats, bounds: Bounds, tilt: Floats | None = None, start: Floats | None = None
) -> Floats:
    """Returns the weights that minimise w' C w / 2 - tilt' w within the bounds. Raises what `Bounds.check` raises.

    `start` are weights within the bounds near the solution, such as those of a similar tilt: fewer steps lead from it.
    """
    bounds.check()
    assets = len(covariance)
    scale = float(np.trace(covariance)) / assets or 1.0
    matrix = covariance / scale + _RIDGE * np.eye(assets)
    slope = np.zeros(assets) if tilt is None else tilt / scale
    weights = bounds.filled(np.ones(assets)) if start is None else start
    fixed = (weights <= bounds.low) | (weights >= bounds.high)
    for _ in range(100 * (assets + 1)):
        step, level = _step(matrix, slope - matrix @ weights, ~fixed)
        length, blocking = _longest(weights, step, bounds, ~fixed)
        weights = np.clip(weights + length * step, bounds.low, bounds.high)
        if blocking is not None:
            weights[blocking] = bounds.low[blocking] if step[blocking] < 0 else bounds.high[blocking]
            fixed[blocking] = True
            continue
        released = _released(matrix @ weights - slope, level, weights, bounds, fixed)
        if released is None:
            break
        fixed[released] = False
    return weights


def _step(matrix: Floats, residual: Floats, free: Mask) -> tuple[Floats, float | None]:
    """Returns the step to the minimum over the free weights, which keeps their sum, and the common gradient there."""
    step = np.zeros(len(matrix))
    count = int(free.sum())
    if not count:
        return step, None
    system = np.ones((count + 1, count + 1))
    system[:count, :count] = matrix[np.ix_(free, free)]
    system[count, count] = 0.0
    solved = np.linalg.solve(system, np.append(residual[free], 0.0))
    step[free] = solved[:count]
    return step, float(-solved[count])


def _released(gradient: Floats, level: float | None, weights: Floats, bounds: Bounds, fixed: Mask) -> int | None:
    """Returns the fixed weight that should leave its bound most; None at the optimum.

    A weight at its lower bound wants to stay if its gradient is above the common level, one at its cap if below.
    """
    if level is None:
        rising, falling = fixed & (weights < bounds.high), fixed & (weights > bounds.low)
        if not rising.any() or not falling.any() or gradient[falling].max() - gradient[rising].min() <= _TOLERANCE:
            return None
        return int(np.flatnonzero(rising)[gradient[rising].argmin()])
    gain = np.where(weights <= bounds.low, level - gradient, gradient - level)
    gain = np.where(fixed & (bounds.low < bounds.high), gain, -np.inf)
    best = int(gain.argmax())
    return best if gain[best] > _TOLERANCE else None


def _longest(weights: Floats, step: Floats, bounds: Bounds, free: Mask) -> tuple[float, int | None]:
    """Returns the part of the step, at most 1, that stays within the bounds, and the weight that stops it."""
    room = np.where(step < 0, bounds.low - weights, bounds.high - weights)
    parts = np.divide(room, step, out=np.full(len(step), np.inf), where=free & (np.abs(step) > 0))
    stop = int(parts.argmin())
    return (float(max(parts[stop], 0.0)), stop) if parts[stop] < 1.0 else (1.0, None)
