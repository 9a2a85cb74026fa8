"""Tests of VaR forecasts against what came: are there as many violations as promised, and do they come apart?

A violation (failure, exception) is a period whose loss exceeds the VaR forecast for it. Likelihood ratios follow a
chi-squared distribution; 0 ln 0 is 0. A small p-value speaks against the forecasts.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from trading.risk.series import NORMAL, tail_probability

GREEN_BELOW, RED_FROM = 0.95, 0.9999
"""Probability of at most so many violations, where the yellow zone begins and ends.

Basel Committee, "Supervisory Framework for the Use of Backtesting", 1996.
"""
BASEL_PERIODS, BASEL_CONFIDENCE = 250, 0.99
BASEL_PLUS_FACTORS = {5: 0.4, 6: 0.5, 7: 0.65, 8: 0.75, 9: 0.85}
MULTIPLIER = 3.0
"""Factor of the capital requirement in the green zone; the plus factor is added to it."""


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Test statistic, its degrees of freedom, and the probability of one as large if the forecasts are right."""

    statistic: float
    degrees: int

    @property
    def p_value(self) -> float:
        """Probability of a statistic at least as large; NaN if it is undefined."""
        from scipy.special import chdtrc  # noqa: PLC0415 - heavy, and needed only where nights are judged

        return float(chdtrc(self.degrees, self.statistic)) if np.isfinite(self.statistic) else np.nan


@dataclass(frozen=True, slots=True)
class Transitions:
    """Numbers of successive periods: `n01` is a violation after a period without one."""

    n00: int
    n01: int
    n10: int
    n11: int


class Zone(StrEnum):
    """Zone of the traffic light."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class TrafficLight:
    """Zone of the Basel Committee. `cumulative` is the probability of at most so many violations under a correct
    forecast, `type_one_error` that of at least so many, `plus_factor` the addition to the multiplier of 3.
    """

    zone: Zone
    cumulative: float
    type_one_error: float
    plus_factor: float


def violations(returns: Floats, forecasts: Floats) -> NDArray[np.bool_]:
    """Tells which returns lost more than the VaR that was forecast for them."""
    return np.asarray(-np.asarray(returns, dtype=np.float64) > np.asarray(forecasts, dtype=np.float64))


def kupiec_pof(failures: int, periods: int, confidence: float) -> LikelihoodRatio:
    """Tests the proportion of failures (unconditional coverage).

    P. Kupiec, "Techniques for Verifying the Accuracy of Risk Measurement Models", 1995. NaN without a period. Raises
    ValueError for impossible counts.
    """
    tail = tail_probability(confidence)
    if not 0 <= failures <= periods:
        raise ValueError(f"{failures} failures of {periods} periods")
    if not periods:
        return LikelihoodRatio(np.nan, 1)
    rate = failures / periods
    return _ratio(_log_likelihood(failures, periods, tail), _log_likelihood(failures, periods, rate), 1)


def kupiec_tuff(first_failure: int, confidence: float) -> LikelihoodRatio:
    """Tests the time until the first failure, the number of the period (from 1) that failed first (Kupiec 1995).

    Raises ValueError below 1.
    """
    tail = tail_probability(confidence)
    if first_failure < 1:
        raise ValueError(f"period {first_failure} is none")
    return _ratio(_log_likelihood(1, first_failure, tail), _log_likelihood(1, first_failure, 1.0 / first_failure), 1)


def time_between_failures(durations: Sequence[int], confidence: float) -> LikelihoodRatio:
    """Tests the independence of failures by the periods between them, the first counted from the start.

    M. Haas, "New Methods in Backtesting", 2001: the sum of `kupiec_tuff` over all durations. NaN without a failure.
    """
    ratios = [kupiec_tuff(duration, confidence).statistic for duration in durations]
    return LikelihoodRatio(sum(ratios) if ratios else np.nan, max(len(ratios), 1))


def failure_durations(failed: NDArray[np.bool_]) -> list[int]:
    """Returns the periods until the first failure and between the later ones."""
    places = np.flatnonzero(failed)
    return [int(each) for each in np.diff(places, prepend=-1)]


def transitions(failed: NDArray[np.bool_]) -> Transitions:
    """Counts what followed what."""
    before, after = np.asarray(failed[:-1], dtype=bool), np.asarray(failed[1:], dtype=bool)
    counts = [int((each & other).sum()) for each in (~before, before) for other in (~after, after)]
    return Transitions(*counts)


def christoffersen_independence(counts: Transitions) -> LikelihoodRatio:
    """Tests whether a failure makes another the next period more or less likely.

    P. Christoffersen, "Evaluating Interval Forecasts", 1998. NaN without two successive periods.
    """
    calm, stormy = counts.n00 + counts.n01, counts.n10 + counts.n11
    whole, failures = calm + stormy, counts.n01 + counts.n11
    if not whole:
        return LikelihoodRatio(np.nan, 1)
    restricted = _log_likelihood(failures, whole, failures / whole)
    free = sum(
        _log_likelihood(failed, periods, failed / periods)
        for failed, periods in ((counts.n01, calm), (counts.n11, stormy))
        if periods
    )
    return _ratio(restricted, free, 1)


def conditional_coverage(failures: int, periods: int, counts: Transitions, confidence: float) -> LikelihoodRatio:
    """Tests coverage and independence together: the sum of both ratios, with 2 degrees of freedom (Christoffersen
    1998).
    """
    parts = (kupiec_pof(failures, periods, confidence), christoffersen_independence(counts))
    return LikelihoodRatio(sum(part.statistic for part in parts), 2)


def binomial_z_score(failures: int, periods: int, confidence: float) -> tuple[float, float]:
    """Returns the normal approximation of the binomial test, (x - n p) / √(n p (1 - p)), and its two-sided p-value."""
    tail = tail_probability(confidence)
    if not periods:
        return np.nan, np.nan
    score = (failures - periods * tail) / np.sqrt(periods * tail * (1.0 - tail))
    return float(score), float(2.0 * NORMAL.cdf(-abs(score)))


def traffic_light(failures: int, periods: int, confidence: float) -> TrafficLight:
    """Returns the zone of so many failures in any number of periods at any confidence."""
    tail = tail_probability(confidence)
    from scipy.special import bdtr, bdtrc  # noqa: PLC0415 - as above

    cumulative = float(bdtr(failures, periods, tail))
    type_one = float(bdtrc(failures - 1, periods, tail)) if failures else 1.0
    zone = Zone.GREEN if cumulative < GREEN_BELOW else Zone.YELLOW if cumulative < RED_FROM else Zone.RED
    return TrafficLight(zone, cumulative, type_one, _plus_factor(zone, failures, periods, confidence))


def _plus_factor(zone: Zone, failures: int, periods: int, confidence: float) -> float:
    """Returns the Basel table's factor; for other samples what would bring the coverage of a normal distribution back
    to `confidence`, from which the table was made.
    """
    if zone is Zone.GREEN:
        return 0.0
    if zone is Zone.RED:
        return 1.0
    if periods == BASEL_PERIODS and np.isclose(confidence, BASEL_CONFIDENCE):
        return BASEL_PLUS_FACTORS[failures]
    if failures == periods:
        return 1.0
    observed = NORMAL.inv_cdf(1.0 - failures / periods)
    return float(np.clip(MULTIPLIER * (NORMAL.inv_cdf(confidence) / observed - 1.0), 0.0, 1.0)) if observed > 0 else 1.0


def _log_likelihood(failures: int, periods: int, rate: float) -> float:
    return _weighted_log(periods - failures, 1.0 - rate) + _weighted_log(failures, rate)


def _weighted_log(weight: int, rate: float) -> float:
    """Returns weight x ln(rate), where 0 ln 0 is 0."""
    if not weight:
        return 0.0
    return weight * math.log(rate) if rate > 0 else -math.inf


def _ratio(restricted: float, free: float, degrees: int) -> LikelihoodRatio:
    return LikelihoodRatio(max(-2.0 * (restricted - free), 0.0), degrees)
