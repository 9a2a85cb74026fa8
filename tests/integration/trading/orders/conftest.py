"""A store of resting orders on real PostgreSQL that ends with a clean audit."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.resting_house import RestingHouse
from tests.support.trading_house import findings
from trading.ledger.order_store import PostgresOrderStore
from trading.ledger.postgres import PostgresLedger


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[RestingHouse]:
    yield RestingHouse(PostgresOrderStore(pool), PostgresLedger(pool))
    assert await findings(dsn) == []
