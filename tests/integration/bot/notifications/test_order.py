"""Who goes first when much waits: alerts before what can wait, in order within a chat, however much there is."""

from typing import TYPE_CHECKING

import asyncpg

from app.database.migrate import ROLE
from bot.notifications.courier import Outcome, RetryLater
from bot.notifications.dispatcher import BULK_IN_FLIGHT
from bot.reply import Text
from bot.ui.texts import load_catalog
from core.outbox import Chat, encode, kind_of
from people.notices import Broadcast, ChatGone
from people.notifications.outbox_report import outbox_report
from people.person import Language
from tests.support.push_house import (
    HOME,
    FakeCourier,
    dispatcher,
    hurry,
    outbox_of,
    running,
    settled,
    somebody,
    told,
    until,
)

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

NEWS = Broadcast("The desk closes at noon.")


async def announced(pool: "Pool", person: int, count: int, *, name: str = "b", chat: str = "") -> None:
    """Rows of a broadcast, to a chat each or all to one."""
    await pool.execute(
        "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
        " SELECT $4 || n, $1, 'fake', coalesce(nullif($5, ''), 'chat' || n), 'broadcast', $3"
        " FROM generate_series(1, $2::integer) AS n",
        person,
        count,
        encode(NEWS),
        name,
        chat,
    )


async def test_an_alert_is_delivered_at_once_while_ten_thousand_broadcasts_wait(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 10_000)
    courier = FakeCourier(pause=0.25)  # eight at a time: about the pace that Telegram allows
    async with running(dispatcher(pool, courier).run()):
        await until(lambda: len(courier.sent) > BULK_IN_FLIGHT)
        for number in range(3):
            before = len(courier.sent)
            await told(pool, person, chat=Chat("fake", f"alerted{number}"), name=f"alert{number}")
            wanted = f"alerted{number}"
            await until(lambda: any(chat == wanted for chat, _, _ in courier.sent))  # noqa: B023
            assert len(courier.sent) - before < 10 * BULK_IN_FLIGHT, "a few turns of broadcasts at most"
        assert len(courier.sent) < 1000, "the broadcast is still going on"
        assert courier.most_at_once <= BULK_IN_FLIGHT + 3


async def test_an_alert_behind_a_broadcast_in_its_chat_takes_the_chat_along_and_keeps_the_order(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 50)
    await announced(pool, person, 1, name="mine", chat=HOME.chat_id)
    await told(pool, person)
    await announced(pool, person, 1, name="after", chat=HOME.chat_id)
    outbox = outbox_of(pool)
    order = []
    for _ in range(3):
        parcel, *_ = await outbox.claim("fake", 1, 1)
        assert await outbox.mark_sending(parcel)
        await outbox.sent(parcel, "m")
        order.append((parcel.chat.chat_id, parcel.letters[0].kind))
    assert order == [("home", "broadcast"), ("home", "alert"), ("chat1", "broadcast")]


async def test_what_waits_for_its_next_attempt_is_not_overtaken_in_its_chat_by_anything(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 1, name="first", chat=HOME.chat_id)
    outbox = outbox_of(pool)
    (parcel,) = await outbox.claim("fake", 5)
    await outbox.later(parcel, "429", 60)
    await told(pool, person)
    assert await outbox.claim("fake", 5) == []
    await hurry(pool)
    (again,) = await outbox.claim("fake", 5)
    assert again.letters[0].kind == "broadcast"


async def test_chats_that_have_to_wait_do_not_stand_in_the_way_of_those_that_need_not(pool: "Pool") -> None:
    person = await somebody(pool)
    outbox = outbox_of(pool)
    await announced(pool, person, 10)
    for parcel in await outbox.claim("fake", 10):
        await outbox.later(parcel, "429", 60)
    for number in range(1, 11):
        await told(pool, person, chat=Chat("fake", f"chat{number}"))
    await told(pool, person, chat=Chat("fake", "free"))
    assert [parcel.chat.chat_id for parcel in await outbox.claim("fake", 4)] == ["free"]


async def test_a_claim_reads_little_when_much_comes_after_long_silence(pool: "Pool", dsn: str) -> None:
    person = await somebody(pool)
    owner = await asyncpg.connect(dsn)
    await owner.execute("VACUUM ANALYZE outbox")
    session = {"role": ROLE, "timezone": "UTC"}
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1, server_settings=session) as alone:
        outbox = outbox_of(alone)
        for _ in range(10):  # the connection makes its plans while nothing waits
            await outbox.claim("fake", 16, 8)
        await announced(pool, person, 20_000)
        before = await rows_read(alone, owner)
        for _ in range(5):
            assert len(await outbox.claim("fake", 16, 8)) == 8
        read = await rows_read(alone, owner) - before
    await owner.close()
    assert read < 5 * 10 * 20_000, "each claim compares everything with everything"


async def rows_read(pool: "Pool", owner: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Rows of the outbox that the only connection of the pool ever read, as PostgreSQL counts them."""
    await pool.execute("SELECT pg_stat_force_next_flush()")
    await pool.execute("SELECT 1")
    await owner.execute("SELECT pg_stat_clear_snapshot()")
    counted = "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'outbox'"
    found: int = await owner.fetchval(counted)
    return found


async def test_no_more_is_claimed_of_what_can_wait_than_is_allowed(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 30)
    await told(pool, person, chat=Chat("fake", "one"))
    claimed = await outbox_of(pool).claim("fake", 10, 4)
    assert sorted(parcel.bulk for parcel in claimed) == [False] + [True] * 4
    assert len(await outbox_of(pool).claim("fake", 10, 0)) == 0


async def test_a_platform_that_says_later_to_all_is_asked_again_in_order(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 20)
    refused: set[str] = set()

    def first_time_later(chat: str, _: str) -> Outcome | None:
        if chat in refused:
            return None
        refused.add(chat)
        return RetryLater("429", 0.01)

    courier = FakeCourier(answer=first_time_later)
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 20}
    assert len(courier.sent) == 20


async def test_notices_that_cannot_be_joined_are_each_sent(pool: "Pool") -> None:
    person = await somebody(pool)
    for number in range(3):
        gone = ChatGone("telegram", f"c{number}")
        await pool.execute(
            "INSERT INTO outbox (key, person_id, platform, chat_id, kind, body)"
            " VALUES ($1, $2, 'fake', 'home', $3, $4)",
            f"gone{number}",
            person,
            kind_of(gone),
            encode(gone),
        )
    await announced(pool, person, 2, chat=HOME.chat_id)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 5}
    titles = [reply.blocks[0] for reply in courier.replies]
    gone = load_catalog(Language.ENGLISH).text("push-chat-gone", platform="telegram")
    assert len([title for title in titles if isinstance(title, Text) and title.body == gone]) == 3
    assert len(titles) == 5


async def test_the_report_tells_of_every_kind_that_was_not_sent(pool: "Pool") -> None:
    person = await somebody(pool)
    await announced(pool, person, 3)
    await told(pool, person, 2)
    await pool.execute("UPDATE outbox SET state = 'dead', reason = 'blocked' WHERE key = 'b1'")
    await pool.execute("UPDATE outbox SET state = 'sent' WHERE key = 'b2'")
    report = (await outbox_report(pool)).splitlines()
    assert report[0] == "pending 3  sending 0  sent 1  uncertain 0  dead 1"
    assert report[1:3] == ["  alert: pending 2", "  broadcast: dead 1  pending 1"]


async def test_alerts_that_have_been_over_for_three_months_are_forgotten(pool: "Pool") -> None:
    person = await somebody(pool)
    days = {"fired": (91, 89), "cancelled": (91, 89), "armed": (400,), "muted": (400,)}
    for state, ages in days.items():
        for age in ages:
            await pool.execute(
                "INSERT INTO alert (command_id, person_id, platform, chat_id, market, symbol, direction, level, repeat,"
                " ready, market_time_ms, state, created_at, ended_at) VALUES ($1, $2, 'fake', 'home', 'm', 'BTCUSDC',"
                " 'above', 1, false, true, 0, $3, now() - interval '500 days',"
                " CASE WHEN $3 IN ('fired', 'cancelled') THEN now() - make_interval(days => $4) END)",
                f"{state}{age}",
                person,
                state,
                age,
            )
    await pool.execute("UPDATE alert SET ended_at = NULL, fired_at = now() WHERE command_id = 'fired91'")
    await outbox_of(pool).tidy()
    left = {row["command_id"] for row in await pool.fetch("SELECT command_id FROM alert")}
    assert left == {"fired91", "fired89", "cancelled89", "armed400", "muted400"}
