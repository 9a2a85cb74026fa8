"""Recurring buys on real PostgreSQL: one order a date, and every failure is told."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.router import Router
from core.database import Database
from core.errors import DatabaseUnavailable
from core.outbox import Chat
from core.recurrence import Frequency, Recurrence, next_slot
from jobs.recurring_buys import LATEST, PATIENCE, RecurringBuys, RecurringBuysReport
from people.notifications.notices import Notice, decode
from people.notifications.preferences_postgres import PostgresPreferences
from people.notifications.quiet_hours import DeliveryMode
from people.person import Person
from people.postgres import PostgresPeople
from pipeline.errors import MarketUnavailable
from tests.fakes.bot import CATALOGS
from tests.fakes.priced_market import BTC, PricedMarket, rules_for
from tests.support.people_house import ALICE, BOB, house_of, texts
from tests.support.push_house import CALM, HOME, FakeCourier, dispatcher, insisting, running, settled, somebody
from tests.support.trading_house import findings, open_with
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.notices import OrderFilled
from trading.orders.types import BaseQuantity, QuoteAmount, Share, Side, Size
from trading.recurring.errors import TooManyPlans, UnknownPlan
from trading.recurring.notices import BuyFailed, BuyMissed
from trading.recurring.ports import NewPlan, PlanState, RecurringBuy
from trading.recurring.postgres import PostgresPlans
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
DAY_MS = 86_400_000
MINUTE_MS = 60_000
NINE = Recurrence(Frequency.DAILY, 540)
SEOUL = "Asia/Seoul"


class House:
    """Recurring buys at a time that the test moves; everybody lives in Seoul."""

    def __init__(self, pool: "Pool", grant: int = 1_000_000) -> None:
        self.pool = pool
        self.time = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp() * 1000)
        self.market = PricedMarket()
        settings = TradingSettings(opening_grant=D(grant))
        self.desk = Desk(self.market, PostgresLedger(pool, jitter=CALM), settings, lambda: self.time)
        self.notices = PostgresPreferences(pool, lambda: self.time, jitter=CALM)
        self.plans = PostgresPlans(pool, jitter=CALM)
        self.count = itertools.count(1)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time / 1000, UTC)

    def job(self, desk: Desk | None = None) -> RecurringBuys:
        return RecurringBuys(self.pool, desk or self.desk, self.market.info, lambda: self.time, jitter=CALM)

    async def run(self) -> RecurringBuysReport:
        return await self.job().run()

    async def buyer(self, name: str = "me", *, chat: Chat = HOME) -> int:
        person = await somebody(self.pool, name)
        await self.notices.reach(person, chat)
        await self.desk.open(person, f"start-{person}")
        return person

    def new(self, person: int, size: Size | None = None, rhythm: Recurrence = NINE, command: str = "") -> NewPlan:
        slot = next_slot(rhythm, SEOUL, self.now)
        name, market = command or f"wish-{next(self.count)}", self.market.info().market
        return NewPlan(name, person, market, BTC, size or QuoteAmount(D(50)), rhythm, SEOUL, slot)

    async def plan(self, person: int, size: Size | None = None, rhythm: Recurrence = NINE) -> RecurringBuy:
        return await self.plans.create(self.new(person, size, rhythm))

    def pass_to(self, moment: datetime) -> None:
        """Prices are confirmed then."""
        self.market.pass_time(int(moment.timestamp() * 1000) - self.time)
        self.time = int(moment.timestamp() * 1000)

    async def come_due(self, plan: RecurringBuy, late: timedelta = timedelta(seconds=20)) -> RecurringBuy:
        """The plan at its next slot, and as much later."""
        plan = await self.plans.find(plan.person_id, plan.plan_id)
        self.pass_to(plan.slot.at + late)
        return plan

    async def orders(self) -> int:
        found: int = await self.pool.fetchval("SELECT count(*) FROM orders")
        return found

    async def told(self) -> list[Notice]:
        return [decode(row["body"]) for row in await self.pool.fetch("SELECT body FROM outbox ORDER BY id")]


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
