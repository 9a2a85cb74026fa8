"""What people choose about notices, as words and as values. Pure; the choices are kept elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.arguments.times import is_time, minute_of, time_text, times_of
from bot.errors import MissingArgument, NotAChoice
from bot.push.errors import NotAFullHour, NotATime, QuietHoursEmpty, QuietHoursUnfinished
from bot.push.preferences import Mode, Quiet
from core.outbox import Chat, Telling


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


TOPICS = {
    **{topic.value: topic for topic in Topic},
    "alert": Topic.ALERTS,
    "forecast": Topic.FORECASTS,
    "fill": Topic.FILLS,
    "expiry": Topic.EXPIRIES,
    "digests": Topic.DIGEST,
    "가격알림": Topic.ALERTS,
    "예측알림": Topic.FORECASTS,
    "체결": Topic.FILLS,
    "만료": Topic.EXPIRIES,
    "요약": Topic.DIGEST,
    "소식": Topic.NEWS,
    "공지": Topic.NEWS,
    "방해금지": Topic.QUIET,
    "여기": Topic.HERE,
}
"""Every spelling, in lower case."""

KINDS = {
    Topic.ALERTS: "alert",
    Topic.FORECASTS: "forecast",
    Topic.FILLS: "fill",
    Topic.EXPIRIES: "expiry",
    Topic.DIGEST: "digest",
    Topic.NEWS: "broadcast",
}
"""The kinds of `trading.alerts.notices`, by what people call them."""


class Every(StrEnum):
    """How often a digest comes; a weekly one on Mondays."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """At a full hour, 0 to 23, of the person's own day."""

    every: Every = Every.DAILY
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


# -- words -------------------------------------------------------------------------------------

_OFF = ("off", "no", "none", "disable", "끄기", "끔", "꺼짐", "해제", "없음")
_MODES = {
    **dict.fromkeys(_OFF, Mode.OFF),
    **dict.fromkeys(("on", "yes", "enable", "켜기", "켬", "켜짐"), Mode.ON),
    **dict.fromkeys(("silent", "mute", "quiet", "무음", "조용히"), Mode.SILENT),
}
_EVERY = {
    **dict.fromkeys(("daily", "매일"), Every.DAILY),
    **dict.fromkeys(("weekly", "매주"), Every.WEEKLY),
}

_MONDAY = ("mon", "monday", "월", "월요일")
"""The day of a weekly digest."""

_LOUDNESS = ("on", "silent", "off")
CHOICES = {
    **dict.fromkeys((Topic.ALERTS, Topic.FORECASTS, Topic.FILLS, Topic.EXPIRIES, Topic.NEWS), _LOUDNESS),
    Topic.DIGEST: ("daily", "weekly", *_LOUDNESS),
    Topic.QUIET: ("22:00 07:00", "23:00 08:00", "00:00 07:00", "off"),
    Topic.HERE: ("off",),
}
"""What is offered for each topic, the usual ones; words that read_choice reads."""

Choice = Mode | Quiet | DigestPlan


def read_choice(topic: Topic, text: str) -> Choice:
    """What was chosen; OFF ends quiet hours, digests and the choice of a chat.

    Raises NotAChoice, NotATime, NotAFullHour, QuietHoursEmpty, QuietHoursUnfinished, MissingArgument.
    """
    words = text.casefold().split()
    if not words:
        raise MissingArgument("notify", "choice")
    if len(words) == 1 and words[0] in _MODES and _allows(topic, _MODES[words[0]]):
        return _MODES[words[0]]
    if topic is Topic.QUIET:
        return _quiet(text)
    if topic is Topic.DIGEST and (words[0] in _EVERY or is_time(text)):
        return _plan(words)
    raise NotAChoice(text, CHOICES[topic])


def _allows(topic: Topic, mode: Mode) -> bool:
    return mode is Mode.OFF or topic not in (Topic.QUIET, Topic.HERE)


def _quiet(text: str) -> Quiet:
    times = times_of(text)
    if not times:
        raise NotATime(text)
    if len(times) == 1:
        raise QuietHoursUnfinished(time_text(times[0]))
    if len(times) > 2:  # noqa: PLR2004 - from and to
        raise NotAChoice(text, CHOICES[Topic.QUIET])
    quiet = Quiet(*times)
    if quiet.starts == quiet.ends:
        raise QuietHoursEmpty(time_text(quiet.starts))
    return quiet


def _plan(words: list[str]) -> DigestPlan:
    """`daily 8:00`, or `8:00` alone, which is every day."""
    every, at = (_EVERY[words[0]], words[1:]) if words[0] in _EVERY else (Every.DAILY, words)
    if every is Every.WEEKLY and at and at[0] in _MONDAY:
        at = at[1:]
    if not at:
        return DigestPlan(every)
    minute = minute_of(" ".join(at))
    if minute % 60:
        raise NotAFullHour(" ".join(at))
    return DigestPlan(every, minute // 60)
