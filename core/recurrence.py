"""Times of a local day that come again: each day, week or month, in somebody's time zone, whatever the clocks do. Pure.

A slot is named by its date in that zone. A date has one slot and one only: a time that a clock change skips is as much
later as the clocks went forward, and of one that comes twice it is the first.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MINUTES = 1440
LAST_DAY = 31
"""Of a month, however long it is."""


class Frequency(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """At `minute` (0 to 1439) of the local day. `day` is the day of the week (Monday 0) of a weekly one and the day of
    the month (1 to 31) of a monthly one; a month that is shorter has it on its last day."""

    every: Frequency
    minute: int
    day: int = 0

    def falls_on(self, day: date) -> bool:
        """Whether a date has a slot."""
        match self.every:
            case Frequency.DAILY:
                return True
            case Frequency.WEEKLY:
                return day.weekday() == self.day
            case Frequency.MONTHLY:
                return day.day == min(self.day, monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Slot:
    """A date of the local calendar, and the moment in UTC."""

    day: date
    at: datetime


def next_slot(rhythm: Rhythm, zone: str, now: datetime, after: date | None = None) -> Slot:
    """The first slot later than `now`, of a date later than `after`; in UTC where this machine does not know the
    zone."""
    local = zone_of(zone)
    today = now.astimezone(local).date()
    for days in count(-1):
        day = today + timedelta(days=days)
        if rhythm.falls_on(day) and (after is None or day > after):
            slot = Slot(day, _moment(day, rhythm.minute, local))
            if slot.at > now:
                return slot
    raise AssertionError


def zone_of(name: str) -> ZoneInfo:
    """UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def start_of(day: date, zone: str) -> datetime:
    """When a date begins in the zone, in UTC; where a clock change skips midnight, at the change."""
    return _moment(day, 0, zone_of(zone))


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """In UTC. The offset of `fold=0` is the one before a change, so a skipped time lands behind it."""
    hours, minutes = divmod(minute, 60)
    return datetime.combine(day, time(hours, minutes), zone).astimezone(UTC)
