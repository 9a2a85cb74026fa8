"""Alerts that the stream decides, of every kind, as the trigger worker sees them: one store and one set of triggers.

The kinds share their numbers, so a number names one alert.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from pipeline.market import Candle, Tick
from trading.alerts.condition_alerts import ConditionAlert, ConditionAlertStore
from trading.alerts.ports import Alert, AlertStore
from trading.alerts.range_alerts import RangeAlert, RangeAlertStore
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import ConditionFiring, ConditionTrigger
from trading.triggers.price_levels import Firing, Trigger, Triggers
from trading.triggers.price_ranges import RangeFiring, RangeTrigger, RangeTriggers

AnyAlert = Alert | RangeAlert | ConditionAlert
AnyTrigger = Trigger | RangeTrigger | ConditionTrigger
AnyFiring = Firing | RangeFiring | ConditionFiring


@dataclass(frozen=True, slots=True)
class TickAlertChanges:
    """Changed alerts in their current state, and `armed`, triggers that are read for the first time; `cursors` are
    where the next read continues. `more` is True while there are further armed ones.
    """

    alerts: tuple[AnyAlert, ...]
    cursors: tuple[str, str, str]
    armed: tuple[Trigger, ...] = ()
    more: bool = False


class TickAlerts:
    """Stores of the alerts on prices, ranges and conditions. Every method raises DatabaseUnavailable and may be
    repeated without harm.
    """

    def __init__(self, prices: AlertStore, ranges: RangeAlertStore, conditions: ConditionAlertStore) -> None:
        self._prices = prices
        self._ranges = ranges
        self._conditions = conditions

    async def changes(self, market: str, cursors: tuple[str, str, str]) -> TickAlertChanges:
        """Returns the alerts of a market that changed since the cursors; the first armed ones if they are ""."""
        prices = await self._prices.changes(market, cursors[0])
        ranges = await self._ranges.changes(market, cursors[1])
        conditions = await self._conditions.changes(market, cursors[2])
        alerts: tuple[AnyAlert, ...] = (*prices.alerts, *ranges.alerts, *conditions.alerts)
        cursors = (prices.cursor, ranges.cursor, conditions.cursor)
        return TickAlertChanges(alerts, cursors, prices.armed, prices.more)

    async def fire(self, market: str, firings: Sequence[AnyFiring]) -> frozenset[int]:
        """Marks the alerts fired and puts their notifications into the outbox; returns the alerts that did fire."""
        prices = [firing for firing in firings if isinstance(firing, Firing)]
        ranges = [firing for firing in firings if isinstance(firing, RangeFiring)]
        conditions = [firing for firing in firings if isinstance(firing, ConditionFiring)]
        fired = await self._prices.fire(market, prices) if prices else frozenset[int]()
        if ranges:
            fired |= await self._ranges.fire(market, ranges)
        if conditions:
            fired |= await self._conditions.fire(market, conditions)
        return fired

    async def returned(self, triggers: Sequence[AnyTrigger]) -> None:
        """Marks these triggers ready."""
        if prices := [trigger for trigger in triggers if isinstance(trigger, Trigger)]:
            await self._prices.returned(prices)
        if ranges := [trigger for trigger in triggers if isinstance(trigger, RangeTrigger)]:
            await self._ranges.returned(ranges)
        if conditions := [trigger for trigger in triggers if isinstance(trigger, ConditionTrigger)]:
            await self._conditions.returned(conditions)


@dataclass(frozen=True, slots=True)
class TickHits:
    """Effects of a frame on the triggers of every kind."""

    firings: tuple[AnyFiring, ...]
    rearmed: tuple[AnyTrigger, ...]


class TickTriggers:
    """All waiting triggers."""

    def __init__(self) -> None:
        self.prices = Triggers()
        self.ranges = RangeTriggers()
        self.conditions = ConditionTriggers()

    def __len__(self) -> int:
        return len(self.prices) + len(self.ranges) + len(self.conditions)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self.prices or alert_id in self.ranges or alert_id in self.conditions

    def put(self, trigger: AnyTrigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        match trigger:
            case Trigger():
                self.prices.put(trigger)
            case RangeTrigger():
                self.ranges.put(trigger)
            case ConditionTrigger():
                self.conditions.put(trigger)

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
            case ConditionTrigger():
                there = self.conditions.get(trigger.alert_id)
                if there is None or trigger.replaces(there):
                    self.conditions.put(trigger)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one."""
        self.prices.remove(alert_id)
        self.ranges.remove(alert_id)
        self.conditions.remove(alert_id)

    def take(
        self, ticks: Sequence[Tick], candles: Sequence[Candle] = (), *, fresh_from: int, fresh_until: float = inf
    ) -> TickHits:
        """Applies closed 1-minute candles, and ticks in their order; see `Triggers.take`."""
        closed = self.conditions.take_candles(candles)
        conditions = self.conditions.take(ticks, fresh_from=fresh_from, fresh_until=fresh_until)
        prices = self.prices.take(ticks, fresh_from=fresh_from, fresh_until=fresh_until)
        ranges = self.ranges.take(ticks, fresh_from=fresh_from, fresh_until=fresh_until)
        kinds = (prices, ranges, closed, conditions)
        firings = tuple[AnyFiring, ...](firing for hits in kinds for firing in hits.firings)
        return TickHits(firings, tuple(trigger for hits in kinds for trigger in hits.rearmed))
