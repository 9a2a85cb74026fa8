"""Reader of rhythms: `daily 9:00`, `weekly fri 18:00`, `monthly 15 9:00`, `monthly last`."""

import re

from bot.arguments.reader import Reader, all_words
from bot.arguments.times import is_time, minute_of
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from core.recurrence import LAST_DAY, Frequency, Recurrence

USUAL_MINUTE = 9 * 60
"""Default time of day, nine in the morning."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Weekdays as typed and as on buttons, Monday first."""

_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KOREAN = ("월", "화", "수", "목", "금", "토", "일")
_DAYS = {
    spelling: number
    for number in range(7)
    for spelling in (WEEKDAYS[number], _LONG[number], f"{_LONG[number]}s", _KOREAN[number], f"{_KOREAN[number]}요일")
}
_DAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_EVERY = {
    **{every.value: every for every in Frequency},
    **dict.fromkeys(("everyday", "day", "매일", "날마다", "하루마다"), Frequency.DAILY),
    **dict.fromkeys(("week", "매주"), Frequency.WEEKLY),
    **dict.fromkeys(("month", "매월", "매달", "달마다"), Frequency.MONTHLY),
}
_KOREAN_EVERY = ("매일", "매주", "매월")
_IMPOSSIBLE = frozenset(("weekdays", "weekday", "weekends", "weekend", "hourly", "biweekly", "fortnightly")) | {
    *("평일", "주중", "주말", "매시간", "격일", "격주")
}
"""Words of rhythms that are not possible, which are refused with those that are."""
_KOREAN_EACH = "마다"
_EACH = ("every", "each", _KOREAN_EACH)
_ORDINAL = re.compile(r"(?:\.|st|nd|rd|th|일)$")
_LAST = ("last", "말일", "마지막", "마지막날")
_MONTH_CHOICES = ("1", "15", "last")
_TIME_WORDS = 4
"""Most words of a time of day: `at 오후 9시 30분`."""
_FILLERS = ("at", "on", "the", "of", "day", "에", "날")


def read_rhythm(text: str) -> Recurrence:
    """Returns the rhythm in `text`. Raises NotAChoice, whose choices keep the time that was typed, and NotATime."""
    words = _parted(text.casefold().replace(",", " ").replace("/", " ").split())
    each = len(words) > 1 and words[0] in _EACH
    words = words[1:] if each else words
    day = words[0].removesuffix(_KOREAN_EACH) if words else ""
    if day in _DAYS and (each or words[0] not in _KOREAN):
        words = ["weekly", day, *words[1:]]
    word, *rest = words or [""]
    if word not in _EVERY:
        raise NotAChoice(text, _at_time(_possible(text, words), words))
    every = _EVERY[word]
    weekdays = WEEKDAYS if word.isascii() else _KOREAN
    number, rest = _day(every, weekdays, [word for word in rest if word not in _FILLERS])
    if every is Frequency.WEEKLY and rest and rest[0] in _DAYS:  # two days of a week are two recurring buys
        raise NotAChoice(text, _at_time(_weekly(weekdays, [weekdays[number], *rest]), rest))
    return Recurrence(every, minute_of(" ".join(rest)) if rest else USUAL_MINUTE, number)


def _parted(words: list[str]) -> list[str]:
    """Returns `월수금` as its three days; other words stay."""
    return [day for word in words for day in (word if len(word) > 1 and set(word) <= set(_KOREAN) else (word,))]


def _possible(text: str, words: list[str]) -> tuple[str, ...]:
    """Returns the rhythms that are possible, with the weekdays that were typed."""
    usual, weekdays = (tuple(Frequency), WEEKDAYS) if text.isascii() else (_KOREAN_EVERY, _KOREAN)
    named = _weekly(weekdays, words)
    return usual if not named else named if len(named) > 1 else (*named, usual[0], usual[-1])


def _weekly(weekdays: tuple[str, ...], words: list[str]) -> tuple[str, ...]:
    """Returns `weekly mon` for each weekday among the words."""
    weekly = Frequency.WEEKLY.value if weekdays is WEEKDAYS else _KOREAN_EVERY[1]
    return tuple(dict.fromkeys(f"{weekly} {weekdays[_DAYS[word]]}" for word in words if word in _DAYS))


def _at_time(choices: tuple[str, ...], words: list[str]) -> tuple[str, ...]:
    """Returns the choices, each with the time at the end of the words if there is one."""
    starts = range(max(1, len(words) - _TIME_WORDS), len(words))
    time = next((found for at in starts if is_time(found := " ".join(words[at:]))), "")
    return tuple(f"{choice} {time}".rstrip() for choice in choices)


def begins_rhythm(word: str) -> bool:
    """Returns whether a word in the place of a size begins a rhythm."""
    folded = word.casefold()
    known = folded in _EVERY or folded in _EACH or folded in _IMPOSSIBLE
    return known or folded.removesuffix(_KOREAN_EACH) in _DAYS


def _day(every: Frequency, weekdays: tuple[str, ...], words: list[str]) -> tuple[int, list[str]]:
    """Returns the day, and the words after it; Monday or the first of the month if no day is written."""
    if every is Frequency.DAILY:
        return 0, words
    if every is Frequency.WEEKLY:
        if words and words[0] in _DAYS:
            return _DAYS[words[0]], words[1:]
        return 0, _only_time(words, weekdays)
    if words and words[0] in _LAST:
        return LAST_DAY, words[1:]
    number = _ORDINAL.sub("", words[0]) if words else ""
    if number.isascii() and number.isdigit() and len(number) <= 2 and 1 <= int(number) <= LAST_DAY:  # noqa: PLR2004
        return int(number), words[1:]
    return 1, _only_time(words, _MONTH_CHOICES)


def _only_time(words: list[str], choices: tuple[str, ...]) -> list[str]:
    """Returns the words after a day that was left out: none, or words that can only be a time. Raises NotAChoice."""
    if words and not (is_time(" ".join(words)) and not words[0].isdigit()):
        raise NotAChoice(words[0], choices)
    return words


def _suggest_rhythms(prefix: str, ctx: Context) -> list[Suggestion]:
    """Suggests the usual rhythms, in the user's language."""
    offered = ctx.text("rhythms-offered").split("\n")
    return [Suggestion(text, text) for text in offered if text.startswith(prefix.casefold())]


RHYTHMS = Reader(lambda text, _: read_rhythm(text), _suggest_rhythms, span=all_words)
