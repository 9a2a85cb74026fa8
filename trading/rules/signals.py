"""Signals of a rule over closed candles: over arrays, and candle by candle with the same result."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import Floats
from pipeline.market import Candle, Interval
from trading.indicators.operators import Stopped, never
from trading.indicators.program import Program
from trading.indicators.streaming import Stream
from trading.rules.compile import compile_rule
from trading.rules.rule import Rule

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Signals of a rule. Element i is known at the close of candle i, from candles 0..i only."""

    entry: BoolArray
    exit: BoolArray


def signals(rule: Rule, candles: Mapping[str, Floats], interval: Interval, *, stopped: Stopped = never) -> Signals:
    """Returns the signals over candles of this width, oldest first, given as arrays by field (`open_time` in UTC ms).

    Where a condition is not known, there is no signal. Raises RuleNeedsWiderInterval, RuleReachesTooFar, and
    ComputationStopped once `stopped` is True.
    """
    program, places = _program(rule, interval)
    found = program.run(candles, places.values(), stopped=stopped)
    length = len(next(iter(candles.values())))
    true = {name: found[place] == 1 for name, place in places.items()}
    return Signals(true["entry"], true.get("exit", np.zeros(length, bool)))


@lru_cache(maxsize=256)
def _program(rule: Rule, interval: Interval) -> tuple[Program, dict[str, int]]:
    """Returns the computation of a rule: one rule is run over many histories."""
    program = Program()
    return program, {name: program.add(each) for name, each in compile_rule(rule, interval).items()}


def warm_up(rule: Rule, interval: Interval) -> int:
    """Returns the number of closed candles before the first possible signal.

    Figures of a wider interval need up to one wide candle more where the first candle does not begin one. Raises
    RuleNeedsWiderInterval, RuleReachesTooFar.
    """
    return min(each.lead for each in compile_rule(rule, interval).values())


class SignalStream:
    """Signals of a rule, candle by candle: what `signals` gives for the candles so far."""

    def __init__(self, rule: Rule, interval: Interval) -> None:
        self._stream = Stream(compile_rule(rule, interval))

    def update(self, candle: Candle) -> tuple[bool, bool]:
        """Takes the next closed candle; returns whether it gives an entry and an exit signal."""
        found = self._stream.update(candle)
        return found["entry"] == 1, found.get("exit") == 1
