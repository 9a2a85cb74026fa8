"""Programs free what nobody reads any more, and end when nobody waits."""

import numpy as np
import pytest

from pipeline.market import Interval
from tests.unit.trading.rules.samples import walk
from trading.indicators.operators import ComputationStopped
from trading.indicators.program import Program
from trading.indicators.registry import INDICATORS
from trading.rules.compile import compile_condition
from trading.rules.rule import parse_condition


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_freed_series_change_no_output(name: str) -> None:
    candles = walk(400, 7, Interval.M1)
    program, outputs = Program(), INDICATORS[name].series()
    places = [program.add(each) for each in outputs.values()]
    everything = program.run(candles, range(len(program.instructions)))
    found = program.run(candles, places)
    assert found.keys() == set(places)
    for place in places:
        np.testing.assert_array_equal(found[place], everything[place])
    assert program.most_live(places) <= program.most_live(range(len(program.instructions)))


def test_a_long_rule_keeps_few_series_at_once() -> None:
    text = " or ".join(f"t3({60 - 2 * at}) < t3({59 - 2 * at})" for at in range(12))
    program = Program()
    place = program.add(compile_condition(parse_condition(text), Interval.M1))
    assert len(program.instructions) > 300
    assert program.most_live([place]) < 20


@pytest.mark.parametrize("text", ["sma(5) > ema(9)", "kama(9) > 1", "epma(400) > 1", "dynamic(9)@5m > 1"])
def test_a_program_ends_once_it_is_stopped(text: str) -> None:
    program = Program()
    place = program.add(compile_condition(parse_condition(text), Interval.M1))
    candles = walk(60_000, 8, Interval.M1)
    every = Asked(10**9)
    program.run(candles, [place], stopped=every)
    assert every.times >= len(program.instructions) + 2 * (text[0] in "ked")
    for last in {1, every.times // 2, every.times}:
        asked = Asked(last)
        with pytest.raises(ComputationStopped):
            program.run(candles, [place], stopped=asked)
        assert asked.times == last


class Asked:
    """Stops the `last` time that it is asked."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.times = 0

    def __call__(self) -> bool:
        self.times += 1
        return self.times >= self.last
