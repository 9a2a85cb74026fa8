"""Reader of times of day: `22:00`, `22.00`, `9am`, `오후 9시 30분`, `정오`; and of a range of two, `22:00 - 07:00`."""

import re
from types import MappingProxyType

from people.notifications.errors import NotATime, ZonedTime

_TIME = re.compile(
    r"(?P<before>오전|오후|새벽|아침|저녁|낮|밤)?\s*(?P<hour>[0-9]{1,2})"
    r"(?:(?:[:h]|\.(?=[0-5][0-9])|시)\s*(?:(?P<minute>[0-5][0-9])(?:분)?|(?P<half>반))?)?\s*(?P<after>a\.?m\.?|p\.?m\.?)?"
)
_HALVES = MappingProxyType({"am": 0, "오전": 0, "새벽": 0, "아침": 0, "pm": 12, "오후": 12, "저녁": 12})
_DAYTIME, _NIGHT = "낮", "밤"
_DAWN = 6
"""The hour before which a night hour belongs to the morning, and a daytime hour to the afternoon."""
_NAMED = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0, "정오": 12 * 60, "자정": 0}
_RANGE = re.compile(r"\s*(?:-+>|→|-|~|\.\.+|\bto\b|\buntil\b|\btill\b|부터)\s*")
_AROUND = re.compile(r"^(?:from|between)\s+|\s*까지$|^at\s+|에$")
_ZONED = re.compile(
    r"(.*[0-9m.시분반]) ?"
    r"(?:(?:[a-z]{2,4}t|utc|ut|msk|z)(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?|[+-][0-9:]{1,5}|[a-z_]+/[a-z_/]+"
    r"|(?:한국|서울|현지) ?시간?)"
)
_HOURS, _HALF_DAY = 24, 12


def minute_of(text: str) -> int:
    """Returns the minute of the day. Raises NotATime, and ZonedTime for a time with a time zone."""
    folded = _AROUND.sub("", text.casefold().strip()).strip()
    if folded in _NAMED:
        return _NAMED[folded]
    found = _TIME.fullmatch(folded)
    if found is None or (found["before"] and found["after"]):
        zoned = _ZONED.fullmatch(folded)
        raise ZonedTime(text, zoned[1]) if zoned and is_time(zoned[1]) else NotATime(text)
    hour, minute = int(found["hour"]), 30 if found["half"] else int(found["minute"] or 0)
    half = found["before"] or (found["after"] or "").replace(".", "")
    if half:
        if not 1 <= hour <= _HALF_DAY:
            raise NotATime(text)
        hour = _hour_of(half, hour)
    if hour == _HOURS and not minute:  # the end of the day is the start of the next
        return 0
    if hour >= _HOURS:
        raise NotATime(text)
    return hour * 60 + minute


def _hour_of(half: str, hour: int) -> int:
    """Returns the hour of the day for a clock hour, 1 to 12: `밤 10시` is 22, `밤 12시` is 0, `낮 12시` is 12."""
    early = hour % _HALF_DAY < _DAWN
    if half in (_DAYTIME, _NIGHT):
        return hour % _HALF_DAY + (_HALF_DAY if early == (half == _DAYTIME) else 0)
    return hour % _HALF_DAY + _HALVES[half]


def times_of(text: str) -> tuple[int, ...]:
    """Returns the minutes of one or two times: `22:00 - 07:00`, `22시부터 7시까지`, `22:00 07:00`. Raises NotATime."""
    parts = [part for part in _RANGE.split(_AROUND.sub("", text.casefold().strip())) if part]
    if len(parts) == 1:
        parts = _halves(parts[0].split())
    return tuple(minute_of(part) for part in parts)


def _halves(words: list[str]) -> list[str]:
    """Returns two times that have no word between them; one text if they cannot be distinguished."""
    if all(is_time(word) for word in words):
        return words
    for at in range(1, len(words)):
        first, second = " ".join(words[:at]), " ".join(words[at:])
        if is_time(first) and is_time(second):
            return [first, second]
    return [" ".join(words)]


def is_time(text: str) -> bool:
    """Returns whether the text is a time of day."""
    try:
        minute_of(text)
    except NotATime:
        return False
    return True


def time_text(minute: int) -> str:
    """Returns the minute of the day as `07:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
