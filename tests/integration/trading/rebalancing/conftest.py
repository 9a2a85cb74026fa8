"""A user with a target; the audit is clean at the end."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.integration.trading.rebalancing.target_house import TargetHouse
from tests.support.trading_house import findings


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[TargetHouse]:
    yield TargetHouse(pool)
    assert await findings(dsn) == []
