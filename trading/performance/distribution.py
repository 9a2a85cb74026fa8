"""Moments of returns. Skewness and kurtosis are those of the population: central moments over n, without correction."""

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.returns import Floats, known

NORMAL_KURTOSIS = 3.0


def mean(returns: ArrayLike) -> float | None:
    """Returns the arithmetic mean; None without a return."""
    values = known(returns)
    return float(values.mean()) if values.size else None


def deviation(returns: ArrayLike, *, ddof: int = 1) -> float | None:
    """Returns the standard deviation over n - ddof; None with ddof returns or fewer. Equal returns have exactly 0."""
    values = known(returns)
    if values.size <= ddof:
        return None
    return 0.0 if constant(values) else float(values.std(ddof=ddof))


def mean_absolute_deviation(returns: ArrayLike) -> float | None:
    """Returns the mean distance from the mean, over n."""
    values = known(returns)
    return float(np.abs(values - values.mean()).mean()) if values.size else None


def skewness(returns: ArrayLike) -> float | None:
    """Returns the third central moment over the cube of the deviation (both over n); None for equal returns."""
    return _standard_moment(known(returns), 3)


def kurtosis(returns: ArrayLike, *, excess: bool = False) -> float | None:
    """Returns the fourth central moment over the square of the variance (both over n); None for equal returns.

    It is 3 for a normal distribution, and 0 if `excess`.
    """
    raw = _standard_moment(known(returns), 4)
    return None if raw is None else raw - (NORMAL_KURTOSIS if excess else 0.0)


def constant(values: Floats) -> bool:
    """True if all values are equal but for rounding: a variance of rounding errors is none."""
    return bool(np.ptp(values) <= 1e-14 * max(1.0, float(np.abs(values).max())))


def _standard_moment(values: Floats, power: int) -> float | None:
    if values.size < 2 or constant(values):  # noqa: PLR2004
        return None
    away = values - values.mean()
    return float((away**power).mean() / np.power((away**2).mean(), power / 2))
