"""A house of persons on real PostgreSQL, for the tests of identities."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.support.people_house import House, house_of

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.fixture
async def house(pool: "Pool", dsn: str) -> AsyncIterator[House]:
    async with house_of(pool, dsn) as opened:
        yield opened
