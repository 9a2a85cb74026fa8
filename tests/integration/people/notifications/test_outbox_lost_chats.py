"""Chats that are gone: retired, told of elsewhere and never tried again, on PostgreSQL."""

from typing import TYPE_CHECKING

import asyncpg

from bot.notifications.courier import PermanentFailure
from bot.reply import Table, Text
from core.outbox import Chat
from tests.support.push_house import HOME, FakeCourier, dispatcher, running, settled, somebody, told, until, wish
from trading.alerts.postgres import PostgresAlerts

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_a_chat_that_is_gone_is_retired_and_its_people_are_told_in_a_chat_of_their_own(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    await alerts.create(wish(person, 1, chat=Chat("fake", "group", public=True)))
    await alerts.create(wish(person, 2, chat=Chat("other", "mine")))
    moved = await alerts.create(wish(person, 3, chat=HOME))
    await told(pool, person, 3)
    here = FakeCourier(answer=lambda _, __: PermanentFailure("blocked", chat_gone=True))
    there = FakeCourier("other")
    async with running(dispatcher(pool, here, together=1).run(), dispatcher(pool, there).run()):
        await until(lambda: len(there.sent) == 2)
        assert await settled(pool) == {"dead": 3, "sent": 4}
    assert [chat for chat, _, _ in there.sent] == ["mine", "mine"]
    told_of, news = there.replies
    assert isinstance(told_of.blocks[0], Text)
    assert "can no longer be reached" in told_of.blocks[0].body
    assert any(isinstance(block, Table) and len(block.rows) == 3 for block in news.blocks)
    row = await pool.fetchrow("SELECT platform, chat_id FROM alert WHERE id = $1", moved.alert_id)
    assert tuple(row) == ("other", "mine"), "what was set there fires elsewhere"
    retired = await pool.fetchrow("SELECT retired_at, reason FROM notification_chat WHERE chat_id = 'home'")
    assert retired["retired_at"] is not None
    assert retired["reason"] == "blocked"


async def test_without_another_chat_it_is_dead_and_a_retired_chat_is_not_tried_again(pool: "Pool") -> None:
    person = await somebody(pool)
    courier = FakeCourier(answer=lambda _, __: PermanentFailure("blocked", chat_gone=True))
    async with running(dispatcher(pool, courier).run()):
        await told(pool, person)
        assert await settled(pool) == {"dead": 1}
        courier.arrived.clear()
        await told(pool, person, name="later")
        assert await settled(pool) == {"dead": 2}
        assert not courier.arrived.is_set()
    await PostgresAlerts(pool).create(wish(person))  # they wrote again
    courier.answer = lambda _, __: None
    async with running(dispatcher(pool, courier).run()):
        await told(pool, person, name="again")
        assert (await settled(pool))["sent"] == 1


async def test_what_was_meant_for_a_chat_of_ones_own_never_goes_to_one_where_others_read(pool: "Pool") -> None:
    person = await somebody(pool)
    await PostgresAlerts(pool).create(wish(person, chat=Chat("fake", "group", public=True)))
    await told(pool, person)
    courier = FakeCourier(
        answer=lambda chat, _: PermanentFailure("blocked", chat_gone=True) if chat == "home" else None
    )
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"dead": 1}
    assert courier.sent == []


async def test_that_a_chat_is_gone_is_told_once_and_later_news_still_find_the_other_chat(pool: "Pool") -> None:
    person = await somebody(pool)
    await PostgresAlerts(pool).create(wish(person, chat=Chat("other", "mine")))
    here, there = FakeCourier(answer=lambda _, __: PermanentFailure("blocked", chat_gone=True)), FakeCourier("other")
    async with running(dispatcher(pool, here).run(), dispatcher(pool, there).run()):
        await told(pool, person)
        assert await settled(pool) == {"dead": 1, "sent": 2}
        await told(pool, person, name="later")
        assert await settled(pool) == {"dead": 2, "sent": 3}
