"""Sound of notifications, by their kind and by the hour in the user's time zone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryMode(StrEnum):
    """Delivery mode of a kind of notification, as chosen by the user."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Quiet hours from `starts` up to and excluding `ends`, in minutes of the day.

    May span midnight; empty if equal.
    """

    starts: int
    ends: int

    def holds(self, local: datetime) -> bool:
        """True within the quiet hours."""
        minute = local.hour * 60 + local.minute
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


@dataclass(frozen=True, slots=True)
class SoundPolicy:
    """Mode of a kind of notification, and the hours in which every notification is silent."""

    mode: DeliveryMode = DeliveryMode.ON
    quiet_hours: QuietHours | None = None

    def silent(self, local: datetime) -> bool:
        """True if the message must make no sound. `local` is the time in the user's time zone."""
        return self.mode is DeliveryMode.SILENT or (self.quiet_hours is not None and self.quiet_hours.holds(local))
