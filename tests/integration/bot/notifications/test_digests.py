"""Digests on real PostgreSQL: once a slot, at the person's own hour, whatever happens."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import asyncpg

from core.database import Database
from core.outbox import Chat
from jobs.digests import Digests
from people.notifications.notices import decode
from people.notifications.preferences import DigestCadence, DigestSchedule
from people.notifications.preferences_postgres import PostgresPreferences
from people.person import Person
from people.postgres import PostgresPeople
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from tests.support.push_house import (
    CALM,
    HOME,
    FakeCourier,
    dispatcher,
    running,
    settled,
    somebody,
    wish,
)
from tests.support.trading_house import owner_of
from trading.alerts.postgres import PostgresAlerts
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Side
from trading.portfolio.equity_curve import EquityPoint
from trading.portfolio.notices import Digest
from trading.ports import Account
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
HOUR = 3_600_000


class House:
    """Digests at a time that the test moves."""

    def __init__(self, pool: "Pool") -> None:
        self.pool = pool
        self.time = int(datetime.now(UTC).timestamp() * 1000)
        self.market = PricedMarket()
        self.desk = Desk(self.market, PostgresLedger(pool), TradingSettings(), lambda: self.time)
        self.notices = PostgresPreferences(pool, lambda: self.time, jitter=CALM)

    def job(self) -> Digests:
        return Digests(self.pool, self.desk, lambda: self.time, jitter=CALM)

    async def subscriber(self, name: str = "me", plan: DigestSchedule | None = None, *, chat: Chat = HOME) -> int:
        person = await somebody(self.pool, name)
        await self.notices.reach(person, chat)
        await self.notices.set_digest(person, plan or DigestSchedule())
        await self.desk.open(person, f"start-{person}")
        await self.job().run()  # reckons when the first one is due
        return person

    async def come_due(self, person: int, ago: timedelta = timedelta(seconds=1)) -> datetime:
        due = datetime.fromtimestamp(self.time / 1000, UTC) - ago
        await self.pool.execute("UPDATE notification_digest SET next_at = $2 WHERE person_id = $1", person, due)
        return due

    async def digests(self) -> list[Digest]:
        rows = await self.pool.fetch("SELECT body FROM outbox WHERE kind = 'digest' ORDER BY id")
        found = [decode(row["body"]) for row in rows]
        return [notice for notice in found if isinstance(notice, Digest)]

    async def next_at(self, person: int) -> datetime:
        found: datetime = await self.pool.fetchval(
            "SELECT next_at FROM notification_digest WHERE person_id = $1", person
        )
        return found


async def test_nobody_gets_a_digest_who_did_not_choose_one(pool: "Pool") -> None:
    house = House(pool)
    person = await somebody(pool)
    await house.notices.reach(person, HOME)
    assert await house.job().run() == 0
    assert await house.digests() == []


async def test_a_digest_says_how_the_account_stands_and_what_changed_since_the_last_one(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber()
    account = await house.desk.account(me)
    await house.desk.place(account, "c1", Side.BUY, BTC, QuoteAmount(D(1000)))
    await house.desk.place(account, "c2", Side.BUY, ETH, QuoteAmount(D(1000)))
    await PostgresAlerts(pool).create(replace(wish(me), market=account.market))
    due = await house.come_due(me)
    assert await house.job().run() == 1
    house.market.say(BTC, "199.99", "200.01")
    house.time += 24 * HOUR
    await house.come_due(me)
    assert await house.job().run() == 1
    first, second = await house.digests()
    assert first.before == first.granted, "the round is younger than the day"
    assert (first.positions, first.alerts, first.quote) == (2, 1, "USDC")
    local = due.astimezone(ZoneInfo("Asia/Seoul"))
    assert first.date == (local.date() - timedelta(days=local.hour < 12)).isoformat()
    assert second.before == first.equity
    assert second.equity > first.equity + 900
    assert second.best is not None
    assert second.worst is not None
    assert (second.best.symbol, second.worst.symbol) == (BTC, ETH)


async def test_many_desks_at_once_and_one_that_repeats_itself_write_one_digest(pool: "Pool") -> None:
    house = House(pool)
    people = [await house.subscriber(f"p{number}", chat=Chat("fake", f"c{number}")) for number in range(10)]
    for person in people:
        await house.come_due(person)
    await asyncio.gather(*(house.job().run() for _ in range(4)))
    assert len(await house.digests()) == 10
    for person in people:  # the same day again, as after a restored backup
        await house.come_due(person)
    await house.job().run()
    assert len(await house.digests()) == 10


async def test_the_next_one_is_at_the_hour_of_the_persons_own_day_wherever_they_move(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber(plan=DigestSchedule(DigestCadence.DAILY, 9))
    assert (await house.next_at(me)).hour == 0  # 9 o'clock in Seoul
    people = PostgresPeople(Database(pool, jitter=CALM))
    await people.update(Person(me, timezone="America/Phoenix"))
    await house.job().run()
    assert (await house.next_at(me)).hour == 16
    await house.notices.set_digest(me, DigestSchedule(DigestCadence.WEEKLY, 10))
    await house.job().run()
    assert ((await house.next_at(me)).hour, (await house.next_at(me)).weekday()) == (17, 0)
    assert await house.digests() == [], "moving is no reason to be told"


async def test_a_digest_that_is_hours_late_still_comes_and_one_that_is_a_day_late_does_not(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber()
    await house.come_due(me, timedelta(hours=5))
    assert await house.job().run() == 1
    await pool.execute("DELETE FROM outbox")
    await house.come_due(me, timedelta(hours=30))
    assert await house.job().run() == 0
    assert (await house.next_at(me)).timestamp() * 1000 > house.time


async def test_without_prices_it_waits_for_the_next_run_and_others_are_not_held_up(pool: "Pool") -> None:
    house = House(pool)
    me, you = await house.subscriber(), await house.subscriber("you", chat=Chat("fake", "yours"))
    account = await house.desk.account(me)
    await house.desk.place(account, "c1", Side.BUY, BTC, QuoteAmount(D(1000)))
    for person in (me, you):
        await house.come_due(person)
    house.market.down = True
    await house.job().run()
    assert [notice.positions for notice in await house.digests()] == [0], "who holds nothing needs no price"
    house.market.down = False
    await house.job().run()
    assert len(await house.digests()) == 2


async def test_it_goes_to_the_chosen_chat_or_the_private_one_seen_last_and_never_to_another_public_one(
    pool: "Pool",
) -> None:
    house = House(pool)
    group, older = Chat("fake", "-100", public=True), Chat("fake", "older")
    chosen, seen, reachless = [await house.subscriber(name, chat=older) for name in ("chosen", "seen", "reachless")]
    for person in (chosen, seen):
        await house.notices.reach(person, HOME)
        await house.notices.reach(person, group)
    await house.notices.set_home(chosen, group)
    await pool.execute("UPDATE notification_chat SET public = true WHERE person_id = $1", reachless)
    for person in (chosen, seen, reachless):
        await house.come_due(person)
    assert await house.job().run() == 3
    rows = await pool.fetch("SELECT person_id, chat_id FROM outbox")
    assert {row["person_id"]: row["chat_id"] for row in rows} == {chosen: group.chat_id, seen: HOME.chat_id}


async def test_a_digest_is_delivered_with_its_chart_of_equity(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber()
    await house.come_due(me)
    await house.job().run()
    courier = FakeCourier()
    async with running(dispatcher(pool, courier).run()):
        assert await settled(pool) == {"sent": 1}
    assert "Daily digest" in str(courier.replies[0].blocks)


async def test_a_grant_is_no_gain_of_the_day(pool: "Pool", dsn: str) -> None:
    house = House(pool)
    me = await house.subscriber()
    await house.come_due(me)
    await house.job().run()
    async with owner_of(dsn) as owner:
        await owner.execute("UPDATE account SET granted = granted + 500000 WHERE person_id = $1", me)
    house.time += 24 * HOUR
    await house.come_due(me)
    await house.job().run()
    first, second = await house.digests()
    assert second.before == first.equity + 500_000


async def test_after_a_reset_the_change_counts_from_it(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber()
    account = await house.desk.account(me)
    await house.desk.place(account, "c1", Side.BUY, BTC, QuoteAmount(D(1000)))
    await house.come_due(me)
    await house.job().run()
    anew = await house.desk.reset(account, "r1")
    house.time += 24 * HOUR
    await house.come_due(me)
    await house.job().run()
    second = (await house.digests())[-1]
    assert second.before == anew.granted == second.equity


async def test_a_first_digest_counts_from_the_start_of_its_day(pool: "Pool") -> None:
    house = House(pool)
    me = await house.subscriber()
    now = int(datetime.now(UTC).timestamp() * 1000)

    async def equity(account: Account, points: int) -> Sequence[EquityPoint]:
        hours = range(72, -1, -1)
        return [EquityPoint(now - back * HOUR, D(1_000_000 - back)) for back in hours]

    house.desk.equity = equity  # type: ignore[method-assign]
    due = await house.come_due(me)
    await house.job().run()
    (first,) = await house.digests()
    start = datetime.combine(date.fromisoformat(first.date), datetime.min.time(), ZoneInfo("Asia/Seoul"))
    assert first.since is not None
    assert timedelta(0) <= start - datetime.fromtimestamp(first.since / 1000, UTC) < timedelta(hours=1)
    assert due - start < timedelta(hours=36)
    assert first.before == 1_000_000 - (now - first.since + HOUR // 2) // HOUR
