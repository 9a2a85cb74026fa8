"""A fake Telegram and a desk on real PostgreSQL that serves it."""

import random
from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram.inbound.inbox import Inbox
from core.database import Database, Pool
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_desk import House


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as opened:
        yield opened


@pytest.fixture
def house(pool: Pool, dsn: str, fake: FakeTelegram) -> House:
    return House(pool, dsn, fake)


@pytest.fixture
def inbox(pool: Pool) -> Inbox:
    return Inbox(Database(pool, jitter=random.Random(7)))  # noqa: S311
