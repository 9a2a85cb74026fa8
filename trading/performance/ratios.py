"""Ratios of return to risk of one series. Sources: Bacon, Practical Portfolio Performance Measurement and Attribution;
where conventions differ, R's PerformanceAnalytics.

`risk_free` and `mar` (the minimum acceptable return) are per period. `periods` is the number of periods in a year; 1
leaves a figure as it is per period. A ratio whose denominator is zero is None.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.distribution import deviation, kurtosis, mean, skewness
from trading.performance.drawdowns import drawdown_series, max_drawdown, wealth
from trading.performance.returns import PERIODS_PER_YEAR, Floats, annualised, known, linked

_HUNDREDTH = 0.01


def annualised_return(returns: ArrayLike, *, periods: float = PERIODS_PER_YEAR) -> float | None:
    """Returns the geometric return of a year: (product of 1 + r) ** (periods / n) - 1."""
    values, whole = known(returns), linked(returns)
    return None if whole is None else annualised(whole, values.size / periods)


def volatility(returns: ArrayLike, *, periods: float = PERIODS_PER_YEAR, ddof: int = 1) -> float | None:
    """Returns the standard deviation, times the square root of `periods`."""
    spread = deviation(returns, ddof=ddof)
    return None if spread is None else spread * math.sqrt(periods)


def sharpe_ratio(
    returns: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR, ddof: int = 1
) -> float | None:
    """Returns mean excess return / standard deviation, times the square root of `periods` (Sharpe 1994)."""
    values = known(returns)
    spread = deviation(values, ddof=ddof)
    return float(values.mean() - risk_free) / spread * math.sqrt(periods) if spread else None


def downside_deviation(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns the root of the mean squared shortfall below `mar`, over all n periods (Sortino and Price 1994)."""
    values = known(returns)
    return float(np.sqrt(np.mean(np.minimum(values - mar, 0.0) ** 2))) if values.size else None


def downside_potential(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns the mean shortfall below `mar`, over all n periods: the first lower partial moment."""
    values = known(returns)
    return float(np.maximum(mar - values, 0.0).mean()) if values.size else None


def upside_potential(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns the mean excess over `mar`, over all n periods: the first upper partial moment."""
    values = known(returns)
    return float(np.maximum(values - mar, 0.0).mean()) if values.size else None


def sortino_ratio(returns: ArrayLike, *, mar: float = 0.0, periods: float = PERIODS_PER_YEAR) -> float | None:
    """Returns mean excess over `mar` / downside deviation, times the square root of `periods`."""
    values = known(returns)
    below = downside_deviation(values, mar=mar)
    return float(values.mean() - mar) / below * math.sqrt(periods) if below else None


def omega_ratio(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns upside potential / downside potential (Keating and Shadwick 2002)."""
    return _ratio(upside_potential(returns, mar=mar), downside_potential(returns, mar=mar))


def omega_sharpe_ratio(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns mean excess over `mar` / downside potential, which is omega - 1 (Kaplan and Knowles 2004: kappa 1)."""
    omega = omega_ratio(returns, mar=mar)
    return None if omega is None else omega - 1.0


def calmar_ratio(returns: ArrayLike, *, periods: float = PERIODS_PER_YEAR) -> float | None:
    """Returns annualised return / depth of the deepest drawdown (Young 1991)."""
    deepest = max_drawdown(returns)
    return _ratio(annualised_return(returns, periods=periods), None if deepest is None else -deepest)


def ulcer_index(returns: ArrayLike) -> float | None:
    """Returns the root of the mean squared drawdown, over all n periods (Martin 1989)."""
    depths = _depths(returns)
    return float(np.sqrt(np.mean(depths**2))) if depths.size else None


def pain_index(returns: ArrayLike) -> float | None:
    """Returns the mean depth of the drawdown, over all n periods (Zephyr Associates)."""
    depths = _depths(returns)
    return float(-depths.mean()) if depths.size else None


def martin_ratio(returns: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR) -> float | None:
    """Returns annualised excess return / ulcer index. `risk_free` is per year here."""
    return _excess_over(returns, ulcer_index(returns), risk_free, periods)


def pain_ratio(returns: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR) -> float | None:
    """Returns annualised excess return / pain index. `risk_free` is per year here."""
    return _excess_over(returns, pain_index(returns), risk_free, periods)


def burke_ratio(
    returns: ArrayLike, *, risk_free: float = 0.0, periods: float = PERIODS_PER_YEAR, modified: bool = False
) -> float | None:
    """Returns annualised excess return / root of the sum of squared losing runs (Burke 1994); `risk_free` per year.

    A losing run is the return over consecutive losses, from the second period on. As in PerformanceAnalytics, its
    losses are compounded as hundredths of themselves, which is close to their sum. `modified` multiplies by the root
    of n.
    """
    values = known(returns)
    runs, run = [], 1.0
    for value in (*values[1:], 0.0):
        if value < 0:
            run *= 1.0 + value * _HUNDREDTH
        else:
            runs.append((run - 1.0) / _HUNDREDTH)
            run = 1.0
    ratio = _excess_over(values, math.sqrt(sum(each**2 for each in runs)), risk_free, periods)
    return ratio if ratio is None or not modified else ratio * math.sqrt(values.size)


def bernardo_ledoit_ratio(returns: ArrayLike) -> float | None:
    """Returns the sum of gains / sum of losses (Bernardo and Ledoit 2000): omega at a minimum return of zero."""
    return omega_ratio(returns)


def d_ratio(returns: ArrayLike) -> float | None:
    """Returns (losses counted x summed) / (gains counted x summed): lower is better (Dowd 2000)."""
    values = known(returns)
    gains, losses = values[values > 0], values[values < 0]
    return _ratio(float(losses.size * -losses.sum()), float(gains.size * gains.sum()))


def upside_frequency(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns the share of periods with a return above `mar`."""
    values = known(returns)
    return float((values > mar).mean()) if values.size else None


def downside_frequency(returns: ArrayLike, *, mar: float = 0.0) -> float | None:
    """Returns the share of periods with a return below `mar`."""
    values = known(returns)
    return float((values < mar).mean()) if values.size else None


def skewness_kurtosis_ratio(returns: ArrayLike) -> float | None:
    """Returns skewness / kurtosis, both of the population, kurtosis 3 for a normal distribution (Watanabe 2006)."""
    return _ratio(skewness(returns), kurtosis(returns))


def adjusted_sharpe_ratio(
    returns: ArrayLike,
    *,
    risk_free: float = 0.0,
    periods: float = PERIODS_PER_YEAR,
    ddof: int = 1,
    geometric: bool = True,
) -> float | None:
    """Returns SR x (1 + S / 6 x SR - (K - 3) / 24 x SR ** 2), a penalty for skew S and kurtosis K (Pezier and White
    2006). SR is annualised: of the compounded yearly return if `geometric`, else of the mean times `periods`;
    `risk_free` is per year.
    """
    skew, tails = skewness(returns), kurtosis(returns, excess=True)
    risk = volatility(returns, periods=periods, ddof=ddof)
    average = mean(returns)
    yearly = annualised_return(returns, periods=periods) if geometric or average is None else average * periods
    sharpe = _ratio(None if yearly is None else yearly - risk_free, risk)
    if skew is None or tails is None or sharpe is None:
        return None
    return sharpe * (1.0 + skew / 6.0 * sharpe - tails / 24.0 * sharpe**2)


def _depths(returns: ArrayLike) -> Floats:
    return drawdown_series(wealth(returns))[1:]


def _excess_over(returns: ArrayLike, risk: float | None, risk_free: float, periods: float) -> float | None:
    yearly = annualised_return(returns, periods=periods)
    return _ratio(None if yearly is None else yearly - risk_free, risk)


def _ratio(above: float | None, below: float | None) -> float | None:
    """Returns the quotient; None where it has no meaning or no number."""
    if above is None or not below:
        return None
    quotient = above / below
    return quotient if math.isfinite(quotient) else None
