"""What is drawn into a chart of the person's own: trades and average cost, read from real PostgreSQL."""

from dataclasses import replace
from decimal import Decimal

import asyncpg
import pytest

from tests.fakes.priced_market import BTC, ETH, NOON, PricedMarket
from trading.desk import Desk
from trading.ledger import postgres
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import BaseQuantity, Share, Side
from trading.ports import Account, OwnTrade, SymbolActivity
from trading.settings import TradingSettings

D = Decimal
ONE = BaseQuantity(D(1))


@pytest.fixture
def market() -> PricedMarket:
    return PricedMarket()


@pytest.fixture
def desk(market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]") -> Desk:
    return Desk(market, PostgresLedger(pool), TradingSettings(), lambda: 1_700_000_000_000)


@pytest.fixture
async def account(desk: Desk) -> Account:
    return await desk.open(1, "start")


async def test_trades_come_oldest_first_with_their_time_side_and_price(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    first = await desk.place(account, "a", Side.BUY, BTC, ONE)
    market.pass_time(60_000)
    await desk.place(account, "b", Side.BUY, ETH, ONE)
    second = await desk.place(account, "c", Side.SELL, BTC, BaseQuantity(D("0.4")))
    stake = await desk.symbol_activity(1, BTC, NOON)
    assert stake.trades == (
        OwnTrade(first.order_id, NOON, Side.BUY, first.execution.average_price),
        OwnTrade(second.order_id, NOON + 60_000, Side.SELL, second.execution.average_price),
    )
    assert (await desk.symbol_activity(1, BTC, NOON + 1)).trades == stake.trades[1:]


async def test_the_average_cost_is_the_portfolios(desk: Desk, account: Account, market: PricedMarket) -> None:
    await desk.place(account, "a", Side.BUY, BTC, ONE)
    market.say(BTC, "119.99", "120.01")
    await desk.place(account, "b", Side.BUY, BTC, ONE)
    await desk.place(account, "c", Side.SELL, BTC, BaseQuantity(D("0.5")))
    (position,) = (await desk.portfolio(account)).positions
    assert (await desk.symbol_activity(1, BTC, NOON + 999_999)) == SymbolActivity(position.average_cost, ())


async def test_what_was_sold_out_costs_nothing_and_its_trades_stay(desk: Desk, account: Account) -> None:
    await desk.place(account, "a", Side.BUY, BTC, ONE)
    await desk.place(account, "b", Side.SELL, BTC, Share(D(1)))
    stake = await desk.symbol_activity(1, BTC, 0)
    assert stake.average_cost is None
    assert [trade.side for trade in stake.trades] == [Side.BUY, Side.SELL]


async def test_a_stake_is_of_this_person_this_market_and_this_round(
    desk: Desk, account: Account, market: PricedMarket
) -> None:
    await desk.place(account, "a", Side.BUY, BTC, ONE)
    other = await desk.open(2, "start-2")
    assert await desk.symbol_activity(2, BTC, 0) == SymbolActivity()
    assert await desk.symbol_activity(3, BTC, 0) == SymbolActivity(), "no account, no trades"
    market.identity = "elsewhere"
    assert await desk.symbol_activity(1, BTC, 0) == SymbolActivity()
    market.identity = ""
    await desk.reset(account, "reset")
    assert await desk.symbol_activity(1, BTC, 0) == SymbolActivity()
    await desk.place(replace(account, round=2), "b", Side.BUY, BTC, ONE)
    assert len((await desk.symbol_activity(1, BTC, 0)).trades) == 1
    assert await desk.symbol_activity(other.person_id, BTC, 0) == SymbolActivity()


async def test_only_the_newest_trades_are_given_and_looked_through(
    desk: Desk, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        await desk.place(account, f"b{number}", Side.BUY, BTC, ONE)
    await desk.place(account, "e", Side.BUY, ETH, ONE)
    everything = (await desk.symbol_activity(1, BTC, 0)).trades
    monkeypatch.setattr(postgres, "MAX_TRADES", 2)
    assert (await desk.symbol_activity(1, BTC, 0)).trades == everything[-2:]
    monkeypatch.setattr(postgres, "LOOKED_THROUGH", 2)
    assert (await desk.symbol_activity(1, BTC, 0)).trades == everything[-1:]


async def test_a_long_history_is_not_read_through(
    desk: Desk, account: Account, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    """The plan takes the newest entries from the account's index and stops."""
    await desk.place(account, "a", Side.BUY, BTC, ONE)
    async with pool.acquire() as connection, connection.transaction():
        for other in ("seqscan", "bitmapscan", "sort"):  # as if the tables were large
            await connection.execute(f"SET LOCAL enable_{other} = off")
        plan = await connection.fetch(
            "EXPLAIN " + postgres.SQL["stake"], 1, account.market, account.quote_asset, BTC, 0, 1000, 100
        )
    text = "\n".join(row[0] for row in plan)
    assert "Index Scan Backward using entry_by_account" in text
