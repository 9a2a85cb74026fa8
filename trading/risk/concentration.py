"""Concentration of a portfolio in few coins."""

import numpy as np

from pipeline.candles import Floats


def herfindahl_index(weights: Floats) -> float:
    """Returns the sum of the squared shares of the coins in what is invested: 1 for a single coin, 1 / n for n equal
    ones, NaN if nothing is. Cash does not count.

    O. C. Herfindahl, "Concentration in the Steel Industry", 1950.
    """
    sizes = np.abs(np.asarray(weights, dtype=np.float64))
    total = sizes.sum()
    return float(np.square(sizes / total).sum()) if total > 0 else np.nan


def effective_number(weights: Floats) -> float:
    """Returns 1 / the Herfindahl index: the number of equal positions that would be as concentrated."""
    return 1.0 / herfindahl_index(weights)


def diversification_ratio(weights: Floats, covariance: Floats) -> float:
    """Returns the weighted mean of the volatilities over the volatility of the portfolio: 1 if nothing is diversified.

    Y. Choueifaty and Y. Coignard, "Toward Maximum Diversification", 2008. NaN if the portfolio does not move.
    """
    weights = np.asarray(weights, dtype=np.float64)
    whole = float(np.sqrt(max(float(weights @ covariance @ weights), 0.0)))
    return float(weights @ np.sqrt(np.diag(covariance)) / whole) if whole > 0 else np.nan
