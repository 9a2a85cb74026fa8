"""A fake Discord that ends without a violation."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord.open() as fake:
        yield fake
        assert fake.violations == []
