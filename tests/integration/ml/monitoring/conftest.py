"""A house of forecasts on a real server."""

from typing import Any

import pytest

from ml.data.panel import Panel
from tests.fakes.candles import walk_panel
from tests.fakes.forecast_house import House
from tests.integration.ml.monitoring.forecasts import ROWS


@pytest.fixture(scope="module")
def candles() -> Panel:
    return walk_panel(2000, 4, seed=1, echo=-0.3)


@pytest.fixture
async def house(pool: Any, candles: Panel) -> House:
    return await House(pool, candles, ROWS).open(since=400)
