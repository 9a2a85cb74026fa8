"""Series candle by candle, for one symbol: the numbers of the arrays, without the history. Undefined is NaN."""

import operator
from collections import deque
from collections.abc import Callable, Collection, Mapping
from math import fsum, isnan, nan, sqrt
from typing import Any

import numpy as np

from pipeline.market import Candle
from trading.indicators import windows
from trading.indicators.operators import (
    CandleField,
    Constant,
    Lag,
    Operator,
    PickColumn,
    Pointwise,
    Scan,
    Smooth,
    Window,
    filled,
    ratio,
)
from trading.indicators.program import Program
from trading.indicators.series import Series

Add = Callable[..., Any]


class Stream:
    """Series followed candle by candle, by name: those of an indicator, or others."""

    def __init__(self, outputs: Mapping[str, Series]) -> None:
        program = Program()
        self._outputs = {name: program.add(each) for name, each in outputs.items()}
        self._values: list[Any] = [nan] * len(program.instructions)
        self._leads = [each.lead for each in program.instructions]
        self._fields: list[tuple[int, str]] = []
        self._steps: list[tuple[int, Add, tuple[int, ...], int]] = []
        self._count = 0
        for place, each in enumerate(program.instructions):
            if isinstance(each.operator, CandleField):
                self._fields.append((place, each.operator.name))
            elif isinstance(each.operator, Constant):
                self._values[place] = each.operator.value
            else:
                self._steps.append((place, _step(each.operator), each.inputs, each.starts))

    def update(self, candle: Candle) -> dict[str, float | None]:
        """Takes the next closed candle; returns the value of each output, None where there is none."""
        return self.take(**{name: float(getattr(candle, name)) for _, name in self._fields})

    def take(self, **fields: float) -> dict[str, float | None]:
        """Takes the fields of the next closed candle; returns what `update` does."""
        return {name: None if isnan(figure) else figure for name, figure in self.figures(fields).items()}

    def figures(self, fields: Mapping[str, float]) -> dict[str, float]:
        """Takes the fields of the next closed candle; returns the value of each output, NaN where there is none."""
        values, count = self._values, self._count
        for place, name in self._fields:
            values[place] = fields[name]
        with np.errstate(all="ignore"):
            for place, step, inputs, starts in self._steps:
                if count >= starts:
                    values[place] = step(*[values[each] for each in inputs])
        self._count = count + 1
        leads = self._leads
        return {name: float(values[at]) if count >= leads[at] else nan for name, at in self._outputs.items()}


def _step(each: Operator) -> Add:
    if isinstance(each, Pointwise):
        function: Add = each.function
        if isinstance(function, PickColumn):
            return operator.itemgetter(function.index)
        return _FUNCTIONS.get(function) or _of_numbers(function)
    return _stateful(each)


def plain_function(function: Add) -> bool:
    """Returns whether a function is one of floats, without arrays."""
    return function in _FUNCTIONS


def _of_numbers(function: Add) -> Add:
    return lambda *values: float(function(*(np.float64(value) for value in values)))


def _stateful(each: Operator) -> Add:
    match each:
        case Scan(machine=machine, arguments=arguments):
            recursion: Add = machine(*arguments).add
            return recursion
        case Smooth(length=length, weight=weight):
            return _Smoothed(length, weight).add
        case Lag(length=length):
            return _Lagged(length).add
        case Window(function=function, length=length) if function in _WINDOWS:
            windowed: Add = _WINDOWS[function](length).add
            return windowed
        case _:
            return _Arrayed(each).add


def _sum(values: Collection[float]) -> float:
    """Returns the sum, also of figures whose sum is no number: infinite or NaN, as that of an array."""
    try:
        return fsum(values)
    except (OverflowError, ValueError):
        return float(sum(values))


class _Total:
    def __init__(self, length: int) -> None:
        self._last: deque[float] = deque(maxlen=length)
        self._length = length

    def add(self, value: float) -> float:
        self._last.append(value)
        return _sum(self._last) if len(self._last) == self._length else nan


class _Mean:
    """Mean of the last values, from one of them: that of equal values is exactly theirs."""

    def __init__(self, length: int) -> None:
        self._last: deque[float] = deque(maxlen=length)
        self._length = length

    def add(self, value: float) -> float:
        self._last.append(value)
        if len(self._last) < self._length:
            return nan
        return value + _sum([each - value for each in self._last]) / self._length


class _Smoothed:
    """Average that starts as the mean of `length` values and then moves by `weight` towards each value."""

    def __init__(self, length: int, weight: float) -> None:
        self._left = length
        self._weight = weight
        self._first = _Mean(length)
        self._value = nan

    def add(self, value: float) -> float:
        if self._left:
            self._left -= 1
            self._value = self._first.add(value)
        elif isnan(self._value):
            self._value = value
        elif not isnan(value):
            self._value += self._weight * (value - self._value)
        return self._value


class _Lagged:
    def __init__(self, length: int) -> None:
        self._last: deque[float] = deque(maxlen=length + 1)
        self._length = length

    def add(self, value: float) -> float:
        self._last.append(value)
        return self._last[0] if len(self._last) > self._length else nan


class _Highest:
    """Maximum of the last values. Keeps only those that can still become the highest."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._count = 0
        self._undefined = -length
        """Index of the last value that was NaN."""
        self._falling: deque[tuple[int, float]] = deque()

    def add(self, value: float) -> float:
        self._count += 1
        if isnan(value):
            self._undefined = self._count
        while self._falling and not self._falling[-1][1] > value:
            self._falling.pop()
        self._falling.append((self._count, value))
        if self._falling[0][0] <= self._count - self._length:
            self._falling.popleft()
        known = self._count >= self._length and self._undefined <= self._count - self._length
        return self._falling[0][1] if known else nan


class _Lowest:
    def __init__(self, length: int) -> None:
        self._negative = _Highest(length)

    def add(self, value: float) -> float:
        return -self._negative.add(-value)


class _Arrayed:
    """Any other operator, in the form for many symbols."""

    def __init__(self, each: Operator) -> None:
        self._step = each.stepper(1)

    def add(self, *values: float) -> float:
        return float(self._step(*(np.array([value], float) for value in values))[0])


_WINDOWS: dict[Callable[..., Any], Callable[[int], Any]] = {
    windows.total: _Total,
    windows.mean: _Mean,
    windows.highest: _Highest,
    windows.lowest: _Lowest,
}


def _maximum(one: float, other: float) -> float:
    return one + other if isnan(one) or isnan(other) else max(one, other)


def _minimum(one: float, other: float) -> float:
    return one + other if isnan(one) or isnan(other) else min(one, other)


def _divided(above: float, below: float) -> float:
    return above / below if below else nan


def _filled(found: float, whole: float, otherwise: float) -> float:
    return otherwise if whole == 0 else found


def _root(value: float) -> float:
    return sqrt(value) if value >= 0 else nan


_FUNCTIONS: dict[Callable[..., Any], Add] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.negative: operator.neg,
    np.abs: abs,
    np.maximum: _maximum,
    np.minimum: _minimum,
    np.sqrt: _root,
    ratio: _divided,
    filled: _filled,
}
"""Functions of floats that give what those of arrays do, in a fraction of the time."""
