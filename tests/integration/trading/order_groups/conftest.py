"""A user who places groups of orders; the audit is clean at the end."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.group_house import GroupHouse
from tests.support.trading_house import findings


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[GroupHouse]:
    yield GroupHouse(pool)
    assert await findings(dsn) == []
