"""Contribution of every coin to the risk of a portfolio. The contributions of one measure add up to the whole.

The contribution of a coin is its weight times the derivative of the measure with respect to the weight; measures that
double with the portfolio are the sum of these (L. Euler; D. Tasche, "Risk Contributions and Performance Measurement",
1999). Weights are fractions of the account's value; what is missing to 1 is cash, which does not move.
"""

import numpy as np

from pipeline.candles import Floats
from trading.risk.expected_shortfall import historical_es
from trading.risk.series import NORMAL, root_horizon, tail_probability
from trading.risk.value_at_risk import QuantileMethod, return_quantile


def volatility_contributions(weights: Floats, covariance: Floats) -> Floats:
    """Returns the contributions to the standard deviation; all 0 if the portfolio does not move."""
    weights = np.asarray(weights, dtype=np.float64)
    marginal = covariance @ weights
    deviation = np.sqrt(max(float(weights @ marginal), 0.0))
    return weights * marginal / deviation if deviation > 0 else np.zeros_like(weights)


def gaussian_var_contributions(
    weights: Floats, mean: Floats, covariance: Floats, confidence: float, horizon: float = 1.0
) -> Floats:
    """Returns the component VaR of a normal distribution of these moments of one period."""
    return _gaussian(weights, mean, covariance, horizon, -NORMAL.inv_cdf(tail_probability(confidence)))


def gaussian_es_contributions(
    weights: Floats, mean: Floats, covariance: Floats, confidence: float, horizon: float = 1.0
) -> Floats:
    """Returns the component expected shortfall of a normal distribution of these moments of one period."""
    tail = tail_probability(confidence)
    density = np.exp(-0.5 * NORMAL.inv_cdf(tail) ** 2) / np.sqrt(2.0 * np.pi)
    return _gaussian(weights, mean, covariance, horizon, density / tail)


def historical_es_contributions(
    weights: Floats, returns: Floats, confidence: float, horizon: float = 1.0, *, method: QuantileMethod = "linear"
) -> Floats:
    """Returns the component expected shortfall: each coin's mean loss in the portfolio's periods beyond the VaR.

    `returns` have the shape (periods, coins). NaN without a period.
    """
    weights = np.asarray(weights, dtype=np.float64)
    portfolio = returns @ weights
    if not len(portfolio):
        return np.full(len(weights), np.nan)
    quantile = return_quantile(portfolio, tail_probability(confidence), method)
    beyond = portfolio <= max(float(quantile), float(portfolio.min()))
    parts = -(returns[beyond] * weights).mean(axis=0) * root_horizon(horizon)
    whole = float(historical_es(portfolio, confidence, horizon, method=method))
    return np.asarray(parts + (whole - parts.sum()) / max(len(parts), 1))  # rounding only


def modified_var_contributions(
    weights: Floats, returns: Floats, confidence: float, horizon: float = 1.0, *, ddof: int = 0
) -> Floats:
    """Returns the component modified (Cornish-Fisher) VaR, from the derivatives of the portfolio's four moments.

    K. Boudt, B. Peterson and C. Croux, 2008. `returns` have the shape (periods, coins). NaN with `ddof` periods or
    fewer.
    """
    weights = np.asarray(weights, dtype=np.float64)
    count = len(returns)
    if count <= ddof:
        return np.full(len(weights), np.nan)
    mean = returns.mean(axis=0)
    centred = returns - mean
    portfolio = centred @ weights
    root = root_horizon(horizon)
    second, third, fourth = (float((portfolio**power).mean()) for power in (2, 3, 4))
    deviation = np.sqrt(second)
    if deviation <= np.finfo(np.float64).eps * np.abs(returns @ weights).max():
        return np.asarray(-weights * mean * horizon)
    d_second, d_third, d_fourth = (power * centred.T @ portfolio ** (power - 1) / count for power in (2, 3, 4))
    d_deviation = d_second / (2.0 * deviation)
    skewness, kurtosis = third / deviation**3 / root, (fourth / second**2 - 3.0) / horizon
    d_skewness = (d_third / deviation**3 - 3.0 * third * d_deviation / deviation**4) / root
    d_kurtosis = (d_fourth / deviation**4 - 4.0 * fourth * d_deviation / deviation**5) / horizon
    z = NORMAL.inv_cdf(tail_probability(confidence))
    by_skewness, by_kurtosis, by_square = (z**2 - 1.0) / 6.0, (z**3 - 3.0 * z) / 24.0, (2.0 * z**3 - 5.0 * z) / 36.0
    quantile = z + by_skewness * skewness + by_kurtosis * kurtosis - by_square * skewness**2
    d_quantile = (by_skewness - 2.0 * by_square * skewness) * d_skewness + by_kurtosis * d_kurtosis
    scale = root * np.sqrt(count / (count - ddof))
    marginal = -(mean * horizon + scale * (d_deviation * quantile + deviation * d_quantile))
    return np.asarray(weights * marginal)


def shares(contributions: Floats) -> Floats:
    """Returns the contributions as fractions of their sum; NaN if that is not above 0."""
    whole = float(np.sum(contributions))
    return contributions / whole if whole > 0 else np.full(len(contributions), np.nan)


def _gaussian(weights: Floats, mean: Floats, covariance: Floats, horizon: float, factor: float) -> Floats:
    weights = np.asarray(weights, dtype=np.float64)
    spread = factor * root_horizon(horizon) * volatility_contributions(weights, covariance)
    return np.asarray(spread - weights * np.asarray(mean) * horizon)
