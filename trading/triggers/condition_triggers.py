"""Firing of condition alerts: the gauges of each symbol, and the alerts that wait for their figures. No I/O.

A condition of candles is decided by every candle that closes after its `since`, live or read from the archive later, so
it depends neither on restarts nor on gaps. All other conditions are decided by fresh prices.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan

from core.decimals import is_plain
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol, Tick
from trading.triggers.conditions import (
    ON_CANDLES,
    Condition,
    ConditionFiring,
    ConditionHits,
    ConditionTrigger,
    Measure,
)
from trading.triggers.gauges import CandleAggregator, Gauge, plain, split
from trading.triggers.price_levels import Direction

CAUGHT_UP_MS = DAY_MS
"""Time for which candles that closed unseen are decided later."""

MAX_CANDLES = 5_000
_PENDING = 64
_SILENT_MS = 3 * MINUTE_MS
"""Time without a candle after which the archive is read again."""

_Entry = tuple[float, int]
_Key = tuple[Measure, int]


class _Thresholds:
    """Triggers of one gauge, in sorted lists by direction and readiness."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Direction, bool], list[_Entry]] = {
            (direction, ready): [] for direction in Direction for ready in (True, False)
        }

    def add(self, trigger: ConditionTrigger) -> None:
        insort(self._list_of(trigger), (trigger.awaited, trigger.alert_id))

    def discard(self, trigger: ConditionTrigger) -> None:
        entries = self._list_of(trigger)
        del entries[bisect_left(entries, (trigger.awaited, trigger.alert_id))]

    def touched(self, figure: float) -> list[int]:
        """Returns the ids of the ready triggers that the figure reaches and of the others that it has returned from."""
        if isnan(figure):
            return []
        found: list[_Entry] = []
        for (direction, ready), entries in self._lists.items():
            if (direction is Direction.ABOVE) == ready:
                found += entries[: bisect_right(entries, (figure, inf))]
            else:
                found += entries[bisect_left(entries, (figure, -1)) :]
        return sorted(alert_id for _, alert_id in found)

    def __bool__(self) -> bool:
        return any(self._lists.values())

    def _list_of(self, trigger: ConditionTrigger) -> list[_Entry]:
        return self._lists[trigger.condition.direction, trigger.ready]


class _Dial:
    """A gauge and the triggers that wait for it."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.gauge = Gauge(condition)
        self.waiting = _Thresholds()


class _Series:
    """Candles of one symbol and interval, and the dials that read them. Not filled until the archive was read."""

    def __init__(self, interval: Interval) -> None:
        self.interval = interval
        self.dials: dict[_Key, _Dial] = {}
        self.builder: CandleAggregator | None = None
        self.decided = 0
        """End of the last closed candle, ms."""
        self.version = 0
        self.pending: deque[Candle] = deque(maxlen=_PENDING)
        """Minutes that arrived before the archive was read."""

    def empty(self, *, anew: bool = False) -> None:
        """Makes the series wait for the archive; `anew` if it needs other candles than before."""
        self.builder = None
        self.version += anew


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """Closed candles that a series needs. `version` changes when it needs them anew."""

    symbol: Symbol
    interval: Interval
    count: int
    version: int


class _Watched:
    """Everything that waits on one symbol. `seen` is True once its prices arrive here: on Kafka another member may have
    them.
    """

    def __init__(self) -> None:
        self.series: dict[Interval, _Series] = {}
        self.day: dict[_Key, _Dial] = {}
        self.orders: dict[_Key, _Dial] = {}
        self.open_24h = 0.0
        self.seen = False

    def dials(self, condition: Condition) -> dict[_Key, _Dial]:
        if condition.reads_candles:
            return self.series.setdefault(condition.interval, _Series(condition.interval)).dials
        return self.day if condition.of_the_day else self.orders

    def __bool__(self) -> bool:
        return bool(self.series or self.day or self.orders)


class _Hits:
    """Effects that are being collected."""

    def __init__(self, triggers: "ConditionTriggers") -> None:
        self._triggers = triggers
        self._firings: list[ConditionFiring] = []
        self._rearmed: list[ConditionTrigger] = []

    def decide(self, dial: _Dial, figure: float, base: float, price: float, time: int) -> None:
        """Fires the triggers of a dial that this figure reaches, and makes others ready."""
        for alert_id in dial.waiting.touched(figure):
            trigger = self._triggers.get(alert_id)
            if trigger is None or trigger.since > time:
                continue
            if trigger.ready:
                against = base if isfinite(base) else 0.0
                self._firings.append(ConditionFiring(trigger, figure, against, price, time))
                self._triggers.remove(alert_id)
            else:
                ready = trigger.returned(time)
                self._rearmed.append(ready)
                self._triggers.put(ready)

    def result(self) -> ConditionHits:
        return ConditionHits(tuple(self._firings), tuple(self._rearmed))


class ConditionTriggers:
    """All waiting conditions. Candles are kept only for symbols and intervals on which an alert waits."""

    def __init__(self) -> None:
        self._by_id: dict[int, ConditionTrigger] = {}
        self._by_symbol: dict[Symbol, _Watched] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, alert_id: int) -> bool:
        return alert_id in self._by_id

    def get(self, alert_id: int) -> ConditionTrigger | None:
        """Returns the current trigger of the alert, or None."""
        return self._by_id.get(alert_id)

    def put(self, trigger: ConditionTrigger) -> None:
        """Adds a trigger, or replaces the one of the same alert."""
        known = self._by_id.get(trigger.alert_id)
        watched = self._by_symbol.setdefault(trigger.symbol, _Watched())
        dials, key = watched.dials(trigger.condition), _key(trigger.condition)
        new = key not in dials
        dials.setdefault(key, _Dial(trigger.condition)).waiting.add(trigger)
        series = watched.series.get(trigger.condition.interval) if trigger.condition.reads_candles else None
        missed = trigger.condition.measure in ON_CANDLES and series is not None and trigger.since < series.decided
        if series is not None and (new or missed):
            series.empty(anew=True)
        self._by_id[trigger.alert_id] = trigger
        if known is not None:
            self._drop(known)

    def remove(self, alert_id: int) -> None:
        """Removes the alert's trigger, if there is one. Candles are forgotten with the last alert that reads them."""
        trigger = self._by_id.pop(alert_id, None)
        if trigger is not None:
            self._drop(trigger)

    # -- what the market says ----------------------------------------------------------------------

    def take(self, ticks: Iterable[Tick], *, fresh_from: int, fresh_until: float = inf) -> ConditionHits:
        """Applies prices in their order; ignores the same ticks as `price_levels.Triggers.take`."""
        hits = _Hits(self)
        for tick in ticks:
            watched = self._by_symbol.get(tick.symbol)
            if watched is None or not fresh_from <= tick.time <= fresh_until or not is_plain(tick.price):
                continue
            price = float(tick.price)
            if price > 0:
                watched.seen = True
                self._apply(watched, tick, price, hits)
        return hits.result()

    def _apply(self, watched: _Watched, tick: Tick, price: float, hits: "_Hits") -> None:
        for dial in list(watched.orders.values()):
            hits.decide(dial, price, 0.0, price, tick.time)
        if is_plain(tick.open_24h):
            watched.open_24h = float(tick.open_24h)
        if watched.open_24h > 0:
            for dial in list(watched.day.values()):
                dial.gauge.base = watched.open_24h
                hits.decide(dial, *dial.gauge.at(price), price, tick.time)
        for series in list(watched.series.values()):
            if series.builder is not None and tick.time - series.builder.until > _SILENT_MS and series.builder.until:
                series.empty()
            if series.builder is None:
                continue
            for dial in list(series.dials.values()):
                if dial.condition.measure not in ON_CANDLES:
                    hits.decide(dial, *dial.gauge.at(price), price, tick.time)
                    dial.gauge.form(price, price)

    def take_candles(self, minutes: Iterable[Candle]) -> ConditionHits:
        """Applies closed 1-minute candles, each symbol's in their order. After a gap, the archive is read again."""
        hits = _Hits(self)
        for minute in minutes:
            watched = self._by_symbol.get(minute.symbol)
            if watched is None or not plain(minute):
                continue
            watched.seen = True
            for series in list(watched.series.values()):
                _take_minute(series, minute, hits)
        return hits.result()

    # -- what the archive says ---------------------------------------------------------------------

    def unfilled(self) -> list[SeriesRequest]:
        """Returns the candles that are needed from the archive."""
        return [
            SeriesRequest(symbol, interval, _needed(series), series.version)
            for symbol, watched in self._by_symbol.items()
            if watched.seen
            for interval, series in watched.series.items()
            if series.builder is None
        ]

    def fill(
        self, request: SeriesRequest, candles: Sequence[Candle], minutes: Sequence[Candle], now: int
    ) -> ConditionHits:
        """Takes the closed candles of a request and the 1-minute candles after the last of them, oldest first. Decides
        the candles that closed unseen. Does nothing if more is needed meanwhile.
        """
        watched = self._by_symbol.get(request.symbol)
        series = watched.series.get(request.interval) if watched is not None else None
        if series is None or series.version != request.version or series.builder is not None:
            return ConditionHits()
        for dial in series.dials.values():
            dial.gauge = Gauge(dial.condition)
        closed, rest = split(request.symbol, request.interval, candles, minutes)
        hits = _Hits(self)
        for candle in closed:
            _close(series, candle, hits, oldest=now - CAUGHT_UP_MS)
        series.builder = CandleAggregator(request.interval, series.decided if closed else 0)
        for minute in rest:
            _add_minute(series, series.builder, minute, hits)
        late, series.pending = list(series.pending), deque(maxlen=_PENDING)
        for minute in late:
            _take_minute(series, minute, hits)
        return hits.result()

    def _drop(self, trigger: ConditionTrigger) -> None:
        watched = self._by_symbol[trigger.symbol]
        condition = trigger.condition
        dials, key = watched.dials(condition), _key(condition)
        dials[key].waiting.discard(trigger)
        if not dials[key].waiting:
            del dials[key]
        if condition.reads_candles and not dials:
            del watched.series[condition.interval]
        if not watched:
            del self._by_symbol[trigger.symbol]


def _key(condition: Condition) -> _Key:
    return condition.measure, condition.length


def _needed(series: _Series) -> int:
    """Returns the number of closed candles that every dial needs to be warm at the oldest candle that is decided."""
    warm_up = max((dial.condition.warm_up for dial in series.dials.values()), default=0)
    decided = any(dial.condition.measure in ON_CANDLES for dial in series.dials.values())
    return min(warm_up + (CAUGHT_UP_MS // series.interval.ms if decided else 0), MAX_CANDLES)


def _take_minute(series: _Series, minute: Candle, hits: _Hits) -> None:
    """Applies a minute that follows the last one; keeps it if that is not known yet, or if one between them is not."""
    if series.builder is not None and minute.open_time > series.builder.until > 0:
        series.empty()
    if series.builder is None:
        series.pending.append(minute)
    else:
        _add_minute(series, series.builder, minute, hits)


def _add_minute(series: _Series, builder: CandleAggregator, minute: Candle, hits: _Hits) -> None:
    if minute.open_time < builder.until:
        return
    closed = builder.add(minute)
    if closed is not None:
        _close(series, closed, hits)
        return
    for dial in series.dials.values():
        dial.gauge.form(minute.high, minute.low)


def _close(series: _Series, candle: Candle, hits: _Hits, *, oldest: float = -inf) -> None:
    """Gives a closed candle to the dials. The alerts on candles that closed before `oldest` are not decided."""
    series.decided = candle.open_time + series.interval.ms
    for dial in list(series.dials.values()):
        dial.gauge.add(candle)
        if dial.condition.measure in ON_CANDLES and series.decided >= oldest:
            hits.decide(dial, dial.gauge.of_candle(), dial.gauge.base, candle.close, series.decided)
