"""Work of rules, estimated before anything is computed: what is typed bounds it only together with lengths and candles.

The times are those of one core of the machine of docs/performance.md. They are right within a factor of two, which is
enough to tell a rule of milliseconds from one of minutes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

from pipeline.market import Interval
from trading.indicators import windows
from trading.indicators.operators import (
    CandleField,
    Constant,
    Cumulative,
    Lag,
    Operator,
    PickColumn,
    Pointwise,
    Scan,
    Smooth,
    Window,
)
from trading.indicators.program import Program
from trading.indicators.running import RUNNING
from trading.indicators.series import Series
from trading.indicators.streaming import plain_function
from trading.rules.compile import compile_rule
from trading.rules.errors import RuleTooCostly
from trading.rules.rule import Rule
from trading.rules.wider import Wider

RULE_SECONDS = 0.5
"""Most work of the rule of one robot or alert on the candles that it reads at once."""

_BATCH_NS: MappingProxyType[Callable[..., Any], float] = MappingProxyType(
    {
        windows.fit: 21.0,
        windows.line_end: 14.0,
        windows.ulcer: 14.0,
        windows.percent_rank: 2.0,
        windows.since_highest: 1.0,
        windows.since_lowest: 1.0,
    }
)
"""Nanoseconds for each value of a window that has no running form."""

_STREAM_NS: MappingProxyType[Callable[..., Any], tuple[float, float]] = MappingProxyType(
    {
        windows.mean: (1_200.0, 55.0),
        windows.total: (1_000.0, 25.0),
        windows.highest: (1_100.0, 0.0),
        windows.lowest: (1_100.0, 0.0),
    }
)
"""Nanoseconds of the next value of a window, and for each value in it."""


@dataclass(frozen=True, slots=True)
class RuleLoad:
    """Work of series: nanoseconds a candle over arrays (`batch`) and candle by candle (`stream`), and the arrays that
    are kept at once (`live`). `lead` is the number of candles before the first value of one of them.
    """

    lead: int
    batch: float
    stream: float
    live: int


def load_of(series: Collection[Series]) -> RuleLoad:
    """Returns the work of series. What several of them have in common counts once."""
    program = Program()
    places = [program.add(each) for each in series]
    operators = [each.operator for each in program.instructions]
    return RuleLoad(
        min(each.lead for each in series),
        sum(map(_batch, operators)),
        sum(map(_stream, operators)),
        program.most_live(places),
    )


def rule_load(rule: Rule, interval: Interval) -> RuleLoad:
    """Returns the work of a rule. Raises RuleNeedsWiderInterval, RuleReachesTooFar."""
    return load_of(compile_rule(rule, interval).values())


def stream_seconds(load: RuleLoad, candles: int) -> float:
    """Returns the seconds of work candle by candle."""
    return load.stream * candles / 1e9


def check_stream(seconds: float) -> None:
    """Raises RuleTooCostly for a rule that a robot or an alert may not follow."""
    if seconds > RULE_SECONDS:
        raise RuleTooCostly(percent(seconds, RULE_SECONDS))


def percent(work: float, limit: float) -> int:
    """Returns the share of a bound, in whole per cent, rounded up."""
    return ceil(100 * work / limit)


def _batch(operator: Operator) -> float:
    match operator:
        case CandleField() | Constant():
            found = 0.0
        case Pointwise() | Lag() | Cumulative():
            found = 10.0
        case Smooth():
            found = 40.0
        case Window(function=function) if function in RUNNING:
            found = 40.0
        case Window(function=function, length=length):
            found = 60.0 + _BATCH_NS.get(function, 10.0) * length
        case Scan():
            found = 1_000.0
        case Wider(series=series, base=base, interval=interval):
            found = 60.0 + load_of([series]).batch * base.ms / interval.ms
        case _:
            found = 30.0
    return found


def _stream(operator: Operator) -> float:
    match operator:
        case CandleField() | Constant():
            found = 0.0
        case Pointwise(function=function):
            found = 400.0 if isinstance(function, PickColumn) or plain_function(function) else 5_000.0
        case Smooth() | Lag():
            found = 500.0
        case Window(function=function, length=length) if function in _STREAM_NS:
            once, each = _STREAM_NS[function]
            found = once + each * length
        case Window(function=windows.Weighted(), length=length):
            found = 10_000.0 + 45.0 * length
        case Window(length=length):
            found = 25_000.0 + 8.0 * length
        case Scan():
            found = 1_300.0
        case Wider(series=series, base=base, interval=interval):
            found = 15_000.0 + load_of([series]).stream * base.ms / interval.ms
        case _:
            found = 15_000.0
    return found
