"""Money-weighted returns: internal rates of return of dated flows (act/365) and of periodic ones.

The rate is the root of the net present value. The value is searched for sign changes over the whole range of growth,
each is bisected, and the root nearest to no growth is returned, so that a result never depends on a first guess.
"""

from collections.abc import Callable, Sequence

import numpy as np

from trading.performance.returns import Floats

YEAR_DAYS = 365.0
"""Days of a year of XIRR, leap years too (Microsoft Excel, XIRR)."""

_RANGE = 40.0
"""Largest logarithm of the growth over the whole time that is searched."""

_STEPS = 4001
_BISECTIONS = 200


def irr(flows: Sequence[float]) -> float | None:
    """Returns the rate per period of flows at equal distances, the first at once; money paid in is negative.

    None if the flows have one sign, or no rate makes their value zero.
    """
    growth = _growth(np.arange(len(flows), dtype=float), np.asarray(flows, float))
    return None if growth is None else _rate(growth, 1.0 / (len(flows) - 1))


def xirr(flows: Sequence[float], days: Sequence[float]) -> float | None:
    """Returns the yearly rate of flows on the given days (act/365); money paid in is negative.

    None as for `irr`, and if the rate is beyond every number, as that of a large gain within minutes is.
    """
    span = max(days) - min(days) if len(days) else 0.0
    growth = _growth(np.asarray(days, float), np.asarray(flows, float))
    return None if growth is None else _rate(growth, YEAR_DAYS / span)


def money_weighted_return(flows: Sequence[float], times: Sequence[float]) -> float | None:
    """Returns the internal rate of return over the whole time of the flows, not annualised; times in any unit.

    The last flow is the final value. An account that lost everything returned -1; None as for `irr`.
    """
    values = np.asarray(flows, float)
    if values.size > 1 and values[-1] == 0 and values[0] < 0 and (values[:-1] <= 0).all():
        return -1.0
    growth = _growth(np.asarray(times, float), values)
    return None if growth is None else _rate(growth, 1.0)


def _rate(growth: float, periods: float) -> float | None:
    with np.errstate(over="ignore"):
        rate = float(np.expm1(growth * periods))
    return rate if np.isfinite(rate) else None


def _growth(times: Floats, flows: Floats) -> float | None:
    """Returns the logarithm of the growth over the whole time at which the flows' value is zero."""
    if flows.size < 2 or not np.isfinite(flows).all() or not (flows > 0).any() or not (flows < 0).any():  # noqa: PLR2004
        return None
    span = float(times.max() - times.min())
    if span <= 0:
        return None
    shares = (times - times.min()) / span

    def value(growth: float) -> float:
        # scaled so that neither end overflows: the sign is what matters
        return float(np.sum(flows * np.exp(-growth * shares + max(growth, 0.0))))

    grid = np.linspace(-_RANGE, _RANGE, _STEPS)
    values = np.exp(np.maximum(grid, 0.0)[:, None] - np.outer(grid, shares)) @ flows
    roots = [float(growth) for growth in grid[values == 0]]
    changes = np.flatnonzero(values[:-1] * values[1:] < 0)
    roots += [_bisected(value, float(grid[place]), float(grid[place + 1])) for place in changes]
    return min(roots, key=abs, default=None)


def _bisected(value: Callable[[float], float], low: float, high: float) -> float:
    rising = value(low) < 0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if (value(middle) < 0) is rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
