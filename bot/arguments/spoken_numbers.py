"""Numbers in words: `one`, `한개`, `백달러`. Sizes in words are refused with their digits; spans of time are read."""

import re
from types import MappingProxyType

from bot.arguments.amounts import POWERS

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_KOREAN = ("한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
NUMBERS = MappingProxyType(
    {word: number for words in (_ENGLISH, _KOREAN) for number, word in enumerate(words, 1)} | {"a": 1, "an": 1}
)
"""Words for numbers up to ten, in lower case."""

_PIECES = re.compile(rf"({'|'.join(_KOREAN)}) ?(개|코인)")
_MONEY = re.compile(r"([십백천만억조]+) ?(달러|불|원|유로|테더)(어치)?")


def in_digits(text: str) -> str | None:
    """Returns a size in digits: `1` for `one`, `2개` for `두 개`, `100달러` for `백달러`; None for another."""
    folded = text.casefold()
    if folded in _ENGLISH:
        return str(NUMBERS[folded])
    if pieces := _PIECES.fullmatch(folded):
        return f"{NUMBERS[pieces[1]]}{pieces[2]}"
    money = _MONEY.fullmatch(folded)
    if money is None or money[1] not in POWERS:
        return None
    return f"{10 ** POWERS[money[1]]}{money[2]}{money[3] or ''}"
