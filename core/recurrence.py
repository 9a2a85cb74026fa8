"""Recurring local times: each day, week or month in a user's time zone, across clock changes. Pure.

A slot is named by its date in that zone. Each date has exactly one slot. A time that a clock change skips moves later
by as much as the clocks went forward. For a time that occurs twice, the slot is the first occurrence.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MINUTES = 1440
LAST_DAY = 31
"""Last day of any month, however short."""


class Frequency(StrEnum):
    """Frequency of a recurrence."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Recurrence at `minute` (0 to 1439) of the local day. `day` is the day of the week (Monday 0) of a weekly
    recurrence and the day of the month (1 to 31) of a monthly one. In a shorter month, the slot is on its last day.
    """

    every: Frequency
    minute: int
    day: int = 0

    def falls_on(self, day: date) -> bool:
        """True if the date has a slot."""
        match self.every:
            case Frequency.DAILY:
                return True
            case Frequency.WEEKLY:
                return day.weekday() == self.day
            case Frequency.MONTHLY:
                return day.day == min(self.day, monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Slot:
    """Date of the local calendar, and the moment in UTC."""

    day: date
    at: datetime


def next_slot(rhythm: Recurrence, zone: str, now: datetime, after: date | None = None) -> Slot:
    """Returns the first slot later than `now`, on a date later than `after`. Uses UTC if this machine does not know the
    zone.
    """
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
    """Returns the time zone, or UTC if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def start_of(day: date, zone: str) -> datetime:
    """Returns the start of a date in the zone, in UTC. If a clock change skips midnight, the start is the change."""
    return _moment(day, 0, zone_of(zone))


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Returns the local time in UTC. `fold=0` uses the offset before a clock change, so a skipped time moves past the
    change.
    """
    hours, minutes = divmod(minute, 60)
    return datetime.combine(day, time(hours, minutes), zone).astimezone(UTC)
