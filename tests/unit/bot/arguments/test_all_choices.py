"""Buttons for every choice that a refusal or a list names, not only for the first five."""

import pytest

from people.notifications.preferences import NotificationSetting
from pipeline.market import Interval
from tests.fakes.bot import FakeDeskBot
from tests.fakes.transcript import buttons


@pytest.mark.parametrize(
    ("line", "presses"),
    [
        ("/chart BTC 2h", [f"chart BTC {interval}" for interval in Interval]),
        ("/notifications nosuch", [f"notifications {topic}" for topic in NotificationSetting]),
    ],
)
async def test_every_choice_has_a_button(line: str, presses: list[str]) -> None:
    bot = FakeDeskBot()
    reply = await bot.router.answer(bot.inbound(line))
    assert sorted(entry.press for entry in buttons(reply)) == sorted(presses)


@pytest.mark.parametrize("count", [1, 5, 6, 10])
async def test_every_alert_of_a_page_can_be_changed_and_cancelled(count: int) -> None:
    bot = FakeDeskBot()
    for number in range(count):
        await bot.router.answer(bot.inbound(f"/alert BTC > {60_000 + number}"))
    presses = [entry.press for entry in buttons(await bot.router.answer(bot.inbound("/alerts")))]
    for command in ("alert_edit", "alert_cancel"):
        assert sorted(press for press in presses if press.startswith(f"{command} ")) == sorted(
            f"{command} {number}" for number in range(1, count + 1)
        )


async def test_a_silent_alert_of_a_full_page_can_be_told_again() -> None:
    bot = FakeDeskBot()
    for number in range(10):
        await bot.router.answer(bot.inbound(f"/alert BTC > {60_000 + number}"))
    for number in (2, 9):
        await bot.router.answer(bot.inbound(f"alert_mute {number}", pressed=True))
    presses = [entry.press for entry in buttons(await bot.router.answer(bot.inbound("/alerts")))]
    assert {"alert_repeat 2", "alert_repeat 9", "alert_edit 1", "alert_edit 10"} <= set(presses)
