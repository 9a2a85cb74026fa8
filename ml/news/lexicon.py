"""Lexicon of headlines: terms with their tone, compiled to patterns."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_TONE = 4.0


@dataclass(frozen=True, slots=True)
class LexiconTerm:
    """Term of the lexicon: its pattern, its tone (-4 to 4), and the number of its words (in Korean: characters)."""

    text: str
    pattern: re.Pattern[str]
    tone: float
    size: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms of both languages, the largest first."""

    english: tuple[LexiconTerm, ...]
    korean: tuple[LexiconTerm, ...]


@cache
def lexicon() -> Lexicon:
    """Returns the lexicon that is installed with the package."""
    text = files("ml.news").joinpath("lexicon.csv").read_text(encoding="utf-8")
    return read_lexicon(text)


def read_lexicon(text: str) -> Lexicon:
    """Returns the lexicon of a table in CSV; lines that begin with # are comments. Raises ValueError."""
    terms: dict[str, list[LexiconTerm]] = {"en": [], "ko": []}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        tone = float(row["tone"])
        if not -MAX_TONE <= tone <= MAX_TONE:
            raise ValueError(f"a tone out of bounds: {row['tone']}")
        terms[row["language"]] += _terms(row["language"], row["terms"], tone)
    ordered = (
        tuple(sorted(terms[language], key=lambda term: (-term.size, -len(term.text), term.text)))
        for language in ("en", "ko")
    )
    return Lexicon(*ordered)


def _terms(language: str, text: str, tone: float) -> Iterator[LexiconTerm]:
    for term in filter(None, text.split(";")):
        if language == "en":
            yield LexiconTerm(term, _english(term), tone, len(term.replace("~", "").split()))
        else:
            yield LexiconTerm(term, _korean(term), tone, len(term.replace(" ", "")))


def _english(term: str) -> re.Pattern[str]:
    parts: list[str] = []
    for word in term.split():
        if word == "~":
            parts.append(r"(?:[^\s,;:]+\s+){0,3}?")
            continue
        forms = "|".join(re.escape(form).replace(r"\*", r"\w*") for form in word.split("/"))
        parts.append(f"(?:{forms})" + ("" if word == "$" else r"(?![\w-])"))
    joined = ""
    for before, part in zip([None, *parts], parts, strict=False):
        gap = "" if before is None or before.endswith("{0,3}?") else r"\s+"
        joined += gap + part
    return re.compile(rf"(?<![\w-]){joined}", re.IGNORECASE)


def _korean(term: str) -> re.Pattern[str]:
    return re.compile(r"\s?".join(map(re.escape, term.split())), re.IGNORECASE)
