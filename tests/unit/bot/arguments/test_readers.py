from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import MagicMock

import pytest

from bot.arguments.command_names import CommandName
from bot.arguments.plain_words import MarketView, Number, Token
from bot.arguments.preferences import OnOff, Setting, SettingValue
from bot.arguments.table import READERS
from bot.arguments.time_zones import TimeZoneName
from bot.command import HelpPage, HelpTopic
from bot.context import Context
from bot.errors import (
    DecimalComma,
    ExponentNotation,
    ForeignDigits,
    NotAChoice,
    ThousandsSeparator,
    TooManyDigits,
    UnknownCommand,
    UnknownTimeZone,
    UnknownUnit,
)
from bot.inbound import Inbound
from core.errors import NotANumber, NotPositive
from core.time_zones import known_zone
from people.person import Language, Person, Theme
from pipeline.errors import UnknownSymbol
from pipeline.market import Interval, Symbol
from pipeline.rules import Notional, SymbolRules
from tests.fakes.bot import FakeDeskBot
from trading.errors import ShareOutOfRange
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size

D = Decimal


@pytest.fixture
def ctx() -> Context:
    bot = FakeDeskBot()
    inbound = Inbound("fake", "7", "1", "")
    return bot.router._context(inbound, Person(1))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0.01", BaseQuantity(D("0.01"))),
        ("100", BaseQuantity(D(100))),
        ("0.01btc", BaseQuantity(D("0.01"))),
        ("100usdc", QuoteAmount(D(100))),
        ("100USDC", QuoteAmount(D(100))),
        ("100.5Usdc", QuoteAmount(D("100.5"))),
        ("$100", QuoteAmount(D(100))),
        ("$100usdc", QuoteAmount(D(100))),
        ("25%", Share(D("0.25"))),
        ("0.5%", Share(D("0.005"))),
        ("100%", Share(D(1))),
        ("max", Share(D(1))),
        ("ALL", Share(D(1))),
        ("전부", Share(D(1))),
        ("0.0000000001", BaseQuantity(D("0.0000000001"))),
    ],
)
def test_a_size_is_read_in_every_form(text: str, size: Size, ctx: Context) -> None:
    assert READERS[Size].parse(text, replace(ctx, words=("BTC",))) == size


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("0", NotPositive),
        ("0.000", NotPositive),
        ("0usdc", NotPositive),
        ("$0", NotPositive),
        ("0%", NotPositive),
        ("-5", NotPositive),
        ("-5usdc", NotPositive),
        ("$-5", NotPositive),
        ("NaN", NotANumber),
        ("inf", NotANumber),
        ("-inf", NotANumber),
        ("++5", NotANumber),
        (".", NotANumber),
        ("5..", NotANumber),
        (".5.", NotANumber),
        (".0", NotPositive),
        ("0x10", NotANumber),
        ("$", NotANumber),
        ("%", NotANumber),
        ("usdc", NotANumber),
        ("1e9", ExponentNotation),
        ("1E+9", ExponentNotation),
        ("1e9usdc", ExponentNotation),
        ("$1e9", ExponentNotation),
        ("10^30", ExponentNotation),
        ("10**30", ExponentNotation),
        ("１００", ForeignDigits),
        ("１００usdc", ForeignDigits),
        ("٣٤", ForeignDigits),
        ("1" + "0" * 30, TooManyDigits),
        ("0." + "0" * 18 + "1", TooManyDigits),
        ("1" + "0" * 30 + "usdc", TooManyDigits),
        ("1_000", ThousandsSeparator),
        ("1,000", ThousandsSeparator),
        ("0,5", DecimalComma),
        ("100eth", UnknownUnit),
        ("101%", ShareOutOfRange),
        ("1e2%", ExponentNotation),
        ("NaN%", NotANumber),
    ],
)
def test_every_bad_size_has_its_own_explanation(text: str, error: type[Exception], ctx: Context) -> None:
    with pytest.raises(error):
        READERS[Size].parse(text, replace(ctx, words=("BTC",)))


@pytest.mark.parametrize(("text", "plain"), [("1,000", "1000"), ("1_000", "1000"), ("1'000", "1000")])
def test_a_separator_is_explained_with_the_number_to_write(text: str, plain: str, ctx: Context) -> None:
    with pytest.raises(ThousandsSeparator) as caught:
        READERS[Size].parse(text, ctx)
    assert caught.value.plain == plain


def test_foreign_digits_are_explained_with_plain_ones(ctx: Context) -> None:
    for text, plain in (("１００", "100"), ("٣٤.５", "34.5")):
        with pytest.raises(ForeignDigits) as caught:
            READERS[Size].parse(text, ctx)
        assert caught.value.plain == plain


def test_symbols_are_resolved_by_the_market(ctx: Context) -> None:
    read = READERS[Symbol].parse
    assert read("btc", ctx) == read("BTC/USDC", ctx) == "BTCUSDC"
    assert read("币安人生", ctx) == "币安人生USDC"
    with pytest.raises(UnknownSymbol):
        read("NOPE", ctx)


def test_symbols_are_suggested_best_known_first_then_by_prefix(ctx: Context) -> None:
    suggest = READERS[Symbol].suggest
    assert [entry.text for entry in suggest("", ctx)] == ["BTC", "ETH", "SOL"]
    assert [(entry.text, entry.label) for entry in suggest("e", ctx)] == [("ETH", "ETH/USDC"), ("DOGE", "DOGE/USDC")]
    assert [entry.text for entry in suggest("币", ctx)] == ["币安人生"]
    assert suggest("zzz", ctx) == []


def test_sizes_are_suggested_while_they_are_typed(ctx: Context) -> None:
    suggest = READERS[Size].suggest
    here = replace(ctx, words=("ETH",), command="buy")
    assert [entry.text for entry in suggest("", here)] == ["100usdc", "1000usdc", "25%", "50%", "max"]
    assert [entry.text for entry in suggest("50", here)] == ["50usdc", "50", "50%"]
    assert [entry.label for entry in suggest("50", here)] == ["50 USDC", "50 ETH", "50%"]
    assert [entry.text for entry in suggest("50u", here)] == ["50usdc"]
    assert [entry.text for entry in suggest("m", here)] == ["max"]
    assert suggest("٣", here) == []


def test_a_sale_suggests_shares_of_what_is_held(ctx: Context) -> None:
    suggest = READERS[Size].suggest
    here = replace(ctx, words=("ETH",), command="sell")
    assert [entry.text for entry in suggest("", here)] == ["25%", "50%", "75%", "max"]
    assert suggest("50", here)[0].text == "50%"


def test_no_size_below_the_minimum_is_suggested(ctx: Context) -> None:
    rules = SymbolRules(Symbol("ETHUSDC"), "ETH", "USDC", notional=Notional(D(5), D(0)))
    market = MagicMock(wraps=ctx.market)
    market.rules.side_effect = lambda _: rules
    here = replace(ctx, services=replace(ctx.services, market=market), words=("ETH",), command="buy")
    assert [entry.text for entry in READERS[Size].suggest("1", here)] == ["10usdc", "1", "1%"]
    rules = replace(rules, notional=Notional(D(500), D(0)))
    assert [entry.text for entry in READERS[Size].suggest("", here)] == ["1000usdc", "10000usdc", "25%", "50%", "max"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Interval, "1H", Interval.H1),
        (Side, "BUY", Side.BUY),
        (Language, "한국어", Language.KOREAN),
        (Language, "EN", Language.ENGLISH),
        (OnOff, "Off", False),
        (OnOff, "켬", True),
        (Theme, "light", Theme.LIGHT),
        (MarketView, "Movers", MarketView.MOVERS),
        (Setting, "theme", Setting.THEME),
        (Setting, "언어", Setting.LANGUAGE),
        (HelpTopic | HelpPage | CommandName, "/Buy", "buy"),
        (HelpTopic | HelpPage | CommandName, "Trading", HelpTopic.TRADING),
        (HelpTopic | HelpPage | CommandName, "settings", "settings"),
        (TimeZoneName, "asia/seoul", "Asia/Seoul"),
        (TimeZoneName, "Seoul", "Asia/Seoul"),
        (TimeZoneName, "New York", "America/New_York"),
        (TimeZoneName, "utc", "UTC"),
        (Number, "12", 12),
        (Token, "abc_-123", "abc_-123"),
    ],
)
def test_words_become_values(kind: Any, text: str, value: object, ctx: Context) -> None:
    assert READERS[kind].parse(text, ctx) == value


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        (Interval, "2h", NotAChoice),
        (Language, "fr", NotAChoice),
        (OnOff, "maybe", NotAChoice),
        (HelpTopic | HelpPage | CommandName, "confirm", UnknownCommand),
        (HelpTopic | HelpPage | CommandName, "operators", UnknownCommand),
        (TimeZoneName, "Asia/Soul", UnknownTimeZone),
        (TimeZoneName, "../../etc/passwd", UnknownTimeZone),
        (Number, "-1", NotANumber),
        (Number, "１", ForeignDigits),
        (Number, "1" * 19, TooManyDigits),
        (Token, "x" * 25, NotAChoice),
        (Token, "한국어", NotAChoice),
    ],
)
def test_words_that_are_no_values_are_refused(kind: Any, text: str, error: type[Exception], ctx: Context) -> None:
    with pytest.raises(error):
        READERS[kind].parse(text, ctx)


def test_an_unknown_time_zone_names_the_nearest(ctx: Context) -> None:
    with pytest.raises(UnknownTimeZone) as caught:
        READERS[TimeZoneName].parse("Asia/Soul", ctx)
    assert caught.value.nearest[0] == "Asia/Seoul"


def test_a_zone_this_machine_does_not_know_becomes_utc() -> None:
    assert known_zone("Asia/Seoul") == "Asia/Seoul"
    assert known_zone("Mars/Olympus") == "UTC"
    assert known_zone("") == "UTC"


def test_a_settings_value_is_read_by_the_setting_before_it(ctx: Context) -> None:
    reader = READERS[SettingValue]
    assert [entry.text for entry in reader.suggest("", replace(ctx, words=("theme",)))] == ["dark", "light"]
    assert [entry.text for entry in reader.suggest("seo", replace(ctx, words=("timezone",)))] == ["Asia/Seoul"]
    with pytest.raises(NotAChoice):
        reader.parse("blue", replace(ctx, words=("theme",)))
