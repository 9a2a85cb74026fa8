"""Cornish-Fisher expansion: the quantile of a distribution that is skewed and has fat tails, from its moments.

E. A. Cornish and R. A. Fisher, 1937; for VaR L. Favre and J.-A. Galeano, "Mean-Modified Value-at-Risk Optimization with
Hedge Funds", 2002. Moments are those of the population, divided by n, as in PerformanceAnalytics.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats
from trading.risk.series import NORMAL, known_returns, root_horizon


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, standard deviation, skewness and excess kurtosis, each of the shape of the portfolios."""

    mean: Floats
    deviation: Floats
    skewness: Floats
    kurtosis: Floats

    def over(self, horizon: float) -> "Moments":
        """Returns the moments of the sum of `horizon` independent returns: its skewness shrinks with the square root of
        the horizon, its excess kurtosis with the horizon.
        """
        root = root_horizon(horizon)
        return Moments(self.mean * horizon, self.deviation * root, self.skewness / root, self.kurtosis / horizon)


def moments(returns: Floats, *, ddof: int = 0) -> Moments:
    """Returns the moments over the last axis. `ddof` is that of the standard deviation alone; skewness and kurtosis
    divide by n. A series that never moves has neither skewness nor kurtosis: 0.
    """
    returns = known_returns(returns)
    count = returns.shape[-1]
    if count <= ddof:
        unknown = np.full(returns.shape[:-1], np.nan)
        return Moments(unknown, unknown, unknown, unknown)
    mean = returns.mean(axis=-1)
    centred = returns - mean[..., None]
    variance = (centred**2).mean(axis=-1)
    scale = np.abs(returns).max(axis=-1)
    moving = variance > (np.finfo(np.float64).eps * scale) ** 2  # what is left of rounding is no movement
    safe = np.where(moving, variance, 1.0)
    skewness = np.where(moving, (centred**3).mean(axis=-1) / safe**1.5, 0.0)
    kurtosis = np.where(moving, (centred**4).mean(axis=-1) / safe**2 - 3.0, 0.0)
    deviation = np.where(moving, np.sqrt(variance * (count / (count - ddof))), 0.0)
    return Moments(mean, deviation, skewness, kurtosis)


def expanded_quantile(tail: float, skewness: Floats, kurtosis: Floats) -> Floats:
    """Returns the standardised quantile of the probability `tail`:

    z + (z² - 1) S / 6 + (z³ - 3z) K / 24 - (2z³ - 5z) S² / 36, with z that of the normal distribution.
    """
    z = NORMAL.inv_cdf(tail)
    return np.asarray(
        z
        + (z**2 - 1.0) * skewness / 6.0
        + (z**3 - 3.0 * z) * kurtosis / 24.0
        - (2.0 * z**3 - 5.0 * z) * skewness**2 / 36.0
    )


def is_valid(skewness: Floats, kurtosis: Floats) -> Floats:
    """Tells where the expansion rises with the probability everywhere, so that it is a quantile at all.

    D. Maillard, "A User's Guide to the Cornish Fisher Expansion", 2012: the derivative in z has no root. Outside of
    this domain a higher confidence can give a lower VaR.
    """
    squared = skewness**2
    leading = kurtosis / 8.0 - squared / 6.0
    constant = 1.0 - kurtosis / 8.0 + 5.0 * squared / 36.0
    rooted = squared / 9.0 - 4.0 * leading * constant
    return np.asarray((rooted <= 0.0) & (leading >= 0.0) & (constant > 0.0))
