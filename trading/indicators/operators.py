"""Operators: steps from which indicators are built, each over whole arrays and for the next value of many series.

`lead` is the number of values that an operator takes before its first. An undefined value, such as a ratio with a
denominator of zero, is NaN: averages with memory keep their last value then, windows that contain it are undefined.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pipeline.candles import Floats
from trading.indicators.running import RUNNING, smooth

Step = Callable[..., Floats]
Stopped = Callable[[], bool]
"""Function that tells whether nobody waits for a result any more."""
_CHUNK = 1 << 20
"""Values that a window function gets at once."""
_PLAIN = 2_048
"""Values up to which an average is computed one after the other."""
_ASKED = 4_096
"""Candles of a recursion between two questions whether it is stopped."""


class ComputationStopped(Exception):
    """Nobody waits for the series any more."""


def never() -> bool:
    """Returns False: what is computed is not stopped."""
    return False


class Operator(Protocol):
    """Operation on the values of its inputs."""

    @property
    def lead(self) -> int:
        """Number of values it takes before its first."""

    def batch(self, *values: Floats) -> Floats:
        """Returns the results for whole series, NaN in front."""

    def stepper(self, size: int) -> Step:
        """Returns a function that takes the next value of `size` series, as an array, and returns their results."""


class Interruptible(ABC):
    """Operator that takes long over whole series, and asks meanwhile whether it is stopped."""

    __slots__ = ()

    @abstractmethod
    def batch(self, *values: Floats, stopped: Stopped = never) -> Floats:
        """Returns what `Operator.batch` does. Raises ComputationStopped once `stopped` is True."""


@dataclass(frozen=True, slots=True)
class CandleField:
    """CandleField of the candles; a leaf."""

    name: str
    lead: int = 0

    def batch(self, *_values: Floats) -> Floats:
        """Refused: the caller knows the candles."""
        raise NotImplementedError

    def stepper(self, size: int) -> Step:
        """Refused: the caller knows the candles."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Constant:
    """Number; a leaf."""

    value: float
    lead: int = 0

    def batch(self, *_values: Floats) -> Floats:
        """Returns the number."""
        return np.asarray(self.value)

    def stepper(self, size: int) -> Step:
        """Refused: a constant takes nothing."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Pointwise:
    """Function of the values at the same place."""

    function: Callable[..., Any]
    lead: int = 0

    def batch(self, *values: Floats) -> Floats:
        """Returns the function of each place."""
        return np.asarray(self.function(*values))

    def stepper(self, size: int) -> Step:
        """Returns the function."""
        del size
        return self.function


@dataclass(frozen=True, slots=True)
class Window(Interruptible):
    """Function of the last `length` values, see `windows`."""

    function: Callable[[Floats], Floats]
    length: int

    @property
    def lead(self) -> int:
        """Number of values it takes before its first."""
        return self.length - 1

    def batch(self, *values: Floats, stopped: Stopped = never) -> Floats:
        """Returns the function of each run of `length` values. Raises ComputationStopped."""
        (series,) = values
        found = np.full(len(series), np.nan)
        if len(series) >= self.length and (running := RUNNING.get(self.function)) is not None:
            found[self.lead :] = running(series, self.length)
        elif len(series) >= self.length:
            runs, rows = sliding_window_view(series, self.length), max(1, _CHUNK // self.length)
            for start in range(0, len(runs), rows):
                if stopped():
                    raise ComputationStopped
                part = self.function(runs[start : start + rows])
                found[self.lead + start : self.lead + start + len(part)] = part
        return found

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps the last values in one array."""
        length, at = self.length, 0
        kept = np.empty((size, 2 * length + 16))
        unknown = np.full(size, np.nan)

        def step(values: Floats) -> Floats:
            nonlocal at
            if at == kept.shape[1]:
                kept[:, : length - 1] = kept[:, at - length + 1 : at]
                at = length - 1
            kept[:, at] = values
            at += 1
            return self.function(kept[:, at - length : at]) if at >= length else unknown

        return step


@dataclass(frozen=True, slots=True)
class Lag:
    """Value `length` places before."""

    length: int

    @property
    def lead(self) -> int:
        """Number of values it takes before its first."""
        return self.length

    def batch(self, *values: Floats) -> Floats:
        """Returns the values, moved."""
        (series,) = values
        ahead = min(self.length, len(series))
        return np.concatenate([np.full(ahead, np.nan), series[: len(series) - ahead]])

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps the values on the way."""
        kept, at = np.full((self.length, size), np.nan), 0

        def step(values: Floats) -> Floats:
            nonlocal at
            before: Floats = kept[at].copy()
            kept[at] = values
            at = (at + 1) % self.length
            return before

        return step


@dataclass(frozen=True, slots=True)
class Smooth:
    """Average a = a + `weight` * (value - a) that starts as the mean of the first `length` values.

    A value that is undefined leaves it alone. Where the start is undefined, the next value is the start.
    """

    length: int
    weight: float

    @property
    def lead(self) -> int:
        """Number of values it takes before its first."""
        return self.length - 1

    def batch(self, *values: Floats) -> Floats:
        """Returns the averages."""
        (series,) = values
        found = np.full(len(series), np.nan)
        if len(series) >= self.length:
            weight, average, rest = self.weight, _start(series[: self.length]), series[self.length :]
            if len(rest) > _PLAIN and not np.isnan(np.sum(rest) + average):
                found[self.lead] = average
                found[self.length :] = smooth(rest, average, weight)
                return found
            averages = [average]
            for value in rest.tolist():
                if average != average:  # noqa: PLR0124 - the fastest test for NaN
                    average = value
                elif value == value:  # noqa: PLR0124
                    average += weight * (value - average)
                averages.append(average)
            found[self.lead :] = averages
        return found

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps the average and, before it, the first values."""
        first: list[Floats] = []
        average: Floats | None = None
        unknown = np.full(size, np.nan)

        def step(values: Floats) -> Floats:
            nonlocal average
            if average is None:
                first.append(np.array(values))
                if len(first) < self.length:
                    return unknown
                average = np.array([_start(each) for each in np.stack(first, axis=1)])
                first.clear()
                return average
            moved = average + self.weight * (values - average)
            if np.isnan(moved).any():
                moved = np.where(np.isnan(moved), np.where(np.isnan(average), values, average), moved)
            average = moved
            return moved

        return step


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Sum of all values since the first; an undefined value adds nothing."""

    lead: int = 0

    def batch(self, *values: Floats) -> Floats:
        """Returns the running sums."""
        (series,) = values
        return np.asarray(np.nancumsum(series))

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps the sum."""
        whole = np.zeros(size)

        def step(values: Floats) -> Floats:
            nonlocal whole
            whole = whole + np.nan_to_num(values)
            return whole

        return step


class Machine(Protocol):
    """State of a recursion over one series."""

    def add(self, *values: float) -> tuple[float, ...]:
        """Takes the next values and returns the results, NaN where there are none yet."""


@dataclass(frozen=True, slots=True)
class Scan(Interruptible):
    """Recursion that no array operation can express. Its result has a column for each figure, see `scan`."""

    machine: type[Machine]
    arguments: tuple[Any, ...] = ()
    columns: int = 1
    lead: int = field(default=0, init=False)

    def batch(self, *values: Floats, stopped: Stopped = never) -> Floats:
        """Returns the results of one machine. Raises ComputationStopped."""
        add = self.machine(*self.arguments).add
        found = np.empty((len(values[0]), self.columns))
        for start in range(0, len(found), _ASKED):
            if stopped():
                raise ComputationStopped
            part = zip(*(each[start : start + _ASKED].tolist() for each in values), strict=True)
            found[start : start + _ASKED] = [add(*row) for row in part]
        return found

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps a machine for each series."""
        every = [self.machine(*self.arguments).add for _ in range(size)]

        def step(*values: Floats) -> Floats:
            rows = zip(every, *(each.tolist() for each in values), strict=True)
            return np.array([add(*row) for add, *row in rows], float)

        return step


@dataclass(frozen=True, slots=True)
class PickColumn:
    """Function that picks a column of a recursion."""

    index: int

    def __call__(self, values: Floats) -> Floats:
        """Returns the column."""
        return np.array(values[..., self.index])


def filled(found: Any, whole: Any, otherwise: Any) -> Any:
    """Returns what was found, or another value where the whole that it is a share of is 0."""
    return np.where(whole == 0, otherwise, found)


def ratio(above: Any, below: Any) -> Any:
    """Returns a quotient, NaN where the denominator is 0."""
    return np.where(below == 0, np.nan, above / below)


def _start(values: Floats) -> float:
    return float(values[0] + (values - values[0]).mean())
