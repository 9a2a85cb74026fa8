"""A price from before a redenomination is never that of a coin after it: not for a sale, and not for a valuation."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.database import Pool
from jobs.equity_snapshots import EquitySnapshots
from pipeline.archive.candle_history import CandleHistory
from pipeline.archive.postgres import CandleArchive
from pipeline.errors import SymbolHalted
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol
from pipeline.rules import HELD
from tests.fakes.priced_market import BTC, NOON
from tests.integration.trading.test_delisting import ALL, ListedMarket
from tests.support.held_symbols import HeldActions, action, hold
from tests.support.push_house import CALM
from tests.support.trading_house import findings
from trading.desk import Desk
from trading.errors import PriceOfFormerUnit
from trading.ledger.corporate_actions import ActionKind, CorporateAction
from trading.ledger.performance import PostgresPerformance
from trading.ledger.postgres import PostgresLedger
from trading.ledger.statements import PostgresStatements
from trading.orders.types import QuoteAmount, Side
from trading.ports import Account
from trading.reports.performance import PerformancePeriod
from trading.settings import TradingSettings

D = Decimal
HOUR = 60 * MINUTE_MS
WEEK = 169 * HOUR


class House:
    """Two accounts that bought, on a market that then falls silent."""

    def __init__(self, pool: Pool, owner_pool: Pool) -> None:
        self.pool = pool
        self.market = ListedMarket()
        ledger = PostgresLedger(pool, jitter=CALM)
        self.desk = Desk(self.market, ledger, TradingSettings(fee_rate=D(0)), lambda: self.market.time)
        self.actions = HeldActions(owner_pool, batch=1, clock=lambda: self.market.time)
        self.accounts: list[Account] = []
        self.once = self.thousandfold("one")

    def thousandfold(self, name: str) -> CorporateAction:
        return action(ActionKind.REDENOMINATION, name, market=self.market.info().market, ratio=D(1000))

    async def open(self) -> None:
        for person in (1, 2):
            account = await self.desk.open(person, f"start-{person}")
            await self.desk.place(account, f"buy-{person}", Side.BUY, BTC, QuoteAmount(D(300)))
            self.accounts.append(account)

    def silent(self, ms: int, status: str) -> None:
        if status == "DELISTED":
            self.market.delist(BTC)
        else:
            self.market.listed[BTC] = replace(self.market.listed[BTC], status=status)
        self.market.pass_silence(ms)

    async def equities(self) -> list[Decimal]:
        return [(await self.desk.portfolio(account)).equity for account in self.accounts]


@pytest.fixture
async def house(pool: Pool, owner_pool: Pool) -> House:
    made = House(pool, owner_pool)
    await made.open()
    return made


@pytest.mark.parametrize("ms", [HOUR, WEEK])
async def test_nothing_of_a_held_symbol_is_sold_however_old_its_price_is(house: House, ms: int) -> None:
    house.silent(ms, HELD)
    await house.actions.first_batch(house.once)
    for account in house.accounts:
        with pytest.raises(SymbolHalted):
            await house.desk.place(account, f"sale-{account.account_id}", Side.SELL, BTC, ALL)
        with pytest.raises(SymbolHalted):
            await house.desk.preview(account, Side.SELL, BTC, ALL)


@pytest.mark.parametrize(("status", "ms"), [("DELISTED", HOUR), ("HALT", WEEK)])
async def test_what_was_multiplied_is_not_sold_at_the_last_price(house: House, dsn: str, status: str, ms: int) -> None:
    house.silent(ms, status)
    await house.actions.apply(house.once)
    first = house.accounts[0]
    with pytest.raises(PriceOfFormerUnit):
        await house.desk.place(first, "sale", Side.SELL, BTC, ALL)
    with pytest.raises(PriceOfFormerUnit):
        await house.desk.preview(first, Side.SELL, BTC, ALL)
    house.market.say(BTC, "0.1", "0.1", "10000")
    house.market.listed[BTC] = replace(house.market.listed[BTC], status="TRADING", lot=None)
    sold = await house.desk.place(first, "sale", Side.SELL, BTC, ALL)
    assert (sold.execution.quantity, sold.execution.received) == (2999_700 / D(1000), D("299.97"))
    assert await findings(dsn) == []


async def test_dust_at_the_last_price_is_left(house: House) -> None:
    """A coin of less than the smallest order, of a halted symbol, in the unit of before."""
    first = house.accounts[0]
    house.silent(WEEK, "HALT")
    await house.actions.apply(replace(house.once, ratio=D("0.00001")))
    sale = await house.desk.preview_dust(first)
    assert sale.crumbs == ()
    assert [type(each.reason) for each in sale.kept] == [PriceOfFormerUnit]


async def test_accounts_keep_their_worth_through_a_redenomination(house: House, owner_pool: Pool, dsn: str) -> None:
    market, first = house.market, house.accounts[0]
    archive = CandleArchive(house.pool)
    await archive.insert(market.info().market, [Candle(BTC, NOON, 100.0, 100.0, 100.0, 100.0, 1.0)])
    history = CandleHistory(archive, None)

    async def candles(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        return await history.candles(market.info().market, symbol, interval, count, market.time)

    market.candles = candles  # type: ignore[method-assign]
    statements = PostgresStatements(house.pool, None, archive, lambda: market.time, jitter=CALM)
    worth = await house.equities()
    market.pass_silence(10 * MINUTE_MS)
    await hold(owner_pool, market=market.info().market, since_ms=market.time)
    await house.actions.first_batch(house.once)
    assert await house.equities() == worth, "one account counts in new coins, the other in old ones"
    await house.actions.apply(house.once)
    assert await house.equities() == worth

    jobs = EquitySnapshots(house.pool, market, lambda: market.time, jitter=CALM)
    await jobs.run()
    stored = await house.pool.fetch("SELECT equity FROM equity_snapshot ORDER BY account_id")
    assert [row["equity"] for row in stored] == worth

    market.pass_silence(10 * MINUTE_MS)
    for minutes, quantity in ((1, "2.9997"), (15, "2999.7"), (20, "2999.7")):  # before the action, after it, and now
        at = datetime.fromtimestamp((NOON + minutes * MINUTE_MS) / 1000, UTC)
        stated = (await statements.statement(first, at)).portfolio
        assert (stated.positions[0].quantity, stated.equity) == (D(quantity), worth[0])
    curve = await house.desk.equity(first, 21)
    assert {point.equity for point in curve[1:]} == {worth[0]}, "no summit and no abyss"
    market.say(BTC, "0.2", "0.2")
    assert await house.equities() == [each + D("299.97") for each in worth], "a price of the new unit is as it is"
    assert await findings(dsn) == []


async def test_candles_of_before_are_in_the_present_unit(house: House) -> None:
    market = house.market.info().market
    archive = CandleArchive(house.pool)
    start = NOON - 2 * HOUR
    rows = [
        Candle(BTC, start + minute * MINUTE_MS, 100.0, 110.0, 90.0, 100.0, 2.0, 200.0)
        if minute < 90
        else Candle(BTC, start + minute * MINUTE_MS, 0.1, 0.11, 0.09, 0.1, 2000.0, 200.0)
        for minute in range(120)
    ]
    await archive.insert(market, rows)
    await hold(house.actions.pool, market=market, since_ms=start + 90 * MINUTE_MS)
    await house.actions.apply(house.once)
    await house.actions.pool.execute("UPDATE corporate_action SET unit_since_ms = $1", start + 90 * MINUTE_MS)
    history = CandleHistory(archive, None)
    for interval, count in ((Interval.M1, 120), (Interval.H1, 2)):
        found = await history.candles(market, BTC, interval, count, NOON)
        assert len(found) == count
        for candle in found:
            assert (candle.open, candle.high, candle.low, candle.close) == pytest.approx((0.1, 0.11, 0.09, 0.1))
            assert (candle.volume, candle.quote_volume) == pytest.approx(
                (2000 * interval.ms / MINUTE_MS, 200 * interval.ms / MINUTE_MS)
            )
    await house.actions.undo("one")
    assert {each.close for each in await history.candles(market, BTC, Interval.M1, 120, NOON)} == {100.0, 0.1}


async def test_the_prices_that_limits_remember_follow_the_unit(house: House) -> None:
    owner = house.actions.pool
    for account in house.accounts:
        await owner.execute(
            "INSERT INTO account_limit_state (account_id, round, adjusted, equity, marks, valued_at, day_start,"
            " day_ends, peak, peak_at) VALUES ($1, 1, 0, 1, $2, now(), 1, now(), 1, now())",
            account.account_id,
            '{"BTCUSDC": 100, "ETHUSDC": 10}',
        )
    marks = (
        "SELECT marks->>'BTCUSDC' || ' ' || (marks->>'ETHUSDC') AS known FROM account_limit_state ORDER BY account_id"
    )
    await house.actions.first_batch(house.once)
    known = [row["known"].split() for row in await owner.fetch(marks)]
    assert [[D(price) for price in prices] for prices in known] == [[D("0.1"), 10], [100, 10]]
    await house.actions.undo("one")
    assert {D(row["known"].split()[0]) for row in await owner.fetch(marks)} == {D(100)}


async def test_performance_knows_no_jump(house: House, owner_pool: Pool) -> None:
    """Days before and after a redenomination, in which the price stays what it is."""
    market, first = house.market, house.accounts[0]
    archive = CandleArchive(house.pool)
    midnight = NOON // DAY_MS * DAY_MS + DAY_MS
    old, new = (100.0,) * 4, (0.1,) * 4
    days = [Candle(BTC, midnight - MINUTE_MS, *old, 1.0), Candle(BTC, midnight + DAY_MS - MINUTE_MS, *new, 1.0)]
    await archive.insert(market.info().market, days)
    market.time = midnight + HOUR
    await hold(owner_pool, market=market.info().market, since_ms=market.time)
    await house.actions.apply(house.once)
    market.time = midnight + DAY_MS + HOUR
    market.say(BTC, "0.1", "0.1")
    reports = PostgresPerformance(house.pool, market, archive, jitter=CALM)
    report = await reports.report(first, PerformancePeriod(days=7))
    assert report.gaps == 0
    assert report.time_weighted == pytest.approx(0, abs=1e-6)
    assert report.deepest is None or report.deepest.depth > -1e-6
    assert [figures.total for figures in report.benchmarks] == pytest.approx([0, 0], abs=1e-3)
