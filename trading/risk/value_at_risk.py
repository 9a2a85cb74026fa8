"""Value at risk: the loss that is not exceeded with a given confidence. Conventions are those of the package."""

from typing import Literal

import numpy as np

from pipeline.candles import Floats
from trading.risk.cornish_fisher import expanded_quantile, moments
from trading.risk.series import NORMAL, known_returns, root_horizon, tail_probability
from trading.risk.volatility import RISKMETRICS_DECAY, ewma_variances

QuantileMethod = Literal[
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
    "lower",
    "higher",
    "midpoint",
    "nearest",
]
"""numpy's names of the quantiles of R. J. Hyndman and Y. Fan, 1996; "linear" is type 7, the default of R and numpy."""


def historical_var(
    returns: Floats, confidence: float, horizon: float = 1.0, *, method: QuantileMethod = "linear"
) -> Floats:
    """Returns the loss at the empirical quantile of the returns, of type 7 by default, times the root of `horizon`."""
    quantile = return_quantile(known_returns(returns), tail_probability(confidence), method)
    return -quantile * root_horizon(horizon)


def gaussian_var(returns: Floats, confidence: float, horizon: float = 1.0, *, ddof: int = 1) -> Floats:
    """Returns the loss at the quantile of a normal distribution with the mean and the standard deviation of the
    returns; `ddof` = 1 divides by n - 1.
    """
    over = moments(returns, ddof=ddof).over(horizon)
    return np.asarray(-(over.mean + NORMAL.inv_cdf(tail_probability(confidence)) * over.deviation))


def cornish_fisher_var(returns: Floats, confidence: float, horizon: float = 1.0, *, ddof: int = 0) -> Floats:
    """Returns the modified VaR: as `gaussian_var`, at the quantile of the Cornish-Fisher expansion.

    Where `cornish_fisher.is_valid` is false, a higher confidence may give a lower figure.
    """
    over = moments(returns, ddof=ddof).over(horizon)
    quantile = expanded_quantile(tail_probability(confidence), over.skewness, over.kurtosis)
    return np.asarray(-(over.mean + quantile * over.deviation))


def filtered_var(
    returns: Floats,
    confidence: float,
    horizon: float = 1.0,
    *,
    decay: float = RISKMETRICS_DECAY,
    method: QuantileMethod = "linear",
) -> Floats:
    """Returns the historical VaR of returns that are scaled to the current volatility (`filtered_returns`)."""
    return historical_var(filtered_returns(returns, decay=decay), confidence, horizon, method=method)


def filtered_returns(returns: Floats, *, decay: float = RISKMETRICS_DECAY) -> Floats:
    """Returns every return times the EWMA volatility expected for the next period over that expected for its own.

    J. Hull and A. White, "Incorporating Volatility Updating into the Historical Simulation Method for Value-at-Risk",
    1998. A return in a time without any volatility counts as it is.
    """
    returns = known_returns(returns)
    deviations = np.sqrt(ewma_variances(returns, decay=decay))
    before, ahead = deviations[..., :-1], deviations[..., -1:]
    ratio = np.divide(ahead, before, out=np.ones_like(before), where=before > 0)
    return np.asarray(returns * ratio)


def return_quantile(returns: Floats, tail: float, method: QuantileMethod = "linear") -> Floats:
    """Returns the quantile of the returns over the last axis; NaN if there are none."""
    if not returns.shape[-1]:
        return np.full(returns.shape[:-1], np.nan)
    return np.asarray(np.quantile(returns, tail, axis=-1, method=method))
