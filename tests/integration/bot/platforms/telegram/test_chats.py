"""Chats that come, go and move; who manages them; what may be posted there."""

import json
import random
import re
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.notifications.courier import Delivered, PermanentFailure, RetryLater
from bot.platforms.telegram.chats import _FOLLOW, _LEAVE, SQL, ChatLifecycle
from bot.reply import Button, Buttons, Document, Picture, Reply, Text
from core.database import Database, Pool
from people.identity.codes import code_from, spelled
from people.person import Language
from pipeline.market import Symbol
from tests.fakes.bot import CATALOGS
from tests.fakes.telegram import Chat, FakeTelegram, Json, Member
from tests.fakes.telegram_chats import keys_of, said
from tests.fakes.telegram_desk import House, png, running

WORDS = Reply((Text("BTC 58,000.00"), Buttons(((Button("Chart", "chart BTC"),),))))
DRAWN = Reply((Picture(png(), "a chart", "btc"), Text("BTC 58,000.00")))
FILE = Reply((Text("All about you"), Document(b"a,b\r\n", "a file", "paperdesk.csv")), private=True)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


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
        ann.remove_bot(group)
        assert await house.settled() == {"done": 2}
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


async def managed(house: House, member: Member, text: str, chat: Chat | None) -> bool:
    """Whether the desk took her for who manages the group."""
    before = len(house.router.seen)
    member.write(text, chat=chat)
    await house.settled()
    return house.router.seen[before].manager


async def test_only_who_manages_a_group_is_taken_for_it_and_telegram_is_asked_seldom(
    house: House, fake: FakeTelegram
) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group()
    group.managers.add(ann.user_id)
    async with running(house.service()):
        assert await managed(house, ann, "/group", group)
        assert await managed(house, ann, "/group", group)
        assert not await managed(house, bob, "/group", group)
        assert not await managed(house, ann, "/market", group)
        assert not await managed(house, ann, "/group", None)
        assert len(await fake.called("getChatMember")) == 2
        fake.fail("getChatMember", status=500, times=2)
        assert not await managed(house, fake.person("Eve"), "/group", group)
    assert [inbound.group for inbound in house.router.seen][:1] == [str(group.chat_id)]


async def test_an_anonymous_administrator_manages_but_has_no_account(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    async with running(house.service()):
        ann.write("/group", chat=group, anonymous=True)
        await house.settled()
        assert house.router.seen[0].manager
        assert house.router.seen[0].external_id == str(group.chat_id)
        ann.write("/buy BTC 100usdc", chat=group, anonymous=True)
        await house.settled()
    assert len(house.router.seen) == 1
    assert "as yourself" in said(group.sent[-1])


async def test_a_code_that_an_anonymous_administrator_shows_reaches_the_router(
    house: House, fake: FakeTelegram
) -> None:
    ann, group = fake.person("Ann"), fake.group()
    line = f"/link {spelled(code_from('a' * 22))}"
    async with running(house.service()):
        ann.write(line, chat=group, anonymous=True)
        await house.settled()
    assert [inbound.text for inbound in house.router.seen] == [line]
    assert house.router.seen[0].public, "so it is burned there"
    assert "as yourself" in said(group.sent[-1])


async def test_anonymous_administrators_run_no_rules_commands(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.managers.add(ann.user_id)
    async with running(house.service()):
        ann.write("/group allow prices managers", chat=group, anonymous=True)
        await house.settled()
        assert "as yourself" not in said(group.sent[-1])
        for line in ("/price BTC", "/chart BTC"):
            ann.write(line, chat=group, anonymous=True)
        await house.settled()
        assert "as yourself" in said(group.sent[-1])
        assert [inbound.text for inbound in house.router.seen] == ["/group allow prices managers"]
        ann.write("/price BTC", chat=group)
        await house.settled()
    assert "58,000" in said(group.sent[-1]), "as herself she is admitted"


async def test_in_a_group_that_is_closed_to_the_desk_the_answer_comes_in_private(
    house: House, fake: FakeTelegram
) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.muted = True
    async with running(house.service()):
        ann.write("/market", chat=group)
        note, answer = await fake.message(), await fake.message()
    assert "can't post" in said(note)
    assert "Most traded" in said(answer)
    assert {note["chat"]["id"], answer["chat"]["id"]} == {ann.user_id}


async def test_where_no_pictures_may_be_posted_the_words_are(house: House, fake: FakeTelegram) -> None:
    ann, group = fake.person("Ann"), fake.group()
    group.textual = True
    service = house.service()
    async with running(service):
        ann.write("/chart BTC", chat=group)
        chart = await fake.message()
        assert "120 candles" in chart["text"]
        assert "can't send pictures or files in this group" in chart["text"]
        assert keys_of(chart)
        outcome = await service.courier.deliver(str(group.chat_id), DRAWN, nonce="1", silent=False)
        assert isinstance(outcome, Delivered)
        edited = await service.courier.edit(str(group.chat_id), outcome.message_id, DRAWN)
        assert edited == outcome
        closed = fake.group()
        closed.muted = True
        gone = await service.courier.deliver(str(closed.chat_id), WORDS, nonce="2", silent=False)
        assert isinstance(gone, PermanentFailure)
        assert gone.chat_gone


async def test_topics_are_places_and_what_became_of_them_is_no_loss(house: House, fake: FakeTelegram) -> None:
    ann, forum = fake.person("Ann"), fake.group(topics=True)
    async with running(house.service()):
        ann.write("/market", chat=forum)  # the General topic has no number
        assert "message_thread_id" not in await fake.message()
        ann.write("/market", chat=forum, topic=5)
        assert (await fake.message())["message_thread_id"] == 5
        forum.gone_topics.add(5)
        ann.write("/market", chat=forum, topic=5)
        assert "message_thread_id" not in await fake.message()
    assert [inbound.chat_id for inbound in house.router.seen] == [str(forum.chat_id), *[f"{forum.chat_id}/5"] * 2]


async def test_a_pushed_message_is_edited_in_every_direction_that_telegram_permits(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann")
    chat = str(ann.user_id)
    service = house.service()

    async def edited(message: Json, reply: Reply) -> object:
        return await service.courier.edit(chat, str(message["message_id"]), reply)

    async with running(service):
        await fake.called("getUpdates")
        await service.courier.deliver(chat, WORDS, nonce="1", silent=False)
        feed = await fake.message()
        same = Delivered(str(feed["message_id"]))
        assert await edited(feed, WORDS) == same  # not modified
        assert await edited(feed, DRAWN) == same
        assert feed["photo"]
        assert await edited(feed, WORDS) == same  # below the picture
        assert feed["caption"] == "BTC 58,000.00"
        fake.fail("editMessageMedia", status=429, retry_after=3)
        assert await edited(feed, DRAWN) == RetryLater("too many requests", 3.0)
        fake.fail("editMessageMedia", status=502)
        assert isinstance(await edited(feed, DRAWN), RetryLater)
        fake.lose("editMessageMedia", after=True)
        assert isinstance(await edited(feed, DRAWN), RetryLater)
        for number in ("1", "x", ""):
            gone = await service.courier.edit(chat, number, WORDS)
            assert isinstance(gone, PermanentFailure)
            assert not gone.chat_gone


async def test_a_document_arrives_with_its_name_and_words(house: House, fake: FakeTelegram) -> None:
    ann = fake.person("Ann")
    service = house.service()
    async with running(service):
        await fake.called("getUpdates")
        await service.courier.deliver(str(ann.user_id), FILE, nonce="1", silent=False)
        sent = await fake.message()
    assert sent["document"]["file_name"] == "paperdesk.csv"
    assert said(sent) == "All about you\n\na file"
    assert next(iter(fake.methods.uploads.values())) == b"a,b\r\n"


async def test_who_shows_their_money_is_answered_in_the_group_and_others_buttons_stay_theirs(
    house: House, fake: FakeTelegram
) -> None:
    ann, bob, group = fake.person("Ann"), fake.person("Bob"), fake.group()
    async with running(house.service()):
        ann.write("/settings public on")
        await fake.message()
        ann.write("/buy BTC 1000usdc", chat=group)
        preview = await fake.message()
        assert preview["chat"]["id"] == group.chat_id
        bob.press(preview, "Confirm")
        await house.settled()
        assert house.router.bot.desk.receipts == {}
        ann.press(preview, "Confirm")
        assert said(await fake.message()).startswith("Bought")
        bob.write("/balance", chat=group)
        assert (await fake.message())["chat"]["id"] == bob.user_id
    told = [call.values.get("text", "") for call in fake.calls if call.method == "answerCallbackQuery"]
    assert ["Only the user who sent the command" in text for text in told] == [True, False]


async def test_an_inline_search_gives_cards_with_links_in_the_persons_language(
    house: House, fake: FakeTelegram
) -> None:
    ann = fake.person("Ann", language="en")
    async with running(house.service()):
        ann.write("/settings language ko")
        await fake.message()
        ann.inline("BTC")
        (call,) = await fake.called("answerInlineQuery")
        ann.inline("nothing like it")
        empty = (await fake.called("answerInlineQuery", 2))[1]
    (card,) = call.values["results"]
    assert "현재가" in card["input_message_content"]["message_text"]
    links = [key["url"] for key in card["reply_markup"]["inline_keyboard"][0]]
    assert links == [f"https://t.me/paperdesk_bot?start={name}_BTC" for name in ("price", "chart")]
    assert call.values["button"] == {"text": "채팅 열기", "start_parameter": "inline"}
    assert empty.values["results"] == []
