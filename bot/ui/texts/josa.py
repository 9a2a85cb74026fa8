"""Korean particles: the form that fits the preceding word.

A particle has one form after a final consonant and another after a vowel (`을/를`). The ending is that of the
word as it is read aloud: digits in Sino-Korean, Latin letters by their Korean names, symbols by their
words.
"""

import re
import unicodedata
from enum import Enum, auto


class _Ending(Enum):
    """Ending of a word as it is read aloud."""

    VOWEL = auto()
    CONSONANT = auto()
    RIEUL = auto()
    """ㄹ: a consonant, except before 으로."""


_DIGITS = dict.fromkeys("036", _Ending.CONSONANT) | dict.fromkeys("178", _Ending.RIEUL)
_LETTERS = dict.fromkeys("MN", _Ending.CONSONANT) | dict.fromkeys("LR", _Ending.RIEUL)
_SYMBOLS = {
    "%": _Ending.VOWEL,  # 퍼센트
    "‰": _Ending.RIEUL,  # 퍼밀
    "$": _Ending.VOWEL,  # 달러
    "€": _Ending.VOWEL,  # 유로
    "¥": _Ending.CONSONANT,  # 엔
    "£": _Ending.VOWEL,  # 파운드
    "₩": _Ending.CONSONANT,  # 원
    "+": _Ending.VOWEL,  # 플러스
    "&": _Ending.VOWEL,  # 앤드
    "#": _Ending.CONSONANT,  # 샵
    "°": _Ending.VOWEL,  # 도
    "…": _Ending.VOWEL,
}
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_AMOUNT = re.compile(r"^[-+]?([$€¥£₩])[\d,.]+$")
_NUMBER = re.compile(r"(?<![\d.])[\d,]*\d$")
_TRILLION, _TEN_QUADRILLION = 12, 16
"""Number of zeros of 조, and of 경, the next unit."""
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS, _FINAL_RIEUL = ord("가"), ord("힣"), 28, 8


def josa(word: str, pair: str) -> str:
    """Returns the form of the particle `pair` (`을/를`: after a consonant / after a vowel) that follows
    `word`.

    A trailing remark in brackets and closing quotation marks are ignored. Raises ValueError if `pair` does not consist
    of two forms.
    """
    after_consonant, separator, after_vowel = pair.partition("/")
    if not (after_consonant and separator and after_vowel):
        raise ValueError(f"{pair!r} is not a pair of particles")
    ending = _ending(word)
    if ending is _Ending.RIEUL and after_consonant.startswith("으"):
        return after_vowel
    return after_vowel if ending is _Ending.VOWEL else after_consonant


def _ending(word: str) -> _Ending:
    text = unicodedata.normalize("NFKC", word).replace("...", "…").rstrip()
    outside = _BRACKETED.sub("", text)
    text = outside or text
    amount = _AMOUNT.match(text)
    if amount:
        return _SYMBOLS[amount.group(1)]
    for place in range(len(text) - 1, -1, -1):
        found = _of_character(text, place)
        if found is not None:
            return found
    return _Ending.VOWEL


def _of_character(text: str, place: int) -> _Ending | None:
    character = text[place]
    if _FIRST_SYLLABLE <= ord(character) <= _LAST_SYLLABLE:
        final = (ord(character) - _FIRST_SYLLABLE) % _FINALS
        if final == 0:
            return _Ending.VOWEL
        return _Ending.RIEUL if final == _FINAL_RIEUL else _Ending.CONSONANT
    if character.isascii() and character.isdigit():
        return _of_number(text[: place + 1])
    if character.isascii() and character.isalpha():
        return _LETTERS.get(character.upper(), _Ending.VOWEL)
    if character.isalpha():
        return _Ending.VOWEL
    return _SYMBOLS.get(character)


def _of_number(text: str) -> _Ending:
    """Returns the ending of a number.

    A whole number that ends in zeros is read by its last unit (1,000 is 천); decimals are read digit by
    digit. Of the units 십, 백, 천, 만, 억, 조 and 경 only 조 (12 to 15 zeros) ends in a vowel. 영, for a single
    zero, ends in a consonant.
    """
    whole = _NUMBER.search(text)
    digits = whole.group().replace(",", "") if whole else text[-1]
    zeros = len(digits) - len(digits.rstrip("0"))
    if _TRILLION <= zeros < _TEN_QUADRILLION and zeros < len(digits):
        return _Ending.VOWEL
    return _DIGITS.get(digits[-1], _Ending.VOWEL)
