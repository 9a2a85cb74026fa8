"""Trials: how many rules a user tried on a coin, and how far apart their Sharpe ratios are.

The best of many tries looks good by chance alone. The deflated Sharpe ratio (Bailey and Lopez de Prado, The Deflated
Sharpe Ratio, 2014) asks for more than the best of so many tries without skill would show. Tries that resemble one
another are fewer independent ones, so the number of trials is an upper bound and the answer is careful.

Histories differ in length, and so does the error of their Sharpe ratios. A trial therefore keeps its Sharpe ratio per
return times the square root of the number of returns, which has a variance of about 1 without skill, however long the
history is. For histories of one length the formula is that of the paper.
"""

import math
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike

from pipeline.candles import Floats
from pipeline.market import DAY_MS
from trading.backtest.report import day_returns
from trading.backtest.result import BacktestResult
from trading.performance.distribution import constant, kurtosis, skewness
from trading.performance.returns import PERIODS_PER_YEAR, known
from trading.performance.significance import deflated_sharpe
from trading.reports.performance import MIN_RETURNS

MAX_TRIALS = 10_000
"""Most trials that are kept of a user and a coin."""

MAX_SCORE = 1e6

PERIODS = 5_000
"""Most returns of which the figures of honesty are computed."""


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """Back-test of a rule: a digest of the rule and its data, and its Sharpe ratio per return times the square root of
    the number of returns.
    """

    digest: bytes
    score: float


@dataclass(frozen=True, slots=True)
class TrialCount:
    """Trials of a user on a coin: their number, at most MAX_TRIALS, and the sample variance of their scores."""

    count: int
    variance: float

    @property
    def full(self) -> bool:
        """True if no more trials are kept, so that there were at least so many."""
        return self.count >= MAX_TRIALS


def period_returns(equity: ArrayLike, periods: int = PERIODS) -> Floats:
    """Returns the returns of an equity curve between values in equal distances, at most `periods` of them; the last
    value is that of the curve.
    """
    values = np.asarray(equity, float)
    step = max(1, -(-(len(values) - 1) // periods))
    taken = values[(len(values) - 1) % step :: step] if len(values) else values
    before, after = taken[:-1], taken[1:]
    return np.asarray(np.divide(after, before, out=np.ones_like(before), where=before > 0) - 1.0)


def score(returns: ArrayLike) -> float:
    """Returns the Sharpe ratio per return times the square root of their number; 0 for returns without variance."""
    values = known(returns)
    if values.size < 2 or constant(values):  # noqa: PLR2004
        return 0.0
    found = float(values.mean() / values.std(ddof=1)) * math.sqrt(values.size)
    return max(-MAX_SCORE, min(MAX_SCORE, found))


@dataclass(frozen=True, slots=True, eq=False)
class ReturnSample:
    """Returns of a back-test, of which there are `per_year` in a year."""

    returns: Floats
    per_year: float

    @property
    def score(self) -> float:
        """Sharpe ratio per return times the square root of their number."""
        return score(self.returns)

    def annual(self, found: float) -> float:
        """Returns the annual Sharpe ratio of a score of as many returns."""
        return found * math.sqrt(self.per_year / max(len(self.returns), 1))


def return_sample(result: BacktestResult) -> ReturnSample:
    """Returns the daily returns of a back-test, as those of accounts, if there are enough for a Sharpe ratio; of a
    shorter test those of equal parts, at most PERIODS. Tests on the same candles have returns of the same times.
    """
    days = known(day_returns(result))
    if len(days) >= MIN_RETURNS:
        return ReturnSample(days, PERIODS_PER_YEAR)
    found = period_returns(np.concatenate([[float(result.terms.cash)], result.equity]))
    history = result.history
    span = int(history.candles.open_time[-1] - history.candles.open_time[0]) + history.interval.ms
    return ReturnSample(found, len(found) * PERIODS_PER_YEAR * DAY_MS / span)


def trial(rule: str, interval: str, start: int, end: int, found: float) -> RuleTrial:
    """Returns the trial of a rule, in its canonical text, on candles of an interval between two times (UTC ms), with
    the score that was found.

    The same rule on the same days is the same trial.
    """
    named = f"{rule}\n{interval}\n{start // DAY_MS}\n{end // DAY_MS}"
    return RuleTrial(blake2b(named.encode(), digest_size=16).digest(), found)


def deflated(returns: ArrayLike, trials: TrialCount) -> float | None:
    """Returns the probability that the true Sharpe ratio of the returns is above that of the best of so many trials
    without skill. None if the returns have no variance.
    """
    values = known(returns)
    if values.size < 2 or constant(values):  # noqa: PLR2004
        return None
    return deflated_sharpe(
        float(values.mean() / values.std(ddof=1)),
        values.size,
        trials=trials.count,
        variance=trials.variance / values.size,
        skew=skewness(values) or 0.0,
        kurtosis=kurtosis(values) or 0.0,
    )
