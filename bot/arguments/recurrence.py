"""How a rhythm is written: `daily 9:00`, `weekly fri 18:00`, `monthly 15 9:00`, `monthly last`."""

from bot.arguments.reader import Reader, all_words
from bot.context import Context
from bot.errors import NotAChoice
from bot.inbound import Suggestion
from bot.notices import minute_of
from bot.push.errors import NotATime
from pipeline.slots import LAST_DAY, Every, Rhythm

USUAL_MINUTE = 9 * 60
"""Nine in the morning, where no time is said."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As typed and on buttons, Monday first."""

_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KOREAN = ("월", "화", "수", "목", "금", "토", "일")
_DAYS = {
    spelling: number
    for number in range(7)
    for spelling in (WEEKDAYS[number], _LONG[number], _KOREAN[number], f"{_KOREAN[number]}요일")
}
_EVERY = {
    **{every.value: every for every in Every},
    "매일": Every.DAILY,
    "매주": Every.WEEKLY,
    "매월": Every.MONTHLY,
    "매달": Every.MONTHLY,
}
_LAST = ("last", "말일", "마지막")
_MONTH_CHOICES = ("1", "15", "last")
OFFERED = ("daily 9:00", "weekly mon 9:00", "monthly 1 9:00", "daily 21:00", "monthly last 9:00")
"""The usual ones, as words that read_rhythm reads."""


def read_rhythm(text: str) -> Rhythm:
    """Raises NotAChoice and NotATime."""
    word, *rest = text.casefold().replace(",", " ").split() or [""]
    if word not in _EVERY:
        raise NotAChoice(text, tuple(Every))
    every = _EVERY[word]
    day, rest = _day(every, rest)
    if len(rest) > 1:
        raise NotATime(" ".join(rest))
    return Rhythm(every, minute_of(rest[0]) if rest else USUAL_MINUTE, day)


def _day(every: Every, words: list[str]) -> tuple[int, list[str]]:
    """The day, and the words behind it; Monday or the first where none is said."""
    if every is Every.DAILY:
        return 0, words
    if every is Every.WEEKLY:
        if words and words[0] in _DAYS:
            return _DAYS[words[0]], words[1:]
        return 0, _only_time(words, WEEKDAYS)
    if words and words[0] in _LAST:
        return LAST_DAY, words[1:]
    number = words[0].rstrip(".").removesuffix("일") if words else ""
    if number.isascii() and number.isdigit() and len(number) <= 2 and 1 <= int(number) <= LAST_DAY:  # noqa: PLR2004
        return int(number), words[1:]
    return 1, _only_time(words, _MONTH_CHOICES)


def _only_time(words: list[str], choices: tuple[str, ...]) -> list[str]:
    """The day was left out: then there is what can only be a time, or nothing. Raises NotAChoice."""
    if words and not any(sign in words[0] for sign in ":：시"):
        raise NotAChoice(words[0], choices)
    return words


def _suggest_rhythms(prefix: str, ctx: Context) -> list[Suggestion]:  # noqa: ARG001 - the shape of every reader
    return [Suggestion(text, text) for text in OFFERED if text.startswith(prefix.casefold())]


RHYTHMS = Reader(lambda text, _: read_rhythm(text), _suggest_rhythms, span=all_words)
