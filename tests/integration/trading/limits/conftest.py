"""A house of limits whose ledger ends with a clean audit."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.limits_house import LimitsHouse
from trading.ledger.audit import audit


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[LimitsHouse]:
    yield LimitsHouse(pool)
    owner = await asyncpg.connect(dsn)
    try:
        assert (await audit(owner)).findings == []
    finally:
        await owner.close()
