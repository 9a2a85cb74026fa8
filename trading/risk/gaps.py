"""Returns of coins that were not traded on every day: unknown days are filled from the market, and counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats

MIN_COMMON = 30
"""Days with a known return that a coin needs for a beta of its own."""


@dataclass(frozen=True, slots=True)
class FilledReturns:
    """Returns without gaps, (periods, coins); `betas` by which unknown ones follow the market, and the number of
    returns `filled`, by coin.
    """

    returns: Floats
    betas: Floats
    filled: NDArray[np.intp]


def simple_returns(closes: Floats) -> Floats:
    """Returns the simple returns of closes (periods, coins), one row fewer. A close that is unknown or not positive
    makes its returns unknown (NaN), except that of a fall to 0, which is -1.
    """
    closes = np.asarray(closes, dtype=np.float64)
    before, after = closes[:-1], closes[1:]
    known = np.isfinite(before) & np.isfinite(after) & (before > 0) & (after >= 0)
    ratio = np.divide(after, before, out=np.full_like(before, np.nan), where=known)
    return ratio - 1.0


def market_returns(returns: Floats, market: int | None = None) -> Floats:
    """Returns those of the column `market`, and where they are unknown, or without a column, the median of the coins;
    0 in periods in which no coin is known.
    """
    known = np.isfinite(returns)
    anything = known.any(axis=1)
    medians = np.zeros(len(returns))
    if anything.any():
        medians[anything] = np.nanmedian(returns[anything], axis=1)
    if market is None:
        return medians
    return np.where(known[:, market], returns[:, market], medians)


def betas_to(returns: Floats, market: Floats, min_common: int = MIN_COMMON) -> Floats:
    """Returns the beta of every coin: the slope of its returns on those of the market over common periods.

    A coin with fewer than `min_common` periods gets the median of the others, or 1 if there is none.
    """
    betas = np.full(returns.shape[1], np.nan)
    for coin in range(returns.shape[1]):
        known = np.isfinite(returns[:, coin])
        if known.sum() < max(min_common, 2):
            continue
        own, others = returns[known, coin], market[known]
        variance = others.var()
        betas[coin] = ((own - own.mean()) * (others - others.mean())).mean() / variance if variance > 0 else np.nan
    measured = np.isfinite(betas)
    return np.where(measured, betas, np.median(betas[measured]) if measured.any() else 1.0)


def fill_gaps(returns: Floats, *, market: int | None = None, min_common: int = MIN_COMMON) -> FilledReturns:
    """Fills unknown returns by beta times the return of the market (`market_returns`, `betas_to`), not below -1."""
    returns = np.asarray(returns, dtype=np.float64)
    unknown = ~np.isfinite(returns)
    whole = market_returns(returns, market)
    betas = betas_to(returns, whole, min_common)
    estimated = np.maximum(np.outer(whole, betas), -1.0)
    return FilledReturns(np.where(unknown, estimated, returns), betas, unknown.sum(axis=0))
