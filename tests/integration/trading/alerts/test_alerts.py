"""The store of alerts, in memory and on PostgreSQL."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest
from msgspec import structs

from core.outbox import Chat
from tests.integration.trading.alerts.alert_worker import LOWER, MARKET, outbox, state_of
from tests.support.push_house import HOME, firing, somebody, wish
from trading.alerts.errors import TooManyAlerts, UnknownAlert
from trading.alerts.ports import Alert, AlertCounts, Alerts, AlertState
from trading.alerts.postgres import PostgresAlerts
from trading.triggers.price_levels import Direction

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_the_same_wish_delivered_twice_is_one_alert(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    assert await alerts.create(wish(person)) == made
    assert (await alerts.waiting(person, MARKET, 10)).alerts == (made,)
    assert (made.level, made.direction, made.state) == (Decimal(70_000), Direction.ABOVE, AlertState.ARMED)


async def test_alerts_are_bounded_and_cancelling_makes_room(alerts: Alerts, person: int) -> None:
    for number in range(50):
        await alerts.create(wish(person, number))
    with pytest.raises(TooManyAlerts):
        await alerts.create(wish(person, 50))
    newest, *_ = (await alerts.waiting(person, MARKET, 10)).alerts
    assert (await alerts.cancel(person, newest.alert_id)).state is AlertState.CANCELLED
    assert (await alerts.cancel(person, newest.alert_id)).state is AlertState.CANCELLED
    again = await alerts.create(wish(person, 51))
    muted = await alerts.mute(person, again.alert_id)
    assert muted.state is AlertState.MUTED
    with pytest.raises(TooManyAlerts):
        await alerts.create(wish(person, 52))
    resumed = await alerts.repeat(person, again.alert_id, ready=True, market_time=5)
    assert resumed.state is AlertState.ARMED
    await alerts.cancel(person, again.alert_id)
    await alerts.create(wish(person, 53))
    with pytest.raises(TooManyAlerts):
        await alerts.repeat(person, again.alert_id, ready=True, market_time=5)


async def test_muted_alerts_count_too(alerts: Alerts, person: int) -> None:
    for number in range(50):
        await alerts.mute(person, (await alerts.create(wish(person, number))).alert_id)
    with pytest.raises(TooManyAlerts):
        await alerts.create(wish(person, 50))
    assert await alerts.count(person, MARKET) == AlertCounts(
        50, 50, (await alerts.waiting(person, MARKET, 1)).alerts[0].alert_id
    )


async def test_pages_go_from_the_newest_to_the_oldest(alerts: Alerts, person: int) -> None:
    made = [await alerts.create(wish(person, number)) for number in range(7)]
    first = await alerts.waiting(person, MARKET, 4)
    second = await alerts.waiting(person, MARKET, 4, first.older)
    assert [*first.alerts, *second.alerts] == list(reversed(made))
    assert second.older is None
    assert (await alerts.waiting(person, "binance", 4)).alerts == ()


async def test_nobody_touches_another_persons_alert(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    for attempt in (
        alerts.find(person + 1, made.alert_id),
        alerts.cancel(person + 1, made.alert_id),
        alerts.mute(person + 1, made.alert_id),
        alerts.repeat(person + 1, made.alert_id, ready=True, market_time=1),
        alerts.cancel(person, made.alert_id + 1000),
    ):
        with pytest.raises(UnknownAlert):
            await attempt
    assert await alerts.find(person, made.alert_id) == made


async def test_a_cancelled_alert_stays_cancelled_and_a_muted_one_can_be_woken(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    await alerts.mute(person, made.alert_id)
    woken = await alerts.repeat(person, made.alert_id, ready=False, market_time=77)
    assert woken == replace(made, repeat=True, ready=False, market_time=77)
    await alerts.cancel(person, made.alert_id)
    with pytest.raises(UnknownAlert):
        await alerts.repeat(person, made.alert_id, ready=True, market_time=99)
    with pytest.raises(UnknownAlert):
        await alerts.mute(person, made.alert_id)


async def test_all_that_wait_are_cancelled_up_to_the_newest_that_was_shown(alerts: Alerts, person: int) -> None:
    made = [await alerts.create(wish(person, number)) for number in range(4)]
    await alerts.mute(person, made[1].alert_id)
    await alerts.cancel(person, made[0].alert_id)
    there = await alerts.count(person, MARKET)
    assert there == AlertCounts(3, 1, made[3].alert_id)
    assert await alerts.cancel_all(person + 1, MARKET, there.newest) == 0
    assert await alerts.cancel_all(person, "elsewhere", there.newest) == 0
    assert await alerts.cancel_all(person, MARKET, made[2].alert_id) == 2
    assert [alert.alert_id for alert in (await alerts.waiting(person, MARKET, 9)).alerts] == [made[3].alert_id]
    assert await alerts.cancel_all(person, MARKET, made[2].alert_id) == 0


async def test_another_level_keeps_the_alert_and_its_state(alerts: Alerts, person: int) -> None:
    made = await alerts.create(wish(person))
    await alerts.mute(person, made.alert_id)
    changed = await alerts.edit(person, made.alert_id, LOWER)
    assert (changed.direction, changed.level, changed.ready, changed.market_time) == (Direction.BELOW, 50, True, 7)
    assert changed.state is AlertState.MUTED
    with pytest.raises(UnknownAlert):
        await alerts.edit(person + 1, made.alert_id, LOWER)
    await alerts.cancel(person, made.alert_id)
    with pytest.raises(UnknownAlert):
        await alerts.edit(person, made.alert_id, LOWER)


async def test_twenty_wishes_at_once_do_not_pass_the_bound(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool, max_alerts=5)
    made = await asyncio.gather(*(alerts.create(wish(person, n)) for n in range(20)), return_exceptions=True)
    assert sum(isinstance(each, Alert) for each in made) == 5
    assert sum(isinstance(each, TooManyAlerts) for each in made) == 15


async def test_changes_miss_nothing_whatever_the_order_of_commits(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    early, late = [await alerts.create(wish(person, number)) for number in range(2)]
    mark = (await alerts.changes(MARKET, "")).cursor
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(
            "UPDATE alert SET state = 'muted', changed = pg_current_xact_id() WHERE id = $1", early.alert_id
        )
        await alerts.cancel(person, late.alert_id)
        seen = await alerts.changes(MARKET, mark)
        assert [alert.alert_id for alert in seen.alerts if alert.state is AlertState.CANCELLED] == [late.alert_id]
        await transaction.commit()
    after = await alerts.changes(MARKET, seen.cursor)
    assert early.alert_id in [alert.alert_id for alert in after.alerts if alert.state is AlertState.MUTED]


async def test_a_join_hands_over_no_alert_that_ended_long_ago(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    old, recent, armed, muted = [await alerts.create(wish(person, number)) for number in range(4)]
    for ended in (old, recent):
        await alerts.cancel(person, ended.alert_id)
    await pool.execute("UPDATE alert SET ended_at = now() - interval '2 hours' WHERE id = $1", old.alert_id)
    await alerts.mute(person, muted.alert_id)
    mark = (await alerts.changes(MARKET, "")).cursor
    await pool.execute("UPDATE alert SET changed = pg_current_xact_id()")
    seen = await alerts.changes(MARKET, mark)
    assert {alert.alert_id for alert in seen.alerts} == {recent.alert_id, armed.alert_id, muted.alert_id}


# -- firing ------------------------------------------------------------------------------------


async def test_firing_and_its_notice_are_one_transaction_that_may_be_repeated(pool: "Pool") -> None:
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(await somebody(pool)))
    assert await alerts.fire(MARKET, [firing(made)]) == {made.alert_id}
    assert await alerts.fire(MARKET, [firing(made)]) == frozenset()
    assert await state_of(pool, made) == "fired"
    (notice,) = await outbox(pool)
    assert (notice.alert_id, notice.level, notice.price) == (made.alert_id, Decimal(70_000), Decimal(70_000))
    row = await pool.fetchrow("SELECT platform, chat_id, kind, key FROM outbox")
    assert tuple(row) == ("fake", "home", "alert", f"alert:{made.alert_id}:1")


async def test_a_firing_of_a_repeating_alert_that_is_written_twice_is_one_and_then_it_waits(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(person, repeat=True))
    assert await alerts.fire(MARKET, [firing(made)])
    assert await alerts.fire(MARKET, [firing(made)]) == frozenset()
    after = await alerts.find(person, made.alert_id)
    assert after == replace(made, ready=False, firings=1, market_time=firing(made).time + 1)
    assert len(await outbox(pool)) == 1


async def test_an_outbox_that_refuses_leaves_the_alert_armed(pool: "Pool", dsn: str) -> None:
    alerts = PostgresAlerts(pool)
    made = await alerts.create(wish(await somebody(pool)))
    owner = await asyncpg.connect(dsn)
    await owner.execute("ALTER TABLE outbox ADD CONSTRAINT full_disk CHECK (id < 0)")
    with pytest.raises(asyncpg.CheckViolationError):
        await alerts.fire(MARKET, [firing(made)])
    assert await state_of(pool, made) == "armed"
    await owner.execute("ALTER TABLE outbox DROP CONSTRAINT full_disk")
    await owner.close()
    assert await alerts.fire(MARKET, [firing(made)])


async def test_a_cancelled_or_muted_alert_does_not_fire(pool: "Pool") -> None:
    person = await somebody(pool)
    alerts = PostgresAlerts(pool)
    one, two = [await alerts.create(wish(person, number)) for number in range(2)]
    await alerts.cancel(person, one.alert_id)
    await alerts.mute(person, two.alert_id)
    assert await alerts.fire(MARKET, [firing(one), firing(two)]) == frozenset()
    assert await outbox(pool) == []


async def test_a_level_that_was_changed_while_the_old_one_was_reached_does_not_fire(pool: "Pool") -> None:
    store = PostgresAlerts(pool)
    person = await somebody(pool)
    alert = await store.create(wish(person))
    reached = firing(alert)
    await store.edit(person, alert.alert_id, LOWER)
    assert await store.fire(MARKET, [reached]) == frozenset()
    waiting = await store.find(person, alert.alert_id)
    assert waiting.state is AlertState.ARMED
    await store.edit(person, alert.alert_id, replace(LOWER, ready=False))
    await store.returned([structs.replace(alert.trigger, ready=True)])
    assert not (await store.find(person, alert.alert_id)).ready, "nor is it ready because the old one was left"
    assert await outbox(pool) == []


async def test_the_chat_an_alert_was_made_in_is_known_from_then_on(pool: "Pool") -> None:
    person = await somebody(pool)
    await PostgresAlerts(pool).create(wish(person, chat=Chat("fake", "group", public=True)))
    await PostgresAlerts(pool).create(wish(person, 2, chat=HOME))
    rows = await pool.fetch("SELECT platform, chat_id, public FROM notification_chat ORDER BY chat_id")
    assert [tuple(row) for row in rows] == [("fake", "group", True), ("fake", "home", False)]
