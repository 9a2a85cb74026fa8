"""Refusals that depend on the place of a request, or that concern the settings of a group."""

from dataclasses import dataclass

from core.errors import Refused


@dataclass(eq=False)
class RateLimited(Refused):
    """Too many commands of this user or in this chat; the next is accepted in `seconds`. `repeated`: the user was told
    so a moment ago.
    """

    seconds: int
    repeated: bool = False


@dataclass(eq=False)
class AdminsOnly(Refused):
    """In this group `command` is reserved for its managers."""

    command: str


@dataclass(eq=False)
class CommandDisabled(Refused):
    """In this group `command` is switched off."""

    command: str


@dataclass(eq=False)
class ChannelNotAllowed(Refused):
    """In this group the bot answers only in `channel`."""

    channel: str


OF_THE_PLACE = (RateLimited, AdminsOnly, CommandDisabled, ChannelNotAllowed)
"""Errors that reveal nothing about the user; they are shown in the chat of the request, in the fewest words."""


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
