"""Words and values of users' notification choices. Pure; the choices are stored elsewhere."""

from bot.arguments.times import is_time, minute_of, time_text, times_of
from bot.errors import MissingArgument, NotAChoice
from people.notifications.errors import NotAFullHour, NotATime, QuietHoursEmpty, QuietHoursUnfinished
from people.notifications.preferences import DigestCadence, DigestSchedule, NotificationSetting
from people.notifications.quiet_hours import DeliveryMode, QuietHours

TOPICS = {
    **{topic.value: topic for topic in NotificationSetting},
    "alert": NotificationSetting.ALERTS,
    "range": NotificationSetting.RANGES,
    "condition": NotificationSetting.CONDITIONS,
    "forecast": NotificationSetting.FORECASTS,
    "fill": NotificationSetting.FILLS,
    "expiry": NotificationSetting.EXPIRIES,
    "limit": NotificationSetting.LIMITS,
    "digests": NotificationSetting.DIGEST,
    "signals": NotificationSetting.SCAN,
    "가격알림": NotificationSetting.ALERTS,
    "변동폭알림": NotificationSetting.RANGES,
    "조건알림": NotificationSetting.CONDITIONS,
    "예측알림": NotificationSetting.FORECASTS,
    "체결": NotificationSetting.FILLS,
    "만료": NotificationSetting.EXPIRIES,
    "한도": NotificationSetting.LIMITS,
    "리밸런싱": NotificationSetting.DRIFT,
    "요약": NotificationSetting.DIGEST,
    "스캔": NotificationSetting.SCAN,
    "신호": NotificationSetting.SCAN,
    "headline": NotificationSetting.HEADLINES,
    "뉴스": NotificationSetting.HEADLINES,
    "소식": NotificationSetting.NEWS,
    "공지": NotificationSetting.NEWS,
    "방해금지": NotificationSetting.QUIET,
    "여기": NotificationSetting.HERE,
}
"""Every spelling, in lower case."""


# -- words -------------------------------------------------------------------------------------

_OFF = ("off", "no", "none", "disable", "끄기", "끔", "꺼짐", "해제", "없음")
_MODES = {
    **dict.fromkeys(_OFF, DeliveryMode.OFF),
    **dict.fromkeys(("on", "yes", "enable", "켜기", "켬", "켜짐"), DeliveryMode.ON),
    **dict.fromkeys(("silent", "mute", "quiet", "무음", "조용히"), DeliveryMode.SILENT),
}
_EVERY = {
    **dict.fromkeys(("daily", "매일"), DigestCadence.DAILY),
    **dict.fromkeys(("weekly", "매주"), DigestCadence.WEEKLY),
}

_MONDAY = ("mon", "monday", "월", "월요일")
"""The day of a weekly digest."""

_LOUDNESS = ("on", "silent", "off")
CHOICES = {
    **dict.fromkeys(
        (
            NotificationSetting.ALERTS,
            NotificationSetting.RANGES,
            NotificationSetting.CONDITIONS,
            NotificationSetting.FORECASTS,
            NotificationSetting.FILLS,
            NotificationSetting.EXPIRIES,
            NotificationSetting.LIMITS,
            NotificationSetting.SCAN,
            NotificationSetting.HEADLINES,
            NotificationSetting.DRIFT,
            NotificationSetting.NEWS,
        ),
        _LOUDNESS,
    ),
    NotificationSetting.DIGEST: ("daily", "weekly", *_LOUDNESS),
    NotificationSetting.QUIET: ("22:00 07:00", "23:00 08:00", "00:00 07:00", "off"),
    NotificationSetting.HERE: ("off",),
}
"""Usual choices offered for each topic; words that read_choice reads."""

Choice = DeliveryMode | QuietHours | DigestSchedule


def read_choice(topic: NotificationSetting, text: str) -> Choice:
    """Returns the choice; OFF ends quiet hours, digests and the choice of a chat.

    Raises NotAChoice, NotATime, NotAFullHour, QuietHoursEmpty, QuietHoursUnfinished, MissingArgument.
    """
    words = text.casefold().split()
    if not words:
        raise MissingArgument("notifications", "choice")
    if len(words) == 1 and words[0] in _MODES and _allows(topic, _MODES[words[0]]):
        return _MODES[words[0]]
    if topic is NotificationSetting.QUIET:
        return _quiet(text)
    if topic is NotificationSetting.DIGEST and (words[0] in _EVERY or is_time(text)):
        return _plan(words)
    raise NotAChoice(text, CHOICES[topic])


def _allows(topic: NotificationSetting, mode: DeliveryMode) -> bool:
    return mode is DeliveryMode.OFF or topic not in (NotificationSetting.QUIET, NotificationSetting.HERE)


def _quiet(text: str) -> QuietHours:
    times = times_of(text)
    if not times:
        raise NotATime(text)
    if len(times) == 1:
        raise QuietHoursUnfinished(time_text(times[0]))
    if len(times) > 2:  # noqa: PLR2004 - from and to
        raise NotAChoice(text, CHOICES[NotificationSetting.QUIET])
    quiet = QuietHours(*times)
    if quiet.starts == quiet.ends:
        raise QuietHoursEmpty(time_text(quiet.starts))
    return quiet


def _plan(words: list[str]) -> DigestSchedule:
    """Returns the plan of a digest: `daily 8:00`, or `8:00` alone, which means every day."""
    every, at = (_EVERY[words[0]], words[1:]) if words[0] in _EVERY else (DigestCadence.DAILY, words)
    if every is DigestCadence.WEEKLY and at and at[0] in _MONDAY:
        at = at[1:]
    if not at:
        return DigestSchedule(every)
    minute = minute_of(" ".join(at))
    if minute % 60:
        raise NotAFullHour(" ".join(at))
    return DigestSchedule(every, minute // 60)
