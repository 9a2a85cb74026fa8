"""Digests and dispatchers at once: notices of one chat go out in order, on PostgreSQL."""

from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from bot.notifications.courier import Delivered
from bot.reply import Table, Text
from core.outbox import Chat
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.support.push_house import FakeCourier, dispatcher, hurry, outbox_of, running, settled, somebody, states, told

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_many_for_one_chat_go_as_digests_in_order(pool: "Pool") -> None:
    numbers = await told(pool, await somebody(pool), 60)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 60}
    assert [nonce for _, nonce, _ in courier.sent] == [str(numbers[at]) for at in (0, 25, 50)]
    levels = [
        row[2] for reply in courier.replies for block in reply.blocks if isinstance(block, Table) for row in block.rows
    ]
    assert levels == [f"≥ {50_000 + number:,}.00" for number in range(60)]


async def test_people_in_one_group_are_not_mixed_into_one_digest_and_keep_their_order(pool: "Pool") -> None:
    me, you = await somebody(pool), await somebody(pool, "you", Language.KOREAN)
    first = await told(pool, me, 2, name="a")
    second = await told(pool, you, 1, name="b")
    third = await told(pool, me, 1, name="c")
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 4}
    assert [nonce for _, nonce, _ in courier.sent] == [str(ids[0]) for ids in (first, second, third)]
    titles = [reply.blocks[0] for reply in courier.replies]
    assert [isinstance(title, Text) and "올랐습니다" in title.body for title in titles] == [False, True, False]


async def test_two_dispatchers_at_once_send_everything_once_and_in_order_per_chat(pool: "Pool") -> None:
    person = await somebody(pool)
    chats = [Chat("fake", f"chat{number}") for number in range(30)]
    for chat in chats:
        await told(pool, person, 6, chat=chat)
    courier = FakeCourier(pause=0.002)
    services = [dispatcher(pool, courier, together=2).run() for _ in range(2)]
    async with running(*services):
        assert await settled(pool) == {"sent": 180}
    nonces = [int(nonce) for _, nonce, _ in courier.sent]
    assert len(nonces) == len(set(nonces)) == 90
    for chat in chats:
        mine = [int(nonce) for at, nonce, _ in courier.sent if at == chat.chat_id]
        assert mine == sorted(mine)
    assert courier.most_at_once <= 2 * 16


async def test_kinds_turned_off_are_not_sent_and_silent_ones_make_no_sound(pool: "Pool") -> None:
    off, silent, night, plain = [await somebody(pool, name) for name in ("off", "silent", "night", "plain")]
    for person in (off, silent, night, plain):
        await told(pool, person, chat=Chat("fake", str(person)))
    await pool.executemany(
        "INSERT INTO notification_preference VALUES ($1, 'alert', $2)", [(off, "off"), (silent, "silent")]
    )
    # It is 03:00 in Seoul: within 22:00 to 07:00.
    await pool.execute("INSERT INTO notification_quiet_hours VALUES ($1, $2, $3)", night, 22 * 60, 7 * 60)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 3, "dead": 1}
    assert {chat: quiet for chat, _, quiet in courier.sent} == {str(silent): True, str(night): True, str(plain): False}
    assert await pool.fetchval("SELECT reason FROM outbox WHERE state = 'dead'") == "turned off by the user"


async def test_what_waited_too_long_is_dead_and_what_is_settled_goes_after_a_month(pool: "Pool") -> None:
    person = await somebody(pool)
    old, done, fresh = await told(pool, person, 3)
    await pool.execute("UPDATE outbox SET created_at = now() - $2::interval WHERE id = $1", old, timedelta(days=4))
    await pool.execute("UPDATE outbox SET created_at = now() - interval '31 days', state = 'sent' WHERE id = $1", done)
    await outbox_of(pool).tidy()
    assert await states(pool) == {old: "dead", fresh: "pending"}


async def test_another_platforms_rows_are_left_alone(pool: "Pool") -> None:
    person = await somebody(pool)
    await told(pool, person, chat=Chat("console", "local"))
    assert await outbox_of(pool).claim("fake", 5) == []
    assert len(await outbox_of(pool).claim("console", 5)) == 1


async def test_a_price_that_cannot_be_had_does_not_hold_back_the_news(pool: "Pool") -> None:
    bot = FakeDeskBot()
    bot.market.silent.add(bot.market.symbols()[0])
    await told(pool, await somebody(pool))
    courier = FakeCourier(answer=lambda _, __: Delivered("1"))
    async with running(dispatcher(pool, courier, bot=bot).run()):
        assert await settled(pool) == {"sent": 1}


async def test_a_lapsed_lease_goes_to_the_next_and_the_first_may_not_send_any_more(pool: "Pool") -> None:
    await told(pool, await somebody(pool), 2)
    outbox = outbox_of(pool)
    (slow,) = await outbox.claim("fake", 5)
    await hurry(pool)
    (quick,) = await outbox.claim("fake", 5)
    assert not await outbox.mark_sending(slow)
    assert await outbox.mark_sending(quick)
    await outbox.dead(slow, "what a late one believes")
    assert set((await states(pool)).values()) == {"sending"}


async def test_a_chat_waits_while_one_of_its_messages_is_on_its_way(pool: "Pool") -> None:
    person = await somebody(pool)
    outbox = outbox_of(pool, together=1)
    await told(pool, person, 2)
    (first,) = await outbox.claim("fake", 5)
    assert await outbox.mark_sending(first)
    assert await outbox.claim("fake", 5) == []
    await outbox.sent(first, "m1")
    assert len(await outbox.claim("fake", 5)) == 1


async def test_a_message_of_which_a_part_is_settled_meanwhile_is_not_begun_at_all(pool: "Pool") -> None:
    one, two = await told(pool, await somebody(pool), 2)
    outbox = outbox_of(pool)
    (parcel,) = await outbox.claim("fake", 5)
    await pool.execute("UPDATE outbox SET state = 'dead' WHERE id = $1", one)
    assert not await outbox.mark_sending(parcel)
    assert await states(pool) == {one: "dead", two: "pending"}
