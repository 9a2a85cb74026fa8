"""How loud a notice may be: by its kind, and by the hour of the person's own day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    """What the person chose for a kind of notice."""

    ON = "on"
    SILENT = "silent"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Minutes of the day from `starts` up to, without, `ends`; may pass midnight. Nothing where they are equal."""

    starts: int
    ends: int

    def holds(self, local: datetime) -> bool:
        """True within the quiet hours."""
        minute = local.hour * 60 + local.minute
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was chosen for this kind, and the hours in which everything is silent."""

    mode: Mode = Mode.ON
    quiet: Quiet | None = None

    def silent(self, local: datetime) -> bool:
        """True where the message must make no sound; `local` is the person's own time."""
        return self.mode is Mode.SILENT or (self.quiet is not None and self.quiet.holds(local))
