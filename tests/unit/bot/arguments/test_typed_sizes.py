"""Sizes as people type them, read into the values of a command."""

from decimal import Decimal

import pytest

from bot.arguments.parser import complete
from bot.arguments.sizes import read_size
from bot.context import Context
from bot.errors import (
    DecimalComma,
    ForeignDigits,
    MissingArgument,
    NotAChoice,
    OtherCurrency,
    ThousandsSeparator,
    UnknownUnit,
)
from core.errors import DeskError, NotANumber, NotPositive
from pipeline.errors import UnknownSymbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons
from tests.unit.bot.arguments.typed import values
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size

D = Decimal
ALL = Share(D(1))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("/buy BTC 1 000usdc", QuoteAmount(D(1000))),
        ("/buy BTC .5", BaseQuantity(D("0.5"))),
        ("/buy BTC $.5", QuoteAmount(D("0.5"))),
        ("/buy BTC 5.", BaseQuantity(D(5))),
        ("/buy BTC 1\u00a0000usdc", QuoteAmount(D(1000))),
        ("/buy BTC 1\u202f000\u202f000 usdc", QuoteAmount(D(1000000))),
        ("/buy BTC 12 345.50 usdc", QuoteAmount(D("12345.50"))),
        ("/buy BTC 1 000", BaseQuantity(D(1000))),
        ("/buy BTC 1,000,000usdc", QuoteAmount(D(1000000))),
        ("/buy BTC 1,000.50usdc", QuoteAmount(D("1000.50"))),
        ("/buy BTC 1,000usdc", QuoteAmount(D(1000))),
        ("/buy BTC $1,000", QuoteAmount(D(1000))),
        ("/buy BTC 70k usdc", QuoteAmount(D(70000))),
        ("/buy BTC 70kusdc", QuoteAmount(D(70000))),
        ("/buy BTC 70 k usdc", QuoteAmount(D(70000))),
        ("/buy BTC $70K", QuoteAmount(D(70000))),
        ("/buy BTC 1.5m usdc", QuoteAmount(D(1500000))),
        ("/buy DOGE 70k", BaseQuantity(D(70000))),
        ("/buy BTC 50만usdc", QuoteAmount(D(500000))),
        ("/buy BTC 50만 usdc", QuoteAmount(D(500000))),
        ("/buy BTC 50 만 usdc", QuoteAmount(D(500000))),
        ("/buy BTC 1억usdc", QuoteAmount(D(100000000))),
        ("/buy BTC 1억 5천만 usdc", QuoteAmount(D(150000000))),
        ("/buy BTC 3만5천달러", QuoteAmount(D(35000))),
        ("/buy DOGE 50만", BaseQuantity(D(500000))),
        ("/buy BTC $ 10", QuoteAmount(D(10))),
        ("/buy BTC 10$", QuoteAmount(D(10))),
        ("/buy BTC 10 $", QuoteAmount(D(10))),
        ("/buy BTC ＄１０", QuoteAmount(D(10))),
        ("/buy BTC 100 usd", QuoteAmount(D(100))),
        ("/buy BTC 100달러", QuoteAmount(D(100))),
        ("/buy BTC usdc 100", QuoteAmount(D(100))),
        ("/buy BTC 100 dollars", QuoteAmount(D(100))),
        ("/buy BTC “100usdc”", QuoteAmount(D(100))),
        ("／buy BTC １００usdc", QuoteAmount(D(100))),
        ("/buy ＢＴＣ 100 USDC", QuoteAmount(D(100))),
        ("/sell ETH 50％", Share(D("0.5"))),
        ("/sell ETH 50 %", Share(D("0.5"))),
        ("/sell ETH 50 percent", Share(D("0.5"))),
        ("/sell ETH 50퍼센트", Share(D("0.5"))),
        ("/sell ETH half", Share(D("0.5"))),
        ("/sell ETH 절반", Share(D("0.5"))),
        ("/sell ETH 전부", ALL),
        ("/sell ETH \u110c\u1165\u11ab\u1107\u116e", ALL),  # decomposed, as macOS and iOS copy it
        ("/sell ETH 0.5 eth", BaseQuantity(D("0.5"))),
        ("/buy BTC 0.1 bitcoin", BaseQuantity(D("0.1"))),
        ("/buy BTC 0.1비트코인", BaseQuantity(D("0.1"))),
        ("/buy BTC 0.1개", BaseQuantity(D("0.1"))),
        ("/buy DOGE 1만 개", BaseQuantity(D(10000))),
        ("/buy DOGE 100 doge coin", BaseQuantity(D(100))),
        ("/buy BTC 100달러어치", QuoteAmount(D(100))),
        ("/buy BTC 100달러 어치", QuoteAmount(D(100))),
        ("/buy BTC for 100", QuoteAmount(D(100))),
        ("/buy BTC for 1만", QuoteAmount(D(10000))),
        ("/buy BTC worth $100", QuoteAmount(D(100))),
        ("/buy DOGE 100어치", QuoteAmount(D(100))),
        ("/buy DOGE 100 어치", QuoteAmount(D(100))),
        ("/buy DOGE 1만어치", QuoteAmount(D(10000))),
        ("/buy DOGE 1억 5천만 어치", QuoteAmount(D(150000000))),
        ("/buy DOGE 1 000어치", QuoteAmount(D(1000))),
        ("/buy DOGE 100개어치", BaseQuantity(D(100))),
        ("/buy DOGE 100 worth", QuoteAmount(D(100))),
        ("/buy DOGE for 70k", QuoteAmount(D(70000))),
        ("/buy DOGE worth 1.5 million", QuoteAmount(D(1500000))),
        ("/buy DOGE 70k worth", QuoteAmount(D(70000))),
        ("/buy DOGE 70k어치", QuoteAmount(D(70000))),
        ("/buy DOGE for 1,000", QuoteAmount(D(1000))),
        ("/buy DOGE 1,000어치", QuoteAmount(D(1000))),
        ("/buy BTC for 1 btc", BaseQuantity(D(1))),
        ("/buy BTC, 100usdc,", QuoteAmount(D(100))),
    ],
)
def test_a_size_is_read_as_people_type_it(text: str, size: Size, ctx: Context) -> None:
    assert values(text, ctx)[1] == size


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("/buy BTC 1,000", ThousandsSeparator),
        ("/buy BTC 1.000,50", ThousandsSeparator),
        ("/buy BTC 1.000,50usdc", ThousandsSeparator),
        ("/buy BTC 1.000.000usdc", ThousandsSeparator),
        ("/buy BTC 1 000,50usdc", ThousandsSeparator),
        ("/buy BTC 1’000usdc", ThousandsSeparator),
        ("/buy BTC 1.000usdc", NotAChoice),
        ("/buy BTC $2.500", NotAChoice),
        ("/buy DOGE 10.000", NotAChoice),
        ("/sell BTC 1.500", NotAChoice),
        ("/buy BTC 1.500btc", NotAChoice),
        ("/amend 1 quantity 1.500", NotAChoice),
        ("/buy BTC 1, 000", NotANumber),
        ("/buy BTC 5000円", OtherCurrency),
        ("/buy BTC 5만원어치", OtherCurrency),
        ("/buy BTC 0,5", DecimalComma),
        ("/buy BTC 0,500usdc", DecimalComma),
        ("/buy BTC 0,001", DecimalComma),
        ("/buy BTC 00,001", DecimalComma),
        ("/buy BTC 0,001,000", NotANumber),
        ("/buy BTC 0_001", NotANumber),
        ("/buy BTC 0'001", NotANumber),
        ("/buy DOGE for 10.000", NotAChoice),
        ("/buy DOGE 10.000어치", NotAChoice),
        ("/buy DOGE 10.000 worth", NotAChoice),
        ("/buy BTC 100,50usdc", DecimalComma),
        ("/buy BTC €100", OtherCurrency),
        ("/buy BTC 100 €", OtherCurrency),
        ("/buy BTC ₩50000", OtherCurrency),
        ("/buy BTC ￦50000", OtherCurrency),
        ("/buy BTC 50만원", OtherCurrency),
        ("/buy BTC 50만 원", OtherCurrency),
        ("/buy BTC 50000 KRW", OtherCurrency),
        ("/buy BTC 100 usdt", OtherCurrency),
        ("/buy BTC 100usdt", OtherCurrency),
        ("/buy BTC $100eur", OtherCurrency),
        ("/buy BTC $100btc", UnknownUnit),
        ("/buy BTC 100eth", UnknownUnit),
        ("/buy BTC 5mbtc", UnknownUnit),
        ("/buy BTC 1억5천 usdc", NotANumber),
        ("/buy BTC ٣٤", ForeignDigits),
        ("/buy BTC 10²", NotANumber),
        ("/buy BTC 1½", NotANumber),
        ("/buy BTC 100…", NotANumber),
        ("/buy BTC 100–200usdc", NotANumber),
        ("/buy BTC –5", NotPositive),
        ("/buy BTC —5usdc", NotPositive),
        ("/buy BTC $", NotANumber),
        ("/buy BTC 0k", NotPositive),
        ("/buy BTC infk", NotANumber),
    ],
)
def test_what_could_be_misread_is_refused(text: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        values(text, ctx)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("1.000,50", "1000.50"), ("1 000,50", "1000.50"), ("1.000.000", "1000000"), ("1,000", "1000"), ("1’000", "1000")],
)
def test_a_refused_separator_names_the_plain_number(text: str, plain: str, ctx: Context) -> None:
    with pytest.raises(ThousandsSeparator) as caught:
        values(f"/buy BTC {text}", ctx)
    assert caught.value.plain == plain


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("/buy BTC 0,001", "0.001"),
        ("/buy BTC 00,001", "0.001"),
        ("/sell BTC 0,500usdc", "0.500"),
        ("/limit DOGE buy 10 @ 0,060", "0.060"),
        ("/stop DOGE sell 10 @ 0,0500", "0.0500"),
        ("/amend 1 price 0,051", "0.051"),
        ("/alert DOGE > 0,060", "0.060"),
        ("/dca BTC 0,001 daily", "0.001"),
    ],
)
def test_the_comma_behind_a_leading_zero_stands_before_decimals(line: str, plain: str, ctx: Context) -> None:
    with pytest.raises(DecimalComma) as caught:
        values(line, ctx)
    assert caught.value.plain == plain


def test_another_currency_is_named_with_the_desks_own(ctx: Context) -> None:
    with pytest.raises(OtherCurrency) as caught:
        values("/buy BTC 10만원", ctx)
    assert (caught.value.currency, caught.value.quote) == ("KRW", "USDC")


@pytest.mark.parametrize(
    ("text", "symbol", "size"),
    [
        ("/buy 10 BTC", "BTCUSDC", BaseQuantity(D(10))),
        ("/buy 100usdc BTC", "BTCUSDC", QuoteAmount(D(100))),
        ("/buy 100 usdc BTC", "BTCUSDC", QuoteAmount(D(100))),
        ("/buy $100 of BTC", "BTCUSDC", QuoteAmount(D(100))),
        ("/buy 100 worth of DOGE", "DOGEUSDC", QuoteAmount(D(100))),
        ("/buy $ 100 BTC", "BTCUSDC", QuoteAmount(D(100))),
        ("/sell half ETH", "ETHUSDC", Share(D("0.5"))),
        ("/sell 전부 ETH", "ETHUSDC", ALL),
        ("/sell 25 % ETH", "ETHUSDC", Share(D("0.25"))),
        ("/buy 0.1btc", "BTCUSDC", BaseQuantity(D("0.1"))),
        ("/buy $BTC 100usdc", "BTCUSDC", QuoteAmount(D(100))),
        ("/buy #btc, 100usdc", "BTCUSDC", QuoteAmount(D(100))),
    ],
)
def test_a_size_may_stand_before_its_symbol(text: str, symbol: str, size: Size, ctx: Context) -> None:
    assert values(text, ctx) == [symbol, size]


def test_symbols_are_suggested_after_a_size(ctx: Context) -> None:
    assert [entry.text for entry in complete("/buy 100usdc bt", ctx)] == ["BTC"]
    assert [entry.text for entry in complete("/buy BTC ma", ctx)] == ["max"]


async def test_a_refused_number_is_mended_with_a_button() -> None:
    bot = FakeDeskBot()
    for typed, press in (("1,000", "buy DOGE 1000"), ("0,5", "buy DOGE 0.5"), ("٣٤", "buy DOGE 34")):
        reply = await bot.router.answer(bot.inbound(f"/buy DOGE {typed}"))
        assert [entry.press for entry in buttons(reply)] == [press]
    reply = await bot.router.answer(bot.inbound("/buy DOGE 1.000,50usdc"))
    assert [entry.press for entry in buttons(reply)] == ["buy DOGE 1000.50usdc"]


async def test_every_choice_that_is_named_has_a_button() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/chart BTC 2h"))
    assert [entry.label for entry in buttons(reply)] == ["1m", "5m", "15m", "1h", "4h", "1d"]


def test_a_size_alone_asks_for_the_symbol(ctx: Context) -> None:
    with pytest.raises(MissingArgument) as caught:
        values("/buy 100usdc", ctx)
    assert caught.value.parameter == "symbol"
    with pytest.raises(UnknownSymbol):
        values("/buy 10 NOPE", ctx)
    with pytest.raises(UnknownSymbol) as unknown:
        values("/buy 1NOPE 5", ctx)
    assert unknown.value.text == "1NOPE"


def test_a_unit_of_digits_needs_a_space() -> None:
    assert read_size("100 1inch", "USDC", "1INCH") == BaseQuantity(D(100))
    with pytest.raises(UnknownUnit):
        read_size("1001inch", "USDC", "1INCH")
