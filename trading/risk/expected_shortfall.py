"""Expected shortfall: the mean loss in the cases beyond the VaR. Conventions are those of the package."""

import numpy as np

from pipeline.candles import Floats
from trading.risk.cornish_fisher import expanded_quantile, moments
from trading.risk.series import NORMAL, known_returns, root_horizon, tail_probability
from trading.risk.value_at_risk import QuantileMethod, filtered_returns, return_quantile
from trading.risk.volatility import RISKMETRICS_DECAY


def historical_es(
    returns: Floats, confidence: float, horizon: float = 1.0, *, method: QuantileMethod = "linear"
) -> Floats:
    """Returns the mean loss at or below the quantile of `historical_var`, times the root of `horizon`."""
    returns = known_returns(returns)
    quantile = return_quantile(returns, tail_probability(confidence), method)
    worst = returns.min(axis=-1, initial=np.inf)
    beyond = returns <= np.maximum(quantile, worst)[..., None]  # a quantile of another type can lie below all returns
    count = beyond.sum(axis=-1)
    mean = np.divide(
        np.where(beyond, returns, 0.0).sum(axis=-1), count, out=np.full(quantile.shape, np.nan), where=count > 0
    )
    return np.asarray(-np.minimum(mean, quantile) * root_horizon(horizon))  # a mean of equal returns is rounded


def gaussian_es(returns: Floats, confidence: float, horizon: float = 1.0, *, ddof: int = 1) -> Floats:
    """Returns the mean loss beyond the VaR of a normal distribution: -mean + deviation * density(z) / tail."""
    over = moments(returns, ddof=ddof).over(horizon)
    tail = tail_probability(confidence)
    return np.asarray(-over.mean + over.deviation * _density(NORMAL.inv_cdf(tail)) / tail)


def cornish_fisher_es(
    returns: Floats, confidence: float, horizon: float = 1.0, *, ddof: int = 0, operational: bool = True
) -> Floats:
    """Returns the modified expected shortfall: the mean loss beyond the Cornish-Fisher VaR under the second-order
    Edgeworth density.

    K. Boudt, B. Peterson and C. Croux, "Estimation and Decomposition of Downside Risk for Portfolios with Non-Normal
    Returns", 2008. With fat tails the formula can fall below the VaR; `operational`, as in PerformanceAnalytics, then
    gives the VaR.
    """
    over = moments(returns, ddof=ddof).over(horizon)
    tail = tail_probability(confidence)
    quantile = expanded_quantile(tail, over.skewness, over.kurtosis)
    mean = edgeworth_tail_mean(quantile, tail, over.skewness, over.kurtosis)
    standardised = np.maximum(mean, -quantile) if operational else mean
    return np.asarray(-over.mean + over.deviation * standardised)


def filtered_es(
    returns: Floats,
    confidence: float,
    horizon: float = 1.0,
    *,
    decay: float = RISKMETRICS_DECAY,
    method: QuantileMethod = "linear",
) -> Floats:
    """Returns the historical expected shortfall of returns scaled to the current volatility (`filtered_returns`)."""
    return historical_es(filtered_returns(returns, decay=decay), confidence, horizon, method=method)


def edgeworth_tail_mean(quantile: Floats, tail: float, skewness: Floats, kurtosis: Floats) -> Floats:
    """Returns the mean standardised loss up to `quantile` under the Edgeworth density, over the probability `tail`:

    density(q) / tail * (1 + q³ S / 6 + (q⁴ - 2q² - 1) K / 24 + (q⁶ - 9q⁴ + 9q² + 3) S² / 72).
    """
    second, fourth, sixth = quantile**2, quantile**4, quantile**6
    series = (
        1.0
        + quantile**3 * skewness / 6.0
        + (fourth - 2.0 * second - 1.0) * kurtosis / 24.0
        + (sixth - 9.0 * fourth + 9.0 * second + 3.0) * skewness**2 / 72.0
    )
    return np.asarray(_density(quantile) / tail * series)


def _density(z: Floats | float) -> Floats:
    """Standard normal density."""
    return np.asarray(np.exp(-0.5 * np.square(z)) / np.sqrt(2.0 * np.pi))
