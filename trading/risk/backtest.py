"""Nightly VaR of a series of daily returns over its whole length, as the desk would have forecast it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pipeline.candles import Floats
from trading.risk.tables import CONFIDENCES, METHODS, MIN_DAYS, WINDOW_DAYS, var_table

_ROWS = 200
"""Nights that are computed at once: it bounds the memory."""


def equal_weight_returns(returns: Floats) -> Floats:
    """Returns the returns of a portfolio of all coins whose return is known, in equal parts again every night; days
    without any are left out. `returns` have the shape (days, coins).
    """
    known = np.isfinite(returns)
    days = known.any(axis=1)
    return np.asarray(np.where(known, returns, 0.0)[days].sum(axis=1) / known[days].sum(axis=1))


def nightly_forecasts(returns: Floats, *, window: int = WINDOW_DAYS, least: int = MIN_DAYS) -> Floats:
    """Returns the VaR for every day, (days, methods, confidences), from at most `window` days before it; NaN for the
    first `least` days.
    """
    forecasts = np.full((len(returns), len(METHODS), len(CONFIDENCES)), np.nan)
    for day in range(least, min(window, len(returns))):
        forecasts[day] = var_table(returns[:day])
    if len(returns) > window:
        windows = sliding_window_view(returns, window)[:-1]
        for first in range(0, len(windows), _ROWS):
            rows = windows[first : first + _ROWS]
            forecasts[window + first : window + first + len(rows)] = var_table(rows)
    return forecasts
