"""What users choose about notifications, as values, and the port of their store. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.outbox import Chat, Telling
from people.notifications.quiet_hours import Mode, Quiet


class Topic(StrEnum):
    """What can be chosen: how loud a kind of notice is, when all of them are silent, where those about money go."""

    ALERTS = "alerts"
    FORECASTS = "forecasts"
    FILLS = "fills"
    EXPIRIES = "expiries"
    DIGEST = "digest"
    NEWS = "news"
    QUIET = "quiet"
    HERE = "here"


KINDS = {
    Topic.ALERTS: "alert",
    Topic.FORECASTS: "forecast",
    Topic.FILLS: "fill",
    Topic.EXPIRIES: "expiry",
    Topic.DIGEST: "digest",
    Topic.NEWS: "broadcast",
}
"""The kinds of `trading.alerts.notices`, by what people call them."""


class DigestCadence(StrEnum):
    """How often a digest comes; a weekly one on Mondays."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """At a full hour, 0 to 23, of the person's own day."""

    every: DigestCadence = DigestCadence.DAILY
    hour: int = 9


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a person chose. A kind without a mode is on; `home` is the chat chosen for notices about money, `own`
    the private chat in which the person was seen last."""

    modes: Mapping[str, Mode] = field(default_factory=dict)
    quiet: Quiet | None = None
    digest: DigestPlan | None = None
    home: Chat | None = None
    own: Chat | None = None

    def mode(self, topic: Topic) -> Mode:
        """How loud it is."""
        return self.modes.get(KINDS[topic], Mode.ON)


class Notices(Protocol):
    """What people choose about notices. Every method raises DatabaseUnavailable."""

    async def choices(self, person_id: int) -> Choices:
        """All of it."""

    async def set_mode(self, person_id: int, kind: str, mode: Mode) -> None:
        """How loud a kind of notice is."""

    async def set_quiet(self, person_id: int, quiet: Quiet | None) -> None:
        """The hours in which everything is silent."""

    async def set_digest(self, person_id: int, plan: DigestPlan | None) -> None:
        """When a digest comes, if one does."""

    async def reach(self, person_id: int, chat: Chat) -> None:
        """Notes that the person can be reached in the chat."""

    async def set_home(self, person_id: int, chat: Chat | None) -> None:
        """Where notices about money go. Raises UnknownChat for one in which the person was never seen."""

    async def telling(self, person_id: int) -> Telling | None:
        """Where orders are to be told of besides their answer; remembered, because every order asks."""


Seen = tuple[int, Chat]
