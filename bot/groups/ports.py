"""What is asked of the place where groups are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.groups.settings import GroupSettings
from pipeline.market import Symbol

Change = Callable[[GroupSettings], GroupSettings]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a platform, by the platform's own name for it."""

    platform: str
    group_id: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Who changes and in which words; `command_id` makes the same change delivered again no second one."""

    command_id: str
    person_id: int
    words: str


class FeedState(StrEnum):
    """An ending feed still has to say so in its message."""

    ON = "on"
    ENDING = "ending"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Feed:
    """A price feed as people see it; `reason` says why it went off by itself."""

    chat_id: str
    symbols: tuple[Symbol, ...]
    state: FeedState
    reason: str = ""


class Groups(Protocol):
    """Settings and feeds of groups. Every method raises DatabaseUnavailable."""

    async def settings(self, group: Group) -> GroupSettings:
        """What holds there now; the defaults for a group nobody has arranged yet."""

    async def change(self, group: Group, changed: Changed, change: Change) -> GroupSettings:
        """Changes and logs in one step; raises what `change` raises."""

    async def feeds(self, group: Group) -> Sequence[Feed]:
        """Every feed there ever was in the group's chats, in the order in which they began."""

    async def start_feed(
        self, group: Group, changed: Changed, chat_id: str, symbols: Sequence[Symbol], most: int
    ) -> None:
        """A chat has one feed: one that runs goes on with these symbols. Raises TooManyFeeds beyond `most`."""

    async def stop_feed(self, group: Group, changed: Changed, chat_id: str) -> bool:
        """False where none runs."""
