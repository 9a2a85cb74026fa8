"""The chat of an alert of each kind: only requests from there keep it in a chat that others read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from core.outbox import Chat
from tests.integration.trading.alerts.test_forecast_alerts import wish as forecast_wish
from tests.integration.trading.alerts.test_range_alerts import wish as range_wish
from tests.support.condition_wishes import condition_wish
from tests.support.push_house import somebody
from tests.support.push_house import wish as price_wish
from trading.alerts.condition_postgres import PostgresConditionAlerts
from trading.alerts.forecast_postgres import PostgresForecastAlerts
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_postgres import PostgresRangeAlerts

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

GROUP, OTHER = Chat("fake", "-1", public=True), Chat("fake", "-2", public=True)
HOME, SECOND = Chat("fake", "home"), Chat("fake", "second")


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        (PostgresAlerts, price_wish),
        (PostgresRangeAlerts, range_wish),
        (PostgresConditionAlerts, condition_wish),
        (PostgresForecastAlerts, forecast_wish),
    ],
)
@pytest.mark.parametrize(
    "moved",
    [(GROUP, HOME, HOME), (GROUP, OTHER, OTHER), (GROUP, GROUP, GROUP), (HOME, GROUP, HOME), (HOME, SECOND, HOME)],
)
async def test_an_alert_leaves_a_public_chat_with_a_request_from_another(
    pool: "Pool", kind: Any, wish: Callable[..., Any], moved: tuple[Chat, Chat, Chat]
) -> None:
    before, asked, after = moved
    store, person = kind(pool), await somebody(pool)
    made = await store.create(wish(person, chat=before))
    await store.bring(person, made.alert_id, asked)
    query = (
        "SELECT chat_id FROM alert UNION SELECT chat_id FROM range_alert UNION SELECT chat_id FROM condition_alert"
        " UNION SELECT chat_id FROM forecast_alert"
    )
    assert await pool.fetchval(query) == after.chat_id


async def test_nobody_moves_an_alert_of_another(pool: "Pool") -> None:
    store, person, other = PostgresAlerts(pool), await somebody(pool), await somebody(pool, "other")
    made = await store.create(price_wish(person, chat=GROUP))
    await store.bring(other, made.alert_id, OTHER)
    assert await pool.fetchval("SELECT chat_id FROM alert") == GROUP.chat_id
