"""A private chat with a desk in memory."""

import pytest

from tests.unit.bot.commands.chat import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()
