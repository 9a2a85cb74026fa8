"""A store of alerts and a person, in memory and on PostgreSQL."""

import pytest

from tests.fakes.bot import MemoryAlerts
from tests.support.push_house import somebody
from trading.alerts.ports import Alerts
from trading.alerts.postgres import PostgresAlerts

# -- the store ---------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "postgres"])
def alerts(request: pytest.FixtureRequest) -> Alerts:
    return MemoryAlerts() if request.param == "memory" else PostgresAlerts(request.getfixturevalue("pool"))


@pytest.fixture
async def person(request: pytest.FixtureRequest, alerts: Alerts) -> int:
    return 1 if isinstance(alerts, MemoryAlerts) else await somebody(request.getfixturevalue("pool"))
