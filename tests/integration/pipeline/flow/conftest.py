"""A desk whose frames flow to real servers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pipeline.store.redis import open_store
from tests.integration.pipeline.flow.flow_desk import SETTINGS, Desk


@pytest.fixture
async def desk(redis_url: str, pool: Any) -> AsyncIterator[Desk]:
    async with open_store(redis_url, SETTINGS.history_points) as store:
        yield Desk(store, pool)
