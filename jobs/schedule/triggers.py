"""Triggers of jobs: slots in UTC ms that every scheduler computes alike. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from pipeline.market import DAY_MS

_HOUR_MS = 3_600_000
_BACK_MS = (_HOUR_MS, DAY_MS, 8 * DAY_MS, 32 * DAY_MS, 367 * DAY_MS)


class When(Protocol):
    """Sequence of slots."""

    def after(self, at: int) -> int:
        """Returns the first slot later than `at`."""

    def before(self, at: int) -> int | None:
        """Returns the last slot at `at` or earlier; None if there is none within a year."""


@dataclass(frozen=True, slots=True)
class IntervalTrigger:
    """Slots every `seconds`, counted from `offset` seconds after midnight of 1 January 1970 UTC."""

    seconds: int
    offset: int = 0

    def after(self, at: int) -> int:
        """Returns the first slot later than `at`."""
        step, begin = self.seconds * 1000, self.offset * 1000
        return (at - begin) // step * step + step + begin

    def before(self, at: int) -> int:
        """Returns the last slot at `at` or earlier."""
        return self.after(at) - self.seconds * 1000

    def __str__(self) -> str:
        for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
            if self.seconds % size == 0:
                return f"every {self.seconds // size} {unit}"
        return f"every {self.seconds} s"


@dataclass(frozen=True, slots=True)
class Cron:
    """Slots at times of the wall clock in a zone, as `minute hour day month weekday` (weekdays by name).

    If a clock change skips a time, the slot is the moment of the change; if a time occurs twice, it is the first. A
    daily job is therefore due once every day, and an hourly one is not due in the repeated hour.
    """

    fields: str
    zone: str = "UTC"

    def __post_init__(self) -> None:
        """Raises ValueError if the fields or the zone are invalid."""
        if any(letter.isdigit() for letter in self.fields.split()[-1]):  # cron and APScheduler number them differently
            raise ValueError(f"weekdays are named: {self.fields}")
        _trigger(self.fields)
        ZoneInfo(self.zone)

    def after(self, at: int) -> int:
        """Returns the first slot later than `at`."""
        zone, trigger = ZoneInfo(self.zone), _trigger(self.fields)
        local = datetime.fromtimestamp(at / 1000, zone).replace(tzinfo=UTC)
        while True:
            local = trigger.get_next_fire_time(None, local)  # wall clock time, ignoring clock changes
            if local is None:
                raise ValueError(f"never due: {self.fields}")
            if (slot := _moment(local.replace(tzinfo=None), zone)) > at:
                return slot
            local += timedelta(seconds=1)

    def before(self, at: int) -> int | None:
        """Returns the last slot at `at` or earlier; None if there is none within a year."""
        for back in _BACK_MS:
            slot, following = None, self.after(at - back)
            while following <= at:
                slot, following = following, self.after(following)
            if slot is not None:
                return slot
        return None

    def __str__(self) -> str:
        return f"{self.fields} {self.zone}"


def daily(hour: int, zone: str, minute: int = 0) -> Cron:
    """Returns a trigger for once a day at this time of the wall clock."""
    return Cron(f"{minute} {hour} * * *", zone)


@lru_cache(maxsize=64)
def _trigger(fields: str) -> CronTrigger:
    return CronTrigger.from_crontab(fields, timezone=UTC)


def _moment(local: datetime, zone: ZoneInfo) -> int:
    """Returns the UTC ms at which the wall clock shows this time first, or jumps over it."""
    first, second = (round(local.replace(tzinfo=zone, fold=fold).timestamp() * 1000) for fold in (0, 1))
    if first <= second:
        return first
    early, late = second, first  # the change is between them, whose offsets differ
    before = datetime.fromtimestamp(early / 1000, zone).utcoffset()
    while late - early > 1:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle / 1000, zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
