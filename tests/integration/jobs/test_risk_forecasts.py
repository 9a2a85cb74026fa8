"""Forecasts of VaR on real PostgreSQL: made once a night, judged once, whatever happened in between."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg
import msgspec
import numpy as np
import pytest

from jobs.risk import risk_forecasts
from jobs.risk.risk_forecasts import RiskForecasts, RiskReport
from pipeline.errors import MarketUnavailable
from pipeline.market import DAY_MS, Candle, Interval, Symbol
from tests.fakes.priced_market import BTC, ETH, NOON, PricedMarket
from tests.support.held_symbols import HeldActions, action, hold
from tests.support.push_house import CALM
from trading.desk import Desk
from trading.ledger.corporate_actions import ActionKind
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Share, Side
from trading.portfolio.risk_forecasts import RiskForecastStore
from trading.ports import Account
from trading.risk.tables import CONFIDENCES, METHODS
from trading.risk.value_at_risk import historical_var
from trading.settings import TradingSettings

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
MIDNIGHT = NOON // DAY_MS * DAY_MS
FIRST = date(2021, 4, 5)
DAYS = 120


class House:
    """Accounts and a market whose days the test ends."""

    def __init__(self, pool: "Pool") -> None:
        self.pool = pool
        self.market = PricedMarket()
        self.market.time = MIDNIGHT + 300_000
        self.returns = np.random.default_rng(1).standard_t(5, size=(DAYS, 2)) / 40
        for column, symbol in enumerate((BTC, ETH)):
            closes = 100 * np.cumprod(1 + self.returns[:, column])
            for day, close in enumerate(closes):
                self.close(symbol, float(close), day - DAYS)
        self.market.say(BTC, "99.99", "100.01")
        self.market.say(ETH, "9.99", "10.01")
        self.desk = Desk(self.market, PostgresLedger(pool, jitter=CALM), TradingSettings(), self.market.now)
        self.store = RiskForecastStore(pool, jitter=CALM)
        self.orders = 0

    def close(self, symbol: Symbol, price: float, day: int) -> None:
        """Ends a day, counted from the first, at a price."""
        candle = Candle(symbol, MIDNIGHT + day * DAY_MS, price, price, price, price, 1.0)
        self.market.history.setdefault(symbol, []).append(candle)

    async def account(self, person: int) -> Account:
        return await self.desk.open(person, f"start-{person}-{self.market.identity}")

    async def buy(self, account: Account, symbol: Symbol = BTC, amount: int = 500_000) -> None:
        self.orders += 1
        await self.desk.place(account, f"buy-{self.orders}", Side.BUY, symbol, QuoteAmount(D(amount)))

    async def run(self) -> RiskReport:
        return await RiskForecasts(self.pool, self.market, self.market.now, jitter=CALM).run()

    async def next_night(self, days: int = 1) -> RiskReport:
        self.market.pass_time(days * DAY_MS)
        return await self.run()


async def test_a_night_is_forecast_once_and_judged_on_the_frozen_portfolio(pool: "Pool") -> None:
    house = House(pool)
    me, idle = await house.account(1), await house.account(2)
    await house.buy(me)
    assert str(await house.run()) == "1 forecasts, 0 of them at doubtful closes; 0 judged"
    assert await house.run() == RiskReport()
    row = await pool.fetchrow("SELECT *, positions->'BTCUSDC'->>0 AS weight FROM risk_forecast")
    assert row is not None
    weight = float(row["weight"])
    assert 0.3 < weight < 0.7
    expected = historical_var(weight * house.returns[1:, 0], 0.95)
    assert row["historical_95"] == pytest.approx(float(expected))
    assert row["day"] == FIRST
    last = house.market.history[BTC][-1].close
    await house.desk.place(me, "all", Side.SELL, BTC, Share(D(1)))
    house.close(BTC, last * 0.9, 0)
    assert await house.next_night() == RiskReport(judged=1), "an account that sold everything is judged, not forecast"
    (night,) = await house.store.record(me.account_id)
    assert night.realised == pytest.approx(-0.1 * weight)
    assert (night.day, night.doubtful, night.figures.shape) == (FIRST, 0, (len(METHODS), len(CONFIDENCES)))
    assert night.figures[0, 0] == pytest.approx(float(expected))
    assert await house.run() == RiskReport()
    assert await house.store.record(idle.account_id) == []


async def test_many_desks_at_once_forecast_and_judge_every_account_once(
    pool: "Pool", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(risk_forecasts, "BATCH_SIZE", 2)
    house = House(pool)
    for person in range(1, 8):
        await house.buy(await house.account(person), amount=1000 * person)
    made = await asyncio.gather(*(house.run() for _ in range(3)))
    assert sum(each.made for each in made) == 7
    house.close(BTC, 100, 0)
    house.market.pass_time(DAY_MS)
    judged = await asyncio.gather(*(house.run() for _ in range(3)))
    assert sum(each.judged for each in judged) == 7
    assert await pool.fetchval("SELECT count(*) FROM risk_forecast") == 14


async def test_after_downtime_old_nights_are_judged_and_missed_ones_are_not_invented(pool: "Pool") -> None:
    house = House(pool)
    me = await house.account(1)
    await house.buy(me)
    await house.run()
    last = house.market.history[BTC][-1].close
    for day in range(3):
        house.close(BTC, last * 1.1 ** (day + 1), day)
    house.market.pass_time(12 * 3_600_000)
    assert await house.next_night(3) == RiskReport(judged=1), "at noon it is too late to forecast the day"
    (night,) = await house.store.record(me.account_id)
    assert night.realised == pytest.approx(0.1 * 0.5, rel=0.5)


async def test_stale_closes_are_flagged_and_days_without_any_are_given_up(pool: "Pool") -> None:
    house = House(pool)
    me = await house.account(1)
    await house.buy(me, BTC, 300_000)
    await house.buy(me, ETH, 30_000)
    house.market.history[ETH].pop()
    assert await house.run() == RiskReport(1, 1)
    with pytest.raises(MarketUnavailable):
        await house.next_night()
    assert await house.store.record(me.account_id) == []
    house.close(BTC, house.market.history[BTC][-1].close * 0.5, 0)
    assert (await house.run()).judged == 1
    (night,) = await house.store.record(me.account_id)
    assert night.realised is not None
    assert night.realised < 0
    assert night.doubtful == 2, "ETH had no close at either end"
    house.market.pass_time(10 * DAY_MS)
    with pytest.raises(MarketUnavailable):
        await house.run()
    assert [each.realised for each in await house.store.record(me.account_id)][1:] == [None]


async def test_a_short_history_and_a_market_without_candles_give_no_forecast(pool: "Pool") -> None:
    house = House(pool)
    await house.buy(await house.account(1))
    house.market.history = {BTC: house.market.history[BTC][-20:]}
    assert await house.run() == RiskReport()
    house.market.history = {}
    with pytest.raises(MarketUnavailable):
        await house.run()


async def test_other_markets_have_their_own_nights_and_old_ones_are_deleted(pool: "Pool") -> None:
    house = House(pool)
    await house.buy(await house.account(1))
    house.market.identity = "another"
    assert await house.run() == RiskReport()
    house.market.identity = ""
    assert (await house.run()).made == 1
    house.market.pass_time(501 * DAY_MS)
    house.market.history[BTC] = [
        Candle(BTC, each.open_time + 501 * DAY_MS, 1.0, 1.0, 1.0, each.close, 1.0) for each in house.market.history[BTC]
    ]
    await house.run()
    days = [row["day"] for row in await pool.fetch("SELECT day FROM risk_forecast")]
    assert days == [FIRST + timedelta(days=501)]


async def test_a_redenomination_is_no_loss_and_its_decision_is_waited_for(pool: "Pool", owner_pool: "Pool") -> None:
    house, actions = House(pool), HeldActions(owner_pool)
    me, other = await house.account(1), await house.account(2)
    await house.buy(me)
    await house.buy(other, ETH, 1000)
    await house.run()
    last = house.market.history[BTC][-1].close
    market = house.market.info().market
    await hold(owner_pool, market=market, since_ms=MIDNIGHT + 12 * 3_600_000)
    house.close(BTC, last * 0.9 / 1000, 0)  # the price is of the new unit, and nobody has decided so yet
    house.close(ETH, house.market.history[ETH][-1].close, 0)
    assert await house.next_night() == RiskReport(made=1, judged=1), "only who does not hold the coin"
    await actions.apply(action(ActionKind.REDENOMINATION, market=market, ratio=D(1000)))
    house.market.history[BTC] = [  # candles come in the present unit
        each if each.open_time >= MIDNIGHT else msgspec.structs.replace(each, close=each.close / 1000)
        for each in house.market.history[BTC]
    ]
    assert await house.run() == RiskReport(made=1, judged=1)
    (night,) = await house.store.record(me.account_id)
    assert night.realised is not None
    assert -0.07 < night.realised < -0.03, "a tenth of a half"


async def test_a_unit_that_changes_while_closes_are_read_waits_for_the_next_run(
    pool: "Pool", owner_pool: "Pool", monkeypatch: pytest.MonkeyPatch
) -> None:
    house, actions = House(pool), HeldActions(owner_pool)
    me = await house.account(1)
    await house.buy(me)
    await house.run()
    house.close(BTC, house.market.history[BTC][-1].close / 1000, 0)
    house.market.pass_time(DAY_MS)
    read = house.market.candles

    async def candles(symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
        found = await read(symbol, interval, count)
        if symbol == BTC and not await owner_pool.fetchval("SELECT count(*) FROM corporate_action"):
            where = house.market.info().market
            await hold(owner_pool, market=where, since_ms=MIDNIGHT + 1)
            await actions.apply(action(ActionKind.REDENOMINATION, market=where, ratio=D(1000)))
        return found

    monkeypatch.setattr(house.market, "candles", candles)
    with pytest.raises(MarketUnavailable):
        await house.run()
    assert await house.store.record(me.account_id) == []
    assert (await house.run()).judged == 1
    (night,) = await house.store.record(me.account_id)
    assert night.realised == pytest.approx(0)
