"""Volatility: how far returns spread, by exponential weights, by a GARCH step, and by the range of candles.

All figures are standard deviations or variances of one period. To a year of crypto prices belong 365 days.
"""

import numpy as np

from pipeline.candles import Floats
from trading.risk.series import known_returns

RISKMETRICS_DECAY = 0.94
"""Decay of daily returns. J.P. Morgan, "RiskMetrics Technical Document", 1996."""

DAYS_A_YEAR = 365


def ewma_variances(
    returns: Floats, *, decay: float = RISKMETRICS_DECAY, initial: Floats | float | None = None
) -> Floats:
    """Returns the variance expected for every period before it is known, and last that of the period to come: one more
    than there are returns, over the last axis.

    v = decay * v + (1 - decay) * r², about a mean of zero. `initial` is the first; by default the mean of all squared
    returns. Raises ValueError unless 0 < decay < 1.
    """
    if not 0.0 < decay < 1.0:
        raise ValueError(f"decay is {decay}, must be between 0 and 1")
    squared = known_returns(returns) ** 2
    count = squared.shape[-1]
    variances = np.empty((*squared.shape[:-1], count + 1))
    if initial is not None:
        variances[..., 0] = initial
    else:
        variances[..., 0] = squared.mean(axis=-1) if count else np.nan
    for period in range(count):
        variances[..., period + 1] = decay * variances[..., period] + (1.0 - decay) * squared[..., period]
    return variances


def ewma_volatility(
    returns: Floats, *, decay: float = RISKMETRICS_DECAY, initial: Floats | float | None = None
) -> Floats:
    """Returns the standard deviation expected for the period to come."""
    return np.asarray(np.sqrt(ewma_variances(returns, decay=decay, initial=initial)[..., -1]))


def garch_variance(variance: float, last_return: float, *, omega: float, alpha: float, beta: float) -> float:
    """Returns the variance of the next period of a GARCH(1,1) process: omega + alpha * r² + beta * v.

    T. Bollerslev, "Generalized Autoregressive Conditional Heteroskedasticity", 1986.
    """
    return omega + alpha * last_return**2 + beta * variance


def garch_long_run_variance(*, omega: float, alpha: float, beta: float) -> float:
    """Returns omega / (1 - alpha - beta), to which the variance returns; infinite if alpha + beta is not below 1."""
    persistence = alpha + beta
    return omega / (1.0 - persistence) if persistence < 1.0 else np.inf


def parkinson(high: Floats, low: Floats) -> float:
    """Returns the volatility from the range of candles: the root of the mean of ln(high / low)² / (4 ln 2).

    M. Parkinson, "The Extreme Value Method for Estimating the Variance of the Rate of Return", 1980. It takes trading
    without gaps and without a trend for granted. Candles with a price that is not positive are left out.
    """
    (high, low) = _positive(high, low)
    return _root_mean(np.log(high / low) ** 2 / (4.0 * np.log(2.0)))


def garman_klass(opened: Floats, high: Floats, low: Floats, close: Floats) -> float:
    """Returns the volatility from whole candles: the root of the mean of ln(high / low)² / 2 - (2 ln 2 - 1) ln(close /
    open)².

    M. B. Garman and M. J. Klass, "On the Estimation of Security Price Volatilities from Historical Data", 1980.
    """
    (opened, high, low, close) = _positive(opened, high, low, close)
    return _root_mean(0.5 * np.log(high / low) ** 2 - (2.0 * np.log(2.0) - 1.0) * np.log(close / opened) ** 2)


def annualised(volatility: float, periods: float = DAYS_A_YEAR) -> float:
    """Returns the volatility of a year of `periods`, by the square root of time."""
    return float(volatility * np.sqrt(periods))


def _positive(*columns: Floats) -> tuple[Floats, ...]:
    stacked = np.stack([np.asarray(column, dtype=np.float64) for column in columns])
    usable = np.isfinite(stacked).all(axis=0) & (stacked > 0).all(axis=0)
    return tuple(stacked[:, usable])


def _root_mean(terms: Floats) -> float:
    return float(np.sqrt(max(terms.mean(), 0.0))) if len(terms) else np.nan
