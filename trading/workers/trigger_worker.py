"""Worker that reads the bus as a consumer group of its own and fires alerts.

Reading and writing are two tasks, so that frames are read while PostgreSQL is unavailable: firings wait in memory, at
most one per alert, and a batch is committed when all of its firings are written.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from operator import attrgetter

from core.errors import DatabaseUnavailable
from pipeline.bus import Batch, Bus, Consumer
from pipeline.flow import FutureFrames, wait_longer
from pipeline.market import Frame, Tick
from pipeline.ports import MarketReader
from trading.alerts.ports import AlertState
from trading.alerts.tick_alerts import (
    AnyAlert,
    AnyFiring,
    AnyTrigger,
    TickAlertChanges,
    TickAlerts,
    TickHits,
    TickTriggers,
)
from trading.triggers.conditions import ConditionHits
from trading.workers.series_filler import fill_series
from trading.workers.window_filler import fill_windows

GROUP = "alert-triggers"
FIRINGS_A_CALL = 1000
POLL_SECONDS = 0.25

log = logging.getLogger(__name__)


class TriggerWorker:
    """Fires the alerts of the running market."""

    def __init__(
        self,
        bus: Bus,
        alerts: TickAlerts,
        market: MarketReader,
        *,
        on_fired: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """Calls `on_fired` when notifications entered the outbox. Changes of alerts are seen within `poll_seconds`."""
        self._bus = bus
        self._alerts = alerts
        self._market = market
        self._on_fired = on_fired
        self._poll_seconds = poll_seconds
        self._triggers = TickTriggers()
        self._pending: dict[int, AnyFiring] = {}
        self._returned: dict[int, AnyTrigger] = {}
        self._changed: dict[int, AnyAlert] = {}  # while a firing of them was being written
        self._last: Batch | None = None
        self._work = asyncio.Event()
        self._marks = ("", "", "")

    async def run(self) -> None:
        """Watches until cancelled. Raises MarketUnavailable before the market has published itself."""
        market = self._market.info().market
        await self.load()
        async with self._bus.consumer(GROUP) as consumer, asyncio.TaskGroup() as group:
            group.create_task(self._take(consumer))
            group.create_task(self._write(consumer, market))
            group.create_task(self._refresh(market))
            group.create_task(fill_windows(self._triggers.ranges, self._market))
            group.create_task(fill_series(self._triggers.conditions, self._market, self._save_late))

    async def load(self) -> None:
        """Reads the armed alerts, or goes on reading them, in bounded portions."""
        market, attempt, more = self._market.info().market, 0, True
        while more:
            try:
                changes = await self._alerts.changes(market, self._marks)
            except DatabaseUnavailable:
                log.warning("alerts wait: PostgreSQL does not answer")
                await wait_longer(attempt)
                attempt += 1
                continue
            self._load(changes)
            more = changes.more

    async def _take(self, consumer: Consumer) -> None:
        future = FutureFrames(GROUP)
        while True:
            batch = await consumer.batch()
            now, limit = self._market.now(), self._market.info().stale_after_ms
            for record in await future.admit(consumer, batch.records, now + limit):
                if record is not None:
                    frame = record.frame  # what was fresh in it counts, however late it is read
                    fresh = frame.time - limit
                    self._save(
                        self._triggers.take(_prices(frame), frame.candles, fresh_from=fresh, fresh_until=now + limit)
                    )
            self._last = batch
            self._work.set()

    def _save_late(self, hits: ConditionHits) -> None:
        """Saves what candles of the archive decided."""
        self._save(hits)
        self._work.set()

    def _save(self, crossed: TickHits | ConditionHits) -> None:
        for firing in crossed.firings:
            self._pending.setdefault(firing.trigger.alert_id, firing)
        for trigger in crossed.rearmed:
            self._returned[trigger.alert_id] = trigger

    async def _write(self, consumer: Consumer, market: str) -> None:
        attempt = 0
        while True:
            await self._work.wait()
            self._work.clear()
            firings = list(islice(self._pending.values(), FIRINGS_A_CALL))
            returned = list(islice(self._returned.values(), FIRINGS_A_CALL))
            whole = len(firings) == len(self._pending) and len(returned) == len(self._returned)
            done = self._last if whole else None
            try:
                if returned:
                    await self._alerts.returned(returned)
                fired = await self._alerts.fire(market, firings) if firings else frozenset()
            except DatabaseUnavailable:
                log.warning("%d alerts that fired wait: PostgreSQL does not answer", len(self._pending))
                self._work.set()
                await wait_longer(attempt)
                attempt += 1
                continue
            attempt = 0
            self._forget(firings, fired, returned)
            if fired:
                self._on_fired()
            if done is not None:
                await consumer.commit(done)
            else:
                self._work.set()

    def _forget(self, firings: list[AnyFiring], fired: frozenset[int], returned: list[AnyTrigger]) -> None:
        """Removes written firings from memory. Repeating alerts that fired wait until they are ready again."""
        for trigger in returned:
            if self._returned.get(trigger.alert_id) is trigger:
                del self._returned[trigger.alert_id]
        for firing in firings:
            alert_id = firing.trigger.alert_id
            del self._pending[alert_id]
            changed = self._changed.pop(alert_id, None)
            if changed is not None and alert_id not in fired:
                self._watch(changed)
            if alert_id in fired and firing.trigger.repeat and alert_id not in self._triggers:
                self._triggers.put(firing.rearmed())

    async def _refresh(self, market: str) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            try:
                self._load(await self._alerts.changes(market, self._marks))
            except DatabaseUnavailable:
                log.warning("new alerts wait: PostgreSQL does not answer")

    def _load(self, changes: TickAlertChanges) -> None:
        """Applies changes of alerts. A change may be older than a firing in memory; its number of firings is then
        smaller.
        """
        self._marks = changes.cursors
        for trigger in changes.armed:
            self._apply(partial(self._triggers.update, trigger), trigger.alert_id)
        for alert in changes.alerts:
            if alert.alert_id in self._pending:
                self._changed[alert.alert_id] = alert
            else:
                self._watch(alert)

    def _watch(self, alert: AnyAlert) -> None:
        if alert.state is AlertState.ARMED:
            self._apply(lambda: self._triggers.update(alert.trigger), alert.alert_id)
        else:
            self._triggers.remove(alert.alert_id)

    def _apply(self, change: Callable[[], None], alert_id: int) -> None:
        """Applies the change of one alert. One that cannot be watched, as with a rule of another version, leaves all
        others as they are.
        """
        try:
            change()
        except Exception:
            log.exception("alert %d cannot be watched", alert_id)


def _prices(frame: Frame) -> Sequence[Tick]:
    """Returns the prices of a frame by time, those of its trades included: an alert fires for a price that was traded,
    also if it is no longer the last one.
    """
    if not frame.trades:
        return frame.ticks
    traded = (Tick(trade.symbol, trade.time, trade.price) for trade in frame.trades)
    return sorted((*traded, *frame.ticks), key=attrgetter("time"))
