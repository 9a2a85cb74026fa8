"""What the desk asks for where a word is missing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.reply import Reply
from people.person import Language
from pipeline.market import Symbol
from pipeline.rules import Notional
from tests.fakes.bot import FakeDeskBot, FakeMarket
from tests.fakes.transcript import buttons, transcript


async def asked(text: str, bot: FakeDeskBot | None = None) -> Reply:
    bot = bot or FakeDeskBot()
    await bot.router.answer(bot.inbound("/start"))
    return await bot.router.answer(bot.inbound(text))


async def test_how_much_names_the_coin_its_price_and_the_balance() -> None:
    reply = await asked("/buy BTC")
    text = transcript(reply)
    assert "How much BTC would you like to buy?" in text
    assert "58,000.00 USDC" in text
    assert "Available: 1,000,000.00 USDC" in text
    assert "You hold: 0 BTC" in text
    assert [entry.press for entry in buttons(reply)] == [
        "buy BTC 100usdc",
        "buy BTC 1000usdc",
        "buy BTC 25%",
        "buy BTC 50%",
        "buy BTC 75%",
        "buy BTC max",
    ]
    assert reply.asks == "buy BTC"
    assert reply.private


async def test_selling_offers_shares_of_what_is_held() -> None:
    bot = FakeDeskBot()
    assert buttons(await asked("/sell BTC", bot)) == []
    await bot.router.answer(bot.inbound("/settings confirm off"))
    await bot.router.answer(bot.inbound("/buy BTC 1"))
    reply = await bot.router.answer(bot.inbound("/sell BTC"))
    assert "How much BTC would you like to sell?" in transcript(reply)
    assert "You hold: 0.999 BTC" in transcript(reply)
    shares = ["25%", "50%", "75%", "max"]
    assert [entry.press for entry in buttons(reply)] == [f"sell BTC {share}" for share in shares]


async def test_the_question_is_asked_in_korean() -> None:
    reply = transcript(await asked("매수 비트코인", FakeDeskBot(Language.KOREAN)))
    assert "BTC, 얼마나 매수할까요?" in reply
    assert "보유: 0 BTC" in reply


async def test_a_coin_that_is_named_in_words_is_asked_about() -> None:
    assert (await asked("/buy 비트코인")).asks == "buy 비트코인"
    assert "How much BTC" in transcript(await asked("buy bitcoin"))


async def test_what_cannot_be_paid_or_is_too_small_is_not_offered() -> None:
    class Strict(FakeMarket):
        def rules(self, symbol: Symbol) -> object:  # type: ignore[override]
            return replace(super().rules(symbol), notional=Notional(Decimal(500), Decimal(10**9)))

    reply = await asked("/buy BTC", FakeDeskBot(market=Strict()))
    assert buttons(reply)[0].press == "buy BTC 1000usdc"


async def test_without_a_price_it_is_asked_all_the_same() -> None:
    bot = FakeDeskBot()
    bot.market.silent.add(Symbol("BTCUSDC"))
    reply = await asked("/buy BTC", bot)
    assert "How much" in transcript(reply)
    assert reply.asks == "buy BTC"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("/dca BTC", "How much BTC would you like to buy each time?"),
        ("/alert BTC", "At which BTC price would you like an alert?"),
    ],
)
async def test_other_questions_show_the_price_too(line: str, question: str) -> None:
    text = transcript(await asked(line))
    assert question in text
    assert "58,000.00 USDC" in text


async def test_asking_opens_no_account() -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound("/buy BTC"))
    assert "Available" not in transcript(reply)
    assert bot.desk.accounts == {}


async def test_a_cancelled_question_is_nobody_elses_business() -> None:
    bot = FakeDeskBot()
    assert (await bot.router.answer(bot.inbound("/cancel"))).aside
    assert (await bot.router.answer(replace(bot.inbound("/cancel"), open_question="buy BTC"))).aside


@pytest.mark.parametrize(
    ("line", "answers", "title"),
    [
        ("/bracket BTC buy 0.1 @ 57000", ("60000", "50000"), "Bracket, BTC/USDC"),
        ("/bracket BTC buy 0.1 @ 57000 tp sl 50000", ("60000",), "Bracket, BTC/USDC"),
        ("/bracket BTC buy 0.1 @ 57000 tp", ("60000", "sl 50000"), "Bracket, BTC/USDC"),
        ("/limit BTC buy 0.1 @ for 1d", ("57000",), "until Apr 3, 2021"),
    ],
)
async def test_a_price_that_is_asked_for_finds_its_place(line: str, answers: tuple[str, ...], title: str) -> None:
    bot = FakeDeskBot()
    asked = await bot.router.answer(bot.inbound(line))
    for answer in answers:
        pressed = await bot.router.answer(bot.inbound(buttons(asked)[0].press, pressed=True))
        assert transcript(pressed) != transcript(asked)
        asked = await bot.router.answer(replace(bot.inbound(answer), open_question=asked.asks))
    assert title in transcript(asked)


@pytest.mark.parametrize("text", ["sell eth", "/limit ETH sell"])
async def test_how_much_is_asked_where_open_orders_hold_the_coin(text: str) -> None:
    bot = FakeDeskBot()
    for line in ("/settings confirm off", "/buy ETH 1", "/limit ETH sell max @ 3000"):
        await bot.router.answer(bot.inbound(line))
    assert "How much" in transcript(await bot.router.answer(bot.inbound(text)))


@pytest.mark.parametrize(
    ("text", "presses"),
    [
        ("/dca DOGE 100 200usdc daily", ["dca DOGE 100200usdc daily"]),
        ("/dca DOGE $1 000 000 daily 9:00", ["dca DOGE $1000000 daily 9:00"]),
        ("/dca BTC 50usdc weekdays 18:00", [f"dca BTC 50usdc {each} 18:00" for each in ("daily", "weekly", "monthly")]),
        ("/rebalance weekdays 18:00", [f"rebalance {each} 18:00" for each in ("daily", "weekly", "monthly")]),
        ("/rebalance 격주 금 18:00", ["rebalance 매주 금 18:00", "rebalance 매일 18:00", "rebalance 매월 18:00"]),
        ("/optimize hrp cap", [f"optimize hrp cap {share}" for share in ("25%", "40%", "50%")]),
    ],
)
async def test_what_may_be_meant_otherwise_sets_nothing_and_is_offered(text: str, presses: list[str]) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/start"))
    reply = await bot.router.answer(bot.inbound(text))
    assert [each.press for each in buttons(reply)] == presses
    assert "will be" not in transcript(reply)
    pressed = await bot.router.answer(bot.inbound(presses[0], pressed=True))
    assert "Choose one of" not in transcript(pressed)
