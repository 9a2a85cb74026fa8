"""The outbox on PostgreSQL: crash points, attempts, refusals and pauses."""

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.notifications.courier import Outcome, OutcomeUnknown, PermanentFailure, RetryLater
from bot.notifications.dispatcher import MAX_ATTEMPTS
from core.outbox import Chat
from people.notifications.outbox_report import outbox_report, redrive
from tests.patience import PATIENCE_SECONDS
from tests.support.push_house import (
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
)

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
