"""Alerts that repeat, on PostgreSQL: what they tell of a price that trembles, and what older readings of them do."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import asyncpg

from tests.integration.trading.alerts.alert_worker import MARKET, Desk, outbox
from tests.support.push_house import running, somebody, until, wish
from trading.alerts.ports import Alert, AlertChanges, NewAlert, NewLevel
from trading.alerts.postgres import PostgresAlerts
from trading.triggers.price_levels import Direction, Trigger

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

D = Decimal
PAUSE_MS = 10_000


async def repeating(pool: "Pool", number: int = 1) -> NewAlert:
    plain = wish(await somebody(pool), number, level="100", repeat=True)
    return replace(plain, rearm=D("99.5"), pause_ms=PAUSE_MS)


async def told(pool: "Pool") -> list[Decimal]:
    return [notice.price for notice in await outbox(pool)]


class Stepped(Desk):
    """Gives each price time to be written and read again, as prices a second apart have."""

    async def watch(self, *prices: str, step: int = 1000) -> None:
        for price in prices:
            await self.price(price, step=step)
            await self.caught_up()


async def test_a_trembling_price_is_told_once(pool: "Pool") -> None:
    desk = Stepped(PostgresAlerts(pool))
    made = await desk.alerts.create(await repeating(pool))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        for _ in range(15):
            await desk.watch("99.99", "100.00")
            await desk.knows(made.alert_id)
        assert await told(pool) == [100]
        await desk.watch("99.49", "100.00")
    assert await told(pool) == [100, 100]


async def test_the_way_back_and_the_pause_outlive_a_restart(pool: "Pool") -> None:
    desk = Stepped(PostgresAlerts(pool))
    made = await desk.alerts.create(await repeating(pool))
    assert (made.rearm, made.pause_ms) == (D("99.5"), PAUSE_MS)
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.watch("101")
    desk.worker = desk.another(desk.alerts)
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.watch("99.6", "101", "90", "102")
        assert await told(pool) == [101]
    desk.worker = desk.another(desk.alerts)
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.watch("103", step=PAUSE_MS)
    assert await told(pool) == [101, 103]


async def test_an_older_reading_spares_what_became_ready(pool: "Pool") -> None:
    """The row is read before the worker has written that the price came back."""

    class Old(PostgresAlerts):
        reading: Alert | None = None
        read = 0

        async def changes(self, market: str, mark: str) -> AlertChanges:
            found = await super().changes(market, mark)
            if self.reading is None:
                return found
            self.read += 1
            return replace(found, alerts=(self.reading,))

        async def returned(self, triggers: "list[Trigger]") -> None:  # type: ignore[override]
            if self.reading is None:
                await super().returned(triggers)

    alerts = Old(pool)
    desk = Stepped(alerts)
    made = await alerts.create(replace(await repeating(pool), pause_ms=0))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.watch("101")
        await desk.knows(made.alert_id)
        alerts.reading = await alerts.find(made.person_id, made.alert_id)
        assert (alerts.reading.ready, alerts.reading.firings) == (False, 1)
        await desk.watch("90")
        read = alerts.read
        await until(lambda: alerts.read > read + 1)
        alerts.reading = None
        await desk.watch("101")
    assert await told(pool) == [101, 101]


async def test_a_new_level_counts_while_the_old_one_rests(pool: "Pool") -> None:
    desk = Stepped(PostgresAlerts(pool))
    made = await desk.alerts.create(await repeating(pool))
    async with running(desk.worker.run()):
        await desk.knows(made.alert_id)
        await desk.watch("101", "90")
        await until(lambda: (known := desk.worker._triggers.prices.get(made.alert_id)) is not None and known.ready)
        higher = NewLevel(Direction.ABOVE, D(110), ready=True, market_time=desk.market.time, rearm=D("109.4"))
        changed = await desk.alerts.edit(made.person_id, made.alert_id, higher)
        assert (changed.level, changed.rearm) == (110, D("109.4"))
        await until(
            lambda: (known := desk.worker._triggers.prices.get(made.alert_id)) is not None and known.level == 110
        )
        await desk.watch("105", "111")
    assert await told(pool) == [101, 111]
    assert made.market == MARKET
