"""What is refused of people's choices about notices."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class NotATime(Refused):
    """`text` is no time of a day."""

    text: str


@dataclass(eq=False)
class ZonedTime(NotATime):
    """`text` is the time `plain` with a time zone behind it; times are in the person's own."""

    plain: str


@dataclass(eq=False)
class NotALevel(Refused):
    """`text` is neither a price nor a change of the price."""

    text: str


@dataclass(eq=False)
class QuietHoursEmpty(Refused):
    """Quiet hours that begin and end at `time`: is that never, or always?"""

    time: str


@dataclass(eq=False)
class QuietHoursUnfinished(Refused):
    """Quiet hours that begin at `time`: until when?"""

    time: str


@dataclass(eq=False)
class NotAFullHour(Refused):
    """`text` is a time at which no digest can come."""

    text: str


@dataclass(eq=False)
class UnknownChat(Refused):
    """The person never wrote in the chat, or cannot be reached there any more."""


@dataclass(eq=False)
class NoAlertsToCancel(Refused):
    """None of the alerts that were shown is waiting any more."""
