"""Chats of Telegram that come, go and move."""

import json
import random
import re
from decimal import Decimal

from bot.notifications.courier import Delivered
from bot.platforms.telegram.chats import _FOLLOW, _LEAVE, SQL, ChatLifecycle
from bot.reply import Button, Buttons, Reply, Text
from core.database import Database, Pool
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_chats import said
from tests.fakes.telegram_desk import House, running

WORDS = Reply((Text("BTC 58,000.00"), Buttons(((Button("Chart", "chart BTC"),),))))


async def known(pool: Pool, chats: dict[str, str], *, armed: str) -> int:
    """A person with these chats, platform by id, and an alert that waits in one of them."""
    person_id: int = await pool.fetchval(
        "INSERT INTO person (id, language, timezone) VALUES (nextval('person_id_seq'), 'en', 'UTC') RETURNING id"
    )
    for chat_id, platform in chats.items():
        await pool.execute(
            "INSERT INTO notification_chat (person_id, platform, chat_id, public) VALUES ($1, $2, $3, $4)",
            person_id,
            platform,
            chat_id,
            chat_id.startswith("-"),
        )
    await pool.execute(
        "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat, state,"
        " ready, market_time_ms) VALUES ('c', $1, 'telegram', $2, 'm', $3, 'above', $4, false, 'armed', true, 0)",
        person_id,
        armed,
        Symbol("BTCUSDC"),
        Decimal(70_000),
    )
    return person_id


async def test_who_blocks_the_desk_is_told_elsewhere_and_their_alerts_go_there(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann")
    await known(house.pool, {str(ann.user_id): "telegram", "d7": "discord"}, armed=str(ann.user_id))
    async with running(house.service()):
        ann.block()
        assert await house.settled() == {"done": 1}
        assert await house.pool.fetchval("SELECT platform || chat_id FROM alert") == "discordd7"
        row = await house.pool.fetchrow("SELECT platform, chat_id, kind FROM outbox")
        assert row is not None
        assert tuple(row) == ("discord", "d7", "chat-gone")
        reason = "SELECT reason FROM notification_chat WHERE platform = 'telegram' AND retired_at IS NOT NULL"
        assert "blocked" in await house.pool.fetchval(reason)
        ann.unblock()
        await house.settled()
        assert await house.pool.fetchval("SELECT count(*) FROM notification_chat WHERE retired_at IS NOT NULL") == 0
        assert ann.chat.sent == []


async def test_who_has_no_other_chat_keeps_their_alert_where_it_is(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    await known(house.pool, {str(ann.user_id): "telegram"}, armed=str(ann.user_id))
    async with running(house.service()):
        ann.block()
        await house.settled()
    assert await house.pool.fetchval("SELECT chat_id FROM alert") == str(ann.user_id)
    assert await house.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_forecast_alerts_of_a_lost_chat_move_and_are_told_too(pool: Pool) -> None:
    person = await known(pool, {"-5/7": "telegram", "d7": "discord"}, armed="-9")
    await pool.execute(
        "INSERT INTO forecast_alert (command_id, person_id, platform, chat_id, market, symbol, horizon, way, chance,"
        " repeat, ready) VALUES ('f', $1, 'telegram', '-5/7', 'm', 'BTCUSDC', 60, 'up', 0.7, false, true)",
        person,
    )
    chats = ChatLifecycle(Database(pool, jitter=random.Random(7)))  # noqa: S311
    await chats.lost(-5, 1, "blocked")
    assert await pool.fetchval("SELECT platform || chat_id FROM forecast_alert") == "discordd7"
    assert await pool.fetchval("SELECT array_agg(platform || kind) FROM outbox") == ["discordchat-gone"]


async def test_topics_come_back_with_their_group(pool: Pool) -> None:
    await known(pool, {"-5": "telegram", "-5/7": "telegram", "-55": "telegram"}, armed="-5/7")
    chats = ChatLifecycle(Database(pool, jitter=random.Random(7)))  # noqa: S311
    await chats.lost(-5, 1, "blocked")
    await chats.lost(-55, 2, "blocked")
    await chats.restored(-5)
    assert await pool.fetchval("SELECT array_agg(chat_id) FROM notification_chat WHERE retired_at IS NOT NULL") == [
        "-55"
    ]


async def test_a_group_is_greeted_once_in_the_language_of_who_brought_the_desk(
    house: House, fake: FakeTelegram
) -> None:
    ann, group = fake.person("Ann", language="ko"), fake.group()
    async with running(house.service()):
        ann.add_bot(group)
        greeting = await fake.message()
        assert said(greeting) == CATALOGS[Language.KOREAN].text("telegram-joined")
        assert greeting["message_id"] in fake.silent
        for _ in range(5):
            ann.remove_bot(group)
            ann.add_bot(group)
        assert await house.settled() == {"done": 11}
        assert await fake.quiet(0.1) == []


async def test_everything_follows_a_group_that_is_upgraded(house: House, fake: FakeTelegram) -> None:
    ann, old, new = fake.person("Ann"), fake.group(), fake.group()
    there, topic = str(old.chat_id), f"{old.chat_id}/5"
    await known(house.pool, {there: "telegram", topic: "telegram", "-77": "telegram"}, armed=topic)
    await house.pool.execute("INSERT INTO chat_group (platform, group_id, cooldown) VALUES ('telegram', $1, 7)", there)
    feed = "INSERT INTO price_feed (platform, chat_id, group_id, symbols) VALUES ('telegram', $1, $2, '{BTCUSDC}')"
    await house.pool.execute(feed, topic, there)
    async with running(house.service()):
        ann.upgrade(old, new)
        assert await house.settled() == {"done": 2}
    moved = f"{new.chat_id}/5"
    assert await house.pool.fetchval("SELECT chat_id FROM alert") == moved
    assert await house.pool.fetchval("SELECT array_agg(chat_id ORDER BY length(chat_id)) FROM notification_chat") == [
        "-77",
        str(new.chat_id),
        moved,
    ]
    settings = "SELECT group_id FROM chat_group WHERE cooldown = 7"
    assert await house.pool.fetchval(settings) == str(new.chat_id)
    assert await house.pool.fetchval("SELECT chat_id || ' ' || group_id FROM price_feed") == f"{moved} {new.chat_id}"


async def test_channels_follow_a_group_that_is_upgraded(house: House) -> None:
    channels = '{"-5": "Traders", "-5/7": "Desk", "-55": "Other"}'
    insert = "INSERT INTO chat_group (platform, group_id, channels) VALUES ('telegram', '-5', $1::jsonb)"
    await house.pool.execute(insert, channels)
    await ChatLifecycle(Database(house.pool, jitter=random.Random(7))).migrated(-5, -1005)  # noqa: S311
    kept = await house.pool.fetchval("SELECT channels::text FROM chat_group WHERE group_id = '-1005'")
    assert json.loads(kept) == {"-1005": "Traders", "-1005/7": "Desk", "-55": "Other"}


async def test_no_table_that_names_a_chat_is_forgotten(pool: Pool) -> None:
    rows = await pool.fetch(
        "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND (column_name ~ '(^|_)(chat|group)(_id)?$' OR column_name IN ('lane', 'channels'))"
    )
    named = {f"{row['table_name']}.{row['column_name']}" for row in rows}
    history = {"inbox.lane", "chat_group_change.group_id"}  # what was, under the id of then
    moving = " ".join(SQL[name] for name in (*_FOLLOW, *_LEAVE))
    for entry in named - history:
        table, column = entry.split(".")
        pattern = rf"(UPDATE|INSERT INTO|DELETE FROM) {table}\b[^;]*?\b{column}\b"
        assert re.search(pattern, moving), f"{entry} does not follow a group that is upgraded"
    assert named >= {"alert.chat_id", "forecast_alert.chat_id", "chat_group.channels"}


async def test_a_push_that_finds_the_group_upgraded_takes_everything_along(house: House, fake: FakeTelegram) -> None:
    old, new = fake.group(), fake.group()
    old.moved_to = new.chat_id
    await known(house.pool, {str(old.chat_id): "telegram"}, armed=str(old.chat_id))
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        outcome = await service.courier.deliver(str(old.chat_id), WORDS, nonce="1", silent=False)
        assert isinstance(outcome, Delivered)
    assert await house.pool.fetchval("SELECT chat_id FROM alert") == str(new.chat_id)
