"""Recurring buys on real PostgreSQL: one order a date, and every failure is told."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import asyncpg

from core.outbox import Chat
from core.recurrence import next_slot
from jobs.recurring_buys import PATIENCE, RecurringBuysReport
from tests.fakes.priced_market import BTC, rules_for
from tests.integration.trading.recurring.recurring_house import MINUTE_MS, NINE, SEOUL, House
from tests.support.push_house import CALM
from tests.support.trading_house import findings, open_with
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.notices import OrderFilled
from trading.orders.types import QuoteAmount, Side
from trading.recurring.notices import BuyFailed, BuyMissed
from trading.recurring.ports import PlanState
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal


async def test_what_is_due_is_bought_once_a_day_and_told_as_every_fill(pool: "Pool", dsn: str) -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    assert str(await house.run()) == "0 bought, 0 failed, 0 missed, 0 waiting"
    for number in range(1, 4):
        due = await house.come_due(plan)
        assert due.slot.at.astimezone(ZoneInfo(SEOUL)).hour == 9
        assert await house.run() == RecurringBuysReport(bought=1)
        assert await house.run() == RecurringBuysReport()
        assert await house.orders() == number
    told = await house.told()
    assert [type(notice) for notice in told] == [OrderFilled] * 3
    (first, *_) = told
    assert isinstance(first, OrderFilled)
    assert (first.symbol, first.side) == (BTC, Side.BUY)
    assert D("49.9") < first.quote_amount <= 50
    names = await pool.fetch("SELECT command_id FROM entry WHERE kind = 'trade' ORDER BY id")
    assert [row["command_id"] for row in names] == [f"recurring:{plan.plan_id}:2026-11-{day}" for day in (23, 24, 25)]
    assert await findings(dsn) == []


async def test_ten_schedulers_at_once_and_one_that_repeats_itself_give_one_order_a_date(pool: "Pool") -> None:
    house = House(pool)
    buyers = [await house.buyer(f"p{number}", chat=Chat("fake", f"c{number}")) for number in range(6)]
    plans = [await house.plan(buyer) for buyer in buyers]
    await house.come_due(plans[0])
    desks = [
        Desk(house.market, PostgresLedger(pool, jitter=CALM), TradingSettings(), lambda: house.time) for _ in "abc"
    ]
    done = await asyncio.gather(*(house.job(desk).run() for desk in (house.desk, *desks)))
    assert sum(ran.bought for ran in done) == 6
    assert await house.orders() == 6
    # as after a restored backup, or a desk that was killed between the order and its note
    await pool.execute("UPDATE recurring_buy SET next_at = $1, next_day = $2", plans[0].slot.at, plans[0].slot.day)
    assert (await house.run()).bought == 6
    assert (await house.orders(), len(await house.told())) == (6, 6)


async def test_an_order_whose_desk_died_before_saying_so_is_neither_made_again_nor_told_as_missed(
    pool: "Pool",
) -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan)
    await house.run()
    await pool.execute("UPDATE recurring_buy SET next_at = $1, next_day = $2", plan.slot.at, plan.slot.day)
    house.pass_to(plan.slot.at + timedelta(hours=23))  # the desk was off all day
    assert await house.run() == RecurringBuysReport(bought=1)
    assert await house.orders() == 1
    assert not any(isinstance(notice, BuyMissed) for notice in await house.told())


async def test_too_little_money_is_told_the_plan_goes_on_and_stops_at_the_third_time_in_a_row(
    pool: "Pool", dsn: str
) -> None:
    await open_with(dsn, D(40))
    house = House(pool, 40)
    me = await house.buyer()
    plan = await house.plan(me)
    for failures in (1, 2, 3):
        await house.come_due(plan)
        assert await house.run() == RecurringBuysReport(failed=1)
        plan = await house.plans.find(me, plan.plan_id)
        assert plan.failures == failures
    assert plan.state is PlanState.STOPPED
    told = await house.told()
    assert [isinstance(notice, BuyFailed) and notice.failures for notice in told] == [1, 2, 3]
    first, last = told[0], told[-1]
    assert isinstance(first, BuyFailed)
    assert isinstance(last, BuyFailed)
    assert (first.obstacle.code, first.obstacle.amounts["missing"]) == ("insufficient-funds", D("9.9999995"))
    assert (first.next_at is not None, last.next_at) == (True, None)
    house.pass_to(house.now + timedelta(days=3))
    assert await house.run() == RecurringBuysReport()
    resumed = await house.plans.resume(me, plan.plan_id, SEOUL, next_slot(NINE, SEOUL, house.now))
    assert (resumed.state, resumed.failures) == (PlanState.ACTIVE, 0)


async def test_a_buy_that_works_forgets_the_failures_before_it(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    house.market.listed[BTC] = rules_for("BTC", status="HALT")
    for _ in range(2):
        await house.come_due(plan)
        assert await house.run() == RecurringBuysReport(failed=1)
    house.market.listed[BTC] = rules_for("BTC")
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport(bought=1)
    assert (await house.plans.find(me, plan.plan_id)).failures == 0
    codes = [notice.obstacle.code for notice in await house.told() if isinstance(notice, BuyFailed)]
    assert codes == ["symbol-halted"] * 2


async def test_a_size_that_the_exchange_forbids_and_a_symbol_that_left_are_told(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    small = await house.plan(me, QuoteAmount(D(1)))
    await house.come_due(small)
    await house.run()
    await house.plans.remove(me, small.plan_id)
    gone = await house.plan(me)
    del house.market.listed[BTC]
    await house.come_due(gone)
    await house.run()
    codes = [notice.obstacle.code for notice in await house.told() if isinstance(notice, BuyFailed)]
    assert codes == ["exchange-filter-violation", "unknown-symbol"]


async def test_a_stale_price_is_waited_for_and_told_when_it_stays(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await house.come_due(plan)
    house.market.time += 10 * MINUTE_MS  # no news since
    for _ in range(3):
        assert await house.run() == RecurringBuysReport(waiting=1)
        house.time += MINUTE_MS
    assert await house.told() == []
    house.market.pass_time(0)
    assert await house.run() == RecurringBuysReport(bought=1)
    await house.come_due(plan)
    house.market.time += 10 * MINUTE_MS
    assert await house.run() == RecurringBuysReport(waiting=1)
    house.time += int(PATIENCE.total_seconds() * 1000)
    assert await house.run() == RecurringBuysReport(failed=1)
    failed = (await house.told())[-1]
    assert isinstance(failed, BuyFailed)
    assert failed.obstacle.code == "stale-price"


async def test_halted_trading_fails_after_a_while_and_no_order_slips_through(pool: "Pool") -> None:
    house = House(pool)
    me = await house.buyer()
    plan = await house.plan(me)
    await pool.execute("SELECT set_trading(true, 'maintenance')")
    await house.come_due(plan)
    assert await house.run() == RecurringBuysReport(waiting=1)
    house.time += int(PATIENCE.total_seconds() * 1000)
    assert await house.run() == RecurringBuysReport(failed=1)
    assert await house.orders() == 0
