"""The buttons of a list in words: `/dca pause 1`."""

import pytest

from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import transcript


async def says(bot: FakeDeskBot, line: str) -> str:
    return transcript(await bot.router.answer(bot.inbound(line)))


@pytest.mark.parametrize(
    ("line", "press"),
    [
        ("/dca pause 1", "dca_pause 1"),
        ("/dca pause #1", "dca_pause 1"),
        ("/dca 1 pause", "dca_pause 1"),
        ("/dca 정지 1번", "dca_pause 1"),
        ("/정기매수 삭제 2", "dca_remove 2"),
        ("/dca resume １", "dca_resume 1"),
        ("/dca STOP 3", "dca_remove 3"),
        ("/alerts cancel 3", "alert_cancel 3"),
        ("/alert delete 3", "alert_cancel 3"),
        ("/alerts 3번 취소", "alert_cancel 3"),
        ("alerts remove 3", "alert_cancel 3"),
        ("/alerts change 3", "alert_edit 3"),
        ("/forecastalert cancel 2", "forecastalert_cancel 2"),
        ("/watch remove BTC", "unwatch BTC"),
        ("/watch BTC ETH 삭제", "unwatch BTC ETH"),
        ("/watch clear", "unwatch"),
        ("/dca pause", "dca"),
        ("/alert cancel", "alerts"),
    ],
)
def test_a_button_in_words_is_pressed(line: str, press: str) -> None:
    bot = FakeDeskBot()
    understood = bot.router.read(bot.inbound(line)).inbound
    assert (understood.text, understood.pressed) == (press, True)


@pytest.mark.parametrize(
    "line",
    ["/dca BTC 50usdc daily", "/buy cancel 1", "/dca pause 1 2", "/alert BTC 70000", "/alerts", "/dca 1"],
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    bot = FakeDeskBot()
    understood = bot.router.read(bot.inbound(line)).inbound
    assert (understood.text, understood.pressed) == (line, False)


async def test_a_plan_is_paused_resumed_and_removed_in_words() -> None:
    bot = FakeDeskBot()
    await says(bot, "/start")
    await says(bot, "/dca BTC 50usdc daily 9:00")
    assert "Paused: BTC for 50 USDC" in await says(bot, "/dca pause 1")
    assert "Resumed: BTC for 50 USDC" in await says(bot, "/dca resume 1")
    assert "Removed: BTC for 50 USDC" in await says(bot, "/dca remove 1")
    assert "Recurring buy 1 no longer exists" in await says(bot, "/dca pause 1")


async def test_an_alert_is_cancelled_in_words() -> None:
    bot = FakeDeskBot()
    await says(bot, "/alert BTC 70000")
    assert "was cancelled" in await says(bot, "/alerts cancel 1")
    assert "can't be changed" in await says(bot, "/alerts cancel 99")
