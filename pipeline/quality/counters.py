"""Counters of the checks of one process, by reason, and a bounded list of the prices that were held back."""

from collections import Counter, deque
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from pipeline.market import Symbol
from pipeline.quality.reasons import Reason

MAX_KEPT = 200
"""Number of the newest held-back prices that are kept."""

DAYS_KEPT = 8
MAX_REASONS = 60

WAITING = "waiting"


class Quarantined(msgspec.Struct):
    """Price that was held back, and its outcome: `waiting`, `confirmed` or `refuted`.

    `usual` is the price that was used instead, `decided` the time of the quote that determined the outcome (0 while it
    waits). Times are the source's.
    """

    symbol: Symbol
    time: int
    reason: Reason
    price: str
    bid: str
    ask: str
    usual: float
    outcome: str = WAITING
    decided: int = 0


class QualityCounts:
    """Counters since the process began, and by UTC day of the source's clock; every part of it is bounded."""

    def __init__(self) -> None:
        self.ticks = 0
        self.candles = 0
        self.trades = 0
        self.total: Counter[str] = Counter()
        self.days: dict[str, Counter[str]] = {}
        self.kept: deque[Quarantined] = deque(maxlen=MAX_KEPT)

    def add(self, reason: str, time: int, times: int = 1) -> None:
        """Counts an event at `time` (UTC ms)."""
        self.total[reason] += times
        self._day(day_of(time))[reason] += times

    def hold(self, entry: Quarantined) -> None:
        """Counts and stores a price that is held back."""
        self.add(entry.reason, entry.time)
        self.kept.append(entry)

    def decide(self, entry: Quarantined, outcome: Reason, time: int) -> None:
        """Records the outcome of a held-back price."""
        entry.outcome, entry.decided = outcome.value, time
        self.add(outcome, time)

    def restore(self, days: Mapping[str, Mapping[str, int]], quarantined: list[Quarantined]) -> None:
        """Adds the counters and held-back prices of an earlier process of the same market."""
        for day in sorted(days)[-DAYS_KEPT:]:
            for reason, times in list(days[day].items())[:MAX_REASONS]:
                self._day(day)[reason] += times
        own = list(self.kept)
        self.kept.clear()
        self.kept.extend([*quarantined, *own])

    def _day(self, day: str) -> Counter[str]:
        counts = self.days.setdefault(day, Counter())
        while len(self.days) > DAYS_KEPT:
            del self.days[min(self.days)]
        return counts


def day_of(time: int) -> str:
    """Returns the UTC day of a time (UTC ms), such as `2021-04-18`."""
    return datetime.fromtimestamp(time / 1000, UTC).date().isoformat()
