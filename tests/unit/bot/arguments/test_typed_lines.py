"""Whole lines as people type them, read into the values of a command."""

from decimal import Decimal
from typing import Any

import pytest

from bot.arguments.alert_levels import AbsoluteLevel, RelativeLevel
from bot.arguments.parser import CommandLine, bind, complete, find_command, read_line
from bot.arguments.sizes import read_size
from bot.commands import COMMANDS
from bot.context import Context
from bot.errors import (
    DecimalComma,
    ForeignDigits,
    MissingArgument,
    NotAChoice,
    OtherCurrency,
    ThousandsSeparator,
    TooManyValues,
    UnknownUnit,
)
from core.errors import DeskError, NotANumber, NotPositive
from people.person import Person
from pipeline.errors import UnknownSymbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size
from trading.triggers.price_levels import Direction

D = Decimal
ALL = Share(D(1))


@pytest.fixture
def ctx() -> Context:
    bot = FakeDeskBot()
    return bot.router._context(bot.inbound(""), Person(1))


def values(text: str, ctx: Context) -> list[Any]:
    line = read_line(text)
    return bind(find_command(line, COMMANDS, pressed=False), line.words, ctx)


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
        ("/buy BTC 1.000usdc", ThousandsSeparator),
        ("/buy BTC $2.500", ThousandsSeparator),
        ("/buy BTC 1, 000", NotANumber),
        ("/buy BTC 5000円", OtherCurrency),
        ("/buy BTC 5만원어치", OtherCurrency),
        ("/buy BTC 0,5", DecimalComma),
        ("/buy BTC 0,500usdc", ThousandsSeparator),
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


@pytest.mark.parametrize(
    "text",
    [
        "/price BTC, ETH",
        "/price BTC,ETH",
        "/price (BTC) and ETH_USDC",
        "/ price BTC ETH",
        "/price $BTC #ETH",
        "/price “BTC” ‘ETH’;",
    ],
)
def test_symbols_may_be_listed_with_commas(text: str, ctx: Context) -> None:
    assert values(text, ctx) == [("BTCUSDC", "ETHUSDC")]


@pytest.mark.parametrize("dash", ["-", *"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63"])
def test_every_dash_is_a_minus_before_a_percent(dash: str, ctx: Context) -> None:
    assert values(f"/alert BTC {dash}5%", ctx)[1] == RelativeLevel(D("-0.05"))
    assert values(f"/alert BTC {dash} 5 ％", ctx)[1] == RelativeLevel(D("-0.05"))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("/alert BTC ＞ 70000", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC > 70 000 usdc", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC > 70k", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC 70000 이상", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC 7만 이하", AbsoluteLevel(Direction.BELOW, D(70000))),
        ("/alert BTC $ 70000", AbsoluteLevel(None, D(70000))),
        ("/alert BTC + 5 %", RelativeLevel(D("0.05"))),
        ("/alert BTC ＋5％", RelativeLevel(D("0.05"))),
        ("/alert BTC \u207b5%", RelativeLevel(D("-0.05"))),
        ("/alert BTC>70000", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC≤50k", AbsoluteLevel(Direction.BELOW, D(50000))),
        ("/alert BTC => 70k", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC hits 70k", AbsoluteLevel(None, D(70000))),
        ("/alert BTC 7만 되면", AbsoluteLevel(None, D(70000))),
        ("/alert BTC 7만 넘으면", AbsoluteLevel(Direction.ABOVE, D(70000))),
        ("/alert BTC up 5%", RelativeLevel(D("0.05"))),
        ("/alert BTC 5 % down", RelativeLevel(D("-0.05"))),
        ("/alert BTC 10% 하락", RelativeLevel(D("-0.1"))),
    ],
)
def test_a_level_is_read_as_people_type_it(text: str, level: AbsoluteLevel | RelativeLevel, ctx: Context) -> None:
    assert values(text, ctx)[1] == level


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("/alert BTC 70,000", ThousandsSeparator),
        ("/alert BTC 0,5", DecimalComma),
        ("/alert BTC > 5만원", OtherCurrency),
    ],
)
def test_a_level_that_could_be_misread_is_refused(text: str, error: type[DeskError], ctx: Context) -> None:
    with pytest.raises(error):
        values(text, ctx)


def test_the_words_behind_a_level_stay_their_own(ctx: Context) -> None:
    assert values("/alert BTC > 70 000 every", ctx)[2] == "every"
    assert values("/dca BTC 50 usdc daily 9:00", ctx)[1] == QuoteAmount(D(50))


def test_free_text_keeps_its_typography(ctx: Context) -> None:
    assert values("/broadcast “Maintenance” — back at ５", ctx) == ["“Maintenance” — back at ５"]


async def test_too_many_symbols_are_counted() -> None:
    bot = FakeDeskBot()
    ctx = bot.router._context(bot.inbound(""), Person(1))
    with pytest.raises(TooManyValues) as caught:
        values("/price " + "BTC " * 21, ctx)
    assert (caught.value.limit, caught.value.count) == (20, 21)
    said = transcript(await bot.router.answer(bot.inbound("/compare BTC BTC")))
    assert "two different symbols" in said


def test_a_corrected_word_replaces_what_was_typed() -> None:
    assert CommandLine("alert", ("BTC", "—5%")).with_word("-5%", "+5%") == "alert BTC +5%"
    assert CommandLine("price", ("BTC,NOPE",)).with_word("NOPE", "ETH") == "price BTC,ETH"


def test_a_unit_of_digits_needs_a_space() -> None:
    assert read_size("100 1inch", "USDC", "1INCH") == BaseQuantity(D(100))
    with pytest.raises(UnknownUnit):
        read_size("1001inch", "USDC", "1INCH")


@pytest.mark.parametrize(
    "text",
    ["/buy BTC %", "/sell BTC %", "/alert BTC + %", "/alert BTC +%", "/help /", "/@bot x", "/ ,", "/buy BTC 어치"],
)
async def test_no_refusal_quotes_the_word_none(text: str) -> None:
    bot = FakeDeskBot()
    said = transcript(await bot.router.answer(bot.inbound(text)))
    assert "none" not in said
    assert "went wrong" not in said


async def test_commas_alone_are_no_symbols() -> None:
    bot = FakeDeskBot()
    for line in ("/price ,", "/compare , ,"):
        assert "Which symbols?" in transcript(await bot.router.answer(bot.inbound(line)))


def test_options_may_be_listed_with_commas(ctx: Context) -> None:
    assert values("/chart BTC, 1h, bb, rsi", ctx) == values("/chart BTC 1h bb rsi", ctx)
    assert values("/chart BTC bb, rsi", ctx) == values("/chart BTC bb rsi", ctx)
    assert values("/compare BTC vs ETH", ctx) == values("/compare BTC ETH", ctx)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("/chart 1h BTC", "/chart BTC 1h"),
        ("/chart 1시간 비트코인", "/chart BTC 1h"),
        ("/chart 1 hour BTC bb", "/chart BTC 1h bb"),
        ("/forecastalert 1h BTC up 60", "/forecastalert BTC 1h up 60"),
        ("/alert me when BTC hits 110000", "/alert BTC hits 110000"),
        ("/alert when the price of BTC is above 70k", "/alert BTC above 70k"),
        ("/alert me if btc falls below 70000", "/alert BTC below 70000"),
        ("/alert BTC goes above 70k every", "/alert BTC above 70k every"),
        ("/alert BTC drops 5%", "/alert BTC -5%"),
        ("/watch add BTC ETH", "/watch BTC ETH"),
        ("/watch btc to my", "/watch BTC"),
        ("/unwatch remove BTC", "/unwatch BTC"),
        ("/dca BTC daily 9:00 50usdc", "/dca BTC 50usdc daily 9:00"),
        ("/dca BTC 매일 오전 9시 50 usdc", "/dca BTC 50usdc daily 9:00"),
        ("/dca bitcoin weekly mon 9am $50", "/dca BTC 50usdc weekly mon 9:00"),
        ("/dca BTC monthly 15 5%", "/dca BTC 5% monthly 15"),
        ("/alert 70000 BTC", "/alert BTC 70000"),
        ("/compare BTC ETH 30 days", "/compare BTC ETH 30d"),
        ("/compare bitcoin ETH 1 month", "/compare BTC ETH 30d"),
        ("/compare BTC ETH year", "/compare BTC ETH 1y"),
        ("/compare BTC ETH 한달", "/compare BTC ETH 30d"),
        ("/market gainers", "/market movers"),
        ("/market 급락", "/market movers"),
        ("/market find bit", "/market search bit"),
        ("/alert -5% bitcoin", "/alert BTC -5%"),
        ("/alert > 70 000 usdc BTC every", "/alert BTC > 70000 every"),
        ("/alert BTC every 70000", "/alert BTC 70000 every"),
        ("/alert me if btc drops by 5%", "/alert BTC -5%"),
        ("/alert me when btc is down 5%", "/alert BTC -5%"),
        ("/alert BTC goes up 5%", "/alert BTC +5%"),
    ],
)
def test_the_order_of_words_is_free(written: str, line: str, ctx: Context) -> None:
    assert values(written, ctx) == values(line, ctx)


def test_a_ticker_of_the_same_letters_is_offered_first(ctx: Context) -> None:
    with pytest.raises(UnknownSymbol) as refused:
        values("/buy bct 100usdc", ctx)
    assert refused.value.nearest[0] == "BTCUSDC"


def test_a_rhythm_without_a_size_asks_for_it(ctx: Context) -> None:
    for line in ("/dca BTC daily", "/dca BTC daily 9:00", "/dca BTC 매일 9시", "/dca BTC mondays"):
        with pytest.raises(MissingArgument) as refused:
            values(line, ctx)
        assert refused.value.parameter == "size"


@pytest.mark.parametrize(
    ("line", "missing"), [("/alert > 70000", "symbol"), ("/alert 70000", "symbol"), ("/alert BTC every", "level")]
)
def test_an_alert_asks_for_what_it_lacks(line: str, missing: str, ctx: Context) -> None:
    with pytest.raises(MissingArgument) as refused:
        values(line, ctx)
    assert refused.value.parameter == missing


@pytest.mark.parametrize("period", ["2w", "5y", "3 days", "6개월"])
def test_a_period_that_is_not_compared_offers_those_that_are(period: str, ctx: Context) -> None:
    with pytest.raises(NotAChoice) as refused:
        values(f"/compare BTC ETH {period}", ctx)
    assert refused.value.choices == ("24h", "7d", "30d", "90d", "1y")
