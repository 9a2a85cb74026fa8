"""A house of robots whose ledger ends with a clean audit."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.robot_house import RobotHouse
from tests.support.trading_house import findings


@pytest.fixture
async def house(pool: "asyncpg.Pool[asyncpg.Record]", dsn: str) -> AsyncIterator[RobotHouse]:
    found = RobotHouse(pool)
    await found.open()
    yield found
    assert await findings(dsn) == []
