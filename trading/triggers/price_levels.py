"""Firing of price alerts: waiting levels, and the ticks that reach them. No I/O, no clock of its own.

A trigger fires once, on the first tick that reaches or passes its level. It is armed relative to a price: while it is
not `ready`, the price is still beyond the level and must return before the trigger can fire. A repeating trigger has a
hysteresis: the price must return beyond `rearm`, and the next firing is at least `pause_ms` after the last, so that a
price that fluctuates around the level is reported once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import inf

import msgspec

from core.decimals import is_plain
from pipeline.market import Symbol, Tick
from trading.triggers.price_index import PriceIndex, Wait
from trading.triggers.rearming import ready_from


class Direction(StrEnum):
    """Direction in which the level is reached: ABOVE fires at or above it, BELOW at or below it."""

    ABOVE = "above"
    BELOW = "below"


class Trigger(msgspec.Struct, frozen=True, gc=False, array_like=True):
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
        """Returns the trigger after the price returned."""
        since = ready_from(time, self.since, self.firings, self.pause_ms)
        return msgspec.structs.replace(self, ready=True, since=since)

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
        return msgspec.structs.replace(fired, ready=False, firings=fired.firings + 1, since=self.time + 1)


@dataclass(frozen=True, slots=True)
class TriggerHits:
    """Effects of ticks: triggers that fired, and triggers that became ready because the price returned."""

    firings: tuple[Firing, ...] = ()
    rearmed: tuple[Trigger, ...] = ()


def reached(direction: Direction, level: Decimal, price: Decimal) -> bool:
    """True if the price is at the level or beyond it."""
    return price >= level if direction is Direction.ABOVE else price <= level


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Trigger).decode


class Triggers:
    """All waiting levels, with a price index of each symbol: a tick costs what it reaches, and a logarithm.

    A trigger is kept packed, because almost none is reached: about 170 bytes with its entry in the index.
    """

    def __init__(self, triggers: Iterable[Trigger] = ()) -> None:
        self._packed: dict[int, bytes] = {}
        self._indexes: dict[Symbol, PriceIndex] = {}
        for trigger in triggers:
            self.put(trigger)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self._packed

    def get(self, alert_id: int) -> Trigger | None:
        """Returns the current trigger of the alert, or None."""
        packed = self._packed.get(alert_id)
        return None if packed is None else _unpack(packed)

    def put(self, trigger: Trigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        if trigger.alert_id in self._packed:
            self.remove(trigger.alert_id)
        self._packed[trigger.alert_id] = _pack(trigger)
        index = self._indexes.get(trigger.symbol)
        if index is None:
            index = self._indexes[trigger.symbol] = PriceIndex()
        index.add(_wait_of(trigger), trigger.awaited, trigger.alert_id)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one."""
        packed = self._packed.pop(alert_id, None)
        if packed is None:
            return
        trigger = _unpack(packed)
        index = self._indexes[trigger.symbol]
        index.discard(_wait_of(trigger), trigger.awaited, alert_id)
        if not index:
            del self._indexes[trigger.symbol]

    def take(self, ticks: Iterable[Tick], *, fresh_from: int, fresh_until: float = inf) -> TriggerHits:
        """Applies ticks in their order. Triggers that fire are removed; triggers whose price returned are ready from
        that tick on.

        Ticks before `fresh_from` (ms of the market's clock) are stale and ignored, as are those after `fresh_until`,
        which are impossible, and those whose price is not a plain positive decimal.
        """
        firings: list[Firing] = []
        returned: list[Trigger] = []
        index_of = self._indexes.get
        for tick in ticks:
            index = index_of(tick.symbol)
            if index is None:
                continue
            text = tick.price
            try:
                if index.low < float(text) < index.high:
                    continue
            except ValueError:
                continue
            if fresh_from <= tick.time <= fresh_until and is_plain(text) and (price := Decimal(text)) > 0:
                self._apply(index, price, tick.time, firings, returned)
        return TriggerHits(tuple(firings), tuple(returned))

    def _apply(
        self, index: PriceIndex, price: Decimal, time: int, firings: list[Firing], returned: list[Trigger]
    ) -> None:
        for alert_id in sorted(index.reached(price)):
            trigger = _unpack(self._packed[alert_id])
            if trigger.since > time:
                continue
            if trigger.ready:
                firings.append(Firing(trigger, price, time))
                self.remove(alert_id)
            else:
                ready = trigger.returned(time)
                returned.append(ready)
                self.put(ready)


def _wait_of(trigger: Trigger) -> Wait:
    """Returns what reaches the trigger: its level when it is ready, else the price on the near side of `awaited`."""
    if trigger.direction is Direction.ABOVE:
        return Wait.AT_OR_ABOVE if trigger.ready else Wait.BELOW
    return Wait.AT_OR_BELOW if trigger.ready else Wait.ABOVE
