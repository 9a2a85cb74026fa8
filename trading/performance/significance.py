"""Uncertainty of the Sharpe ratio: how likely it is skill, given the number, shape and selection of the returns.

Sharpe ratios here are per period, never annualised: the formulas count periods. Kurtosis is raw, 3 for a normal
distribution. Skewness 0 and kurtosis 3 give the forms for normal returns.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from trading.performance.distribution import NORMAL_KURTOSIS
from trading.performance.returns import Floats, known

_EULER = 0.5772156649015329
_NORMAL = NormalDist()


def sharpe_variance(sharpe: float, *, skew: float = 0.0, kurtosis: float = NORMAL_KURTOSIS) -> float:
    """Returns the variance of an estimated Sharpe ratio, times n - 1: 1 - S x SR + (K - 1) / 4 x SR ** 2
    (Mertens 2002).
    """
    return 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2


def probabilistic_sharpe(
    sharpe: float, count: int, *, benchmark: float = 0.0, skew: float = 0.0, kurtosis: float = NORMAL_KURTOSIS
) -> float | None:
    """Returns the probability that the true Sharpe ratio is above `benchmark`, from `count` returns (Bailey and Lopez
    de Prado, The Sharpe Ratio Efficient Frontier, 2012). None for one return, or if the variance is not positive.
    """
    variance = sharpe_variance(sharpe, skew=skew, kurtosis=kurtosis)
    if count < 2 or not variance > 0:  # noqa: PLR2004
        return None
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(count - 1) / math.sqrt(variance))


def min_track_record_length(
    sharpe: float,
    *,
    benchmark: float = 0.0,
    confidence: float = 0.95,
    skew: float = 0.0,
    kurtosis: float = NORMAL_KURTOSIS,
) -> float | None:
    """Returns the number of returns after which a Sharpe ratio like this is above `benchmark` with `confidence` (the
    same paper). None if it is not above it: no length of such a history would do.
    """
    variance = sharpe_variance(sharpe, skew=skew, kurtosis=kurtosis)
    if not sharpe > benchmark or not variance > 0:
        return None
    return 1.0 + variance * (_NORMAL.inv_cdf(confidence) / (sharpe - benchmark)) ** 2


def expected_max_sharpe(trials: float, variance: float) -> float:
    """Returns the highest Sharpe ratio to expect of `trials` attempts without skill whose Sharpe ratios have this
    variance (Bailey and Lopez de Prado, The Deflated Sharpe Ratio, 2014, eq. 1); 0 for one attempt.
    """
    if trials <= 1:
        return 0.0
    first, second = _NORMAL.inv_cdf(1.0 - 1.0 / trials), _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - _EULER) * first + _EULER * second)


def deflated_sharpe(
    sharpe: float,
    count: int,
    *,
    trials: float,
    variance: float,
    skew: float = 0.0,
    kurtosis: float = NORMAL_KURTOSIS,
) -> float | None:
    """Returns the probabilistic Sharpe ratio against the highest that `trials` attempts without skill would show."""
    threshold = expected_max_sharpe(trials, variance)
    return probabilistic_sharpe(sharpe, count, benchmark=threshold, skew=skew, kurtosis=kurtosis)


def block_length(count: int) -> int:
    """Returns a length of blocks that grows with the cube root of n (Kunsch 1989), at least 1."""
    return max(1, round(math.cbrt(count)))


def bootstrap_interval(
    returns: ArrayLike,
    statistic: Callable[[Floats], Floats],
    *,
    seed: int,
    level: float = 0.95,
    draws: int = 2000,
    block: int | None = None,
) -> tuple[float, float] | None:
    """Returns the percentile interval of a statistic under the circular block bootstrap (Politis and Romano 1992).

    `statistic` maps samples (draws, n) to values (draws,); NaN marks a sample that has none. Blocks keep the dependence
    of neighbouring days. The same seed gives the same interval. None below two returns, or if under half of the samples
    have a value.
    """
    values = known(returns)
    count = values.size
    if count < 2:  # noqa: PLR2004
        return None
    length = min(block or block_length(count), count)
    blocks = -(-count // length)
    starts = np.random.default_rng(seed).integers(0, count, (draws, blocks, 1))
    places = ((starts + np.arange(length)) % count).reshape(draws, -1)[:, :count]
    found = statistic(values[places])
    found = found[np.isfinite(found)]
    if found.size < draws / 2:
        return None
    low, high = np.quantile(found, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def sharpe_of_samples(samples: Floats, *, ddof: int = 1) -> Floats:
    """Returns the Sharpe ratio per period of each row; NaN for a row of equal returns."""
    spread = samples.std(axis=1, ddof=ddof)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 1e-14, samples.mean(axis=1) / spread, np.nan)  # noqa: PLR2004
