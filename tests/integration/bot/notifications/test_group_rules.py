"""The rules of a group hold for notifications that were asked for before the rules were made."""

from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.groups.ports import Group
from bot.groups.settings import CommandGroup, GroupSettings, Permission
from core.outbox import Chat
from people.notifications.preferences_postgres import PostgresPreferences
from tests.fakes.bot import NOW, FakeDeskBot
from tests.support.push_house import CALM, HOME, FakeCourier, dispatcher, running, settled, somebody, told

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

TOPIC = Chat("fake", "-100/5", public=True)
OFF = {"alerts": Permission.OFF}


async def arrived(pool: "Pool", settings: GroupSettings, *, private: bool = True) -> list[str]:
    """The chats in which three alerts of a topic of the group arrived."""
    person = await somebody(pool)
    notices = PostgresPreferences(pool, lambda: NOW, jitter=CALM)
    await notices.note([(person, TOPIC), *([(person, HOME)] if private else [])])
    bot, courier = FakeDeskBot(), FakeCourier()
    bot.groups.kept[Group("fake", "-100")] = settings
    await told(pool, person, 3, chat=TOPIC)
    async with running(dispatcher(pool, courier, bot=bot).run()):
        await settled(pool)
    return [chat for chat, _, _ in courier.sent]


@pytest.mark.parametrize(
    ("settings", "chat"),
    [
        (GroupSettings(), TOPIC),
        (GroupSettings(rules={"alerts": Permission.OFF}), HOME),
        (GroupSettings(rules={"alert": Permission.OFF}), HOME),
        (GroupSettings(rules={"alerts": Permission.OFF, "alert": Permission.EVERYONE}), TOPIC),
        (GroupSettings(rules={"alerts": Permission.MANAGERS, "notifications": Permission.OFF}), TOPIC),
        (GroupSettings(channels={"-200": "elsewhere"}), HOME),
        (GroupSettings(channels={"-100": "the group"}), TOPIC),
    ],
)
async def test_alerts_arrive_where_the_rules_of_the_group_admit_them(
    pool: "Pool", settings: GroupSettings, chat: Chat
) -> None:
    assert await arrived(pool, settings) == [chat.chat_id]
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE chat_id = $1 AND state = 'sent'", chat.chat_id) == 3


async def test_without_a_private_chat_they_arrive_nowhere(pool: "Pool") -> None:
    assert await arrived(pool, GroupSettings(rules=OFF), private=False) == []
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE reason = 'the rules of the group forbid it'") == 3


def test_each_kind_is_ruled_by_the_command_that_asks_for_it() -> None:
    def off(rule: str) -> set[str]:
        settings = GroupSettings(rules={rule: Permission.OFF})
        kinds = ("alert", "range", "forecast", "delisted", "fill", "expiry", "digest", "repeat")
        return {kind for kind in kinds if not settings.receives(kind, "-100")}

    assert off(CommandGroup.ALERTS) == {"alert", "range", "forecast", "delisted"}
    assert off("forecastalert") == {"forecast"}
    assert off("notifications") == {"fill", "expiry", "digest", "repeat"}
    assert off(CommandGroup.PRICES) == set()
