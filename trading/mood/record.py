"""Record of the mood: what the market line did in the 7 days after each band, beside all weeks."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from trading.mood.index import MoodBand, band_of
from trading.performance.clustered_rates import MIN_CLUSTERS, ClusteredRate, clustered_rate

AHEAD = 7
CONFIDENCE = 0.95
"""Probability that all intervals of a record contain the base rate if the index says nothing."""


class Edge(StrEnum):
    """Verdict of a band's record: the text `mood-edge-NAME`."""

    FEW = "few"
    NONE = "none"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class BandFigure:
    """Mean of a band with its interval, None where it is unknown."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class BandRecord:
    """Weeks that followed a band: their mean return and the share of them that rose."""

    band: MoodBand
    weeks: int
    mean: BandFigure
    up: BandFigure
    edge: Edge


@dataclass(frozen=True, slots=True)
class MoodRecord:
    """Record of all bands. `weeks` do not overlap; `mean` and `up` are those of all of them, None without any."""

    weeks: int
    mean: float | None
    up: float | None
    bands: tuple[BandRecord, ...]


def mood_record(index: Floats, line: Floats) -> MoodRecord:
    """Judges the index of past days by the market line of 7 days later. The weeks end on the weekday of the last row.

    Intervals are those of `clustered_rate`, with a week as a cluster, and are widened for their number (Bonferroni): a
    band has an edge only if the base rate lies outside of one of its two.
    """
    starts = np.arange((len(line) - 1) % AHEAD, len(line) - AHEAD, AHEAD)
    starts = starts[np.isfinite(index[starts]) & np.isfinite(line[starts])] if len(starts) else starts
    moves = line[starts + AHEAD] / line[starts] - 1.0
    bands = [band_of(value) for value in index[starts]]
    members = {band: np.array([each is band for each in bands], bool) for band in MoodBand}
    judged = sum(1 for each in members.values() if each.sum() >= MIN_CLUSTERS)
    level = 1.0 - (1.0 - CONFIDENCE) / max(2 * judged, 1)
    rows = tuple(_band(band, inside, moves, level) for band, inside in members.items())
    if not len(starts):
        return MoodRecord(0, None, None, rows)
    return MoodRecord(len(starts), float(moves.mean()), float((moves > 0).mean()), rows)


def _band(band: MoodBand, inside: NDArray[np.bool_], moves: Floats, level: float) -> BandRecord:
    mean, up = (
        clustered_rate(
            np.stack([np.where(inside, outcomes, 0.0), inside.astype(float)]),
            np.stack([outcomes, np.ones(len(moves))]),
            level=level,
        )
        for outcomes in (moves, (moves > 0).astype(float))
    )
    return BandRecord(band, mean.clusters, _figure(mean), _figure(up), _edge(mean, up))


def _figure(found: ClusteredRate) -> BandFigure:
    return BandFigure(*(float(each) if np.isfinite(each) else None for each in (found.rate, found.low, found.high)))


def _edge(*found: ClusteredRate) -> Edge:
    if found[0].clusters < MIN_CLUSTERS:
        return Edge.FEW
    if any(each.low > each.base for each in found):
        return Edge.HIGHER
    return Edge.LOWER if any(each.high < each.base for each in found) else Edge.NONE
