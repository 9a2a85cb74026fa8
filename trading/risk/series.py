"""Checks of what every measure takes: returns, confidence and horizon."""

from statistics import NormalDist

import numpy as np

from pipeline.candles import Floats

NORMAL = NormalDist()
"""Standard normal distribution of the standard library: scipy is heavy at a start."""


def known_returns(returns: Floats) -> Floats:
    """Returns the finite returns of a series, or a table of series unchanged if all of it is finite. Raises ValueError
    for a table with gaps, whose rows would differ in length: fill them first (`gaps.fill_gaps`).
    """
    returns = np.asarray(returns, dtype=np.float64)
    finite = np.isfinite(returns)
    if finite.all():
        return returns
    if returns.ndim != 1:
        raise ValueError("a table of returns has gaps")
    return returns[finite]


def tail_probability(confidence: float) -> float:
    """Returns 1 - confidence, free of the rounding of 1 - 0.95. Raises ValueError outside of 0 to 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}, must be between 0 and 1")
    return round(1.0 - confidence, 12) or 1.0 - confidence


def root_horizon(horizon: float) -> float:
    """Returns the square root of the horizon. Raises ValueError unless it is above zero and finite."""
    if not 0.0 < horizon < np.inf:
        raise ValueError(f"horizon is {horizon}, must be above 0")
    return float(np.sqrt(horizon))
