"""Notification preferences of users, as values, and the port of their store. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.outbox import Chat, NotificationTarget
from people.notifications.quiet_hours import DeliveryMode, QuietHours


class NotificationSetting(StrEnum):
    """Notification settings: the mode of each kind, the quiet hours, and the chat for notifications about money."""

    ALERTS = "alerts"
    RANGES = "ranges"
    CONDITIONS = "conditions"
    FORECASTS = "forecasts"
    FILLS = "fills"
    EXPIRIES = "expiries"
    LIMITS = "limits"
    DRIFT = "drift"
    DIGEST = "digest"
    SCAN = "scan"
    HEADLINES = "headlines"
    NEWS = "news"
    QUIET = "quiet"
    HERE = "here"


KINDS = {
    NotificationSetting.ALERTS: "alert",
    NotificationSetting.RANGES: "range",
    NotificationSetting.CONDITIONS: "condition",
    NotificationSetting.FORECASTS: "forecast",
    NotificationSetting.FILLS: "fill",
    NotificationSetting.EXPIRIES: "expiry",
    NotificationSetting.LIMITS: "limit",
    NotificationSetting.DRIFT: "rebalance-drift",
    NotificationSetting.DIGEST: "digest",
    NotificationSetting.SCAN: "scan",
    NotificationSetting.HEADLINES: "headline",
    NotificationSetting.NEWS: "broadcast",
}
"""Kinds of notifications by the topic that controls them."""

BY_CHOICE = frozenset((NotificationSetting.SCAN, NotificationSetting.HEADLINES))
"""Topics that are off until a user turns them on."""


class DigestCadence(StrEnum):
    """Frequency of a digest. Weekly digests are sent on Mondays."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """Schedule of a digest: a full hour, 0 to 23, in the user's time zone."""

    every: DigestCadence = DigestCadence.DAILY
    hour: int = 9


@dataclass(frozen=True, slots=True)
class NotificationPreferences:
    """All notification preferences of a user.

    A kind without a mode is on, unless it is `BY_CHOICE`. `home` is the chat chosen for notifications about money,
    `own` the private chat in which the user was seen last.
    """

    modes: Mapping[str, DeliveryMode] = field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    digest: DigestSchedule | None = None
    home: Chat | None = None
    own: Chat | None = None

    def mode(self, topic: NotificationSetting) -> DeliveryMode:
        """Returns the mode of the topic's kind of notification."""
        return self.modes.get(KINDS[topic], DeliveryMode.OFF if topic in BY_CHOICE else DeliveryMode.ON)


class PreferenceStore(Protocol):
    """Store of notification preferences. Every method raises DatabaseUnavailable."""

    async def choices(self, person_id: int) -> NotificationPreferences:
        """Returns all preferences of a user."""

    async def set_mode(self, person_id: int, kind: str, mode: DeliveryMode) -> None:
        """Sets the mode of a kind of notification."""

    async def set_quiet_hours(self, person_id: int, quiet_hours: QuietHours | None) -> None:
        """Sets the hours in which every notification is silent; None removes them."""

    async def set_digest(self, person_id: int, plan: DigestSchedule | None) -> None:
        """Sets the schedule of the digest; None turns it off."""

    async def reach(self, person_id: int, chat: Chat) -> None:
        """Records that the user can be reached in the chat."""

    async def set_home(self, person_id: int, chat: Chat | None) -> None:
        """Sets the chat for notifications about money; None removes it.

        Raises UnknownChat for a chat in which the user was never seen, and for one that others read if `chat` is not
        public.
        """

    async def notification_target(self, person_id: int) -> NotificationTarget | None:
        """Returns the chat to notify about orders in addition to their answer, or None.

        Cached, because every order needs it.
        """

    def forget(self, person_id: int) -> None:
        """Drops the cached chat of a user whose chats have changed: by a link, an unlink or a deletion."""


Seen = tuple[int, Chat]
