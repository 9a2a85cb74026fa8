"""Hostile strings in every place of an order's line: nothing breaks, nobody is called, and nothing is ordered."""

import logging

import pytest

from bot.reply import Reply
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.fakes.hostile import HOSTILE
from tests.unit.bot.commands.test_hostile_words import check

pytestmark = pytest.mark.long

LINES = (
    "/limit {} buy 0.1 @ 50000",
    "/limit BTC {} 0.1 @ 50000",
    "/limit BTC buy {} @ 50000",
    "/limit BTC buy 0.1 @ {}",
    "/limit BTC buy 0.1 @ 50000 {}",
    "/limit BTC buy 0.1 {}",
    "/stop BTC sell 0.1 @ 50000 limit {}",
    "/tp BTC sell 0.1 {} limit 1",
    "/trail BTC sell 0.1 {}",
    "/trail BTC sell 0.1 3% from {}",
    "/oco BTC sell 0.1 tp {} sl 50000",
    "/oco BTC sell 0.1 tp 75000 sl {}",
    "/bracket BTC buy 0.1 @ {} tp +5% sl -2%",
    "/orders {}",
    "/order {}",
    "/amend {} price 1",
    "/amend 1 price {}",
    "/amend 1 quantity {}",
    "/cancel {}",
    "{} @ @ tp tp sl limit from by",
)
PRESSES = (
    "confirm_order {}",
    "confirm_order tok000000001 {}",
    "cancel {}",
    "cancel_order {}",
    "cancel_orders_now {} {} {}",
)


@pytest.mark.parametrize("line", LINES)
async def test_no_word_of_an_order_breaks_an_answer(line: str, caplog: pytest.LogCaptureFixture) -> None:
    bot = FakeDeskBot(list(Language)[len(line) % len(Language)])
    seen: set[Reply] = set()
    for text in HOSTILE:
        reply = await bot.router.answer(bot.inbound(line.replace("{}", text)))
        if reply not in seen:
            check(reply, line[1:].partition(" ")[0])
        seen.add(reply)
        await bot.router.suggest(bot.inbound(line.replace("{}", text)))
    assert not bot.orders.records
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("press", PRESSES)
async def test_no_forged_press_breaks_an_answer(press: str, caplog: pytest.LogCaptureFixture) -> None:
    bot = FakeDeskBot()
    await bot.router.answer(bot.inbound("/start"))
    for text in HOSTILE:
        check(await bot.router.answer(bot.inbound(press.replace("{}", text), pressed=True)), "limit")
    assert not bot.orders.records
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
