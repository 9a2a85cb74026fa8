"""Users who place groups of orders on real PostgreSQL, at prices and times of a test."""

from collections.abc import Mapping
from decimal import Decimal

import asyncpg

from pipeline.market import Symbol
from tests.fakes.priced_market import BTC, COIN, ETH
from tests.support.limits_house import LimitsHouse
from trading.ledger.market_order_booking import MarketOrders
from trading.limits.limited_stores import LimitedLedger
from trading.matching.liquidity import Liquidity
from trading.order_groups.placement import GroupTrading
from trading.order_groups.postgres import PostgresGroupStore
from trading.order_groups.types import GroupPreview, GroupResult
from trading.orders.types import Side
from trading.ports import Account
from trading.settings import TradingSettings

D = Decimal
HALVES = {BTC: D("0.5"), COIN: D("0.5")}


class GroupHouse(LimitsHouse):
    """Desk of a user with BTC for 30,000, of which half is to become COIN by HALVES, and ETH for 30,000."""

    def restart(self) -> None:
        """Makes every part anew, as a start of the desk does."""
        super().restart()
        self.say("20", COIN)
        settings = TradingSettings()
        self.ledger = LimitedLedger(self.pool, self.limits)
        self.store = PostgresGroupStore(self.pool)
        orders = MarketOrders(self.market, self.ledger, settings, Liquidity())
        self.groups = GroupTrading(self.market, self.ledger, orders, self.store, self.limits, settings, self.clock)

    async def stocked(self) -> Account:
        """Opens an account with BTC for 30,000 and ETH for 30,000."""
        account = await self.open()
        await self.buy(account, "30000")
        await self.buy(account, "30000", ETH)
        self.market.pass_time(1000)
        return account

    async def plan(
        self, account: Account, weights: Mapping[Symbol, Decimal] = HALVES, *, with_cash: bool = False
    ) -> GroupPreview:
        return await self.groups.plan(account, weights, with_cash=with_cash)

    async def counts(self) -> int:
        """Number of market orders in the ledger."""
        return int(await self.pool.fetchval("SELECT count(*) FROM orders"))


def told(result: GroupResult) -> list[tuple[Side, Symbol, str]]:
    """Sides, symbols and `done`, the code of the refusal, or `waits`."""
    return [
        (
            each.order.side,
            each.order.symbol,
            "done" if each.receipt else each.obstacle.code if each.obstacle else "waits",
        )
        for each in result.results
    ]


def pool_of(dsn: str) -> "asyncpg.pool.Pool[asyncpg.Record]":
    """Returns a pool of the application's role, to be opened."""
    return asyncpg.create_pool(dsn, min_size=0, max_size=4, server_settings={"role": "paperdesk_app"})
