"""Dials: the gauges of a symbol and interval, the triggers that wait for each, and their earlier candles. No I/O.

Each dial follows the candles by itself, so that one that is new, or lacks candles, is read from the archive without the
others.
"""

import logging
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isnan
from typing import NamedTuple

from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol
from trading.triggers.conditions import ON_CANDLES, Condition, ConditionTrigger, Measure
from trading.triggers.gauges import CandleAggregator, Gauge, split
from trading.triggers.price_levels import Direction

CAUGHT_UP_MS = DAY_MS
"""Time for which candles that closed unseen are decided later."""

MAX_CANDLES = 5_000
DIALS_A_REQUEST = 256
"""Maximum number of dials that are read at once."""

_KEPT = 64
_IDLE_DIALS = 8
_SILENT_MS = 3 * MINUTE_MS
"""Time without a candle after which the archive is read again."""

log = logging.getLogger(__name__)

DialKey = tuple[Measure, int, str]
_Entry = tuple[float, int]


class Decided(NamedTuple):
    """Figure of a candle that closed at `time`, what it was measured against, and the close."""

    time: int
    figure: float
    base: float
    close: float


class Thresholds:
    """Triggers of one gauge, in sorted lists by direction and readiness."""

    def __init__(self) -> None:
        self._lists: dict[tuple[Direction, bool], list[_Entry]] = {
            (direction, ready): [] for direction in Direction for ready in (True, False)
        }

    def add(self, trigger: ConditionTrigger) -> None:
        """Adds a trigger."""
        insort(self._list_of(trigger), (trigger.awaited, trigger.alert_id))

    def discard(self, trigger: ConditionTrigger) -> None:
        """Removes a trigger that was added."""
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


class Dial:
    """A gauge and the triggers that wait for it. One that reads candles is cold until the archive was read."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.waiting = Thresholds()
        self.decided = 0
        """End of the last closed candle, ms."""
        self.figures: deque[Decided] = deque(maxlen=_KEPT)
        """Figures of the last closed candles, for triggers that come late."""
        self._builder: CandleAggregator | None = None
        self._gauge: Gauge | None = None

    @property
    def gauge(self) -> Gauge:
        """Gauge, made when it is first used: that of candles comes with a reading."""
        if self._gauge is None:
            self._gauge = Gauge(self.condition)
        return self._gauge

    @property
    def warm(self) -> bool:
        """True while every candle until now is known."""
        return self._builder is not None

    @property
    def on_candles(self) -> bool:
        """True if closed candles decide, not prices."""
        return self.condition.measure in ON_CANDLES

    def cool(self) -> None:
        """Makes the dial wait for the archive."""
        self._builder = None

    def take(self, reading: "DialReading") -> None:
        """Goes on where a reading of the archive ends. Its candles are not decided here."""
        self._gauge, self._builder = reading.gauge, reading.builder
        self.decided = 0
        self.figures = deque(reading.figures, _KEPT)

    def heard(self, time: int) -> bool:
        """Returns whether the dial is warm at a price of `time`; a silent stream makes it cold."""
        if self._builder is not None and self._builder.until and time - self._builder.until > _SILENT_MS:
            self.cool()
        return self.warm

    def add(self, minute: Candle) -> Decided | None:
        """Takes a closed minute, and returns the figure of the candle that it closes. A gap makes the dial cold."""
        if self._builder is not None and minute.open_time > self._builder.until > 0:
            self.cool()
        if self._builder is None or minute.open_time < self._builder.until:
            return None
        figure = _advance(self.gauge, self._builder, minute, self.condition.interval)
        if figure is not None:
            self.decided = figure.time
            self.figures.append(figure)
        return figure


class DialSeries:
    """Candles of one symbol and interval, and the dials that read them."""

    def __init__(self, interval: Interval) -> None:
        self.interval = interval
        self.dials: dict[DialKey, Dial] = {}
        self.recent: deque[Candle] = deque(maxlen=_KEPT)
        """The last minutes, for dials that are read from the archive meanwhile."""
        self._idle: dict[DialKey, None] = {}

    def wanted(self, key: DialKey) -> None:
        """Takes note that a trigger waits for the dial."""
        self._idle.pop(key, None)

    def rest(self, key: DialKey) -> None:
        """Keeps a dial for which no trigger waits any more, for the next one that wants it; a few, of the newest."""
        self._idle[key] = None
        for oldest in list(self._idle)[:-_IDLE_DIALS]:
            del self._idle[oldest], self.dials[oldest]

    def __bool__(self) -> bool:
        return len(self.dials) > len(self._idle)

    def request(self, symbol: Symbol) -> "SeriesRequest | None":
        """Returns the candles that cold dials need from the archive; None if all are warm. Those that prices decide
        come first: a price does not return, a candle is decided later.
        """
        waiting = sorted((dial for dial in self.dials.values() if not dial.warm and dial.waiting), key=_after_prices)
        if not waiting:
            return None
        cold = [dial.condition for dial in waiting[:DIALS_A_REQUEST]]
        decided = any(condition.measure in ON_CANDLES for condition in cold)
        count = max(condition.warm_up for condition in cold) + (CAUGHT_UP_MS // self.interval.ms if decided else 0)
        return SeriesRequest(symbol, self.interval, min(count, MAX_CANDLES), tuple(cold))


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """Closed candles that dials of a series need: with `count`, all are warm at the oldest that is decided."""

    symbol: Symbol
    interval: Interval
    count: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class DialReading:
    """Reading of the archive for a dial: its gauge after the candles, the figure of each, and the candle that has not
    closed.
    """

    condition: Condition
    gauge: Gauge
    builder: CandleAggregator
    figures: Sequence[Decided]


def _after_prices(dial: Dial) -> bool:
    return dial.on_candles


def key_of(condition: Condition) -> DialKey:
    """Returns the dial that a condition reads: one for all levels."""
    return condition.measure, condition.length, condition.rule


def read_dials(request: SeriesRequest, candles: Sequence[Candle], minutes: Sequence[Candle]) -> Iterator[DialReading]:
    """Reads the dials of a request, one by one, from its closed candles and the minutes after the last of them, oldest
    first. Each takes a while, and touches nothing that others see: it may run in a thread. One that fails is left out.
    """
    closed, rest = split(request.symbol, request.interval, candles, minutes)
    for condition in request.conditions:
        try:
            reading = _reading(condition, request.interval, closed, rest)
        except Exception:  # an error of one dial must not keep the others cold
            log.exception("%s of %s is not known", condition.measure, request.symbol)
            continue
        yield reading


def _reading(condition: Condition, interval: Interval, closed: Sequence[Candle], rest: Sequence[Candle]) -> DialReading:
    gauge = Gauge(condition)
    figures = [_figure(gauge, candle, interval) for candle in closed]
    builder = CandleAggregator(interval, figures[-1].time if figures else 0)
    news = (_advance(gauge, builder, minute, interval) for minute in rest if minute.open_time >= builder.until)
    figures.extend(figure for figure in news if figure is not None)
    return DialReading(condition, gauge, builder, figures)


def _advance(gauge: Gauge, builder: CandleAggregator, minute: Candle, interval: Interval) -> Decided | None:
    closed = builder.add(minute)
    if closed is None:
        gauge.form(minute.high, minute.low)
        return None
    return _figure(gauge, closed, interval)


def _figure(gauge: Gauge, candle: Candle, interval: Interval) -> Decided:
    gauge.add(candle)
    return Decided(candle.open_time + interval.ms, gauge.of_candle(), gauge.base, candle.close)
