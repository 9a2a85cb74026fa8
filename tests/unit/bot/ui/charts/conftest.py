"""A chat that keeps its charts."""

import pytest

from tests.unit.bot.ui.charts.chart_chat import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()
