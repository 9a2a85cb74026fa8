"""A worker of alerts at prices the test says, and the notices in its outbox."""

from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from people.notifications.notices import decode
from pipeline.bus import InProcessBus
from pipeline.market import Frame, MarketInfo, SourceKind, Symbol, Tick
from tests.fakes.range_alerts import MemoryRangeAlerts
from tests.support.push_house import BTC, until
from trading.alerts.notices import AlertFired
from trading.alerts.ports import Alert, NewLevel
from trading.alerts.postgres import PostgresAlerts
from trading.alerts.range_alerts import RangeAlertStore
from trading.alerts.tick_alerts import TickAlerts
from trading.triggers.price_levels import Direction
from trading.workers.trigger_worker import GROUP, TriggerWorker

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

MARKET = "simulator"
LOWER = NewLevel(Direction.BELOW, Decimal(50), ready=True, market_time=7)


class Market:
    """What the worker asks of a market: its name and its clock."""

    def __init__(self) -> None:
        self.time = 1_000

    def info(self) -> MarketInfo:
        return MarketInfo(SourceKind.SIMULATOR, "USDC", 1000, 15_000, self.time, 0)

    def now(self) -> int:
        return self.time


class Desk:
    """A bus, a clock, and a worker that is running."""

    def __init__(self, alerts: PostgresAlerts, ranges: RangeAlertStore | None = None) -> None:
        self.alerts = alerts
        self.ranges = ranges or MemoryRangeAlerts()
        self.bus = InProcessBus()
        self.market = Market()
        self.rung = 0
        self.worker = self.another(alerts)

    def another(self, alerts: PostgresAlerts) -> TriggerWorker:
        def ring() -> None:
            self.rung += 1

        both = TickAlerts(alerts, self.ranges)
        return TriggerWorker(self.bus, both, self.market, on_fired=ring, poll_seconds=0.02)  # type: ignore[arg-type]

    async def price(self, *prices: str, symbol: Symbol = BTC, age: int = 0, step: int = 1_000) -> None:
        for price in prices:
            self.market.time += step
            await self.bus.publish(Frame(self.market.time, (Tick(symbol, self.market.time - age, price),)))

    async def knows(self, *ids: int) -> None:
        await until(lambda: all(number in self.worker._triggers for number in ids))

    async def caught_up(self) -> None:
        await until(lambda: GROUP in self.bus._groups)
        await until(
            lambda: self.bus._groups[GROUP].committed == [self.bus._logs[0].base + len(self.bus._logs[0].frames)]
        )


async def outbox(pool: "Pool") -> list[AlertFired]:
    found = [decode(row["body"]) for row in await pool.fetch("SELECT body FROM outbox ORDER BY id")]
    return [notice for notice in found if isinstance(notice, AlertFired)]


async def state_of(pool: "Pool", alert: Alert) -> str:
    state: str = await pool.fetchval("SELECT state FROM alert WHERE id = $1", alert.alert_id)
    return state
