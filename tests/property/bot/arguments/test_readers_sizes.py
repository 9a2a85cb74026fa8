import re
from decimal import Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from bot.arguments.amounts import DIGITS
from bot.arguments.sizes import read_size, typed_size
from bot.arguments.typography import plain
from core.errors import DeskError
from core.text import clean
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size

AMOUNTS = st.decimals(Decimal("1E-18"), Decimal(10) ** DIGITS - 1, allow_nan=False, places=DIGITS)
PERCENTS = st.decimals(Decimal("0.0001"), Decimal(100), allow_nan=False, places=4)
SIZES: st.SearchStrategy[Size] = st.one_of(
    AMOUNTS.map(BaseQuantity), AMOUNTS.map(QuoteAmount), PERCENTS.map(lambda percent: Share(percent / 100))
)
NUMBER_LIKE = st.text("0123456789.,_-+eE^%$ usdcUSDCbtcNa１٣만억천kmM'’", max_size=40)
_UNITS = ["k", "K", "m", "b", "bn", "만", "억", "천", "천만", "usdc", " usdc", "btc", "%", "$", "원", "₩"]
_OTHERS = ["000", "500", ".", ",", " ", "'", "-", "e", "inf", "nan", "_", "٣", "１"]
PIECES = st.lists(st.sampled_from([*"0123456789", *_UNITS, *_OTHERS]), max_size=9).map("".join)

WORTH = {"천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8}
WORTH |= {"십억": 10**9, "백억": 10**10, "천억": 10**11}
WORTH |= {"k": 10**3, "m": 10**6, "mn": 10**6, "mil": 10**6, "b": 10**9, "bn": 10**9}


def naive(text: str) -> Fraction:
    """What a person reads in an amount that the desk took: a sum of numbers, each with the word behind it."""
    bare = re.sub("usdc|btc|[$%]", " ", text.casefold()).strip()
    parts = re.findall(r"([0-9][0-9., ]*)([^0-9., ]*)", bare)
    assert "".join("".join(part) for part in parts).replace(" ", "") == bare.replace(" ", "")
    return sum((in_digits(digits) * WORTH[word] if word else in_digits(digits) for digits, word in parts), Fraction(0))


def in_digits(written: str) -> Fraction:
    """The number that people of every country read; commas and spaces must be sure to separate thousands."""
    whole, _, decimals = written.replace(" ", ",").strip(",").partition(".")
    first, *groups = whole.split(",")
    assert all(len(group) == 3 for group in groups)
    assert not groups or (1 <= len(first) <= 3 and first[0] != "0")
    assert "," not in decimals
    return Fraction(first + "".join(groups)) + Fraction(int(decimals or 0), 10 ** len(decimals))


@given(SIZES)
def test_a_size_is_read_back_as_it_was_typed(size: Size) -> None:
    assert read_size(typed_size(size, "USDC"), "USDC", "BTC") == size


@given(st.text(max_size=60) | NUMBER_LIKE | PIECES)
@example("1억5천만usdc")
@example("1,000 usdc")
@example("1 000 000.5k")
@example("3만5천")
def test_what_is_read_is_what_a_person_reads(text: str) -> None:
    typed = " ".join(plain(word) for word in text.split())
    try:
        size = read_size(typed, "USDC", "BTC")
    except DeskError:
        return
    if isinstance(size, Share):
        assert size.fraction * 100 == naive(typed) if "%" in typed else size.fraction in (1, Decimal("0.5"))
        assert 0 < size.fraction <= 1
        return
    assert Fraction(size.amount) == naive(typed)
    assert 0 < size.amount < Decimal(10) ** DIGITS


@given(st.text(max_size=400))
def test_cleaned_text_is_bounded_and_clean_already(text: str) -> None:
    cleaned = clean(text, 100)
    assert len(cleaned) <= 100
    assert clean(cleaned, 100) == cleaned
    assert cleaned.isprintable() or not cleaned.isascii()
