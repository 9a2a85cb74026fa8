"""A coin that is renamed, converted or redenominated inside a period is no return and no trade."""

from decimal import Decimal

import asyncpg
import pytest

from pipeline.archive.postgres import CandleArchive
from pipeline.market import DAY_MS, Symbol
from tests.fakes.daily_market import DailyMarket
from tests.fakes.priced_market import BTC, rules_for
from tests.support.held_symbols import HeldActions, hold
from trading.desk import Desk
from trading.ledger.corporate_actions import ActionKind, CorporateAction
from trading.ledger.performance import PostgresPerformance
from trading.ledger.postgres import PostgresLedger
from trading.orders.types import QuoteAmount, Side
from trading.reports.performance import PerformancePeriod
from trading.settings import TradingSettings

D = Decimal
NEW = Symbol("NEWUSDC")


@pytest.mark.parametrize(
    ("kind", "ratio"),
    [
        (ActionKind.RENAME, D(1)),
        (ActionKind.CONVERSION, D(4)),
        (ActionKind.REDENOMINATION, D(10)),
    ],
)
async def test_an_action_inside_the_period_is_no_return(
    pool: "asyncpg.Pool[asyncpg.Record]",
    owner_pool: "asyncpg.Pool[asyncpg.Record]",
    kind: ActionKind,
    ratio: Decimal,
) -> None:
    market = DailyMarket(CandleArchive(pool))
    desk = Desk(market, PostgresLedger(pool), TradingSettings(), market.wall)
    market.listed[NEW] = rules_for("NEW")
    await market.close(market.time, BTCUSDC=100.0)
    account = await desk.open(1, "start")
    await desk.place(account, "buy", Side.BUY, BTC, QuoteAmount(D(500_000)))
    for price in (110.0, 120.0):
        await market.close(market.midnight(), BTCUSDC=price)
    before = await desk.portfolio(account)
    goes_on = kind is ActionKind.REDENOMINATION
    into = None if goes_on else NEW
    market.pass_time(3600_000)
    price = 120.0 / float(ratio)
    await hold(owner_pool, market=account.market, since_ms=market.time)
    await HeldActions(owner_pool, clock=market.wall).apply(
        CorporateAction("a", account.market, BTC, kind, "a test", ratio, into, None if goes_on else "NEW", None)
    )
    coin = BTC if goes_on else NEW
    for _ in range(2):
        await market.close(market.midnight(), **{str(coin): price})
    market.pass_time(3600_000)
    after = await desk.portfolio(account)
    assert float(after.equity) == pytest.approx(float(before.equity), rel=1e-5)
    found = await PostgresPerformance(pool, market, market.archive).report(account, PerformancePeriod())
    assert found.time_weighted == pytest.approx(float(after.equity) / 1_000_000 - 1, rel=1e-4)
    assert [row.returned for row in found.days[2:4]] == pytest.approx([0, 0], abs=1e-4)
    assert (found.executions, found.money.flows, found.gaps) == (1, 0, 0)
    assert found.end - found.start > 3 * DAY_MS
