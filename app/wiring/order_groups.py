"""Wiring of the groups of orders, which the bot confirms and jobs place and resume."""

import random

from core.clock import wall_clock
from core.database import Pool
from trading.ledger.market_order_booking import MarketOrders
from trading.ledger.ports import Ledger
from trading.limits.ports import LimitGuard
from trading.market_data import DeskMarket
from trading.matching.liquidity import Liquidity
from trading.order_groups.placement import GroupTrading
from trading.order_groups.postgres import PostgresGroupStore
from trading.settings import TradingSettings


def open_order_groups(  # noqa: PLR0917 - each is one service
    pool: Pool,
    market: DeskMarket,
    ledger: Ledger,
    limits: LimitGuard,
    settings: TradingSettings,
    used: Liquidity,
    jitter: random.Random,
) -> GroupTrading:
    """Returns the groups of a desk; `used` is the record of displayed quantity that the desk shares."""
    orders = MarketOrders(market, ledger, settings, used)
    store = PostgresGroupStore(pool, jitter=jitter)
    return GroupTrading(market, ledger, orders, store, limits, settings, wall_clock)
