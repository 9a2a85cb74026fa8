"""Estimates of the live record, with intervals that hold although forecasts are not independent.

Symbols move together, and so do outcomes of overlapping horizons. The record is therefore summed up by moments, spans
of time of one horizon or an hour, and the moments are divided into twelve groups in order of time, as in the comparison
of models (`ml.registry.promotion`).

The interval of a share is Wilson's with the effective number of observations (Dean and Pagano, "Evaluating confidence
interval methods for binomial proportions in clustered surveys", 2015), which follows from the variance of the groups
and is never larger than the number of moments. The skill is that of the groups' mean ratio of squared errors, with
their t interval, which holds however unlike their volatilities are (Ibragimov and Mueller, 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import mean, stdev
from typing import TypeVar

from ml.forecast import MIN_MOMENTS, Estimate, TrackRecord

Part = TypeVar("Part")

GROUPS = 12
T_QUANTILE = 2.200985
"""The 97.5 % quantile of Student's t with 11 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class MomentScores:
    """Sums over the forecasts of one moment.

    `count` and `covered` are of all; the others are of the `expecting`, the forecasts that expected a move: outcomes
    with a `moves` and `hits` in the expected direction, and the squared errors and outcomes (`squares`, `naive`).
    """

    count: int
    covered: int
    expecting: int
    moves: int
    hits: int
    squares: float
    naive: float


def track_record(days: int, moments: Sequence[MomentScores]) -> TrackRecord | None:
    """Returns the record of the moments, oldest first. None if there are none."""
    if not moments:
        return None
    if len(moments) < MIN_MOMENTS:
        return TrackRecord(days, len(moments))
    covered = _share([(each.covered, each.count) for each in moments])
    voiced = [each for each in moments if each.expecting]
    if len(voiced) < MIN_MOMENTS:
        return TrackRecord(days, len(moments), covered)
    expecting, moves = (sum(getattr(each, name) for each in voiced) for name in ("expecting", "moves"))
    return TrackRecord(
        days,
        len(moments),
        covered,
        skill=_skill([(each.squares, each.naive) for each in voiced]),
        hits=_share([(each.hits, each.moves) for each in voiced]) if moves else None,
        unchanged=1 - moves / expecting,
    )


def _share(parts: Sequence[tuple[int, int]]) -> Estimate:
    """Returns the share of the first numbers in the second ones."""
    whole = sum(part[1] for part in parts)
    share = sum(part[0] for part in parts) / whole
    rests = [sum(part[0] - share * part[1] for part in group) for group in _groups(parts)]
    variance = GROUPS / (GROUPS - 1) * sum(rest**2 for rest in rests) / whole**2
    spread, most = share * (1 - share), float(len(parts))
    return _wilson(share, min(most, spread / variance) if spread > 0 and variance > 0 else most)


def _wilson(share: float, observations: float) -> Estimate:
    """Returns Wilson's interval (1927), with Student's quantile."""
    square = T_QUANTILE**2 / observations
    middle = (share + square / 2) / (1 + square)
    reach = sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return Estimate(share, max(0.0, middle - reach), min(1.0, middle + reach))


def _skill(parts: Sequence[tuple[float, float]]) -> Estimate | None:
    """Returns 1 minus the root of the groups' mean ratio. None if nothing moved in a group."""
    sums = [tuple(sum(part[side] for part in group) for side in (0, 1)) for group in _groups(parts)]
    if any(naive <= 0 for _, naive in sums):
        return None
    ratios = [squares / naive for squares, naive in sums]
    ratio, reach = mean(ratios), T_QUANTILE * stdev(ratios) / sqrt(GROUPS)
    low, high = (1 - sqrt(max(0.0, end)) for end in (ratio + reach, ratio - reach))
    return Estimate(1 - sqrt(ratio), low, high)


def _groups(parts: Sequence[Part]) -> list[Sequence[Part]]:
    bounds = [number * len(parts) // GROUPS for number in range(GROUPS + 1)]
    return [parts[start:end] for start, end in pairwise(bounds)]
