"""The search for one-time codes in texts of others."""

import random

import pytest

from people.identity.codes import RANDOM_BYTES, LinkCode, code_from, codes_in, read_code, spelled
from people.identity.errors import LinkCodeWrong

CODE = LinkCode("7K2M9PQRST4VWXYZ")
OTHER = LinkCode("0123456789ABCDEF")


@pytest.mark.parametrize(
    "text",
    [
        "7K2M-9PQR-ST4V-WXYZ",
        "7k2m9pqrst4vwxyz",
        "/link 7K2M-9PQR-ST4V-WXYZ",
        "/link my code is 7K2M 9PQR ST4V WXYZ please",
        "/start link_7K2M9PQRST4VWXYZ",
        "https://t.me/paperdesk_bot?start=link_7K2M9PQRST4VWXYZ",
        "/link_7K2M-9PQR-ST4V-WXYZ",
        "／link ７Ｋ２Ｍ－９ＰＱＲ－ＳＴ４Ｖ－ＷＸＹＺ",
        "7K2M–9PQR—ST4V‑WXYZ",
        "`7K2M - 9PQR - ST4V - WXYZ`",
        "7K2M-9PQR\nST4V-WXYZ",
        "/연결 7K2M-9PQR-ST4V-WXYZ",
        "코드는7K2M-9PQR-ST4V-WXYZ입니다",
        "(7K2M-9PQR-ST4V-WXYZ).",
    ],
)
def test_a_code_is_found_however_it_is_written(text: str) -> None:
    assert CODE in codes_in(text)
    assert len(codes_in(text)) <= 2, "with the word `link` for a first group"


def test_letters_that_look_alike_are_read_as_the_code_has_them() -> None:
    assert codes_in("O123 456i 789A bcdef") == frozenset()
    assert codes_in("ol23-4567-89AB-CDEF") == {OTHER}


def test_every_code_of_a_text_is_found() -> None:
    assert {CODE, OTHER} == codes_in(f"{spelled(CODE)}, {OTHER} and {spelled(OTHER)}")
    assert {CODE, OTHER} < codes_in(f"{spelled(CODE)} {spelled(OTHER)}")


def test_codes_are_found_as_they_are_made() -> None:
    tokens = random.Random(7)  # noqa: S311 - a sample, not secrets
    for _ in range(200):
        code = code_from(tokens.randbytes(RANDOM_BYTES).hex())
        assert codes_in(f"is {spelled(code)}") == codes_in(f"is {code}") == {code}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/price BTC ETH",
        "/price DOGE SHIB PEPE BONK",
        "that have been here when they said nothing",
        "/buy BTC 0.01234567",
        "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060",
        "7K2M-9PQR-ST4V",
        "7K2M-9PQR-ST4V-WXYZ1",
        "비트코인 10만 되면 알려줘",
        "7K2M-9PQR-ST4U-WXYZ",
    ],
)
def test_ordinary_lines_have_none(text: str) -> None:
    assert codes_in(text) == frozenset()


def test_a_long_text_of_codes_is_read_once() -> None:
    assert codes_in("7K2M9PQRST4VWXYZ-" * 240) == {CODE}
    assert len(codes_in("7K2M" * 1024)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "-".join(CODE[at : at + 2] for at in range(0, 16, 2)),
        " ".join(CODE),
        "7K2M     9PQR ST4V WXYZ",
        "7K2M -- 9PQR -- ST4V -- WXYZ",
        "7K2M…-9PQR-ST4V-WXYZ",
        "7K2M™9PQR-ST4V-WXYZ",
        "have been here when",
    ],
)
def test_no_grouping_can_be_used_that_the_search_does_not_find(text: str) -> None:
    assert codes_in(text) == frozenset()
    with pytest.raises(LinkCodeWrong):
        read_code(text)


def test_whatever_can_be_used_is_found() -> None:
    """Codes cut and joined at random."""
    rnd, used = random.Random(3), 0  # noqa: S311 - a sample, not secrets
    signs = ["", "", "", "-", " ", " - ", "--", "…", "—", "_", ".", "\n", "    "]
    for number in range(3_000):
        code = code_from(str(number))
        size = rnd.choice((4, 4, 4, 8, 2))
        text = "".join(code[at : at + size] + rnd.choice(signs) for at in range(0, 16, size))
        text = rnd.choice(("", "link_", " ")) + (text.lower() if number % 2 else text)
        try:
            read = read_code(text)
        except LinkCodeWrong:
            continue
        used += 1
        assert read == code
        assert code in codes_in(text)
    assert used > 500
