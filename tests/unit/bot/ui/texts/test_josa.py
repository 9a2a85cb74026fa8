import re

import pytest
from fluent.syntax import FluentSerializer

from bot.ui.texts import load_catalogs
from bot.ui.texts.josa import josa
from people.person import Language

CATALOG = load_catalogs()[Language.KOREAN]


@pytest.mark.parametrize(
    ("word", "object_form", "direction"),
    [
        ("비트코인", "을", "으로"),
        ("이더", "를", "로"),
        ("서울", "을", "로"),
        ("BTC", "를", "로"),
        ("SOL", "을", "로"),
        ("DOT/USDC", "를", "로"),
        ("ATOM", "을", "으로"),
        ("LINKn", "을", "으로"),
        ("XLR", "을", "로"),
        ("0", "을", "으로"),
        ("1", "을", "로"),
        ("2", "를", "로"),
        ("3", "을", "으로"),
        ("6", "을", "으로"),
        ("8", "을", "로"),
        ("9", "를", "로"),
        ("10", "을", "으로"),
        ("1,000", "을", "으로"),
        ("1000000000000", "를", "로"),
        ("0.50", "을", "으로"),
        ("0.25", "를", "로"),
        ("25%", "를", "로"),
        ("$100", "를", "로"),
        ("₩100", "을", "으로"),
        ("0.5 SOL", "을", "로"),
        ("“내일”", "을", "로"),
        ("‘BTC’", "를", "로"),
        ("현물(spot)", "을", "로"),
        ("(10)", "을", "으로"),
        ("７", "을", "로"),
        ("값…", "를", "로"),
        ("🙂", "를", "로"),
        ("", "를", "로"),
    ],
)
def test_the_particle_fits_the_word(word: str, object_form: str, direction: str) -> None:
    assert josa(word, "을/를") == object_form
    assert josa(word, "으로/로") == direction


@pytest.mark.parametrize("pair", ["을/를", "이/가", "은/는"])
def test_each_pair_has_both_forms(pair: str) -> None:
    assert [josa("밥", pair), josa("차", pair)] == pair.split("/")


def test_one_form_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="pair"):
        josa("밥", "을")


def test_texts_use_the_particle_function() -> None:
    assert "0.5 SOL을 " in CATALOG.text("push-fill-buy", quantity="0.5 SOL", price="1")
    assert "0.5 BTC를 " in CATALOG.text("push-fill-buy", quantity="0.5 BTC", price="1")
    assert "“11”은 " in CATALOG.text("error-not-a-time", text="11")
    assert "“22”는 " in CATALOG.text("error-not-a-time", text="22")


def test_no_text_shows_two_particles() -> None:
    alternatives = re.compile(r"[은을이]\([는를가]\)|\(으\)로|[가-힣]\((은|는|을|를|이|가)\)|과\(와\)|와\(과\)")
    fixed = re.compile(r"\}[”’]?(?:을|를|은|는|이|가|으로|로|과|와)(?=[\s,.?!만]|$)")
    for name, entry in CATALOG.entries.items():
        source = FluentSerializer().serialize_entry(entry)
        assert not alternatives.search(source), name
        assert not fixed.search(source), name
