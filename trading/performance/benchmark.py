"""Figures against a benchmark. Only periods in which both returns are known count. `risk_free` is per period."""

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.distribution import constant, deviation
from trading.performance.ratios import annualised_return
from trading.performance.returns import PERIODS_PER_YEAR, Floats, linked


def both_known(returns: ArrayLike, benchmark: ArrayLike) -> tuple[Floats, Floats]:
    """Returns the returns of the periods in which both are known. Raises ValueError for different lengths."""
    mine, other = np.asarray(returns, float).ravel(), np.asarray(benchmark, float).ravel()
    if mine.shape != other.shape:
        raise ValueError(f"{mine.size} returns beside {other.size} of the benchmark")
    there = np.isfinite(mine) & np.isfinite(other)
    return mine[there], other[there]


def beta(returns: ArrayLike, benchmark: ArrayLike) -> float | None:
    """Returns covariance / variance of the benchmark (CAPM); None for a benchmark that does not move."""
    mine, other = both_known(returns, benchmark)
    if mine.size < 2 or constant(other):  # noqa: PLR2004
        return None
    away = other - other.mean()
    return float(np.dot(mine - mine.mean(), away) / np.dot(away, away))


def alpha(returns: ArrayLike, benchmark: ArrayLike, *, risk_free: float = 0.0) -> float | None:
    """Returns the intercept of the regression of excess returns, per period: mean - beta x mean of the benchmark."""
    slope = beta(returns, benchmark)
    if slope is None:
        return None
    mine, other = both_known(returns, benchmark)
    return float((mine.mean() - risk_free) - slope * (other.mean() - risk_free))


def jensen_alpha(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR
) -> float | None:
    """Returns annualised return - risk-free - beta x (annualised benchmark - risk-free) (Jensen 1968; Bacon p. 72).

    `risk_free` is per year here.
    """
    slope = beta(returns, benchmark)
    mine, other = both_known(returns, benchmark)
    yearly, yearly_other = (annualised_return(each, periods=periods) for each in (mine, other))
    if slope is None or yearly is None or yearly_other is None:
        return None
    return yearly - risk_free - slope * (yearly_other - risk_free)


def tracking_error(
    returns: ArrayLike, benchmark: ArrayLike, *, periods: float = PERIODS_PER_YEAR, ddof: int = 1
) -> float | None:
    """Returns the standard deviation of the differences, times the square root of `periods`."""
    mine, other = both_known(returns, benchmark)
    spread = deviation(mine - other, ddof=ddof)
    return None if spread is None else spread * math.sqrt(periods)


def information_ratio(
    returns: ArrayLike,
    benchmark: ArrayLike,
    *,
    periods: float = PERIODS_PER_YEAR,
    ddof: int = 1,
    geometric: bool = True,
) -> float | None:
    """Returns active return / tracking error, both per year; None without a tracking error.

    The active return is the difference of the annualised returns if `geometric` (PerformanceAnalytics), else the mean
    difference times `periods` (Goodwin 1998).
    """
    error = tracking_error(returns, benchmark, periods=periods, ddof=ddof)
    mine, other = both_known(returns, benchmark)
    if not error:
        return None
    if not geometric:
        return float((mine - other).mean()) * periods / error
    yearly, yearly_other = (annualised_return(each, periods=periods) for each in (mine, other))
    return None if yearly is None or yearly_other is None else (yearly - yearly_other) / error


def treynor_ratio(
    returns: ArrayLike, benchmark: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR
) -> float | None:
    """Returns annualised excess return / beta (Treynor 1965). `risk_free` is per year here."""
    slope = beta(returns, benchmark)
    yearly = annualised_return(both_known(returns, benchmark)[0], periods=periods)
    return (yearly - risk_free) / slope if slope and yearly is not None else None


def up_capture(returns: ArrayLike, benchmark: ArrayLike, *, geometric: bool = True) -> float | None:
    """Returns the return over the benchmark's gains / the benchmark's own: 1.2 is 20 % more of each rise.

    Returns of those periods are compounded if `geometric` (Morningstar), else added (Bacon p. 47).
    """
    return _capture(returns, benchmark, up=True, geometric=geometric)


def down_capture(returns: ArrayLike, benchmark: ArrayLike, *, geometric: bool = True) -> float | None:
    """Returns the same over the periods in which the benchmark did not gain: lower is better."""
    return _capture(returns, benchmark, up=False, geometric=geometric)


def _capture(returns: ArrayLike, benchmark: ArrayLike, *, up: bool, geometric: bool) -> float | None:
    mine, other = both_known(returns, benchmark)
    side = other > 0 if up else other <= 0
    above, below = mine[side], other[side]
    if not below.size or not below.any():
        return None
    whole, whole_other = (linked(each) if geometric else float(each.sum()) for each in (above, below))
    return whole / whole_other if whole is not None and whole_other else None
