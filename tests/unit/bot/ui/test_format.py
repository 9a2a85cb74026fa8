from datetime import UTC, datetime
from decimal import Decimal, localcontext

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.format import UNKNOWN, Formatter
from core.decimals import ROUNDING
from people.person import Language

D = Decimal

ENGLISH = Formatter(Language.ENGLISH, "America/New_York")
KOREAN = Formatter(Language.KOREAN, "Asia/Seoul")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.0100000", "0.01 BTC"),
        ("1E+3", "1,000 BTC"),
        ("0E-8", "0 BTC"),
        ("-12.50", "-12.5 BTC"),
        ("123456789012345678.123456789012345678", "123,456,789,012,345,678.123456789012345678 BTC"),
    ],
)
def test_an_amount_is_exact_and_trimmed(value: str, text: str) -> None:
    assert ENGLISH.amount(D(value), "BTC") == text
    assert KOREAN.amount(D(value), "BTC") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234.5", "1,234.50"),
        ("999999.995", "1,000,000.00"),
        ("0.0537", "0.05"),
        ("-0.999833", "-1.00"),
        ("0.00001234567", "0.000012"),
        ("-0.004", "-0.004"),
        ("-0.000000000000000001", "-0.000000000000000001"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("-5", "-5.00"),
    ],
)
def test_money_has_two_decimals_or_more_where_it_is_small(value: str, text: str) -> None:
    assert ENGLISH.money(D(value)) == text


def test_money_in_a_coin_keeps_its_digits() -> None:
    assert ENGLISH.money(D("0.05371234"), "BTC") == "0.0537123 BTC"
    assert ENGLISH.money(D("2.5"), "BTC") == "2.50 BTC"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.01722419", "0.0172241"),
        ("810.04455245", "810.044"),
        ("1234567.89", "1,234,567"),
        ("99999.99", "99,999.9"),
        ("-0.00000019", "-0.00000019"),
        ("1e24", "1.000E+24"),
        ("0", "0"),
        ("NaN", UNKNOWN),
    ],
)
def test_a_quantity_is_never_rounded_up(value: str, text: str) -> None:
    assert ENGLISH.quantity(D(value)) == text


def test_a_gain_is_signed_and_nothing_is_neither_gain_nor_loss() -> None:
    assert ENGLISH.money(D(5), "USDC", signed=True) == "+5.00 USDC"
    assert ENGLISH.money(D(-5), "USDC", signed=True) == "-5.00 USDC"
    assert ENGLISH.money(D(0), "USDC", signed=True) == "0.00 USDC"
    assert ENGLISH.percent(D("-0.051"), signed=True) == "-5.10%"


@pytest.mark.parametrize(
    ("value", "tick", "text"),
    [
        ("58000", "0.01000000", "58,000.00"),
        ("58000.123456", "0.01", "58,000.12"),
        ("0.05", "0.00010", "0.0500"),
        ("12", "1", "12"),
        ("12.5", "1", "12.5"),
        ("0.00001234", None, "0.00001234"),
        ("58000.5", None, "58,000.50"),
        ("1E-30", None, "0.00"),
    ],
)
def test_a_price_has_the_digits_of_its_tick_size(value: str, tick: str | None, text: str) -> None:
    assert ENGLISH.price(D(value), D(tick) if tick else None) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.0512", "5.12%"),
        ("0.001", "0.1%"),
        ("0.00000034", "0.000034%"),
        ("0", "0%"),
        ("12.5", "1,250%"),
        ("-1", "-100%"),
        ("-0.9999", "-99.99%"),
        ("-0.999998276", "-99.99983%"),
        ("-1.5", "-150%"),
        ("-0.00003", "-0.003%"),
    ],
)
def test_a_fraction_is_shown_as_percent(value: str, text: str) -> None:
    assert ENGLISH.percent(D(value)) == text


def test_large_figures_are_short_in_each_language() -> None:
    assert ENGLISH.compact(D("1234567890.12"), "USDC") == "1.2B USDC"
    assert KOREAN.compact(D("1234567890.12"), "USDC") == "12.3억 USDC"
    assert ENGLISH.compact(D(53700)) == "53,700"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_a_dash(value: str) -> None:
    assert ENGLISH.amount(D(value)) == ENGLISH.percent(D(value)) == UNKNOWN
    assert ENGLISH.compact(D(value)) == ENGLISH.price(D(value)) == ENGLISH.money(D(value)) == UNKNOWN


def test_what_is_not_known_is_a_dash() -> None:
    assert ENGLISH.money(None) == ENGLISH.price(None) == ENGLISH.percent(None) == ENGLISH.compact(None) == UNKNOWN


def test_no_figure_is_longer_than_a_line() -> None:
    for value in (D(10) ** 30, -(D(10) ** 300), D("1E-300"), D(10) ** 23):
        for text in (ENGLISH.amount(value), ENGLISH.money(value), ENGLISH.price(value), ENGLISH.compact(value)):
            assert len(text) <= 60


def test_moments_are_in_the_readers_zone() -> None:
    at = datetime(2021, 4, 1, 18, 5, 9, tzinfo=UTC)
    assert ENGLISH.moment(at) == "Apr 1, 2021, 14:05:09"
    assert KOREAN.moment(at) == "2021. 4. 2. 03:05:09"
    assert KOREAN.moment(int(at.timestamp() * 1000)) == "2021. 4. 2. 03:05:09"
    assert ENGLISH.moment(10**30)
    assert ENGLISH.moment(-1)


def test_moments_in_tables_are_brief_and_name_another_year() -> None:
    at = datetime(2021, 4, 1, 18, 5, 9, tzinfo=UTC)
    same, later = int(at.timestamp() * 1000), int(at.timestamp() * 1000) + 366 * 86_400_000
    assert ENGLISH.brief_moment(at, same) == "Apr 1, 14:05"
    assert KOREAN.brief_moment(at, same) == "4월 2일 03:05"
    assert ENGLISH.brief_moment(at, later) == "Apr 1, 2021, 14:05"


def test_ages_are_in_words() -> None:
    assert (ENGLISH.age(15_000), KOREAN.age(15_000)) == ("15 sec", "15초")
    assert (ENGLISH.age(59_000), ENGLISH.age(90_000), ENGLISH.age(-5)) == ("59 sec", "2 min", "0 sec")
    assert ENGLISH.age(10**30)


def test_counts_are_grouped() -> None:
    assert ENGLISH.count(1_000_000) == "1,000,000"


@given(
    value=st.decimals(min_value=D("-1e23"), max_value=D("1e23"), allow_nan=False, allow_infinity=False),
    language=st.sampled_from(Language),
)
def test_numbers_are_written_as_babel_writes_them(value: Decimal, language: Language) -> None:
    write = Formatter(language, "UTC")
    with localcontext(ROUNDING):
        exact = format_decimal(value, "#,##0." + "#" * 18, locale=language.value)
        grouped = format_decimal(value, "#,##0", locale=language.value)
    assert write.amount(value) == ("0" if exact == "-0" else exact)
    if value == value.to_integral_value():
        assert write.count(int(value)) == ("0" if grouped == "-0" else grouped)
