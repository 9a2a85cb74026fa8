"""Firing of condition alerts: the gauges of each symbol, and the alerts that wait for their figures. No I/O.

A condition of candles is decided by every candle that closes after its `since`, live or read from the archive later, so
it depends neither on restarts nor on gaps. All other conditions are decided by fresh prices.
"""

import logging
from collections.abc import Iterable
from math import inf, isfinite

from core.decimals import is_plain
from pipeline.market import Candle, Interval, Symbol, Tick, within_bounds
from trading.triggers.conditions import (
    ON_CANDLES,
    Condition,
    ConditionFiring,
    ConditionHits,
    ConditionTrigger,
)
from trading.triggers.dials import CAUGHT_UP_MS, Decided, Dial, DialKey, DialReading, DialSeries, SeriesRequest, key_of

log = logging.getLogger(__name__)


class _Watched:
    """Everything that waits on one symbol. `seen` is True once its prices arrive here: on Kafka another member may have
    them.
    """

    def __init__(self) -> None:
        self.series: dict[Interval, DialSeries] = {}
        self.day: dict[DialKey, Dial] = {}
        self.orders: dict[DialKey, Dial] = {}
        self.open_24h = 0.0
        self.seen = False

    def dials(self, condition: Condition) -> dict[DialKey, Dial]:
        if condition.reads_candles:
            return self.series.setdefault(condition.interval, DialSeries(condition.interval)).dials
        return self.day if condition.of_the_day else self.orders

    def __bool__(self) -> bool:
        return bool(self.series or self.day or self.orders)


class _Hits:
    """Effects that are being collected."""

    def __init__(self, triggers: "ConditionTriggers") -> None:
        self._triggers = triggers
        self._firings: list[ConditionFiring] = []
        self._rearmed: list[ConditionTrigger] = []

    def decide(
        self, dial: Dial, figure: float, base: float, price: float, time: int, *, only: int | None = None
    ) -> None:
        """Fires the triggers of a dial that this figure reaches, and makes others ready; `only` one of them if set."""
        for alert_id in dial.waiting.touched(figure):
            trigger = self._triggers.get(alert_id)
            if trigger is None or trigger.since > time or only not in (None, alert_id):
                continue
            if trigger.ready:
                against = base if isfinite(base) else 0.0
                self._firings.append(ConditionFiring(trigger, figure, against, price, time))
                self._triggers.remove(alert_id)
            else:
                ready = trigger.returned(time)
                self._rearmed.append(ready)
                self._triggers.put(ready)

    def close(self, dial: Dial, closed: Decided, *, only: int | None = None) -> None:
        """Decides the figure of a candle that closed."""
        if dial.on_candles:
            self.decide(dial, closed.figure, closed.base, closed.close, closed.time, only=only)

    def result(self) -> ConditionHits:
        return ConditionHits(tuple(self._firings), tuple(self._rearmed))


class ConditionTriggers:
    """All waiting conditions. Candles are kept only for symbols and intervals on which an alert waits."""

    def __init__(self) -> None:
        self._by_id: dict[int, ConditionTrigger] = {}
        self._by_symbol: dict[Symbol, _Watched] = {}
        self._late: set[int] = set()
        """Triggers of candles that closed before they were put."""

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
        dials, key = watched.dials(trigger.condition), key_of(trigger.condition)
        dial = dials.setdefault(key, Dial(trigger.condition))
        dial.waiting.add(trigger)
        if trigger.condition.reads_candles:
            watched.series[trigger.condition.interval].wanted(key)
            if dial.on_candles and dial.warm and trigger.since < dial.decided:
                self._late.add(trigger.alert_id)
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
        hits = self._hits()
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
            for dial in list(series.dials.values()):
                if dial.heard(tick.time) and not dial.on_candles:
                    hits.decide(dial, *dial.gauge.at(price), price, tick.time)
                    dial.gauge.form(price, price)

    def take_candles(self, minutes: Iterable[Candle]) -> ConditionHits:
        """Applies closed 1-minute candles, each symbol's in their order. After a gap, the archive is read again."""
        hits = self._hits()
        for minute in minutes:
            watched = self._by_symbol.get(minute.symbol)
            if watched is None or not within_bounds(minute):
                continue
            watched.seen = True
            for series in list(watched.series.values()):
                series.recent.append(minute)
                for dial in list(series.dials.values()):
                    try:
                        closed = dial.add(minute)
                    except Exception:  # an error of one dial must not end the alerts of all
                        log.exception("%s of %s is not known", dial.condition.measure, minute.symbol)
                        dial.cool()
                        continue
                    if closed is not None:
                        hits.close(dial, closed)
        return hits.result()

    # -- what the archive says ---------------------------------------------------------------------

    def unfilled(self) -> list[SeriesRequest]:
        """Returns the candles that are needed from the archive, one request for each series."""
        return [
            request
            for symbol, watched in self._by_symbol.items()
            if watched.seen
            for series in watched.series.values()
            if (request := series.request(symbol)) is not None
        ]

    def fill(self, request: SeriesRequest, reading: DialReading, now: int) -> ConditionHits:
        """Takes a dial of a request as `read_dials` read it, and decides the candles that closed unseen. Does nothing
        if it is warm meanwhile, or nothing waits for it.
        """
        watched = self._by_symbol.get(request.symbol)
        series = watched.series.get(request.interval) if watched is not None else None
        dial = series.dials.get(key_of(reading.condition)) if series is not None else None
        if series is None or dial is None or dial.warm:
            return ConditionHits()
        hits = _Hits(self)
        dial.take(reading)
        for closed in reading.figures:
            dial.decided = closed.time
            if closed.time >= now - CAUGHT_UP_MS:
                hits.close(dial, closed)
        for minute in list(series.recent):
            if (late := dial.add(minute)) is not None:
                hits.close(dial, late)
        return hits.result()

    def _hits(self) -> _Hits:
        """Returns the effects of candles on triggers that came after them."""
        hits, late = _Hits(self), sorted(self._late)
        self._late.clear()
        for alert_id in late:
            trigger = self._by_id.get(alert_id)
            if trigger is None or trigger.condition.measure not in ON_CANDLES:
                continue
            dial = self._by_symbol[trigger.symbol].dials(trigger.condition)[key_of(trigger.condition)]
            if dial.warm and len(dial.figures) == dial.figures.maxlen and trigger.since < dial.figures[0].time:
                dial.cool()  # more is missing than is kept: the archive has it
            for closed in list(dial.figures) if dial.warm else ():
                hits.close(dial, closed, only=alert_id)
        return hits

    def _drop(self, trigger: ConditionTrigger) -> None:
        watched = self._by_symbol[trigger.symbol]
        condition = trigger.condition
        dials, key = watched.dials(condition), key_of(condition)
        dials[key].waiting.discard(trigger)
        if not dials[key].waiting:
            if condition.reads_candles:
                watched.series[condition.interval].rest(key)
            else:
                del dials[key]
        if condition.reads_candles and not watched.series[condition.interval]:
            del watched.series[condition.interval]
        if not watched:
            del self._by_symbol[trigger.symbol]
