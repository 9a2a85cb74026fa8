"""What is refused because of the place, or in arranging it."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class TooFast(Refused):
    """Too many commands of this person or in this chat; in `seconds` there is room again."""

    seconds: int


@dataclass(eq=False)
class ManagersOnly(Refused):
    """In this group `command` is for those who manage it."""

    command: str


@dataclass(eq=False)
class SwitchedOff(Refused):
    """In this group nobody may use `command`."""

    command: str


@dataclass(eq=False)
class OtherChannel(Refused):
    """The desk answers in `channel` of this group, not here."""

    channel: str


OF_THE_PLACE = (TooFast, ManagersOnly, SwitchedOff, OtherChannel)
"""These say nothing about the person, so they are said where they were asked for, in the fewest words."""


@dataclass(eq=False)
class TooManyChannels(Refused):
    """A group names at most `limit` channels."""

    limit: int


@dataclass(eq=False)
class TooManyRules(Refused):
    """A group has at most `limit` rules."""

    limit: int


@dataclass(eq=False)
class CooldownTooLong(Refused):
    """A group's cool-down is at most `limit` seconds."""

    limit: int


@dataclass(eq=False)
class TooManyFeeds(Refused):
    """A group has at most `limit` price feeds."""

    limit: int


@dataclass(eq=False)
class FeedTooLong(Refused):
    """A price feed shows at most `limit` symbols."""

    limit: int
