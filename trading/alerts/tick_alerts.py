"""Alerts that one tick can decide, of every kind, as the trigger worker sees them: one store and one set of triggers.

The kinds share their numbers, so a number names one alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from pipeline.market import Tick
from trading.alerts.ports import Alert, AlertStore
from trading.alerts.range_alerts import RangeAlert, RangeAlertStore
from trading.triggers.price_levels import Firing, Trigger, Triggers
from trading.triggers.price_ranges import RangeFiring, RangeTrigger, RangeTriggers

AnyTrigger = Trigger | RangeTrigger
AnyFiring = Firing | RangeFiring


@dataclass(frozen=True, slots=True)
class TickAlertChanges:
    """Changed alerts in their current state, and `armed`, triggers that are read for the first time; `cursors` are
    where the next read continues. `more` is True while there are further armed ones.
    """

    alerts: tuple[Alert | RangeAlert, ...]
    cursors: tuple[str, str]
    armed: tuple[Trigger, ...] = ()
    more: bool = False


class TickAlerts:
    """Stores of the alerts on prices and on ranges. Every method raises DatabaseUnavailable and may be repeated without
    harm.
    """

    def __init__(self, prices: AlertStore, ranges: RangeAlertStore) -> None:
        self._prices = prices
        self._ranges = ranges

    async def changes(self, market: str, cursors: tuple[str, str]) -> TickAlertChanges:
        """Returns the alerts of a market that changed since the cursors; the first armed ones if they are ""."""
        prices = await self._prices.changes(market, cursors[0])
        ranges = await self._ranges.changes(market, cursors[1])
        cursors = (prices.cursor, ranges.cursor)
        return TickAlertChanges((*prices.alerts, *ranges.alerts), cursors, prices.armed, prices.more)

    async def fire(self, market: str, firings: Sequence[AnyFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox; returns the alerts that did fire."""
        prices = [firing for firing in firings if isinstance(firing, Firing)]
        ranges = [firing for firing in firings if isinstance(firing, RangeFiring)]
        fired = await self._prices.fire(market, prices) if prices else frozenset[int]()
        return fired | (await self._ranges.fire(market, ranges)) if ranges else fired

    async def returned(self, triggers: Sequence[AnyTrigger]) -> None:
        """Marks these triggers ready."""
        if prices := [trigger for trigger in triggers if isinstance(trigger, Trigger)]:
            await self._prices.returned(prices)
        if ranges := [trigger for trigger in triggers if isinstance(trigger, RangeTrigger)]:
            await self._ranges.returned(ranges)


@dataclass(frozen=True, slots=True)
class TickHits:
    """Effects of ticks on the triggers of every kind."""

    firings: tuple[AnyFiring, ...]
    rearmed: tuple[AnyTrigger, ...]


class TickTriggers:
    """All waiting triggers."""

    def __init__(self) -> None:
        self.prices = Triggers()
        self.ranges = RangeTriggers()

    def __len__(self) -> int:
        return len(self.prices) + len(self.ranges)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self.prices or alert_id in self.ranges

    def put(self, trigger: AnyTrigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        match trigger:
            case Trigger():
                self.prices.put(trigger)
            case RangeTrigger():
                self.ranges.put(trigger)

    def update(self, trigger: AnyTrigger) -> None:
        """Adds a trigger, or replaces the one of the same alert unless that is newer."""
        match trigger:
            case Trigger():
                price = self.prices.get(trigger.alert_id)
                if price is None or trigger.replaces(price):
                    self.prices.put(trigger)
            case RangeTrigger():
                known = self.ranges.get(trigger.alert_id)
                if known is None or trigger.replaces(known):
                    self.ranges.put(trigger)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one."""
        self.prices.remove(alert_id)
        self.ranges.remove(alert_id)

    def take(self, ticks: Sequence[Tick], *, fresh_from: int, fresh_until: float = inf) -> TickHits:
        """Applies ticks in their order; see `Triggers.take`."""
        prices = self.prices.take(ticks, fresh_from=fresh_from, fresh_until=fresh_until)
        ranges = self.ranges.take(ticks, fresh_from=fresh_from, fresh_until=fresh_until)
        return TickHits((*prices.firings, *ranges.firings), (*prices.rearmed, *ranges.rearmed))
