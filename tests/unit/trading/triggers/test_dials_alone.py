"""An error that candles raise in one dial is its own, live and from the archive; impossible candles reach none."""

import logging
from decimal import Decimal

import pytest

from pipeline.market import MINUTE_MS, Candle, Interval, Symbol, Tick
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import Condition, ConditionTrigger, Measure
from trading.triggers.dials import read_dials
from trading.triggers.gauges import Gauge
from trading.triggers.price_levels import Direction

BTC = Symbol("BTCUSDC")
START = 1_617_235_200_000
VOLUME = Condition(Measure.VOLUME, Direction.ABOVE, Decimal(3), Interval.M1, 3)
RSI = Condition(Measure.RSI, Direction.ABOVE, Decimal(60), Interval.M1, 3)


def candle(at: int, close: float = 100.0, volume: float = 1.0) -> Candle:
    return Candle(BTC, START + at * MINUTE_MS, close, close, close, close, volume)


def watching() -> ConditionTriggers:
    triggers = ConditionTriggers()
    for alert_id, condition in enumerate((VOLUME, RSI), 1):
        rearm = condition.rearm(Decimal("0.005"))
        triggers.put(ConditionTrigger(alert_id, BTC, condition, START, rearm, ready=True, repeat=True))
    triggers.take([Tick(BTC, START, "100")], fresh_from=0)
    return triggers


def fill(triggers: ConditionTriggers, past: list[Candle]) -> set[int]:
    (request,) = triggers.unfilled()
    now = past[-1].open_time + MINUTE_MS
    hits = [triggers.fill(request, reading, now) for reading in read_dials(request, past, [])]
    return {firing.trigger.alert_id for each in hits for firing in each.firings}


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Gauge.add

    def failing(self: Gauge, candle: Candle) -> None:
        if self.measure is Measure.VOLUME and candle.volume > 4:
            raise OverflowError
        add(self, candle)

    monkeypatch.setattr(Gauge, "add", failing)


@pytest.mark.usefixtures("broken")
def test_a_dial_that_fails_on_a_live_candle_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    triggers = watching()
    assert not fill(triggers, [candle(at, 100.0 - at % 2 / 10) for at in range(-9, 0)])
    triggers.take_candles([candle(0, 99.0, 5.0)])
    assert [each.levelno for each in caplog.records] == [logging.ERROR]
    hits = triggers.take_candles([candle(at, 100.0 + at) for at in range(1, 6)])
    assert {firing.trigger.alert_id for firing in hits.firings} == {2}


@pytest.mark.usefixtures("broken")
def test_a_dial_that_fails_on_an_archived_candle_keeps_no_other_cold(caplog: pytest.LogCaptureFixture) -> None:
    triggers = watching()
    past = [candle(at, 100.0 - at % 2 / 10) for at in range(-9, 0)]
    past[4] = replace_volume(past[4], 5.0)
    assert not fill(triggers, past)
    assert [each.levelno for each in caplog.records] == [logging.ERROR]
    (left,) = triggers.unfilled()
    assert left.conditions == (VOLUME,)


def replace_volume(one: Candle, volume: float) -> Candle:
    return candle((one.open_time - START) // MINUTE_MS, one.close, volume)


@pytest.mark.parametrize("impossible", [candle(0, 1e16), candle(0, 100.0, 1.7e308), candle(0, float("nan"))])
def test_an_impossible_candle_is_passed_over(impossible: Candle) -> None:
    triggers = watching()
    fill(triggers, [candle(at) for at in range(-9, 0)])
    assert not triggers.take_candles([impossible]).firings
    assert triggers.take_candles([candle(0, 100.0, 9.0)]).firings, "the figures before it are kept"
