"""Reader of ranges in a window: `range 3% 1h`."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.arguments.amounts import read_amount
from bot.arguments.durations import duration_span, minutes_of
from bot.arguments.horizons import Horizon, horizon_of
from bot.errors import NotAChoice
from core.decimals import EXACT
from trading.alerts.range_alerts import WINDOWS

_WORDS = frozenset(("range", "swing", "변동폭", "진폭"))
_UNITS = frozenset(("%", "％", "percent", "퍼센트", "프로"))
_SHARE = re.compile(r"([0-9][0-9.,]{0,17}) ?(?:%|％|percent|퍼센트|프로)?", re.ASCII | re.IGNORECASE)
_DEFAULT = 60


@dataclass(frozen=True, slots=True)
class RangeLevel:
    """Distance between the highest and the lowest price of a window of `minutes`, as a fraction of the lowest."""

    fraction: Decimal
    minutes: int


def begins_range(word: str) -> bool:
    """Returns whether the word begins a range."""
    return word.casefold() in _WORDS


def read_range(text: str) -> RangeLevel:
    """Returns the range in `range 3% 1h`; a window that is left out is an hour. Raises NotAChoice, and as
    `read_amount` does.
    """
    _, *words = text.split()
    for at in range(len(words) + 1):
        first, second = " ".join(words[:at]), " ".join(words[at:])
        for share, span in ((first, second), (second, first)):
            found = _SHARE.fullmatch(share)
            minutes = minutes_of(span) if span else _DEFAULT
            if found and minutes is not None:
                return RangeLevel(EXACT.scaleb(read_amount(found[1]), -2), _window(minutes, span))
    raise NotAChoice(text, tuple(f"range 3% {horizon_of(minutes)}" for minutes in WINDOWS))


def range_span(words: tuple[str, ...]) -> int:
    """Returns the number of words of one range: four for `range 3 % 1h`."""
    at = 1
    for _ in range(2):
        rest = words[at:]
        if not rest or not rest[0][:1].isdigit():
            break
        spans = minutes_of(" ".join(rest[: duration_span(rest)])) is not None
        at += duration_span(rest) if spans else 2 if rest[1:2] and rest[1] in _UNITS else 1
    return at


def _window(minutes: int, text: str) -> int:
    if minutes not in WINDOWS:
        raise NotAChoice(text, tuple(Horizon))
    return minutes
