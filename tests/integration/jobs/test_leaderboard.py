"""Daily equity on real PostgreSQL: the same figure as the portfolio's, once a day, comparable over time."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import pytest

from jobs import equity_snapshots
from jobs.equity_snapshots import EquitySnapshots, SnapshotReport
from people.identity.ports import Identity
from pipeline.errors import MarketUnavailable
from tests.fakes.priced_market import BTC, ETH, PricedMarket
from tests.support.people_house import ALICE, BOB, house_of
from tests.support.push_house import CALM
from trading.desk import Desk
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Share, Side
from trading.portfolio.equity_snapshots import EquitySnapshotStore
from trading.ports import Account
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
FIRST = date(2026, 11, 22)


class House:
    """Accounts, prices and days that the test moves."""

    def __init__(self, pool: "Pool") -> None:
        self.pool = pool
        self.now = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
        self.market = PricedMarket()
        self.desk = Desk(self.market, PostgresLedger(pool, jitter=CALM), TradingSettings(), self.clock)
        self.book = EquitySnapshotStore(pool, jitter=CALM)
        self.orders = 0

    def clock(self) -> int:
        return int(self.now.timestamp() * 1000)

    def job(self) -> EquitySnapshots:
        return EquitySnapshots(self.pool, self.market, self.clock, jitter=CALM)

    async def account(self, person: int) -> Account:
        return await self.desk.open(person, f"start-{person}-{self.market.identity}")

    async def buy(self, account: Account, amount: int = 10_000) -> None:
        self.orders += 1
        await self.desk.place(account, f"buy-{self.orders}", Side.BUY, BTC, QuoteAmount(D(amount)))

    async def next_day(self) -> SnapshotReport:
        self.now += timedelta(days=1)
        return await self.job().run()

    async def standings(self, days: int = 30, limit: int = 100) -> list[tuple[int, str]]:
        found = await self.book.standings(self.market.info().market, "USDC", FIRST, FIRST + timedelta(days=days), limit)
        return [(each.person_id, f"{each.gain:.3f}") for each in found]


async def test_a_snapshot_is_what_the_portfolio_says_and_there_is_one_a_day(pool: "Pool") -> None:
    house = House(pool)
    me, idle = await house.account(1), await house.account(2)
    await house.buy(me)
    house.market.say(BTC, "149.99", "150.01")
    equity = (await house.desk.portfolio(me)).equity
    assert str(await house.job().run()) == "2 accounts, 0 of them at doubtful prices"
    house.market.say(BTC, "1.99", "2.01")
    assert await house.job().run() == SnapshotReport()
    (mine,), (theirs,) = await house.book.series(me.account_id, FIRST), await house.book.series(idle.account_id, FIRST)
    assert (mine.day, mine.equity, mine.granted) == (FIRST, equity, me.granted)
    assert theirs.equity == idle.granted
    assert await pool.fetchval("SELECT trades FROM equity_snapshot WHERE account_id = $1", me.account_id) == 1
    assert await house.next_day() == SnapshotReport(2)
    assert [each.day for each in await house.book.series(me.account_id, FIRST)] == [FIRST, FIRST + timedelta(days=1)]
    assert len(await house.book.series(me.account_id, FIRST + timedelta(days=1))) == 1
    assert (await house.book.series(me.account_id, FIRST, 1))[0].day == FIRST + timedelta(days=1)


async def test_many_desks_at_once_value_every_account_once(pool: "Pool", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equity_snapshots, "BATCH_SIZE", 3)
    house = House(pool)
    for person in range(1, 12):
        await house.account(person)
    done = await asyncio.gather(*(house.job().run() for _ in range(4)))
    assert sum(taken.accounts for taken in done) == 11
    assert await pool.fetchval("SELECT count(*) FROM equity_snapshot") == 11


async def test_positions_without_a_price_or_with_an_old_one_are_counted_and_a_market_that_is_down_leaves_the_day_open(
    pool: "Pool",
) -> None:
    house = House(pool)
    me = await house.account(1)
    await house.buy(me)
    await house.desk.place(me, "eth", Side.BUY, ETH, QuoteAmount(D(1000)))
    house.market.down = True
    with pytest.raises(MarketUnavailable):
        await house.job().run()
    house.market.down = False
    del house.market.listed[ETH]
    house.market.time += 3_600_000
    assert await house.job().run() == SnapshotReport(1, 1)
    row = await pool.fetchrow("SELECT unpriced, stale FROM equity_snapshot")
    assert row is not None
    assert tuple(row) == (1, 1)


async def test_other_markets_and_closed_accounts_are_not_valued(pool: "Pool") -> None:
    house = House(pool)
    await house.account(1)
    house.market.identity = "another"
    await house.account(1)
    assert await house.job().run() == SnapshotReport(1)
    assert await house.standings() == [(1, "0.000")]
    house.market.identity = ""
    assert await house.job().run() == SnapshotReport(1)


async def test_standings_go_by_what_was_gained_since_the_first_day_and_a_reset_begins_anew(pool: "Pool") -> None:
    house = House(pool)
    accounts = [await house.account(person) for person in (1, 2, 3)]
    await house.buy(accounts[0], 50_000)
    await house.buy(accounts[2], 20_000)
    await house.job().run()
    house.market.say(BTC, "199.99", "200.01")
    late = await house.account(4)
    await house.next_day()
    gains = await house.standings()
    assert [person for person, _ in gains] == [1, 3, 2, 4]
    assert gains[2:] == [(2, "0.000"), (4, "0.000")]
    assert await house.standings(limit=1) == gains[:1]
    assert (await house.standings(days=0))[0] == (1, "0.000"), "on the first day nobody has gained"
    await house.desk.reset(accounts[0], "anew")
    await house.buy(late, 1000)
    await house.desk.place(accounts[2], "all", Side.SELL, BTC, Share(D(1)))
    await house.next_day()
    assert [person for person, _ in await house.standings()] == [3, 1, 2, 4], "the fee is lost"
    assert dict(await house.standings())[1] == "0.000"


async def test_what_was_gained_before_the_first_day_and_before_a_reset_does_not_count(pool: "Pool") -> None:
    house = House(pool)
    keen, anew = await house.account(1), await house.account(2)
    for account in (keen, anew):
        await house.buy(account, 100_000)
    house.market.say(BTC, "199.99", "200.01")
    await house.job().run()
    await house.desk.reset(anew, "anew")
    await house.next_day()
    assert await house.standings() == [(1, "0.000"), (2, "0.000")]
    found = await house.book.standings(house.market.info().market, "USDC", FIRST, FIRST + timedelta(days=9))
    assert {each.person_id: each.began > 1_050_000 for each in found} == {1: True, 2: False}


async def test_what_is_merged_in_is_no_gain_and_who_left_stands_nowhere(pool: "Pool", dsn: str) -> None:
    async with house_of(pool, dsn) as house:
        day = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
        market = house.market
        carol = Identity("console", "c")
        for who in (ALICE, BOB, carol):
            person = await house.person(who)
            await house.desk.open(person, f"open-{person}")
        alice = await house.person(ALICE)
        await EquitySnapshots(pool, market, lambda: int(day.timestamp() * 1000), jitter=CALM).run()
        await house.linked(ALICE, BOB, "merge")
        await house.identities.forget(await house.person(carol), house.now, house.now)
        tomorrow = day + timedelta(days=1)
        taken = await EquitySnapshots(pool, market, lambda: int(tomorrow.timestamp() * 1000), jitter=CALM).run()
        assert taken == SnapshotReport(1)
        book = EquitySnapshotStore(pool, jitter=CALM)
        (only,) = await book.standings(market.info().market, "USDC", day.date(), tomorrow.date())
        assert (only.person_id, only.gain, only.began) == (alice, 0, 1_000_000)
        exported = (await house.identities.export(alice, house.now)).decode()
        assert exported.count('"day" : "2026-11-2') == 3, "those of the merged account too"
