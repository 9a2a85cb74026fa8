"""Reader of spans of time: `15m`, `1h`, `4 hours`, `1시간`."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from bot.arguments.spoken_numbers import NUMBERS

Value = TypeVar("Value")

_HOUR, _DAY = 60, 24 * 60
_MINUTES = MappingProxyType(
    dict.fromkeys(("m", "min", "mins", "minute", "minutes", "분", "분봉"), 1)
    | dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "시간", "시간봉"), _HOUR)
    | dict.fromkeys(("d", "day", "days", "일", "일봉"), _DAY)
    | dict.fromkeys(("w", "wk", "week", "weeks", "주", "주일", "주봉"), 7 * _DAY)
    | dict.fromkeys(("mo", "month", "months", "개월", "달", "월봉"), 30 * _DAY)
    | dict.fromkeys(("q", "quarter", "분기"), 90 * _DAY)
    | dict.fromkeys(("y", "yr", "year", "years", "년"), 365 * _DAY)
)
_SPAN = re.compile(r"([0-9]{1,5}) ?([^\W\d_]+)")
_WORDS = re.compile(rf"({'|'.join(NUMBERS)}) ?(hours?|days?|weeks?|months?|years?|minutes?|시간|달|주|주일|해)")
_MONTHS = re.compile(r"(1|2|3|6|9|12) ?M")


def minutes_of(text: str) -> int | None:
    """Returns the length in minutes; None if the text is no span. `1M` is a month, as on exchanges, `1m` a minute."""
    if months := _MONTHS.fullmatch(text):
        return int(months[1]) * 30 * _DAY
    found = _SPAN.fullmatch(_counted(text.casefold()))
    unit = _MINUTES.get(found[2]) if found else None
    return None if found is None or unit is None else int(found[1]) * unit


def _counted(folded: str) -> str:
    """Returns `one hour` and `한 시간` as `1 hour` and `1 시간`."""
    found = _WORDS.fullmatch(folded)
    return f"{NUMBERS[found[1]]} {found[2]}" if found else folded


def spelled(text: str, lengths: Mapping[int, Value]) -> Value | None:
    """Returns the value for the length in minutes that `text` names; None if there is none."""
    minutes = minutes_of(text)
    return None if minutes is None else lengths.get(minutes)


def duration_span(words: tuple[str, ...]) -> int:
    """Returns the number of words of one span of time: two for `1 hour`."""
    counted = len(words) > 1 and (words[0].isdigit() or words[0].casefold() in NUMBERS)
    return 2 if counted and minutes_of(" ".join(words[:2])) is not None else 1
