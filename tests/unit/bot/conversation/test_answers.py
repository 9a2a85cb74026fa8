"""Answers that also mean a command, and commands that are no answers."""

from dataclasses import replace
from decimal import Decimal

import pytest

from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import transcript


def meant(text: str, question: str, language: Language = Language.ENGLISH) -> str:
    bot = FakeDeskBot(language)
    bot.market.prices[Symbol("LINKUSDC")] = bot.market.opens[Symbol("LINKUSDC")] = Decimal(20)
    return bot.router.read(replace(bot.inbound(text), open_question=question)).inbound.text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("question", "text"),
    [
        *((f"{name} BTC", "Buy") for name in ("limit", "stop", "tp", "trail", "bracket", "oco")),
        ("limit BTC", "sell"),
        ("limit BTC", "매수"),
        ("limit BTC", "매도"),
        ("limit BTC", "사기"),
        ("limit BTC", "buy 0.1"),
        ("limit BTC", "buy 0.1 57000"),
        ("limit BTC", "사기 0.1 57000"),
        ("limit", "buy"),
        ("limit", "buy BTC 0.1 57000"),
        ("export", "orders"),
        ("export", "fills"),
        ("export", "체결"),
        ("export", "주문"),
        ("export", "orders 30d"),
        ("buy", "link"),
        ("limit", "link"),
        ("notifications", "alerts off"),
    ],
)
def test_a_word_that_the_question_asks_for_answers_it(question: str, text: str, language: Language) -> None:
    assert meant(text, question, language) == f"{question} {text}"


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("limit BTC", "buy ETH 100usdc", "buy ETH 100usdc"),
        ("limit BTC", "portfolio", "portfolio"),
        ("limit BTC buy 0.1", "sell eth max", "sell eth max"),
        ("limit BTC", "cancel", "cancel"),
        ("limit BTC", "stop", "cancel"),
        ("export", "portfolio", "portfolio"),
        ("export", "orders BTC", "orders BTC"),
        ("market search", "movers", "market movers"),
        ("buy BTC", "link", "link"),
    ],
)
def test_another_command_is_no_answer(question: str, text: str, line: str) -> None:
    if question == "market search":
        assert meant(text, question).startswith("market")
        return
    assert meant(text, question) == line


async def test_an_answered_side_never_becomes_a_market_order() -> None:
    bot = FakeDeskBot()
    for text in ("/start", "/settings confirm off"):
        await bot.router.answer(bot.inbound(text))
    reply = await bot.router.answer(bot.inbound("/limit BTC"))
    for answer in ("Buy", "0.1"):
        reply = await bot.router.answer(replace(bot.inbound(answer), open_question=reply.asks))
    assert "At which price?" in transcript(reply)
    assert reply.asks == "limit BTC Buy 0.1"
    assert "Bought" not in transcript(reply)
