"""Quality of the last day's data in a few figures, for a short text to operators. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.market import Symbol
from pipeline.quality.candle_audit import FROZEN_CANDLES
from pipeline.quality.counters import day_of
from pipeline.quality.publisher import QualitySnapshot
from pipeline.quality.reasons import DROPPED, HELD, Reason
from pipeline.quality.report import Report


@dataclass(frozen=True, slots=True)
class DailyQuality:
    """`day` is the UTC day the report begins on. The lists hold every symbol concerned, those with most first;
    `missing` counts candles by symbol, `dropped` by reason, and `refuted` those of `held` that were never shown."""

    day: str
    symbols: int
    candles: int
    missing: tuple[tuple[Symbol, int], ...]
    untraded: tuple[Symbol, ...]
    quiet: tuple[Symbol, ...]
    frozen: tuple[Symbol, ...]
    held: int
    refuted: int
    dropped: tuple[tuple[str, int], ...]

    @property
    def fine(self) -> bool:
        """True if there is nothing to report to operators."""
        return not (self.missing or self.quiet or self.held or self.dropped)


def summarise(report: Report, counters: Mapping[str, QualitySnapshot]) -> DailyQuality:
    """Summarises a report over one day and the roles' counters of that day."""
    day = day_of(report.start)
    counts: Counter[str] = Counter()
    for snapshot in counters.values():
        counts.update(snapshot.days.get(day, {}))
    symbols = report.symbols
    untraded = tuple(s.symbol for s in symbols if s.zero_volume == s.rows)
    frozen = sorted((s for s in symbols if s.frozen >= FROZEN_CANDLES), key=lambda s: -s.frozen)
    missing = sorted(((s.symbol, s.missing) for s in symbols if s.missing), key=lambda pair: (-pair[1], pair[0]))
    dropped = Counter({reason.value: counts[reason] for reason in DROPPED if counts[reason]})
    return DailyQuality(
        day=day,
        symbols=len(symbols),
        candles=report.rows,
        missing=tuple(missing),
        untraded=untraded,
        quiet=tuple(s.symbol for s in report.silent),
        frozen=tuple(s.symbol for s in frozen if s.symbol not in untraded),
        held=sum(counts[reason] for reason in HELD),
        refuted=counts[Reason.REFUTED],
        dropped=tuple(dropped.most_common()),
    )
