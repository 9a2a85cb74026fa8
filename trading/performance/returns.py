"""Time-weighted returns from valuations, and their linking (GIPS 2020; Bacon, Practical Portfolio Performance
Measurement and Attribution, ch. 2).

A valuation is the value of an account `before` and `after` a flow of money at one moment. At the close of a day nothing
flows, so both are equal. Between two valuations nothing flows, therefore each growth factor

    before[i] / after[i - 1]

is the market's and the trader's alone, and the linked product does not depend on the size or the date of a flow.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

PERIODS_PER_YEAR = 365.0
"""Daily returns of a market that never closes."""


def known(returns: ArrayLike) -> Floats:
    """Returns the finite values."""
    values = np.asarray(returns, float).ravel()
    finite = np.isfinite(values)
    return values if finite.all() else np.asarray(values[finite])


def growth_factors(before: ArrayLike, after: ArrayLike) -> Floats:
    """Returns the growth between consecutive valuations, one fewer than there are valuations.

    An unknown valuation is NaN: the growth to it is NaN, and the growth from the last known one over the gap stands at
    the next known one. An account that is worth nothing at the start has no growth: the factor is NaN, or 1 if it is
    still worth nothing.
    """
    ends, starts = np.asarray(before, float), np.asarray(after, float)
    factors = np.full(max(len(ends) - 1, 0), np.nan)
    start = float(starts[0]) if len(starts) else np.nan
    for index in range(1, len(ends)):
        end = float(ends[index])
        if np.isfinite(end):
            if start > 0:
                factors[index - 1] = end / start
            elif start == 0 and end == 0:
                factors[index - 1] = 1.0
        if np.isfinite(starts[index]):
            start = float(starts[index])
    return factors


def time_weighted_return(before: ArrayLike, after: ArrayLike) -> float | None:
    """Returns the linked return over all valuations; None if no growth between any two is known."""
    factors = growth_factors(before, after)
    factors = factors[np.isfinite(factors)]
    return float(np.prod(factors)) - 1.0 if factors.size else None


def linked_by_day(days: ArrayLike, factors: ArrayLike, whole: Sequence[bool]) -> Floats:
    """Returns the return of each day from the growth factors that end in it.

    `days[i]` is the index of the day in which `factors[i]` ends; `whole[d]` is True if day d has a known value at its
    close and at the close before. Any other day is NaN: its growth belongs to no single day.
    """
    found = np.full(len(whole), np.nan)
    numbers, values = np.asarray(days, int), np.asarray(factors, float)
    for day, is_whole in enumerate(whole):
        mine = values[numbers == day]
        if is_whole and mine.size and np.isfinite(mine).all():
            found[day] = float(np.prod(mine)) - 1.0
    return found


def daily_returns(closes: ArrayLike, flows: ArrayLike | None = None) -> Floats:
    """Returns daily returns from the values at the closes and the flows at the start of each day.

    `flows[i]` is added after close i, so return i is closes[i + 1] / (closes[i] + flows[i]) - 1, NaN beside a gap.
    There is one return fewer than closes.
    """
    values = np.asarray(closes, float)
    started = values[:-1] + (0.0 if flows is None else np.asarray(flows, float)[: len(values) - 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = values[1:] / started - 1.0
    found[~(np.isfinite(found) & (started > 0))] = np.nan
    return np.asarray(found)


def linked(returns: ArrayLike) -> float | None:
    """Returns the compounded return of all known periods; None if there is none."""
    values = known(returns)
    return float(np.prod(1.0 + values)) - 1.0 if values.size else None


def annualised(growth: float, years: float) -> float | None:
    """Returns a return over `years` as a return of one year, compounded; None for no time or beyond every number."""
    if years <= 0 or growth < -1:
        return None
    with np.errstate(over="ignore"):
        yearly = float(np.power(1.0 + growth, 1.0 / years) - 1.0)
    return yearly if np.isfinite(yearly) else None
