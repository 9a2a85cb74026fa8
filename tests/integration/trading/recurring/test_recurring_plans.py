"""Plans of recurring buys: paused, bounded, of every size, and those of persons who link or leave."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.router import Router
from core.errors import DatabaseUnavailable
from core.outbox import Chat
from core.recurrence import next_slot
from jobs.recurring_buys import RecurringBuys, RecurringBuysReport
from people.notifications.quiet_hours import DeliveryMode
from pipeline.errors import MarketUnavailable
from tests.fakes.bot import CATALOGS
from tests.fakes.priced_market import BTC
from tests.integration.trading.recurring.recurring_house import MINUTE_MS, NINE, SEOUL, House
from tests.support.people_house import ALICE, BOB, house_of, texts
from tests.support.push_house import CALM, FakeCourier, dispatcher, insisting, running, settled
from tests.support.trading_house import open_with
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Size
from trading.recurring.errors import TooManyPlans, UnknownPlan
from trading.recurring.ports import NewPlan, RecurringBuy
from trading.recurring.postgres import PostgresPlans
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


async def test_paused_removed_and_other_peoples_plans_are_left_alone(pool: "Pool") -> None:
    house = House(pool)
    me, you = await house.buyer(), await house.buyer("you")
    plan, gone = await house.plan(me), await house.plan(me)
    await house.plans.pause(me, plan.plan_id)
    await house.plans.remove(me, gone.plan_id)
    for touch in (house.plans.pause, house.plans.remove, house.plans.find):
        with pytest.raises(UnknownPlan):
            await touch(you, plan.plan_id)
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport()
    resumed = await house.plans.resume(me, plan.plan_id, SEOUL, next_slot(NINE, SEOUL, house.now))
    again = await house.plans.resume(me, plan.plan_id, SEOUL, next_slot(NINE, SEOUL, house.now + timedelta(days=9)))
    assert resumed == again, "one that buys already is not put off"
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport(bought=1)


async def test_a_person_may_have_so_many_and_one_wish_makes_one(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    new = house.new(me, command="once")
    made = await asyncio.gather(*(insisting(lambda: house.plans.create(new)) for _ in range(5)))
    assert len({plan.plan_id for plan in made}) == 1
    wishes = [partial(house.plans.create, house.new(me)) for _ in range(14)]
    answers = await asyncio.gather(*map(insisting, wishes), return_exceptions=True)
    assert Counter(type(answer) for answer in answers) == {RecurringBuy: 9, TooManyPlans: 5}, answers
    assert len(await house.plans.of(me, house.market.info().market)) == 10


async def test_the_banned_another_market_and_a_silent_database_make_it_wait(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan)
    await pool.execute("INSERT INTO ban (person_id, reason) VALUES ($1, 'spam')", me)
    assert await house.run() == RecurringBuysReport()
    await pool.execute("SELECT lift_ban($1)", me)
    house.market.identity = "another"
    assert await house.run() == RecurringBuysReport()
    house.market.identity = ""
    house.market.down = True
    with pytest.raises(MarketUnavailable):
        await house.run()
    house.market.down = False
    assert await house.run() == RecurringBuysReport(), "somebody may still be at it"
    house.time += MINUTE_MS
    assert await house.run() == RecurringBuysReport(bought=1)


class Deaf(Desk):
    """Its ledger answers no more once the order is written."""

    async def place(self, *arguments: object, **named: object) -> None:  # type: ignore[override]
        await super().place(*arguments, **named)  # type: ignore[arg-type]
        raise DatabaseUnavailable


async def test_an_order_that_nobody_heard_of_is_found_by_the_next_run(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan)
    deaf = Deaf(house.market, PostgresLedger(pool, jitter=CALM), TradingSettings(), lambda: house.time)
    with pytest.raises(DatabaseUnavailable):
        await house.job(deaf).run()
    house.time += MINUTE_MS
    assert await house.run() == RecurringBuysReport(bought=1)
    assert (await house.orders(), len(await house.told())) == (1, 1)


@pytest.mark.parametrize(
    ("size", "spent"), [(BaseQuantity(D("0.5")), D(50)), (Share(D("0.05")), D(50_000)), (QuoteAmount(D(70)), D(70))]
)
async def test_every_kind_of_size_is_kept_and_bought(pool: "Pool", size: Size, spent: Decimal) -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me, size)
    assert (await house.plans.find(me, plan.plan_id)).size == size
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport(bought=1)
    account = await house.desk.account(me)
    cash = next(each.available for each in await house.desk.balances(account) if each.asset == "USDC")
    assert abs(1_000_000 - cash - spent) < D("0.01") * spent


async def test_fills_that_somebody_turned_off_are_not_told_and_others_go_to_the_chosen_chat(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    group = Chat("fake", "group", public=True)
    await house.notices.reach(me, group)
    await house.come_due(plan)
    await house.run()
    await house.notices.set_home(me, group)
    await house.come_due(plan)
    await house.run()
    await house.notices.set_mode(me, "fill", DeliveryMode.OFF)
    await house.come_due(plan)
    await house.run()
    rows = await pool.fetch("SELECT chat_id FROM outbox ORDER BY id")
    assert [row["chat_id"] for row in rows] == ["home", "group"]
    assert await house.orders() == 3


async def test_the_notices_read_as_sentences(pool: "Pool", dsn: str) -> None:
    await open_with(dsn, D(40))
    house = House(pool, 40)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan, timedelta(days=2, hours=1))
    for _ in range(3):
        await house.run()
        await house.come_due(plan)
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        await settled(pool)
    said = [texts_of(reply.blocks) for reply in courier.replies]
    assert any("was skipped 2 times" in text for text in said)
    (failed,) = [text for text in said if "recurring buys failed" in text]
    assert "BTC for 50 USDC, Nov 25, 2026:" in failed
    assert "you have 40.00 USDC available" in failed
    assert "3 times in a row and is paused" in failed


def texts_of(blocks: Sequence[object]) -> str:
    return "\n".join(getattr(block, "body", "") for block in blocks)


@pytest.mark.parametrize("how", ["merge", "move"])
async def test_the_plans_of_who_joins_another_go_on_there_and_what_was_bought_today_is_not_bought_again(
    pool: "Pool", dsn: str, how: str
) -> None:
    async with house_of(pool, dsn) as house:
        now, plans = datetime.fromtimestamp(house.now / 1000, UTC), PostgresPlans(pool, jitter=CALM)
        alice, bob = await house.person(ALICE), await house.person(BOB)
        for person in (alice, bob):
            await house.desk.open(person, f"open-{person}")
        slot = next_slot(NINE, "UTC", now)
        what = (house.market.info().market, BTC, QuoteAmount(D(50)), NINE, "UTC", slot)
        plan = await plans.create(NewPlan("wish", bob, *what))
        at = int(slot.at.timestamp() * 1000)
        job = RecurringBuys(pool, house.desk, house.market.info, lambda: at, jitter=CALM)
        assert await job.run() == RecurringBuysReport(bought=1)
        await house.linked(ALICE, BOB, how)
        assert (await plans.find(alice, plan.plan_id)).symbol == BTC
        await pool.execute("UPDATE recurring_buy SET next_at = $1, next_day = $2", slot.at, slot.day)
        assert (await job.run()).failed == 0
        assert len(await house.fetch("SELECT id FROM orders")) == 1
        at = int((slot.at + timedelta(days=1)).timestamp() * 1000)
        assert await job.run() == RecurringBuysReport(bought=1)
        account = await house.desk.account(alice)
        (newest,) = await house.fetch("SELECT account_id FROM orders ORDER BY id DESC LIMIT 1")
        assert newest["account_id"] == account.account_id


async def test_a_person_who_leaves_takes_their_plans_along(pool: "Pool", dsn: str) -> None:
    async with house_of(pool, dsn) as house:
        person = await house.person(ALICE)
        assert "Recurring buy set: BTC" in texts(await house.ask(ALICE, "/dca BTC 50usdc daily 9:00"))
        real = replace(house.services, plans=PostgresPlans(pool, jitter=CALM))
        house.router = Router(real, catalogs=CATALOGS)
        await house.ask(ALICE, "/dca BTC 50usdc daily 9:00")
        assert len(await house.fetch("SELECT id FROM recurring_buy")) == 1
        await house.identities.forget(person, house.now, house.now)
        assert await house.fetch("SELECT id FROM recurring_buy") == []
