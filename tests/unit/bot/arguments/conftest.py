"""The context in which typed lines are read."""

import pytest

from bot.context import Context
from people.person import Person
from tests.fakes.bot import FakeDeskBot


@pytest.fixture
def ctx() -> Context:
    bot = FakeDeskBot()
    return bot.router._context(bot.inbound(""), Person(1))
