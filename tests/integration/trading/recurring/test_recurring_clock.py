"""Recurring buys by the clock: dates slept through, clock changes and moves to another time zone."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import asyncpg

from core.database import Database
from core.recurrence import Frequency, Recurrence
from jobs.recurring_buys import LATEST, RecurringBuysReport
from people.person import Person
from people.postgres import PostgresPeople
from tests.integration.trading.recurring.recurring_house import House
from tests.support.push_house import CALM
from trading.recurring.notices import BuyMissed

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_what_the_desk_slept_through_is_made_up_for_within_hours_and_left_out_after_them(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan, LATEST - timedelta(seconds=1))
    assert await house.run() == RecurringBuysReport(bought=1)
    due = await house.come_due(plan, LATEST + timedelta(days=2, seconds=1))
    assert await house.run() == RecurringBuysReport(missed=3)
    (missed,) = [notice for notice in await house.told() if isinstance(notice, BuyMissed)]
    after = await house.plans.find(me, plan.plan_id)
    assert (missed.count, missed.day) == (3, (due.slot.day + timedelta(days=2)).isoformat())
    assert after.slot.day == due.slot.day + timedelta(days=3)
    assert after.slot.at > house.now
    # days asleep, and the newest slot an hour ago: that one is bought, the others are told
    due = await house.come_due(plan, timedelta(days=4, hours=1))
    assert await house.run() == RecurringBuysReport(bought=1, missed=4)
    assert await house.orders() == 2
    newest = (await pool.fetchrow("SELECT command_id FROM entry ORDER BY id DESC"))["command_id"]
    assert newest.endswith((due.slot.day + timedelta(days=4)).isoformat())


async def test_a_desk_that_was_off_for_years_counts_no_further_than_it_has_to(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan, timedelta(days=3000, hours=8))
    ran = await house.run()
    assert (ran.bought, ran.missed) == (0, 400)
    assert (await house.plans.find(me, plan.plan_id)).slot.at > house.now


async def test_on_the_days_of_a_clock_change_it_is_bought_once_at_the_time_of_the_wall_clock(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    await PostgresPeople(Database(pool, jitter=CALM)).update(Person(me, timezone="America/New_York"))
    for start in (datetime(2027, 3, 11, 20, tzinfo=UTC), datetime(2027, 11, 4, 20, tzinfo=UTC)):
        house.pass_to(start)
        plan = await house.plan(me, rhythm=Recurrence(Frequency.DAILY, 150))
        await house.run()  # which finds that the zone is another
        before, walls = await house.orders(), []
        for _ in range(4):
            plan = await house.plans.find(me, plan.plan_id)
            due = await house.come_due(plan)
            walls.append(due.slot.at.astimezone(ZoneInfo("America/New_York")).strftime("%d %H:%M"))
            assert await house.run() == RecurringBuysReport(bought=1)
        assert await house.orders() == before + 4
        expected = ["12", "13", "14 03:30", "15"] if start.month == 3 else ["05", "06", "07", "08"]
        assert walls == [each if " " in each else f"{each} 02:30" for each in expected]
        await house.plans.remove(me, plan.plan_id)


async def test_who_moves_is_served_by_the_new_clock_and_never_twice_for_one_date(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan)
    await house.run()  # the 23rd in Seoul
    await PostgresPeople(Database(pool, jitter=CALM)).update(Person(me, timezone="America/Phoenix"))
    assert await house.run() == RecurringBuysReport()
    moved = await house.plans.find(me, plan.plan_id)
    assert (moved.timezone, moved.slot.day.day, moved.slot.at.hour) == ("America/Phoenix", 24, 16)
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport(bought=1)
    assert await house.orders() == 2


async def test_who_moved_while_the_desk_was_off_still_gets_what_is_due_by_the_new_clock(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await PostgresPeople(Database(pool, jitter=CALM)).update(Person(me, timezone="Europe/London"))
    house.pass_to(plan.slot.at + timedelta(hours=9, minutes=30))  # half past nine in London
    assert await house.run() == RecurringBuysReport()
    assert await house.run() == RecurringBuysReport(bought=1)
    assert (await house.plans.find(me, plan.plan_id)).slot.day.day == 24
