"""A market, a desk on real PostgreSQL that ends with a clean audit, and an account."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.fakes.priced_market import PricedMarket
from tests.integration.trading.desk_figures import WALL
from trading.desk import Desk
from trading.ledger.audit import audit
from trading.ledger.postgres import PostgresLedger
from trading.ports import Account
from trading.settings import TradingSettings


@pytest.fixture
def market() -> PricedMarket:
    return PricedMarket()


@pytest.fixture
async def desk(market: PricedMarket, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[Desk]:
    yield Desk(market, PostgresLedger(pool), TradingSettings(), lambda: WALL)
    owner = await asyncpg.connect(dsn)
    try:
        assert (await audit(owner)).findings == []
    finally:
        await owner.close()


@pytest.fixture
async def account(desk: Desk) -> Account:
    return await desk.open(1, "start")
