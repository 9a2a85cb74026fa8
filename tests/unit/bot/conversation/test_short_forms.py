"""Short forms without a word for the command, and words around the names of coins."""

import pytest

from bot.reply import Reply
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript


def meant(text: str) -> str:
    bot = FakeDeskBot()
    return bot.router.read(bot.inbound(text)).inbound.text


async def answered(text: str, language: Language = Language.ENGLISH) -> Reply:
    bot = FakeDeskBot(language)
    return await bot.router.answer(bot.inbound(text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("btc 1h", "chart btc 1h"),
        ("비트코인 일봉", "chart 비트코인 일봉"),
        ("eth 15m?", "chart eth 15m"),
        ("btc > 70000", "alert btc > 70000"),
        ("btc ≥ 70k", "alert btc ≥ 70k"),
        ("set timezone to KST", "settings timezone KST"),
        ("시간대 뉴욕", "settings 시간대 뉴욕"),
        ("timezone UTC-5", "settings timezone UTC-5"),
        ("change language to korean", "settings language korean"),
        ("confirm off", "settings confirm off"),
        ("quiet 22:00-07:00", "notifications quiet 22:00-07:00"),
        ("digest daily 9:00", "notifications digest daily 9:00"),
        ("change my timezone to Asia/Tokyo", "settings timezone Asia/Tokyo"),
        ("switch to korean", "settings language korean"),
        ("한국어로 바꿔줘", "settings language 한국어"),
        ("시간대를 뉴욕으로", "settings 시간대 뉴욕"),
        ("turn off confirm", "settings confirm off"),
        ("dark mode", "settings theme dark"),
        ("btc ≧ 70000", "alert btc ≧ 70000"),
        ("솔라나 5% 급락", "alert 솔라나 5% 급락"),
        ("비트코인이 5만 아래로 내려가면 알려줘", "alert 비트코인 5만 아래"),
        ("매도해줘 비트코인", "sell 비트코인"),
        ("비트코인 반만 팔아줘", "sell 비트코인 반만"),
    ],
)
def test_a_short_form_is_its_command(text: str, line: str) -> None:
    assert meant(text) == line


@pytest.mark.parametrize("text", ["btc 70000", "set BTC to 5", "timezone", "the price is right", "confirm", "1h"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert meant(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("timezone", "settings timezone"),
        ("set language", "settings language"),
        ("quiet", "notifications quiet"),
        ("/quiet 22:00-07:00", "notifications quiet 22:00-07:00"),
        ("channel", "group channel"),
        ("/channel add", "group channel add"),
        ("/timezone KST", "settings timezone KST"),
        ("/timezone 12", "settings timezone"),
        ("BTCUSDT", "price BTC"),
        ("/btc", "price BTC"),
        ("/cancel 1, 2", "cancel 1"),
        ("buy one btc", "buy 1 btc"),
        ("/buy BTC 한개", "buy BTC 1개"),
        ("/buy BTC 백달러", "buy BTC 100달러"),
        ("/alert BTC 50000 - 70000", "alert BTC < 50000"),
        ("/alert BTC when price < 57 000", "alert BTC when price < 57000"),
        ("/backtest BTC when price < 1e5 buy 10%", "backtest BTC when price < 100000 buy 10%"),
    ],
)
async def test_what_is_refused_leads_to_what_was_meant(text: str, line: str) -> None:
    reply = await answered(text)
    assert "WARNING" in transcript(reply)
    assert buttons(reply)[0].press == line


@pytest.mark.parametrize("text", ["buy me some btc", "buy some btc"])
async def test_words_around_a_coin_ask_for_the_size(text: str) -> None:
    assert "How much BTC" in transcript(await answered(text))


@pytest.mark.parametrize("text", ["cancel order no. 1", "cancel order number 1", "/cancel no 1", "주문 번호 1 취소"])
async def test_the_number_of_an_order_may_be_called_one(text: str) -> None:
    assert "order 1" in transcript(await answered(text))


@pytest.mark.parametrize(
    "text", ["/chart BTC bb rsi 1h", "/chart BTC 1h,bb,rsi", "/chart BTC bb, 1h, rsi", "/chart 1h BTC"]
)
async def test_the_interval_of_a_chart_may_stand_anywhere(text: str) -> None:
    assert "BTCUSDC-1h" in transcript(await answered(text))


@pytest.mark.parametrize(("text", "name"), [("/help 매수", "/buy"), ("/help purchase", "/buy"), ("/help trading", "")])
async def test_help_knows_the_words_of_a_command(text: str, name: str) -> None:
    said = transcript(await answered(text))
    assert f"TITLE: {name}" in said


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/export 이상", "주문, 체결, 원장"),
        ("/settings confirm 이상", "켜기, 끄기"),
        ("/notifications 체결 이상", "켜기, 무음, 끄기"),
        ("/alert BTC 60000 이상하게", "한 번, 매번"),
    ],
)
async def test_wrong_choices_are_answered_in_korean(text: str, offered: str) -> None:
    reply = await answered(text, Language.KOREAN)
    assert offered in transcript(reply)
    assert [entry.label for entry in buttons(reply)] == offered.split(", ")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "text",
    [
        "/chart BTC one hour",
        "/chart BTC 1x",
        "/alert BTC 50000 - 70000",
        "/alert BTC 50000 twice",
        "/alert SOL range -3% 1h",
        "/settings digest weekdays 9:00",
        "/settings confirm maybe",
        "/settings timezone GMT+9",
        "/limit BTC buy 0.1 5%",
        "/limit BTC buy 0.1 60000 forever",
        "/dca BTC 50usdc weekdays 18:00",
        "/dca BTC 50usdc 격주 월요일",
        "/notifications fills maybe",
        "/export this week",
        "/forecastalert BTC 1h maybe",
        "/buy BTC 1.500",
        "/buy BTC 1,500",
        "/rebalance BTC 0.5",
    ],
)
async def test_a_button_of_a_correction_is_accepted(text: str, language: Language) -> None:
    bot = FakeDeskBot(language)
    for entry in buttons(await bot.router.answer(bot.inbound(text))):
        again = await bot.router.answer(bot.inbound(entry.press, pressed=True))
        assert "WARNING" not in transcript(again) or "USDC" in transcript(again), (entry.press, transcript(again))
