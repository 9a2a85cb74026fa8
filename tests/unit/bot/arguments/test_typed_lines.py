"""Symbols, levels and words as people type them, read into the values of a command."""

from decimal import Decimal

import pytest

from bot.arguments.alert_levels import AbsoluteLevel, RelativeLevel
from bot.arguments.parser import CommandLine
from bot.context import Context
from bot.errors import DecimalComma, MissingArgument, NotAChoice, OtherCurrency, ThousandsSeparator, TooManyValues
from core.errors import DeskError
from people.person import Person
from pipeline.errors import UnknownSymbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import transcript
from tests.unit.bot.arguments.typed import values
from trading.orders.types import QuoteAmount
from trading.triggers.price_levels import Direction

D = Decimal


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
