"""Firing of price alerts: waiting levels, and the ticks that reach them. No I/O, no clock of its own.

A trigger fires once, on the first tick that reaches or passes its level. It is armed relative to a price: while it is
not `ready`, the price is still beyond the level and must return before the trigger can fire. A repeating trigger has a
hysteresis: the price must return beyond `rearm`, and the next firing is at least `pause_ms` after the last, so that a
price that fluctuates around the level is reported once.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from math import inf

from core.decimals import is_plain
from pipeline.market import Symbol, Tick


class Direction(StrEnum):
    """Direction in which the level is reached: ABOVE fires at or above it, BELOW at or below it."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Waiting level. Ticks before `since` (ms of the market's clock) do not count; `firings` is the number of earlier
    firings, `repeat` lets it fire again. It is ready once the price was beyond `rearm` on the near side (None: the
    level itself); `pause_ms` is the least time between two firings.
    """

    alert_id: int
    symbol: Symbol
    direction: Direction
    level: Decimal
    since: int
    ready: bool = True
    firings: int = 0
    repeat: bool = False
    rearm: Decimal | None = None
    pause_ms: int = 0

    @property
    def awaited(self) -> Decimal:
        """Price for which the trigger waits: its level, or the one beyond which the price must return."""
        return self.level if self.ready or self.rearm is None else self.rearm

    def returned(self, time: int) -> "Trigger":
        """Returns the trigger after the price returned: ready from `time` on or, after a firing, from the end of the
        pause on. After a firing, `since` is one millisecond later than the firing.
        """
        since = max(time, self.since - 1 + self.pause_ms) if self.firings else time
        return replace(self, ready=True, since=since)

    def replaces(self, known: "Trigger") -> bool:
        """True if this version of the trigger replaces the known one: its settings differ, or its number of firings and
        its `since` are not smaller.
        """
        wish = (self.level, self.direction, self.repeat, self.rearm, self.pause_ms)
        if wish != (known.level, known.direction, known.repeat, known.rearm, known.pause_ms):
            return True
        return (known.firings, known.since) <= (self.firings, self.since)


@dataclass(frozen=True, slots=True)
class Firing:
    """Trigger before its firing, and the tick that reached it."""

    trigger: Trigger
    price: Decimal
    time: int

    def rearmed(self) -> Trigger:
        """Returns the trigger after this firing, for repeating alerts: it waits for the price to return."""
        fired = self.trigger
        return replace(fired, ready=False, firings=fired.firings + 1, since=self.time + 1)


@dataclass(frozen=True, slots=True)
class TriggerHits:
    """Effects of ticks: triggers that fired, and triggers that became ready because the price returned."""

    firings: tuple[Firing, ...] = ()
    rearmed: tuple[Trigger, ...] = ()


def reached(direction: Direction, level: Decimal, price: Decimal) -> bool:
    """True if the price is at the level or beyond it."""
    return price >= level if direction is Direction.ABOVE else price <= level


_Entry = tuple[Decimal, int]
_EVERY_ID = 1 << 63


class _Levels:
    """Triggers of one symbol, in sorted lists by direction and readiness."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Direction, bool], list[_Entry]] = {
            (direction, ready): [] for direction in Direction for ready in (True, False)
        }

    def add(self, trigger: Trigger) -> None:
        insort(self._list_of(trigger), (trigger.awaited, trigger.alert_id))

    def discard(self, trigger: Trigger) -> None:
        entries, entry = self._list_of(trigger), (trigger.awaited, trigger.alert_id)
        del entries[bisect_left(entries, entry)]

    def touched(self, price: Decimal) -> Iterator[int]:
        """Yields the ids of the ready triggers that the price reaches, and of the others whose price returned."""
        above, below = self._lists[Direction.ABOVE, True], self._lists[Direction.BELOW, True]
        fallen, risen = self._lists[Direction.ABOVE, False], self._lists[Direction.BELOW, False]
        found = (
            above[: bisect_right(above, (price, _EVERY_ID))],
            below[bisect_left(below, (price, -1)) :],
            fallen[bisect_right(fallen, (price, _EVERY_ID)) :],  # price < awaited
            risen[: bisect_left(risen, (price, -1))],  # price > awaited
        )
        return (alert_id for entries in found for _, alert_id in entries)

    def __bool__(self) -> bool:
        return any(self._lists.values())

    def _list_of(self, trigger: Trigger) -> list[_Entry]:
        return self._lists[trigger.direction, trigger.ready]


class Triggers:
    """All waiting levels, indexed by price: a tick costs a few bisections, not a scan."""

    def __init__(self, triggers: Iterable[Trigger] = ()) -> None:
        self._by_id: dict[int, Trigger] = {}
        self._by_symbol: dict[Symbol, _Levels] = {}
        for trigger in triggers:
            self.put(trigger)

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self._by_id

    def get(self, alert_id: int) -> Trigger | None:
        """Returns the current trigger of the alert, or None."""
        return self._by_id.get(alert_id)

    def put(self, trigger: Trigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        self.remove(trigger.alert_id)
        self._by_id[trigger.alert_id] = trigger
        self._by_symbol.setdefault(trigger.symbol, _Levels()).add(trigger)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one."""
        trigger = self._by_id.pop(alert_id, None)
        if trigger is None:
            return
        levels = self._by_symbol[trigger.symbol]
        levels.discard(trigger)
        if not levels:
            del self._by_symbol[trigger.symbol]

    def take(self, ticks: Iterable[Tick], *, fresh_from: int, fresh_until: float = inf) -> TriggerHits:
        """Applies ticks in their order. Triggers that fire are removed; triggers whose price returned are ready from
        that tick on.

        Ticks before `fresh_from` (ms of the market's clock) are stale and ignored, as are those after `fresh_until`,
        which are impossible, and those whose price is not a plain positive decimal.
        """
        firings: list[Firing] = []
        returned: list[Trigger] = []
        for tick in ticks:
            levels = self._by_symbol.get(tick.symbol)
            if levels is None or not fresh_from <= tick.time <= fresh_until or not is_plain(tick.price):
                continue
            price = Decimal(tick.price)
            if price > 0:
                self._apply(levels, price, tick.time, firings, returned)
        return TriggerHits(tuple(firings), tuple(returned))

    def _apply(
        self, levels: _Levels, price: Decimal, time: int, firings: list[Firing], returned: list[Trigger]
    ) -> None:
        touched = [trigger for alert_id in levels.touched(price) if (trigger := self._by_id[alert_id]).since <= time]
        for trigger in sorted(touched, key=lambda each: each.alert_id):
            if trigger.ready:
                firings.append(Firing(trigger, price, time))
                self.remove(trigger.alert_id)
            else:
                ready = trigger.returned(time)
                returned.append(ready)
                self.put(ready)
