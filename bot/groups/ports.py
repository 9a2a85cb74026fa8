"""Interface of the store of groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.groups.settings import GroupSettings
from pipeline.market import Symbol

Change = Callable[[GroupSettings], GroupSettings]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a platform, as the platform identifies it."""

    platform: str
    group_id: str


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Author and words of a change; with the same `command_id`, a change that is delivered again is not made twice."""

    command_id: str
    person_id: int
    words: str


class FeedState(StrEnum):
    """State of a feed; an ending feed still has to show its end in its message."""

    ON = "on"
    ENDING = "ending"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Feed:
    """A price feed as users see it; `reason` is why it ended by itself."""

    chat_id: str
    symbols: tuple[Symbol, ...]
    state: FeedState
    reason: str = ""


class Groups(Protocol):
    """Settings and feeds of groups. Every method raises DatabaseUnavailable."""

    async def settings(self, group: Group) -> GroupSettings:
        """Returns the current settings; the defaults for a group that has none yet."""

    async def change(self, group: Group, changed: SettingChange, change: Change) -> GroupSettings:
        """Changes and logs in one step. Raises the errors of `change`."""

    async def feeds(self, group: Group) -> Sequence[Feed]:
        """Returns every feed, past or running, in the group's chats, in the order in which they began."""

    async def start_feed(
        self, group: Group, changed: SettingChange, chat_id: str, symbols: Sequence[Symbol], max_feeds: int
    ) -> None:
        """Starts the only feed of a chat; a running one continues with these symbols. Raises TooManyFeeds beyond
        `max_feeds`.
        """

    async def stop_feed(self, group: Group, changed: SettingChange, chat_id: str) -> bool:
        """Stops the feed of a chat; returns False if none runs."""
