"""Plain words that users type without a slash."""

import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.reply import Reply
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript


async def answered(
    text: str, *, question: str = "", language: Language = Language.ENGLISH, confirm: bool = True
) -> Reply:
    bot = FakeDeskBot(language)
    if not confirm:
        await bot.router.answer(bot.inbound("/settings confirm off"))
    return await bot.router.answer(replace(bot.inbound(text), open_question=question))


async def said(text: str, **options: object) -> str:
    return transcript(await answered(text, **options))  # type: ignore[arg-type]


def meant(text: str, question: str = "") -> str:
    bot = FakeDeskBot()
    return bot.router.read(replace(bot.inbound(text), open_question=question)).inbound.text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("btc", "price btc"),
        ("BTC?", "price BTC"),
        ("$btc", "price $btc"),
        ("btc eth", "price btc eth"),
        ("btc, eth", "price btc eth"),
        ("bitcoin", "price bitcoin"),
        ("비트코인", "price 비트코인"),
        ("이더리움 도지", "price 이더리움 도지"),
        ("price btc eth", "price btc eth"),
        ("buy btc 100", "buy btc 100"),
        ("매수 BTC 100usdc", "buy BTC 100usdc"),
        ("매도 이더리움 max", "sell 이더리움 max"),
        ("비트코인 매수 100usdc", "buy 비트코인 100usdc"),
        ("비트코인 100usdc 매수", "buy 비트코인 100usdc"),
        ("btc chart", "chart btc"),
        ("price of bitcoin", "price bitcoin"),
        ("what is the price of btc?", "price btc"),
        ("how much is bitcoin", "price bitcoin"),
        ("btc, eth and sol", "price btc eth sol"),
        ("비트 얼마야?", "price 비트"),
        ("비트코인 차트 보여줘", "chart 비트코인"),
        ("show me the chart of btc", "chart btc"),
        ("please buy btc 100usdc", "buy btc 100usdc"),
        ("sell half of my eth", "sell half eth"),
        ("sell my eth", "sell eth"),
        ("my balance", "balance"),
        ("how much btc do i have?", "balance"),
        ("How much bitcoin do I have", "balance"),
        ("how much do i have", "balance"),
        ("비트코인 얼마나 있어?", "balance"),
        ("how does this work?", "help"),
        ("어떻게 쓰나요?", "help"),
        ("hello", "start"),
        ("안녕하세요!", "start"),
        ("알림 목록", "alerts"),
        ("내 알림 보여줘", "alerts"),
        ("거래 내역", "history"),
        ("trade history", "history"),
        ("add btc to my watchlist", "watch btc to my"),
        ("관심종목에 비트코인 추가", "watch 비트코인"),
        ("비트코인 110000 되면 알려줘", "alert 비트코인 110000 되면"),
        ("내 잔고", "balance"),
        ("help me", "help"),
        ("／buy BTC 100usdc", "／buy BTC 100usdc"),
        ("비트코인 가격", "price 비트코인"),
        ("portfolio", "portfolio"),
        ("Portfolio!", "portfolio"),
        ("포트폴리오", "portfolio"),
        ("positions", "portfolio"),
        ("도움말", "help"),
        ("취소", "cancel"),
        ("stop", "cancel"),
        ("/매수 BTC 100usdc", "/buy BTC 100usdc"),
        ("/buy BTC 100usdc", "/buy BTC 100usdc"),
    ],
)
def test_plain_words_mean_a_command(text: str, line: str) -> None:
    assert meant(text) == line


def test_korean_that_is_sent_letter_by_letter_is_understood() -> None:
    assert meant(unicodedata.normalize("NFD", "매수 BTC 100usdc")) == "buy BTC 100usdc"


@pytest.mark.parametrize(
    "text",
    [
        "the price is right",
        "what if I buy btc 5",
        "don't buy btc",
        "and",
        "me",
        "thanks!",
        "고마워요",
        "buyer beware",
        "5",
        "👍",
        "btc 5",
    ],
)
@pytest.mark.parametrize("language", list(Language))
async def test_other_words_get_a_hint(text: str, language: Language) -> None:
    reply = await said(text, language=language)
    assert "/help" in reply or "?" in reply or "？" in reply
    assert "no command" not in reply
    assert "명령이 없습니다" not in reply


async def test_a_slip_offers_the_nearest_command() -> None:
    reply = await answered("portfolo")
    assert "Did you mean /portfolio?" in transcript(reply)
    assert [entry.press for entry in buttons(reply)] == ["portfolio", "help", "market"]
    assert [entry.press for entry in buttons(await answered("pricee BTC"))][:1] == ["price BTC"]


@pytest.mark.parametrize("text", ["what is sharpe", "what is the profit factor?", "max drawdown please"])
async def test_a_question_about_a_figure_offers_its_explanation(text: str) -> None:
    first = buttons(await answered(text))[0].press
    assert first.startswith("explain ")
    assert "not a" not in transcript(await answered(f"/{first}"))


async def test_a_nearest_command_never_takes_words_it_cannot_read() -> None:
    presses = [entry.press for entry in buttons(await answered("portfolo does this work"))]
    assert presses[0] == "portfolio"


async def test_a_slip_of_a_name_offers_the_coin() -> None:
    assert [entry.press for entry in buttons(await answered("bitcon"))][:1] == ["price BTC"]
    assert [entry.press for entry in buttons(await answered("이더리음"))][:1] == ["price ETH"]


@pytest.mark.parametrize("text", ["/thanks", "/cancell"])
async def test_an_unknown_command_is_still_named(text: str) -> None:
    assert "no command" in await said(text)


async def test_the_words_of_operators_mean_nothing_to_others() -> None:
    assert "not understood" in await said("halt BTC")


# -- orders ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["buy btc 1", "매수 BTC 1", "BTC 매수 100usdc", "비트코인 100usdc 매수", "btc buy 1"])
async def test_doubtful_orders_are_previewed_without_confirmation(text: str) -> None:
    assert "confirm tok" in await said(text, confirm=False)


@pytest.mark.parametrize("text", ["/buy DOGE 100 200", "/sell DOGE 1 000", "/buy DOGE 100 200usdc", "buy doge $1 000"])
async def test_digits_set_apart_by_a_blank_are_previewed_without_confirmation(text: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/settings confirm off"))
    await bot.router.answer(bot.inbound("/buy DOGE 2000"))
    assert "confirm tok" in transcript(await bot.router.answer(bot.inbound(text)))


@pytest.mark.parametrize("text", ["buy btc 1 now", "please buy btc 1 please", "buy btc 1!"])
async def test_courtesy_does_not_make_an_order_clear(text: str) -> None:
    assert "confirm tok" in await said(text, confirm=False)


@pytest.mark.parametrize(("text", "clear"), [("buy bitcoin cash 1", False), ("buy bitcoin cash 1usdc", True)])
async def test_a_name_of_two_words_is_no_size(text: str, *, clear: bool) -> None:
    bot = FakeDeskBot()
    bot.market.prices[Symbol("BCHUSDC")] = bot.market.opens[Symbol("BCHUSDC")] = Decimal("300.00")
    await bot.router.answer(bot.inbound("/settings confirm off"))
    assert ("Bought" in transcript(await bot.router.answer(bot.inbound(text)))) is clear


@pytest.mark.parametrize("text", ["buy btc 100usdc", "매수 BTC 100 usdc", "buy BTC 1%", "/buy btc 0.001"])
async def test_clear_orders_are_placed_without_confirmation(text: str) -> None:
    assert "Bought" in await said(text, confirm=False)


@pytest.mark.parametrize("text", ["buy btc 100usdc", "매수 BTC 100usdc", "비트코인 매수 100usdc"])
async def test_plain_orders_are_previewed_with_confirmation(text: str) -> None:
    assert "confirm tok" in await said(text)


# -- questions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("buy", "btc", "buy btc"),
        ("buy", "비트코인", "buy 비트코인"),
        ("buy BTC", "100usdc", "buy BTC 100usdc"),
        ("buy BTC", "5", "buy BTC 5"),
        ("buy BTC", "hello", "buy BTC hello"),
        ("market search", "eth", "market search eth"),
        ("market search", "hello", "market search hello"),
        ("market search", "hi there", "market search hi there"),
    ],
)
def test_words_complete_the_open_question(question: str, text: str, line: str) -> None:
    assert meant(text, question) == line


@pytest.mark.parametrize("question", ["buy", "buy BTC", "market search", "price", "settings 언어 ko"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/heatmap", "/heatmap"),
        ("/market search ETH", "/market search ETH"),
        ("/nosuch", "/nosuch"),
        ("portfolio", "portfolio"),
        ("매수 ETH 100usdc", "buy ETH 100usdc"),
        ("price btc", "price btc"),
        ("/cancel", "/cancel"),
        ("/취소", "/cancel"),
        ("cancel", "cancel"),
        ("취소", "cancel"),
        ("no", "cancel"),
        ("Never mind.", "cancel"),
        ("nevermind", "cancel"),
        ("아니", "cancel"),
        ("됐어요", "cancel"),
        ("안 할래", "cancel"),
    ],
)
def test_another_command_closes_the_open_question(question: str, text: str, line: str) -> None:
    bot = FakeDeskBot()
    understood = bot.router.read(replace(bot.inbound(text), open_question=question)).inbound
    assert (understood.text, understood.closed, understood.question) == (line, question, "")


def test_a_coin_that_answers_nothing_is_a_command() -> None:
    assert meant("eth", "buy BTC") == "price eth"


async def test_cancel_says_what_it_closed() -> None:
    assert "no longer waiting" in await said("/cancel", question="buy BTC")
    assert "/buy BTC" in await said("cancel", question="buy BTC")
    assert "더 기다리지 않습니다" in await said("취소", question="buy BTC", language=Language.KOREAN)
    assert "no open question" in await said("/cancel")
    assert "no open order" in await said("/cancel everything")
    assert "no longer waiting" in await said("stop", question="buy BTC")
    assert "Which symbol?" in await said("/stop", question="buy BTC")


async def test_a_bad_answer_leaves_the_question_open() -> None:
    assert (await answered("hello", question="buy BTC")).asks == "buy BTC"
    assert (await answered("/heatmap", question="buy BTC")).asks == ""


@pytest.mark.parametrize(
    "text",
    [
        "tell me when btc reaches 70000",
        "notify me when btc hits 70k",
        "Let me know if bitcoin goes above 70k",
        "ping me once btc is above 70k please",
    ],
)
async def test_a_wish_to_be_told_is_an_alert(text: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound(text))
    (alert,) = bot.alerts.alerts.values()
    assert (alert.symbol, alert.level) == ("BTCUSDC", 70_000)


async def test_a_wish_without_a_price_sets_no_alert() -> None:
    bot = FakeDeskBot()
    for text in ("tell me when lunch is ready", "notify me", "let me know", "tell me if btc"):
        await bot.router.answer(bot.inbound(text))
    assert not bot.alerts.alerts


@pytest.mark.parametrize(
    ("text", "press"),
    [
        ("/buy BTC 0.1 @ 50000", "limit buy BTC 0.1 @ 50000"),
        ("buy 0.1 btc at 50k", "limit buy 0.1 btc @ 50k"),
        ("/sell BTC 50% at 70000", "limit sell BTC 50% @ 70000"),
        ("비트코인 0.1개 5만에 사줘", "limit buy 비트코인 0.1개 @ 5만에"),
        ("비트코인 5만에 0.1개 사줘", "limit buy 비트코인 @ 5만에 0.1개"),
        ("/buy 0.1 BTC @50000", "limit buy 0.1 BTC @ 50000"),
        ("/buy BTC @ 50000 0.1", "limit buy BTC @ 50000 0.1"),
        ("/buy BTC 0.1 limit 50000", "limit buy BTC 0.1 @ 50000"),
    ],
)
async def test_a_market_order_with_a_price_is_offered_as_a_limit_order(text: str, press: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/buy BTC 0.2"))
    reply = await bot.router.answer(bot.inbound(text))
    assert [entry.press for entry in buttons(reply)] == [press]
    if "sell" not in press:
        assert "Order preview: Limit order" in transcript(await bot.router.answer(bot.inbound(press, pressed=True)))


@pytest.mark.parametrize("text", ["buy btc at 50k", "비트코인 5만에 사줘", "/buy BTC @50000", "비트코인 50000에 사줘"])
async def test_the_limit_order_of_a_price_alone_asks_how_much(text: str) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound(text))
    asked = await bot.router.answer(bot.inbound(buttons(reply)[0].press, pressed=True))
    assert "How much?" in transcript(asked)
    assert "Limit price" in transcript(await bot.router.answer(replace(bot.inbound("0.1"), open_question=asked.asks)))


@pytest.mark.parametrize("text", ["/buy BTC 0.1 later", "/buy BTC 0.1 @ soon", "/buy BTC at", "/buy BTC at once"])
async def test_other_words_after_an_order_are_no_price(text: str) -> None:
    assert not buttons(await answered(text))


@pytest.mark.parametrize("text", ["yes", "OK!", "confirm", "네", "확인"])
async def test_agreeing_places_nothing_and_says_what_does(text: str) -> None:
    assert "when you press Confirm" in await said(text)


@pytest.mark.parametrize(
    "text",
    [
        "sell eth",
        "/sell ETH",
        "이더리움 팔아줘",
        "/limit sell ETH",
        "/stop ETH sell @ 1500",
        "/oco ETH 매도",
        "/trail ETH sell",
    ],
)
async def test_how_much_to_sell_is_not_asked_where_nothing_is_held(text: str) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/start"))
    assert "nothing to sell" in transcript(await bot.router.answer(bot.inbound(text)))
