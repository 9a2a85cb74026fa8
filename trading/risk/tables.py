"""VaR and expected shortfall by every method and confidence that the desk shows, for one portfolio or many."""

from enum import StrEnum

import numpy as np

from pipeline.candles import Floats
from trading.risk.cornish_fisher import is_valid, moments
from trading.risk.expected_shortfall import cornish_fisher_es, gaussian_es, historical_es
from trading.risk.value_at_risk import cornish_fisher_var, filtered_returns, gaussian_var, historical_var

CONFIDENCES = (0.95, 0.99)
WINDOW_DAYS = 365
MIN_DAYS = 30
"""Fewest daily returns from which a figure is computed."""

_MIN_TAIL_DAYS = 100
"""Fewest daily returns for an empirical quantile at 99 %: with fewer, the worst day would be the answer to anything."""


class RiskMethod(StrEnum):
    """Method by which VaR and expected shortfall are estimated."""

    HISTORICAL = "historical"
    GAUSSIAN = "gaussian"
    CORNISH_FISHER = "cornish_fisher"
    FILTERED = "filtered"


METHODS = tuple(RiskMethod)


def var_table(returns: Floats, horizon: float = 1.0) -> Floats:
    """Returns the VaR of portfolios, shape (..., methods, confidences), from their returns, shape (..., days).

    It is NaN where the data cannot give it: below MIN_DAYS days; empirical quantiles at 99 % below 100 days; and the
    Cornish-Fisher expansion outside of its domain. A portfolio without debt loses 1 at most.
    """
    scaled = filtered_returns(returns)
    columns = [
        [historical_var(returns, level, horizon) for level in CONFIDENCES],
        [gaussian_var(returns, level, horizon) for level in CONFIDENCES],
        [cornish_fisher_var(returns, level, horizon) for level in CONFIDENCES],
        [historical_var(scaled, level, horizon) for level in CONFIDENCES],
    ]
    return _table(columns, returns, horizon)


def es_table(returns: Floats, horizon: float = 1.0) -> Floats:
    """Returns the expected shortfall as `var_table` returns the VaR."""
    scaled = filtered_returns(returns)
    columns = [
        [historical_es(returns, level, horizon) for level in CONFIDENCES],
        [gaussian_es(returns, level, horizon) for level in CONFIDENCES],
        [cornish_fisher_es(returns, level, horizon) for level in CONFIDENCES],
        [historical_es(scaled, level, horizon) for level in CONFIDENCES],
    ]
    return _table(columns, returns, horizon)


def _table(columns: list[list[Floats]], returns: Floats, horizon: float) -> Floats:
    table = np.stack([np.stack(levels, axis=-1) for levels in columns], axis=-2)
    days = returns.shape[-1]
    if days < MIN_DAYS:
        return np.full_like(table, np.nan)
    if days < _MIN_TAIL_DAYS:
        for method in (RiskMethod.HISTORICAL, RiskMethod.FILTERED):
            table[..., METHODS.index(method), CONFIDENCES.index(0.99)] = np.nan
    over = moments(returns).over(horizon)
    expanded = table[..., METHODS.index(RiskMethod.CORNISH_FISHER), :]
    expanded[...] = np.where(is_valid(over.skewness, over.kurtosis)[..., None], expanded, np.nan)
    return np.minimum(table, 1.0)
