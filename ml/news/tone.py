"""Tone of a headline by rules: our lexicon of crypto headlines, and VADER for the words that it does not have.

The terms of the lexicon are weighed by what stands around them: a denial or a negation turns a term round at half its
strength, what a market recovers from counts little, a percentage scales a move. What is left goes to VADER (Hutto and
Gilbert 2014). The sum s becomes s / sqrt(s^2 + 15), as in VADER, between -1 and 1.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from ml.news.lexicon import LexiconTerm, lexicon

ALPHA = 15.0
"""Constant of VADER's normalisation."""

_VADER_SHARE = 0.4
"""Weight of VADER's sum: many of its words mean something else in headlines about markets."""

_TURNED = -0.5
_PASSED = 0.15
"""Weight of a term that the headline leaves behind: `recovers from crash`."""

_AFTER = 0.4
"""Weight of a term after `after` or `despite`."""

_WORDS_BEFORE, _WORDS_RECOVERED, _WORDS_AFTER, _WORDS_PERCENT = 3, 5, 4, 3
_CHARACTERS_AFTER = 9
_SMALL_PERCENT, _LARGE_PERCENT, _SMALL_WEIGHT = 1.0, 50.0, 0.4


class Analyzer(Protocol):
    """Part of vaderSentiment that is used."""

    def polarity_scores(self, text: str) -> dict[str, float]:
        """Returns the scores of a text; `compound` is between -1 and 1."""


@cache
def vader() -> Analyzer:
    """Returns VADER with the lexicon that is installed with it. Loads it at the first call, in tens of milliseconds."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - not at the start of the desk

    found: Analyzer = SentimentIntensityAnalyzer()
    return found


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Place of a term in a text, and its tone there."""

    start: int
    end: int
    tone: float


def headline_tone(title: str) -> float:
    """Returns the tone of a headline in English or Korean, -1 (bad) to 1 (good)."""
    terms = lexicon()
    text = title.translate(_PLAIN)
    english, rest = _matches(text, terms.english)
    korean, rest = _matches(rest, terms.korean)
    total = sum(_english_weight(each, text) for each in english)
    total += sum(_korean_weight(each, korean, text) for each in korean)
    total += _moves(rest) + _VADER_SHARE * _vader_sum(rest)
    return total / math.sqrt(total * total + ALPHA)


_PLAIN = {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"', ord("…"): " ", ord("−"): "-", ord("％"): "%"}


def _matches(text: str, terms: Sequence[LexiconTerm]) -> tuple[list[TermMatch], str]:
    """Returns the terms that the text contains, in its order, and the text with blanks in their places. The larger of
    two terms that overlap takes the place.
    """
    found: list[TermMatch] = []
    for term in terms:
        for match in term.pattern.finditer(text):
            found.append(TermMatch(match.start(), match.end(), term.tone))
            text = text[: match.start()] + "\x00" * (match.end() - match.start()) + text[match.end() :]
    found.sort(key=lambda each: each.start)
    return found, text.replace("\x00", " ")


def _vader_sum(text: str) -> float:
    """Returns VADER's sum before its normalisation."""
    compound = vader().polarity_scores(text)["compound"] if text.strip() else 0.0
    return compound * math.sqrt(ALPHA / (1.0 - compound * compound)) if abs(compound) < 1.0 else 0.0


# -- moves -------------------------------------------------------------------------------------

_NUMBER = r"\d+(?:[.,]\d+)*\s?(?:%|percent\b|퍼센트)"
_UP = re.compile(
    rf"\b(?:up|adds?|added|advances?)\s+(?:by\s+|over\s+|about\s+)?{_NUMBER}|(?<![\w.])\+\s?{_NUMBER}|{_NUMBER}\s?[↑▲]|[↑▲]",
    re.IGNORECASE,
)
_DOWN = re.compile(
    rf"\b(?:down|off)\s+(?:by\s+|over\s+|about\s+)?{_NUMBER}|(?<![\w.])-\s?{_NUMBER}|{_NUMBER}\s?[↓▼]|[↓▼]",
    re.IGNORECASE,
)
_MOVE = 2.0
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|percent\b|퍼센트)", re.IGNORECASE)


def _moves(text: str) -> float:
    """Returns the tone of moves in figures: `up 5%`, `-8%`, `3%↑`."""
    ups, downs = _UP.findall(text), _DOWN.findall(text)
    return _MOVE * (sum(map(_percent_weight, ups)) - sum(map(_percent_weight, downs)))


def _percent_weight(text: str) -> float:
    """Returns the factor of a move by the percentage in the text: 0.4 below 1 %, rising to 2 at 50 %; 1 without one."""
    found = _PERCENT.search(text)
    if found is None:
        return 1.0
    percent = float(found[1])
    return _SMALL_WEIGHT if percent < _SMALL_PERCENT else 1.0 + min(percent, _LARGE_PERCENT) / _LARGE_PERCENT


# -- English -----------------------------------------------------------------------------------

_CLAUSE = re.compile(r"[,;:.!?|]\s|\s(?:but|while|as|and|yet|even)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;:!?\"()]+")
_DENIALS = re.compile(
    r"(?:den(?:y|ies|ied|ying)|refut\w+|dismiss\w*|debunk\w*|reject\w*|not?|never|without|unlikely|nor|neither|cannot"
    r"|\w+n't|fails?|failed|refuses?|refused|avoid\w*|averts?|averted|prevent\w*|rules?|ruled|false|fake|unfounded|hoax"
    r"|baseless|few|little|less|stops?|end|ends|ended|quash\w*|downplay\w*|thwart\w*|foil\w*|block\w*)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:denied|debunked|false|hoax|averted|unfounded|baseless|unlikely|avoided|refuted|prevented|thwarted|foiled)",
    re.IGNORECASE,
)
_RECOVERED = re.compile(
    r"\b(?:recover\w*|rebound\w*|bounc\w+|shrug\w*\s+off|snap\w*\s+back|surviv\w+|weather\w*|def(?:y|ies|ied)|overc[oa]me\w*"
    r"|mov\w+\s+past|resilient|immune)\b",
    re.IGNORECASE,
)
_HINGE = re.compile(r"\b(?:after|despite|following|since)\b", re.IGNORECASE)


def _english_weight(found: TermMatch, text: str) -> float:
    """Returns the tone of a term where it stands."""
    if not found.tone:
        return 0.0
    before = _CLAUSE.split(text[: found.start])[-1]
    after = _CLAUSE.split(text[found.end :])[0]
    words_before, words_after = _WORD.findall(before), _WORD.findall(after)
    tone = found.tone
    if any(_DENIALS.fullmatch(word) for word in words_before[-_WORDS_BEFORE:]) or (
        tone < 0 and any(_DENIED.fullmatch(word) for word in words_after[:_WORDS_AFTER])
    ):
        return tone * _TURNED
    nearer = " ".join(words_before[-_WORDS_RECOVERED:])
    if tone < 0 and _RECOVERED.search(nearer):
        return tone * _PASSED
    if _HINGE.search(nearer):
        return tone * _AFTER
    return tone * _percent_weight(" ".join(words_after[:_WORDS_PERCENT]))


# -- Korean ------------------------------------------------------------------------------------

_TURNING_KO = re.compile(
    r"아니|않|없(?!는\s?추락)|부인|일축|사실\s?무근|사실\s?아|피했|피해\s?갔|모면|막았|막아|방지|차단|예방|무산|불발|실패|좌절|철회|취소|낮다|낮아"
)
_PASSING_KO = re.compile(r"^.{0,6}?(?:딛고|뚫고|에도|불구|후|뒤|이후|에서|벗어|마치고|멈추|끝에|속)(?=[\s,]|$)")
_PERCENT_BEFORE_KO = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|퍼센트)[^\d]{0,6}$")


def _korean_weight(found: TermMatch, others: Sequence[TermMatch], text: str) -> float:
    """Returns the tone of a term where it stands: words that turn it round, or leave it behind, come after it."""
    if not found.tone:
        return 0.0
    following = next((each.start for each in others if each.start >= found.end), len(text))
    after = text[found.end : min(found.end + _CHARACTERS_AFTER, following)]
    if _TURNING_KO.search(after):
        return found.tone * _TURNED
    if _PASSING_KO.search(after) and any(each.start > found.end and each.tone * found.tone < 0 for each in others):
        return found.tone * _PASSED
    percent = _PERCENT_BEFORE_KO.search(text[: found.start])
    return found.tone * (_percent_weight(percent[0]) if percent else 1.0)


def headline_tones(titles: Sequence[str]) -> list[float]:
    """Returns the tones of headlines, at about a millisecond each: for a thread."""
    return [headline_tone(title) for title in titles]
