"""Robots: the worker that trades for them, over the desks of the process or its own."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.connections.market import open_askable
from app.connections.stores import Stores
from app.settings import Settings
from app.wiring.supervision import Running, restarted
from core.clock import wall_clock
from pipeline.bus import Bus
from pipeline.market import MarketInfo
from pipeline.ports import MarketReader
from pipeline.reader import StoreReader
from trading.limits.account_limits import AccountLimits
from trading.limits.limited_desks import LimitedDesk, LimitedRestingDesk
from trading.limits.limited_stores import LimitedLedger, LimitedOrderStore
from trading.matching.liquidity import Liquidity
from trading.recurring.postgres import PostgresPlans
from trading.strategies.postgres import PostgresRobots
from trading.strategies.read_rules import read_rule
from trading.strategies.robot_trader import RobotTrader
from trading.strategies.robot_worker import RobotWorker


@asynccontextmanager
async def open_market(settings: Settings, stores: Stores, info: MarketInfo) -> AsyncIterator[StoreReader]:
    """Opens a reader of the running market that can ask for books, as orders of users are filled from them."""
    async with open_askable(settings, info, wall_clock, stores.pool) as askable:
        market = StoreReader(stores.store, stores.archive, askable, wall_clock)
        await market.refresh()
        yield market


def start_robots(
    running: Running,
    bus: Bus,
    stores: Stores,
    market: MarketReader,
    settings: Settings,
    *,
    on_told: Callable[[], None],
) -> None:
    """Starts to trade for robots; `on_told` is called after notices may have entered the outbox.

    Robots that fail start again on their own: nothing else depends on them.
    """
    jitter, used = random.Random(), Liquidity()  # noqa: S311 - spreads retries, guards nothing
    limits = AccountLimits.of(stores.pool, market, wall_clock, settings.trading, jitter)
    ledger = LimitedLedger(stores.pool, limits, jitter=jitter)
    orders = LimitedOrderStore(stores.pool, limits, jitter=jitter)
    store = PostgresRobots(stores.pool, jitter=jitter)
    trader = RobotTrader(
        store,
        LimitedDesk(market, ledger, settings.trading, wall_clock, limits, used),
        LimitedRestingDesk(market, orders, ledger, settings.trading, wall_clock, used, limits),
        market,
        PostgresPlans(stores.pool, jitter=jitter).notification_target,
    )
    worker = RobotWorker(bus, store, trader, market, read_rule, on_told=on_told)
    running(restarted("the robots", worker.run, jitter))
