"""The outbox on PostgreSQL: crash points, order, coalescing, chats that are gone."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.courier import Delivered, Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.notifications.dispatcher import MAX_ATTEMPTS
from bot.reply import Table, Text
from core.outbox import Chat
from people.notifications.outbox_report import outbox_report, redrive
from people.person import Language
from tests.fakes.bot import FakeDeskBot
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import (
    HOME,
    FakeCourier,
    dispatcher,
    hurry,
    outbox_of,
    running,
    settled,
    somebody,
    states,
    told,
    until,
    wish,
)
from trading.alerts.postgres import PostgresAlerts

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_what_waits_is_sent_once_and_marked_with_the_platforms_own_number(pool: "Pool") -> None:
    person = await somebody(pool)
    (number,) = await told(pool, person)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 1}
        (later,) = await told(pool, person, name="another round")
        assert await settled(pool) == {"sent": 2}
    assert courier.sent == [("home", str(number), False), ("home", str(later), False)]
    row = await pool.fetchrow("SELECT * FROM outbox WHERE id = $1", number)
    assert (row["message_id"], row["attempts"]) == ("m1", 1)
    assert row["sent_at"] is not None


async def test_nothing_is_sent_before_the_transaction_that_wrote_it_commits(pool: "Pool") -> None:
    person = await somebody(pool)
    outbox = outbox_of(pool)
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
            " VALUES ('k', $1, 'fake', 'home', 'alert', '{}')",
            person,
        )
        assert await outbox.claim("fake", 5) == []
        await transaction.rollback()
    assert await outbox.claim("fake", 5) == []


async def test_a_crash_between_claim_and_send_leaves_it_pending_and_it_is_sent_later(pool: "Pool") -> None:
    await told(pool, await somebody(pool))
    (lost,) = await outbox_of(pool).claim("fake", 5)  # and then the process is gone
    assert await outbox_of(pool).claim("fake", 5) == [], "the lease holds"
    await hurry(pool)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 1}
    assert not await outbox_of(pool).mark_sending(lost), "who comes back late may not send"
    assert len(courier.sent) == 1


async def test_a_crash_between_send_and_mark_leaves_it_uncertain_and_it_is_not_sent_again(pool: "Pool") -> None:
    person = await somebody(pool)
    (number,) = await told(pool, person)
    courier = FakeCourier(gate=asyncio.Event())
    async with running(dispatcher(pool, courier).run()):
        await courier.arrived.wait()  # sent, and cancelled before it is marked
    assert await states(pool) == {number: "sending"}
    await hurry(pool)
    again = FakeCourier()
    async with running(dispatcher(pool, again).run()):
        assert await settled(pool) == {"uncertain": 1}
        (later,) = await told(pool, person, name="another round")
        assert await settled(pool) == {"uncertain": 1, "sent": 1}
    assert [nonce for _, nonce, _ in again.sent] == [str(later)]
    assert "stopped while sending" in await pool.fetchval("SELECT reason FROM outbox WHERE id = $1", number)


async def test_an_uncertain_one_goes_out_again_only_by_hand_and_under_the_same_nonce(pool: "Pool") -> None:
    person = await somebody(pool)
    first, second = await told(pool, person, 2)
    courier = FakeCourier(answer=lambda _, __: OutcomeUnknown("the answer was lost"))
    async with running(dispatcher(pool, courier, together=1).run()):
        assert await settled(pool) == {"uncertain": 2}
    await pool.execute("UPDATE outbox SET reason = $1 || reason", "\x1b]52;c;Y3VybA==\x07\x1b[2J\x9b31m")
    report = await outbox_report(pool)
    assert report.replace("\n", "").isprintable()
    assert report.splitlines()[0] == "pending 0  sending 0  sent 0  uncertain 2  dead 0"
    assert f"{first}  uncertain  alert  fake home" in report
    assert "the answer was lost" in report
    assert await redrive(pool, first)
    assert not await redrive(pool, 10_000)
    courier.answer = lambda _, __: None
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 1, "uncertain": 1}
    assert not await redrive(pool, first), "what is sent is sent"
    assert courier.sent == [("home", str(first), False)]
    assert await states(pool) == {first: "sent", second: "uncertain"}


async def test_not_now_is_tried_again_later_and_holds_back_the_rest_of_its_chat_alone(pool: "Pool") -> None:
    person = await somebody(pool)
    blocked = await told(pool, person, 3)
    free = await told(pool, person, 1, chat=Chat("fake", "other"))
    refused = iter([RetryLater("429", 0.01)])
    courier = FakeCourier(answer=lambda chat, _: next(refused, None) if chat == "home" else None)
    async with running(dispatcher(pool, courier, together=1).run()):
        await until(lambda: courier.sent)
        assert courier.sent == [("other", str(free[0]), False)]
        assert await settled(pool) == {"sent": 4}
    assert [nonce for chat, nonce, _ in courier.sent if chat == "home"] == [str(number) for number in blocked]


async def test_attempts_are_bounded_and_then_it_is_dead_with_its_reason(pool: "Pool") -> None:
    await told(pool, await somebody(pool))
    await pool.execute("UPDATE outbox SET attempts = $1", MAX_ATTEMPTS - 2)
    courier = FakeCourier(answer=lambda _, __: RetryLater("no connection", 0.0))
    async with running(dispatcher(pool, courier).run()):
        await courier.arrived.wait()
        await asyncio.sleep(0.1)
        assert await pool.fetchval("SELECT next_at > now() + interval '2 minutes' FROM outbox"), "pauses grow"
        await hurry(pool)
        assert await settled(pool) == {"dead": 1}
    assert "no connection" in await pool.fetchval("SELECT reason FROM outbox")


async def test_a_refused_message_is_dead_and_the_next_one_goes_out(pool: "Pool") -> None:
    bad, good = await told(pool, await somebody(pool), 2)
    courier = FakeCourier(
        answer=lambda _, nonce: PermanentFailure("too long", chat_gone=False) if nonce == str(bad) else None
    )
    async with running(dispatcher(pool, courier, together=1).run()):
        assert await settled(pool) == {"dead": 1, "sent": 1}
    assert courier.sent == [("home", str(good), False)]


async def test_a_courier_that_breaks_leaves_it_uncertain_and_harms_nobody_else(
    pool: "Pool", caplog: pytest.LogCaptureFixture
) -> None:
    person = await somebody(pool)
    bad, _ = await told(pool, person, 1) + await told(pool, person, 1, chat=Chat("fake", "other"))

    def answer(_: str, nonce: str) -> Outcome | None:
        if nonce == str(bad):
            raise RuntimeError("a mistake of ours")
        return None

    async with running(dispatcher(pool, FakeCourier(answer=answer)).run()):
        assert await settled(pool) == {"uncertain": 1, "sent": 1}
    assert "a mistake of ours" in caplog.text


async def test_a_notice_of_a_newer_desk_is_dead_and_says_so(pool: "Pool") -> None:
    await told(pool, await somebody(pool))
    await pool.execute("""UPDATE outbox SET body = '{"v": 9, "notice": {"kind": "alert"}}'""")
    async with running(dispatcher(pool, FakeCourier()).run()):
        assert await settled(pool) == {"dead": 1}
    assert "unreadable" in await pool.fetchval("SELECT reason FROM outbox")


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


async def test_pauses_between_attempts_grow(pool: "Pool") -> None:
    await told(pool, await somebody(pool))
    courier = FakeCourier(answer=lambda _, __: RetryLater("429", 0.0))
    waits = []
    async with running(dispatcher(pool, courier).run()):
        for attempt in (1, 5, 9):
            await pool.execute("UPDATE outbox SET attempts = $1, reason = NULL, next_at = now()", attempt - 1)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (wait := await pool.fetchval(_WAIT, attempt)):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            waits.append(float(wait))
    assert waits == sorted(waits)
    assert waits[0] < 2
    assert waits[1] > 5
    assert 100 < waits[2] <= 300


_WAIT = """
SELECT extract(epoch FROM next_at - now()) FROM outbox WHERE state = 'pending' AND attempts = $1 AND reason = '429'
"""
