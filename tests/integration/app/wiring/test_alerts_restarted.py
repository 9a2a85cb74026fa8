"""Alerts whose worker fails: a new one goes on, and the price that was being read still counts."""

from collections.abc import Coroutine
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.wiring.roles import start_triggers
from tests.integration.trading.alerts.alert_worker import Desk, outbox
from tests.support.push_house import running, somebody, until, wish
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.tick_alerts import TickTriggers

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


async def test_a_price_that_ended_the_worker_fires_from_the_next(
    pool: "Pool", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(PostgresAlerts(pool))
    await desk.alerts.create(wish(await somebody(pool), level="100"))
    took: list[object] = []
    take = TickTriggers.take

    def fails_once(self: TickTriggers, *arguments: Any, **others: Any) -> Any:
        took.append(arguments)
        if len(took) == 1:
            raise ZeroDivisionError
        return take(self, *arguments, **others)

    monkeypatch.setattr(TickTriggers, "take", fails_once)
    fired: list[None] = []
    begun: list[Coroutine[object, object, None]] = []
    start_triggers(begun.append, desk.bus, pool, desk.market, on_fired=lambda: fired.append(None))  # type: ignore[arg-type]
    async with running(*begun):
        await desk.price("95", "101")
        await until(lambda: fired)
    assert [notice.price for notice in await outbox(pool)] == [Decimal(101)]
    assert "the alerts worker failed and is started again: ZeroDivisionError" in caplog.text
