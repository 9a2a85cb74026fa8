"""Errors of notification preferences and of alerts."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class NotATime(Refused):
    """`text` is not a time of day."""

    text: str


@dataclass(eq=False)
class ZonedTime(NotATime):
    """`text` is the time `plain` followed by a time zone. Times are given in the user's own time zone."""

    plain: str


@dataclass(eq=False)
class NotALevel(Refused):
    """`text` is neither a price nor a change of the price."""

    text: str


@dataclass(eq=False)
class QuietHoursEmpty(Refused):
    """The quiet hours begin and end at `time`, which could mean never or always."""

    time: str


@dataclass(eq=False)
class QuietHoursUnfinished(Refused):
    """The quiet hours begin at `time` and have no end."""

    time: str


@dataclass(eq=False)
class NotAFullHour(Refused):
    """`text` is a time that is not a full hour, so no digest can be scheduled at it."""

    text: str


@dataclass(eq=False)
class UnknownChat(Refused):
    """The user never wrote in the chat, or can no longer be reached there."""


@dataclass(eq=False)
class NoAlertsToCancel(Refused):
    """None of the listed alerts is waiting any more."""
