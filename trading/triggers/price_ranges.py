"""Firing of range alerts: the highest and the lowest price of a moving window, and the alerts that wait for them to be
apart. No I/O, no clock of its own.

A range is the highest minus the lowest price of the window, as a fraction of the lowest. A price counts in the window
from its step on and never longer than the window, so an alert fires for no price that is older. Prices that are missing
only make a range smaller: after a start or a gap an alert may fire late, but not wrongly. It becomes ready only on a
window that is known without a gap, because a range that is not whole would look calm.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf

from core.decimals import EXACT, is_plain
from pipeline.market import MINUTE_MS, Candle, Symbol, Tick
from trading.triggers.rearming import ready_from

GAP_MS = 2 * MINUTE_MS
"""Time without a tick after which the prices in between count as unknown."""

_STEPS = 60


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Lowest and highest price of a window."""

    low: Decimal
    high: Decimal

    @property
    def fraction(self) -> Decimal:
        """Distance from the lowest to the highest price as a fraction of the lowest, for display."""
        return self.high / self.low - 1

    def reaches(self, fraction: Decimal) -> bool:
        """True if the range is at least this fraction of the lowest price. Exact."""
        return EXACT.subtract(self.high, self.low) >= EXACT.multiply(self.low, fraction)

    def exceeds(self, fraction: Decimal) -> bool:
        """True if the range is more than this fraction of the lowest price. Exact."""
        return EXACT.subtract(self.high, self.low) > EXACT.multiply(self.low, fraction)


@dataclass(frozen=True, slots=True)
class RangeTrigger:
    """Waiting range. Ticks before `since` (ms of the market's clock) do not fire it; `firings` is the number of earlier
    firings, `repeat` lets it fire again. It is ready once the range was at most `rearm`; `pause_ms` is the least time
    between two firings.
    """

    alert_id: int
    symbol: Symbol
    fraction: Decimal
    window_ms: int
    since: int
    rearm: Decimal
    ready: bool = True
    firings: int = 0
    repeat: bool = False
    pause_ms: int = 0

    def returned(self, time: int) -> "RangeTrigger":
        """Returns the trigger after the range fell."""
        since = ready_from(time, self.since, self.firings, self.pause_ms)
        return replace(self, ready=True, since=since)

    def replaces(self, known: "RangeTrigger") -> bool:
        """True if this version of the trigger replaces the known one: `repeat` differs, or its number of firings and
        its `since` are not smaller.
        """
        return self.repeat != known.repeat or (known.firings, known.since) <= (self.firings, self.since)


@dataclass(frozen=True, slots=True)
class RangeFiring:
    """Trigger before its firing, the range that reached it, and the price and time of the tick."""

    trigger: RangeTrigger
    found: PriceRange
    price: Decimal
    time: int

    def rearmed(self) -> RangeTrigger:
        """Returns the trigger after this firing, for repeating alerts: it waits for the range to fall."""
        fired = self.trigger
        return replace(fired, ready=False, firings=fired.firings + 1, since=self.time + 1)


@dataclass(frozen=True, slots=True)
class RangeHits:
    """Effects of ticks: triggers that fired, and triggers that became ready because the range fell."""

    firings: tuple[RangeFiring, ...] = ()
    rearmed: tuple[RangeTrigger, ...] = ()


_Point = tuple[int, Decimal]


class PriceWindow:
    """Highest and lowest price of the last `length_ms`. Keeps at most one high and one low for each step of the window,
    and only those that can still become the highest or the lowest price.
    """

    def __init__(self, length_ms: int) -> None:
        """A step is a sixtieth of the window, at most a minute."""
        self._length = length_ms
        self._step = min(length_ms // _STEPS, MINUTE_MS)
        self._highs: deque[_Point] = deque()
        self._lows: deque[_Point] = deque()  # prices are negative, so that both keep the greatest
        self._known_from: int | None = None
        self._last = 0

    @property
    def known_from(self) -> int | None:
        """Time since when the prices are known without a gap; None before the first tick."""
        return self._known_from

    def __len__(self) -> int:
        return len(self._highs) + len(self._lows)

    def add(self, price: Decimal, time: int) -> PriceRange:
        """Adds the price of a tick and returns the range of the window that ends with the newest tick."""
        if self._known_from is None or time - self._last > GAP_MS:
            self._known_from = time
        self._last = max(self._last, time)
        step = time - time % self._step
        _put(self._highs, (step, price))
        _put(self._lows, (step, price.copy_negate()))
        return self._range()

    def fill(self, candles: Sequence[Candle]) -> None:
        """Adds the prices of closed 1-minute candles, oldest first. Prices before the first tick are known as far back
        as the candles reach without a gap.
        """
        if self._known_from is None:
            return
        start = self._last - self._length
        inside = [each for each in candles if start <= each.open_time <= self._last and 0 < each.low <= each.high < inf]
        for candle in reversed(inside):
            if candle.open_time + MINUTE_MS >= self._known_from:
                self._known_from = min(self._known_from, candle.open_time)
        highs = ((each.open_time, Decimal(str(each.high))) for each in inside)
        lows = ((each.open_time, Decimal(str(each.low)).copy_negate()) for each in inside)
        self._highs = _falling([*self._highs, *highs])
        self._lows = _falling([*self._lows, *lows])

    def whole(self) -> bool:
        """True if every price of the window is known, to the minute."""
        return self._known_from is not None and self._known_from < self._last - self._length + MINUTE_MS

    def _range(self) -> PriceRange:
        start = self._last - self._length
        for points in (self._highs, self._lows):
            while points[0][0] < start:
                points.popleft()
        return PriceRange(self._lows[0][1].copy_negate(), self._highs[0][1])


def _put(points: deque[_Point], point: _Point) -> None:
    """Adds a point to points of rising time and falling value; drops those that are neither later nor greater."""
    later: list[_Point] = []
    while points and points[-1][0] > point[0]:
        later.append(points.pop())
    if not later or later[-1][1] < point[1]:
        while points and points[-1][1] <= point[1]:
            points.pop()
        if not points or points[-1][0] != point[0]:
            points.append(point)
    points.extend(reversed(later))


def _falling(points: list[_Point]) -> deque[_Point]:
    """Returns the points that can still become the greatest."""
    kept: deque[_Point] = deque()
    for point in sorted(points):
        _put(kept, point)
    return kept


class _Watch:
    """Window of one symbol, and the alerts that wait for its range, sorted by the range at which each is touched."""

    def __init__(self, window_ms: int) -> None:
        self.window = PriceWindow(window_ms)
        self._ready: list[tuple[Decimal, int]] = []
        self._calm: list[tuple[Decimal, int]] = []

    def add(self, trigger: RangeTrigger) -> None:
        insort(self._list_of(trigger), _entry(trigger))

    def discard(self, trigger: RangeTrigger) -> None:
        entries = self._list_of(trigger)
        del entries[bisect_left(entries, _entry(trigger))]

    def touched(self, found: PriceRange) -> list[int]:
        """Returns the ids of the ready triggers that the range reaches and, if the window is known, of the others to
        whose distance it fell.
        """
        ids: list[int] = []
        if self._ready and found.reaches(self._ready[0][0]):
            at = bisect_right(self._ready, 0, key=lambda entry: 0 if found.reaches(entry[0]) else 1)
            ids += [alert_id for _, alert_id in self._ready[:at]]
        if self._calm and not found.exceeds(self._calm[-1][0]) and self.window.whole():
            at = bisect_right(self._calm, 0, key=lambda entry: 0 if found.exceeds(entry[0]) else 1)
            ids += [alert_id for _, alert_id in self._calm[at:]]
        return ids

    def __bool__(self) -> bool:
        return bool(self._ready or self._calm)

    def _list_of(self, trigger: RangeTrigger) -> list[tuple[Decimal, int]]:
        return self._ready if trigger.ready else self._calm


def _entry(trigger: RangeTrigger) -> tuple[Decimal, int]:
    return (trigger.fraction if trigger.ready else trigger.rearm, trigger.alert_id)


class RangeTriggers:
    """All waiting ranges. Windows are kept only of symbols and lengths for which an alert waits."""

    def __init__(self, triggers: Iterable[RangeTrigger] = ()) -> None:
        self._by_id: dict[int, RangeTrigger] = {}
        self._by_symbol: dict[Symbol, dict[int, _Watch]] = {}
        for trigger in triggers:
            self.put(trigger)

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self._by_id

    def get(self, alert_id: int) -> RangeTrigger | None:
        """Returns the current trigger of the alert, or None."""
        return self._by_id.get(alert_id)

    def put(self, trigger: RangeTrigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        known = self._by_id.get(trigger.alert_id)
        watches = self._by_symbol.setdefault(trigger.symbol, {})
        watches.setdefault(trigger.window_ms, _Watch(trigger.window_ms)).add(trigger)
        self._by_id[trigger.alert_id] = trigger
        if known is not None:
            self._drop(known)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one. A window is forgotten with its last alert."""
        trigger = self._by_id.pop(alert_id, None)
        if trigger is not None:
            self._drop(trigger)

    def take(self, ticks: Iterable[Tick], *, fresh_from: int, fresh_until: float = inf) -> RangeHits:
        """Applies ticks in their order and ignores the same ticks as `price_levels.Triggers.take`. Stale ticks are not
        added to a window: `fill` adds the prices of their time.
        """
        firings: list[RangeFiring] = []
        rearmed: list[RangeTrigger] = []
        for tick in ticks:
            watches = self._by_symbol.get(tick.symbol)
            if watches is None or not fresh_from <= tick.time <= fresh_until or not is_plain(tick.price):
                continue
            price = Decimal(tick.price)
            if price > 0:
                for watch in list(watches.values()):
                    self._apply(watch, price, tick.time, firings, rearmed)
        return RangeHits(tuple(firings), tuple(rearmed))

    def unfilled(self) -> dict[Symbol, int]:
        """Returns the symbols with a window that ticks have not filled yet, and the longest such window in minutes."""
        found: dict[Symbol, int] = {}
        for symbol, watches in self._by_symbol.items():
            lengths = [ms for ms, each in watches.items() if each.window.known_from and not each.window.whole()]
            if lengths:
                found[symbol] = max(lengths) // MINUTE_MS
        return found

    def fill(self, symbol: Symbol, candles: Sequence[Candle]) -> None:
        """Adds the prices of closed 1-minute candles, oldest first, to the windows of the symbol that are not whole.
        Alerts are decided by the next tick.
        """
        for watch in self._by_symbol.get(symbol, {}).values():
            if not watch.window.whole():
                watch.window.fill(candles)

    def _apply(
        self, watch: _Watch, price: Decimal, time: int, firings: list[RangeFiring], rearmed: list[RangeTrigger]
    ) -> None:
        found = watch.window.add(price, time)
        for alert_id in sorted(watch.touched(found)):
            trigger = self._by_id[alert_id]
            if trigger.since > time:
                continue
            if trigger.ready:
                firings.append(RangeFiring(trigger, found, price, time))
                self.remove(alert_id)
            else:
                ready = trigger.returned(time)
                rearmed.append(ready)
                self.put(ready)

    def _drop(self, trigger: RangeTrigger) -> None:
        watches = self._by_symbol[trigger.symbol]
        watches[trigger.window_ms].discard(trigger)
        if not watches[trigger.window_ms]:
            del watches[trigger.window_ms]
        if not watches:
            del self._by_symbol[trigger.symbol]


def range_of(price: Decimal, candles: Sequence[Candle], now: int, window_ms: int) -> tuple[PriceRange, int]:
    """Returns the range of the window that ends now, and since when its prices are known (UTC ms)."""
    window, minute = PriceWindow(window_ms), now - now % MINUTE_MS  # whose candle has not closed
    window.add(price, minute)
    window.fill(candles)
    known_from = window.known_from
    found = window.add(price, now)
    return found, now if known_from in (None, minute) else max(known_from, now - window_ms)
