"""Record of the tone of headlines: how often the coin moved that way, beside the base rate. Pure.

Headlines repeat each other and coins move together. So of the headlines about a coin only the first within a horizon
counts, and intervals treat all events of a day (UTC) as one cluster (Cameron and Miller 2015, section II).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.market import DAY_MS
from pipeline.news.records import NEUTRAL, NewsEvent

MIN_EVENTS = 40
MIN_DAYS = 20
"""Independent events, and days with one, below which nothing is said."""

USUAL_SCORE = 1.96
"""Normal score of a 95 % interval, for a figure that is shown."""

STRICT_SCORE = 3.09
"""Normal score of a 99.8 % interval, for a decision that is taken anew every night."""


@dataclass(frozen=True, slots=True)
class HitRecord:
    """Share of events whose direction was right, and that of always naming the more frequent direction.

    `low` and `high` bound the difference between both. Below the minimum, only `events` and `days` have a meaning.
    """

    events: int
    days: int
    hit_rate: float = math.nan
    base_rate: float = math.nan
    low: float = math.nan
    high: float = math.nan

    @property
    def enough(self) -> bool:
        """True if the events suffice to say something."""
        return self.events >= MIN_EVENTS and self.days >= MIN_DAYS

    @property
    def beats_base(self) -> bool:
        """True if the hit rate is above the base rate, and the whole interval of their difference is."""
        return self.enough and self.low > 0


def independent(events: Sequence[NewsEvent], horizon_ms: int) -> list[NewsEvent]:
    """Returns the events in the order of time without those within the horizon of an earlier one of the same coin, and
    without those after which the price did not move.
    """
    last: dict[str, int] = {}
    kept: list[NewsEvent] = []
    for event in sorted(events, key=lambda each: (each.seen, each.story_id, each.asset)):
        if event.returned and event.seen - last.get(event.asset, -horizon_ms) >= horizon_ms:
            last[event.asset] = event.seen
            kept.append(event)
    return kept


def tone_record(events: Sequence[NewsEvent], horizon_ms: int) -> HitRecord:
    """Returns the record of the tone of the rules; neutral headlines say nothing and do not count."""
    toned = independent([event for event in events if abs(event.tone) >= NEUTRAL], horizon_ms)
    return hit_record(
        np.array([event.tone > 0 for event in toned], dtype=bool),
        np.array([event.returned > 0 for event in toned], dtype=bool),
        np.array([event.seen // DAY_MS for event in toned], dtype=np.int64),
        USUAL_SCORE,
    )


def hit_record(said_up: NDArray[np.bool_], rose: NDArray[np.bool_], days: NDArray[np.int64], score: float) -> HitRecord:
    """Returns the record of directions (n,) against outcomes (n,) on days (n,); `score` is that of the interval."""
    count, clusters = len(rose), np.unique(days)
    record = HitRecord(count, len(clusters))
    if not record.enough:
        return record
    usual = bool(2 * np.count_nonzero(rose) >= count)
    hits = said_up == rose
    edge = hits.astype(float) - (rose == usual)
    mean = float(edge.mean())
    sums = np.bincount(np.searchsorted(clusters, days), weights=edge - mean)
    error = math.sqrt(len(clusters) / (len(clusters) - 1) * float(np.square(sums).sum())) / count
    return HitRecord(
        count,
        len(clusters),
        float(hits.mean()),
        float((rose == usual).mean()),
        mean - score * error,
        mean + score * error,
    )
