"""A number without a unit counts coins, and says so where it may have been meant as money."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.reply import Reply
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons, transcript

LANGUAGES = pytest.mark.parametrize("language", list(Language))


async def typed(bot: FakeDeskBot, line: str, question: str = "") -> Reply:
    return await bot.router.answer(replace(bot.inbound(line), open_question=question))


def presses(reply: Reply) -> list[str]:
    return [entry.press for entry in buttons(reply)]


@LANGUAGES
@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("/buy BTC 100", "buy BTC 100usdc"),
        ("/buy bitcoin 100", "buy bitcoin 100usdc"),
        ("/buy BTC 1 000", "buy BTC 1000usdc"),
        ("/buy BTC 5k", "buy BTC 5000usdc"),
        ("/buy BTC １００", "buy BTC 100usdc"),
        ("/dca BTC 100 daily 9:00", "dca BTC 100usdc daily 9:00"),
    ],
)
async def test_too_many_coins_are_offered_as_money(language: Language, line: str, instead: str) -> None:
    reply = await typed(FakeDeskBot(language), line)
    assert instead in presses(reply)


async def test_a_preview_explains_a_number_alone() -> None:
    bot = FakeDeskBot()
    reply = await typed(bot, "/buy BTC 10")
    text = transcript(reply)
    assert "You buy: 10 BTC" in text
    assert "this is 10 BTC" in text
    assert "buy BTC 10usdc" in presses(reply)
    pressed = await bot.router.answer(bot.inbound("buy BTC 10usdc", pressed=True))
    assert "You buy: 0.00017241 BTC" in transcript(pressed)


@pytest.mark.parametrize("size", ["0.01", "10 BTC", "10btc", "100usdc", "$100", "1%", "max", "for 100"])
async def test_a_clear_size_is_not_explained(size: str) -> None:
    reply = await typed(FakeDeskBot(), f"/buy BTC {size}")
    assert "without a unit" not in transcript(reply)


async def test_a_share_of_a_cheap_coin_is_not_explained() -> None:
    bot = FakeDeskBot()
    bot.market.prices["ETHUSDC"] = Decimal(2)
    assert "without a unit" not in transcript(await typed(bot, "/buy ETH 100"))


@pytest.mark.parametrize(("answer", "previewed"), [("5", True), ("0.5", False), ("100usdc", False), ("1%", False)])
async def test_a_bare_answer_never_buys_at_once(answer: str, *, previewed: bool) -> None:
    bot = FakeDeskBot()
    await typed(bot, "/start")
    await typed(bot, "/settings confirm off")
    reply = await typed(bot, answer, "buy BTC")
    assert any(press.startswith("confirm ") for press in presses(reply)) is previewed


async def test_what_nobody_can_pay_is_not_offered_as_money() -> None:
    reply = await typed(FakeDeskBot(), "/buy BTC 3억")
    assert presses(reply) == []


async def test_a_number_without_a_symbol_keeps_its_doubt() -> None:
    bot = FakeDeskBot()
    asked = await typed(bot, "/buy 100")
    assert presses(asked)[0] == "buy BTC 100"
    refused = await bot.router.answer(bot.inbound("buy BTC 100", pressed=True))
    assert presses(refused) == ["buy BTC 100usdc"]
