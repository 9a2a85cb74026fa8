"""Round moments of the user's wall clock for time axes, and their labels in the user's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from babel.dates import format_interval, format_skeleton

from pipeline.market import DAY_MS, MINUTE_MS

_HOUR_MS = 60 * MINUTE_MS
_MONDAY_MS = 4 * DAY_MS  # 1970-01-05
_MAX_MOMENTS = 400


@dataclass(frozen=True, slots=True)
class AxisStep:
    """A calendar step: `ms` for steps of fixed length, else `months`."""

    ms: int = 0
    months: int = 0

    @property
    def about_ms(self) -> int:
        """Length of the step, with months counted as 30 days."""
        return self.ms or self.months * 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class TickLabel:
    """A label centred at a pixel column. `important` marks the beginning of a larger unit."""

    column: float
    width: float
    text: str
    important: bool


STEPS = (
    *(AxisStep(ms=n * MINUTE_MS) for n in (1, 2, 5, 10, 15, 30)),
    *(AxisStep(ms=n * _HOUR_MS) for n in (1, 2, 3, 4, 6, 8, 12)),
    *(AxisStep(ms=n * DAY_MS) for n in (1, 2, 3, 7, 14)),
    *(AxisStep(months=n) for n in (1, 2, 3, 6, 12, 24, 60, 120, 240)),
)


def moments(first: int, last: int, step: AxisStep) -> list[int]:
    """Returns round local times (ms) from `first` to `last`; weeks begin on Monday. [] if there would be over 400."""
    if (last - first) / step.about_ms > _MAX_MOMENTS:
        return []
    if step.months:
        return [moment for moment in _months(first, last, step.months) if first <= moment <= last]
    anchor = _MONDAY_MS if step.ms % (7 * DAY_MS) == 0 else 0
    start = anchor + -(-(first - anchor) // step.ms) * step.ms
    return list(range(start, last + 1, step.ms))


def _months(first: int, last: int, every: int) -> Iterator[int]:
    begin, end = _local(first), _local(last)
    month = (begin.year * 12 + begin.month - 1) // every * every
    while month <= end.year * 12 + end.month - 1:
        yield int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp() * 1000)
        month += every


def moment_label(moment: int, shown: int, step: AxisStep, language: str) -> tuple[str, bool]:
    """Returns the label of a round `moment` at a mark whose local time is `shown`, and whether it begins a larger unit.

    A larger unit is a day among hours, or a year among months.
    """
    at = _local(moment)
    if step.months >= 12:  # noqa: PLR2004
        return format_skeleton("y", at, locale=language), False
    if step.months:
        begins = at.month == 1
        return format_skeleton("y" if begins else "MMM", at, locale=language), begins
    if step.ms >= DAY_MS:
        return format_skeleton("MMMd", at, locale=language), False
    if moment % DAY_MS == 0:
        return format_skeleton("MMMd", at, locale=language), True
    return format_skeleton("Hm", _local(shown), locale=language), False


def span_label(first: int, last: int, zone: str, language: str) -> str:
    """Returns the dates covered by a chart and its time zone: `Sep 10 – 12, 2026 · KST`."""
    days = format_interval(_local(first), _local(last), "yMMMd", locale=language)
    return f"{days} · {zone}" if zone else str(days)


def steps_from(shortest_ms: int) -> Sequence[AxisStep]:
    """Returns the steps not shorter than a candle."""
    return [step for step in STEPS if step.about_ms >= shortest_ms]


def thin(marks: Sequence[TickLabel], room: float) -> list[TickLabel]:
    """Returns the marks to keep, from left to right, so that labels are at least `room` pixels apart.

    An important mark displaces ordinary ones before it.
    """
    kept: list[TickLabel] = []
    for mark in marks:
        while kept and mark.important and not kept[-1].important and _gap(kept[-1], mark) < room:
            kept.pop()
        if not kept or _gap(kept[-1], mark) >= room:
            kept.append(mark)
    return kept


def crowded(marks: Sequence[TickLabel], room: float) -> bool:
    """True if the median gap between neighbours is below `room`."""
    gaps = sorted(_gap(one, other) for one, other in pairwise(marks))
    return bool(gaps) and gaps[len(gaps) // 2] < room


def _gap(one: TickLabel, other: TickLabel) -> float:
    return other.column - one.column - (one.width + other.width) / 2


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
