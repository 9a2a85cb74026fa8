"""A group's rules hold for what is sent there, also where it is asked for in another chat."""

from dataclasses import replace

import pytest

from bot.commands import COMMANDS
from bot.groups.settings import GroupSettings, Permission
from core.outbox import Chat
from tests.unit.bot.groups.places import Place

GROUP = Chat("fake", "c1", public=True)
OTHER = Chat("fake", "c2", public=True)
OWN = Chat("fake", "7")


async def set_in_the_group(place: Place) -> None:
    assert "WARNING" not in await place.text("/alert BTC 70000")
    assert place.bot.alerts.chats == {1: GROUP}
    await place.managed("/group allow alerts off")


@pytest.mark.parametrize("press", ["alert_repeat 1", "alert_edit 1 59000"])
async def test_an_alert_of_the_group_that_is_changed_in_private_moves_there(press: str) -> None:
    place = Place()
    await set_in_the_group(place)
    assert "turned off" in await place.text(press, pressed=True)
    assert place.bot.alerts.chats == {1: GROUP}
    reply = await place.bot.router.answer(place.bot.inbound(press, pressed=True))
    assert "You will be notified here" in str(reply.blocks)
    assert place.bot.alerts.chats == {1: OWN}


async def test_an_edit_that_only_asks_moves_nothing() -> None:
    place = Place()
    await set_in_the_group(place)
    await place.bot.router.answer(place.bot.inbound("alert_edit 1", pressed=True))
    assert place.bot.alerts.chats == {1: GROUP}


async def test_an_alert_stays_in_its_group_and_in_private_by_a_press_there() -> None:
    place = Place()
    await place.text("/alert BTC 70000")
    await place.text("alert_repeat 1", pressed=True)
    await place.bot.router.answer(place.bot.inbound("/alert BTC 71000"))
    await place.text("alert_edit 2 72000", pressed=True)
    assert place.bot.alerts.chats == {1: GROUP, 2: OWN}


async def test_alerts_of_other_kinds_move_too() -> None:
    place = Place()
    await place.text("/alert BTC range 3% 1h")
    await place.text("/forecastalert BTC 1h up 60")
    (spread,), (foreseen,) = place.bot.range_alerts.alerts, place.bot.forecast_alerts.alerts
    for press in (f"alert_repeat {spread}", f"forecastalert_repeat {foreseen}"):
        await place.bot.router.answer(place.bot.inbound(press, pressed=True))
    assert place.bot.range_alerts.brought == [(1, spread, OWN)]
    assert place.bot.forecast_alerts.brought == [(1, foreseen, OWN)]


@pytest.mark.parametrize(
    ("rule", "button"),
    [
        ("notifications", "notifications_here"),
        ("dca", "dca_pause"),
        ("alert", "alert_edit"),
        ("alert", "alert_repeat"),
        ("forecastalert", "forecastalert_repeat"),
        ("history", "history_before"),
        ("reset", "reset_now"),
    ],
)
def test_a_rule_for_a_command_covers_its_buttons(rule: str, button: str) -> None:
    command = next(command for command in COMMANDS if command.name == button)
    assert GroupSettings(rules={rule: Permission.OFF}).who_may(command) is Permission.OFF
    assert GroupSettings().who_may(command) is Permission.EVERYONE


async def test_the_question_whether_to_send_here_is_refused_where_notifications_are_off() -> None:
    place = Place()
    await place.text("/notifications here")
    await place.managed("/group allow notifications off")
    pressed = place.inbound("notifications_here fake c1", pressed=True)
    for inbound in (pressed, replace(pressed, chat_id="c2"), replace(pressed, chat_id="7", public=False, group="")):
        await place.bot.router.answer(inbound)
    assert (await place.bot.notices.choices(1)).home is None
