"""Condition alerts candle by candle and price by price."""

import random
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest

from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, Symbol, Tick
from trading.indicators.registry import INDICATORS
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import Condition, ConditionFiring, ConditionHits, ConditionTrigger, Measure
from trading.triggers.dials import SeriesRequest, read_dials
from trading.triggers.price_levels import Direction

D = Decimal
BTC = Symbol("BTCUSDC")
START = 1_617_235_200_000
"""Midnight UTC."""

HOUR = Interval.H1
ABOVE, BELOW = Direction.ABOVE, Direction.BELOW


def candle(time: int, close: float, *, volume: float = 1.0, high: float = 0.0, low: float = 0.0) -> Candle:
    return Candle(BTC, time, close, high or close, low or close, close, volume)


def minutes(closes: Sequence[float], start: int = START) -> list[Candle]:
    return [candle(start + at * MINUTE_MS, close) for at, close in enumerate(closes)]


def trigger(condition: Condition, *, since: int = START, repeat: bool = False, ready: bool = True) -> ConditionTrigger:
    return ConditionTrigger(1, BTC, condition, since, condition.rearm(D("0.005")), ready, 0, repeat)


def tick(price: float, time: int, open_24h: str = "") -> Tick:
    return Tick(BTC, time, str(price), open_24h=open_24h)


def filled(one: ConditionTrigger, past: Sequence[Candle], now: int = START) -> ConditionTriggers:
    """Triggers whose archive holds these closed candles of the condition's interval."""
    triggers = ConditionTriggers()
    triggers.put(one)
    triggers.take([tick(past[-1].close if past else 1.0, now)], fresh_from=0)
    for request in triggers.unfilled():
        hits = fill(triggers, request, past, [], now)
        assert not hits.firings
    return triggers


def fill(
    triggers: ConditionTriggers, request: SeriesRequest, past: Sequence[Candle], tail: Sequence[Candle], now: int
) -> ConditionHits:
    """What the archive decides."""
    hits = [triggers.fill(request, reading, now) for reading in read_dials(request, past, tail)]
    return ConditionHits(
        tuple(each for one in hits for each in one.firings), tuple(each for one in hits for each in one.rearmed)
    )


def fired(hits: ConditionHits) -> list[ConditionFiring]:
    return list(hits.firings)


# -- on candles --------------------------------------------------------------------------------


def test_an_rsi_fires_once_on_the_candle_that_reaches_it_and_is_the_one_of_the_charts() -> None:
    closes = [100.0 + 10 * np.sin(at / 9) for at in range(60)]
    condition = Condition(Measure.RSI, BELOW, D(20), Interval.M1, 14)
    past = minutes(closes[:30], START - 30 * MINUTE_MS)
    triggers = filled(trigger(condition), past)
    found = [each for minute in minutes(closes[30:]) for each in fired(triggers.take_candles([minute]))]
    expected = INDICATORS["rsi"].compute({"close": np.array(closes)})["rsi"]
    first = next(at for at in range(30, 60) if expected[at] <= 20)
    assert [(each.time, each.price) for each in found] == [(START + (first - 29) * MINUTE_MS, closes[first])]
    assert found[0].figure == pytest.approx(expected[first])
    assert 1 not in triggers


def test_only_closed_candles_of_the_interval_count() -> None:
    """Within the hour the price is far above its average, at its end it is not."""
    condition = Condition(Measure.SMA, ABOVE, D("0.05"), HOUR, 3)
    past = [candle(START - (3 - at) * HOUR.ms, 100.0) for at in range(3)]
    triggers = filled(trigger(condition), past)
    inside = [*[200.0] * 59, 100.0, *[100.0] * 59, 130.0]
    found = [each for minute in minutes(inside) for each in fired(triggers.take_candles([minute]))]
    assert [(each.time, round(each.figure, 6), each.base) for each in found] == [(START + 2 * HOUR.ms, 0.181818, 110.0)]
    assert not fired(triggers.take([tick(500.0, START + 2 * HOUR.ms)], fresh_from=0))


def test_a_volume_is_compared_with_the_mean_of_those_before_it() -> None:
    condition = Condition(Measure.VOLUME, ABOVE, D(3), Interval.M1, 2)
    past = [candle(START - (2 - at) * MINUTE_MS, 1.0, volume=10.0 + at * 10) for at in range(2)]
    triggers = filled(trigger(condition), past)
    assert not fired(triggers.take_candles([candle(START, 1.0, volume=44.9)]))
    (one,) = fired(triggers.take_candles([candle(START + MINUTE_MS, 1.0, volume=97.35)]))
    assert (one.figure, one.base) == (3.0, 32.45)


def test_a_warm_up_fires_nothing() -> None:
    """An RSI below 30 of 0, or a volume against 0, would."""
    for condition in (
        Condition(Measure.RSI, BELOW, D(30), Interval.M1, 14),
        Condition(Measure.VOLUME, ABOVE, D(3), Interval.M1, 20),
        Condition(Measure.VOLATILITY, BELOW, D(1), Interval.M1, 60),
        Condition(Measure.EMA, ABOVE, D(0), Interval.M1, 20),
    ):
        triggers = filled(trigger(condition), [])
        assert not fired(triggers.take_candles(minutes([10.0 - at / 10 for at in range(14)])))
        assert 1 in triggers


def test_candles_that_closed_unseen_are_decided_from_the_archive_and_only_those_after_the_alert() -> None:
    condition = Condition(Measure.SMA, ABOVE, D("0.5"), Interval.M1, 2)
    closes = [100.0, 400.0, 100.0, 100.0, 400.0, 100.0]
    triggers = ConditionTriggers()
    triggers.put(trigger(condition, since=START + 2 * MINUTE_MS + 1))
    triggers.take([tick(100.0, START + 6 * MINUTE_MS)], fresh_from=0)
    (request,) = triggers.unfilled()
    (one,) = fill(triggers, request, minutes(closes), [], START + 6 * MINUTE_MS).firings
    assert one.time == START + 5 * MINUTE_MS, "the first jump was before the alert, the second is not missed"


def test_a_candle_of_more_than_a_day_ago_is_not_decided() -> None:
    condition = Condition(Measure.SMA, ABOVE, D("0.5"), Interval.M1, 2)
    triggers = ConditionTriggers()
    triggers.put(trigger(condition, since=START))
    now = START + 3 * MINUTE_MS + DAY_MS
    triggers.take([tick(100.0, now)], fresh_from=0)
    (request,) = triggers.unfilled()
    assert not fill(triggers, request, minutes([100.0, 100.0, 400.0]), [], now - 1 + MINUTE_MS).firings


def test_a_repeating_alert_waits_for_the_figure_to_return_and_for_its_pause() -> None:
    condition = Condition(Measure.SMA, ABOVE, D("0.10"), Interval.M1, 2)
    one = ConditionTrigger(1, BTC, condition, START, condition.rearm(D(0)), repeat=True, pause_ms=5 * MINUTE_MS)
    triggers = filled(one, minutes([100.0, 100.0], START - 2 * MINUTE_MS))
    (first,) = fired(triggers.take_candles([candle(START, 200.0)]))
    triggers.put(first.rearmed())
    triggers.take([tick(200.0, START + MINUTE_MS)], fresh_from=0)
    for request in triggers.unfilled():
        fill(triggers, request, minutes([100.0, 100.0, 200.0], START - 2 * MINUTE_MS), [], START + MINUTE_MS)
    times: list[int] = []
    for at, close in enumerate([400.0, 400.0, 800.0, 800.0, 800.0, 1600.0], start=1):
        hits = triggers.take_candles([candle(START + at * MINUTE_MS, close)])
        times += [each.time for each in hits.firings]
    assert times == [START + 7 * MINUTE_MS], "ready since 400 beside 400, but not before the pause"


def test_minutes_that_are_missing_are_read_from_the_archive_again() -> None:
    condition = Condition(Measure.SMA, ABOVE, D("0.5"), Interval.M1, 2)
    triggers = filled(trigger(condition), minutes([100.0, 100.0], START - 2 * MINUTE_MS))
    assert not triggers.unfilled()
    assert not fired(triggers.take_candles([candle(START + 2 * MINUTE_MS, 400.0)])), "a minute is missing"
    (request,) = triggers.unfilled()
    archived = minutes([100.0, 100.0, 100.0, 100.0], START - 2 * MINUTE_MS)
    (one,) = fill(triggers, request, archived, [], START + 3 * MINUTE_MS).firings
    assert (one.time, one.price) == (START + 3 * MINUTE_MS, 400.0), "the minute that arrived was kept"


@pytest.mark.parametrize("seed", range(5))
def test_restarts_at_any_candle_change_no_firing(seed: int) -> None:
    """A worker that dies and reads the archive fires what one that lives fires, each time exactly once."""
    chance = random.Random(seed)  # noqa: S311
    walk = np.cumprod(1 + np.array([chance.gauss(0, 0.02) for _ in range(400)])) * 100
    history = minutes(walk.tolist())
    condition = Condition(Measure.RSI, BELOW, D(45), Interval.M5, 5)

    def run(restarts: float) -> list[tuple[int, float]]:
        known = trigger(condition, since=START + 200 * MINUTE_MS, repeat=True)
        told: list[tuple[int, float]] = []
        triggers = ConditionTriggers()
        triggers.put(known)
        for at in range(200, 400):
            if chance.random() < restarts:
                triggers = ConditionTriggers()
                triggers.put(known)
            now = START + (at + 1) * MINUTE_MS
            batches = [triggers.take_candles([history[at]])]
            while requests := triggers.unfilled():
                closed = _archived(history, now - MINUTE_MS, condition.interval)
                tail = [each for each in history[: at + 1] if each.open_time >= closed[-1].open_time + 300_000]
                batches += [fill(triggers, request, closed, tail, now) for request in requests]
            for hits in batches:
                for ready in hits.rearmed:
                    known = ready
                for firing in hits.firings:
                    told.append((firing.time, round(firing.figure, 9)))
                    known = firing.rearmed()
                    triggers.put(known)
        return told

    undisturbed = run(0.0)
    assert undisturbed
    assert [time for time, _ in run(0.1)] == [time for time, _ in undisturbed]


def _archived(history: Sequence[Candle], until: int, interval: Interval) -> list[Candle]:
    parts = [history[at : at + 5] for at in range(0, len(history), 5)]
    wide = [candle(part[0].open_time, part[-1].close) for part in parts]
    return [each for each in wide if each.open_time + interval.ms <= until]


# -- on prices ---------------------------------------------------------------------------------


def test_the_change_of_a_day_is_the_exchanges() -> None:
    triggers = ConditionTriggers()
    triggers.put(trigger(Condition(Measure.CHANGE, BELOW, D("-0.05"), Interval.M1, 1440)))
    assert not triggers.unfilled()
    assert not fired(triggers.take([tick(95.0, START)], fresh_from=0)), "the day is not known"
    assert not fired(triggers.take([tick(95.01, START + 1, "100")], fresh_from=0))
    (one,) = fired(triggers.take([tick(95.0, START + 2)], fresh_from=0))
    assert (one.figure, one.base, one.price) == (-0.05, 100.0, 95.0)


def test_a_change_within_a_window_compares_with_the_price_at_its_start() -> None:
    condition = Condition(Measure.CHANGE, ABOVE, D("0.05"), Interval.M1, 5)
    past = minutes([50.0, 100.0, 100.0, 102.0, 103.0, 104.0, 104.0], START - 7 * MINUTE_MS)
    triggers = filled(trigger(condition), past)
    assert not fired(triggers.take([tick(104.0, START + 1)], fresh_from=0)), "100 was five minutes ago, 50 was six"
    triggers.take_candles([candle(START, 104.9)])
    assert not fired(triggers.take([tick(104.99, START + MINUTE_MS)], fresh_from=0))
    (one,) = fired(triggers.take([tick(105.0, START + MINUTE_MS + 1)], fresh_from=0))
    assert (one.figure, one.base) == (0.05, 100.0)


def test_a_new_high_is_beyond_every_price_of_the_window_also_the_last_minutes() -> None:
    condition = Condition(Measure.HIGH, ABOVE, D(0), HOUR, 3)
    past = [candle(START - (3 - at) * HOUR.ms, 100.0, high=high) for at, high in enumerate((150.0, 110.0, 105.0))]
    triggers = filled(trigger(condition), past)
    assert not fired(triggers.take([tick(150.0, START + 1)], fresh_from=0)), "at the high is not beyond it"
    for at in range(59):
        triggers.take_candles([candle(START + at * MINUTE_MS, 100.0, high=120.0)])
    triggers.take_candles([candle(START + 59 * MINUTE_MS, 100.0)])
    assert not fired(triggers.take([tick(119.0, START + HOUR.ms)], fresh_from=0)), "150 left the window, 120 came"
    (one,) = fired(triggers.take([tick(120.5, START + HOUR.ms + 1)], fresh_from=0))
    assert one.base == 120.0


def test_a_new_high_counts_the_candle_that_has_not_closed() -> None:
    condition = Condition(Measure.HIGH, ABOVE, D(0), HOUR, 3)
    triggers = filled(trigger(condition), [candle(START - (3 - at) * HOUR.ms, 100.0) for at in range(3)])
    triggers.put(trigger(condition, since=START + 1))
    triggers.take_candles([candle(START, 100.0, high=120.0)])
    assert not fired(triggers.take([tick(119.0, START + MINUTE_MS)], fresh_from=0))
    assert fired(triggers.take([tick(121.0, START + MINUTE_MS + 1)], fresh_from=0))[0].base == 120.0


def test_a_high_that_is_not_known_whole_fires_nothing() -> None:
    condition = Condition(Measure.LOW, BELOW, D(0), HOUR, 3)
    triggers = filled(trigger(condition), [candle(START - HOUR.ms, 100.0)])
    assert not fired(triggers.take([tick(1.0, START + 1)], fresh_from=0))


def test_the_market_comes_near_an_order_from_its_side() -> None:
    condition = Condition(Measure.ORDER, BELOW, D("0.01"), order_id=7, reference=D(50_000))
    triggers = ConditionTriggers()
    triggers.put(trigger(condition))
    assert not fired(triggers.take([tick(50_500.01, START)], fresh_from=0))
    (one,) = fired(triggers.take([tick(50_500.0, START)], fresh_from=0))
    assert one.price == 50_500.0
    assert condition.rearm(D(0)) == D(50_625)


def test_prices_of_the_past_and_a_silent_stream_decide_nothing() -> None:
    condition = Condition(Measure.CHANGE, ABOVE, D("0.05"), Interval.M1, 5)
    triggers = filled(trigger(condition), minutes([100.0] * 6, START - 6 * MINUTE_MS))
    assert not fired(triggers.take([tick(200.0, START - 1)], fresh_from=START))
    assert not fired(triggers.take([tick(200.0, START + 4 * MINUTE_MS)], fresh_from=0)), "candles stopped"
    assert triggers.unfilled(), "and are read again"


def test_candles_are_forgotten_with_the_last_alert() -> None:
    triggers = filled(trigger(Condition(Measure.RSI, BELOW, D(30), HOUR, 14)), [])
    triggers.remove(1)
    assert not triggers._by_symbol
    assert len(triggers) == 0


@pytest.mark.parametrize(
    ("condition", "back"),
    [
        (Condition(Measure.RSI, BELOW, D(30)), D(32)),
        (Condition(Measure.RSI, ABOVE, D(70)), D(68)),
        (Condition(Measure.CHANGE, BELOW, D("-0.05")), D("-0.04")),
        (Condition(Measure.CHANGE, ABOVE, D("-0.05")), D("-0.0625")),
        (Condition(Measure.VOLUME, ABOVE, D(3)), D("2.4")),
        (Condition(Measure.VOLUME, BELOW, D("0.5")), D("0.625")),
        (Condition(Measure.SMA, ABOVE, D(0)), D("-0.005")),
        (Condition(Measure.HIGH, ABOVE, D(0)), D("-0.005")),
        (Condition(Measure.LOW, BELOW, D(0)), D("0.005")),
    ],
)
def test_a_figure_has_to_return_to_the_near_side(condition: Condition, back: Decimal) -> None:
    assert condition.rearm(D("0.005")) == back
    assert not condition.reached(float(back))
    assert not condition.reached(float("nan"))
