"""Alerts on the rule language candle by candle: they fire where the condition of the arrays becomes true."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from pipeline.candles import CandleColumns
from pipeline.market import MINUTE_MS, Candle, Interval
from tests.unit.trading.rules.samples import walk
from tests.unit.trading.triggers.test_condition_triggers import BTC, START, fill, tick, trigger
from trading.alerts.condition_alerts import MAX_RULE_CANDLES, rule_condition
from trading.indicators.program import Program
from trading.rules.compile import compile_condition
from trading.rules.errors import RuleNeedsWiderInterval, RuleReachesTooFar, RuleSyntaxError
from trading.rules.rule import parse_condition
from trading.triggers.condition_triggers import ConditionTriggers
from trading.triggers.conditions import ConditionFiring

COUNT, PAST = 400, 200


def market(seed: int) -> list[Candle]:
    columns = walk(COUNT, seed, Interval.M1, gaps=False)
    prices = zip(*(columns[name].tolist() for name in ("open", "high", "low", "close", "volume")), strict=True)
    start = START - PAST * MINUTE_MS
    return [Candle(BTC, start + at * MINUTE_MS, *row) for at, row in enumerate(prices)]


def edges(text: str, candles: list[Candle], interval: Interval) -> list[int]:
    """Times at which the condition of the arrays becomes true, among the candles that are not past."""
    columns = CandleColumns.of(candles).aggregate(interval, candles[-1].open_time + MINUTE_MS)
    fields = {name: getattr(columns, name).astype(float) for name in ("open", "high", "low", "close", "volume")}
    program = Program()
    place = program.add(compile_condition(parse_condition(text), interval))
    true = program.run(fields | {"open_time": columns.open_time.astype(float)}, [place])[place] == 1
    rises = np.flatnonzero(true & ~np.concatenate([[False], true[:-1]]))
    ends = columns.open_time[rises] + interval.ms
    return [int(end) for end in ends if end > START]


def heard(triggers: ConditionTriggers, minutes: list[Candle], interval: Interval) -> list[ConditionFiring]:
    """Firings of the last minute, or of the archive of all if that is to be read, as the worker handles them."""
    now, firings = minutes[-1].open_time + MINUTE_MS, list[ConditionFiring]()
    hits = triggers.take_candles(minutes[-1:])
    while True:
        firings += hits.firings
        for firing in hits.firings:
            triggers.put(firing.rearmed())
        triggers.take([tick(100.0, now)], fresh_from=0)
        requests = triggers.unfilled()
        if requests:
            until = now // interval.ms * interval.ms
            closed = CandleColumns.of(minutes).aggregate(interval, until).candles(BTC)
            hits = fill(triggers, requests[0], closed, [each for each in minutes if each.open_time >= until], now)
        elif not (hits := triggers.take_candles([])).firings:
            return firings


@pytest.mark.parametrize("interval", [Interval.M1, Interval.M5])
@pytest.mark.parametrize(
    "text",
    [
        "close > sma(5) and rsi(4) > 50",
        "close crosses above ema(9) or volume > 2 * sma(volume, 8)",
        "rsi(5)@15m < 50 and not close < open within 2 bars",
    ],
)
def test_it_fires_once_for_each_edge_however_often_the_archive_is_read(text: str, interval: Interval) -> None:
    minutes, condition = market(3), rule_condition(text, interval)
    one, found = replace(trigger(condition), repeat=True, ready=False), list[int]()
    for begin, end in ((PAST, 250), (250, 251), (253, COUNT)):  # two candles are heard by nobody
        triggers = ConditionTriggers()
        triggers.put(one)
        for at in range(begin, end):
            found += [firing.time for firing in heard(triggers, minutes[: at + 1], interval)]
        one = triggers.get(1) or one
    assert found == edges(text, minutes, interval)
    assert found


def test_it_waits_where_the_condition_is_met_already_and_ticks_decide_nothing() -> None:
    minutes, condition = market(4), rule_condition("close > 0 and rsi(3) > -1", Interval.M1)
    triggers = ConditionTriggers()
    triggers.put(trigger(condition, ready=False))
    triggers.take([tick(100.0, START)], fresh_from=0)
    (request,) = triggers.unfilled()
    assert request.count == condition.length + 1440
    fill(triggers, request, minutes[:PAST], [], START)
    assert not triggers.take_candles(minutes[PAST:]).firings
    assert not triggers.take([tick(1e9, START + COUNT * MINUTE_MS)], fresh_from=0).firings


def test_what_an_alert_reads_is_bounded() -> None:
    assert rule_condition("when rsi(14) < 30", Interval.H1).rule == "rsi(14) < 30"
    assert rule_condition("sma(200)@4h > 3", Interval.H1).length > 800
    with pytest.raises(RuleReachesTooFar) as far:
        rule_condition("sma(200)@1d > close", Interval.H1)
    assert far.value.limit == MAX_RULE_CANDLES
    with pytest.raises(RuleNeedsWiderInterval):
        rule_condition("rsi(14)@1m < 30", Interval.H1)
    with pytest.raises(RuleSyntaxError):
        rule_condition("rsi(14) < 30 buy 25%", Interval.H1)
    assert rule_condition("rsi(14) < 30", Interval.H1).rearm(Decimal(0)) < 1
