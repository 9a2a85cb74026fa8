"""Tone of headlines: VADER as published, and our rules on what it does not see."""

import csv
from pathlib import Path

import pytest

from ml.news.lexicon import lexicon, read_lexicon
from ml.news.tone import headline_tone, headline_tones, vader
from pipeline.news.records import NEUTRAL
from tests.published import needs_published, published

SET = Path(__file__).with_name("headlines.csv")


def signed() -> list[tuple[str, int, str]]:
    lines = (line for line in SET.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [(row["language"], int(row["sign"]), row["title"]) for row in csv.DictReader(lines)]


def sign(tone: float) -> int:
    return 0 if abs(tone) < NEUTRAL else 1 if tone > 0 else -1


@pytest.mark.parametrize(("language", "expected", "title"), signed())
def test_own_headlines_have_their_sign(language: str, expected: int, title: str) -> None:
    assert sign(headline_tone(title)) == expected


def test_the_own_set_is_large_and_has_all_signs() -> None:
    rows = signed()
    for language, least in (("en", 60), ("ko", 40)):
        mine = [found for each, found, _ in rows if each == language]
        assert len(mine) >= least
        assert min(mine.count(found) for found in (-1, 0, 1)) >= 9
    assert len({title for *_, title in rows}) == len(rows)


@pytest.mark.parametrize("title", [title for _, found, title in signed() if found])
def test_our_tone_never_depends_on_case(title: str) -> None:
    assert sign(headline_tone(title.lower())) == sign(headline_tone(title))


def test_a_larger_move_has_a_stronger_tone() -> None:
    small, usual, large = headline_tones([f"Bitcoin falls {percent}%" for percent in ("0.3", "5", "40")])
    assert 0 > small > usual > large > -1


@pytest.mark.parametrize("title", ["", " ", "!" * 200, "해킹 " * 60, "crash " * 40, "not " * 60, "a\x00b", "%" * 200])
def test_any_title_has_a_bounded_tone(title: str) -> None:
    assert -1 <= headline_tone(title) <= 1


def test_the_lexicon_is_sound() -> None:
    terms = lexicon()
    for found in (terms.english, terms.korean):
        texts = [term.text for term in found]
        assert not [text for text in texts if texts.count(text) > 1]
        assert {term.tone > 0 for term in found if term.tone} == {True, False}
    with pytest.raises(ValueError, match="bounds"):
        read_lexicon("language,tone,terms\nen,5,word\n")


@needs_published
def test_vader_scores_as_its_authors_print() -> None:
    found = {text: score for text, score in published("sentiment")["vader_readme"].items() if text != "status"}
    assert len(found) == 6
    for text, score in found.items():
        assert vader().polarity_scores(text)["compound"] == score


@needs_published
def test_headlines_on_which_vader_is_blind_have_their_sign() -> None:
    titles = published("sentiment")["vader_is_blind_to_crypto"]["zero_scored"]
    good = {"Binance lists new token, price rallies 40%", "bullish breakout above resistance"}
    assert len(titles) == 7
    for title in titles:
        assert vader().polarity_scores(title)["compound"] == 0
        assert sign(headline_tone(title)) == (1 if title in good else -1), title
