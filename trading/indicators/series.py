"""Series: expressions over candles, from which every indicator is built once and computed in all forms.

Nothing is compared with a fixed number of units of price.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from pipeline.candles import Floats
from trading.indicators.operators import (
    CandleField,
    Constant,
    Cumulative,
    Lag,
    Machine,
    Operator,
    PickColumn,
    Pointwise,
    Scan,
    Smooth,
    Window,
    ratio,
)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Result of an operator on other series."""

    operator: Operator
    inputs: tuple["Series", ...] = ()
    lead: int = field(init=False)
    """Number of candles before the first value."""

    def __post_init__(self) -> None:
        before = max((each.lead for each in self.inputs), default=0)
        object.__setattr__(self, "lead", before + self.operator.lead)

    def __add__(self, other: "Series | float") -> "Series":
        return apply(np.add, self, other)

    def __radd__(self, other: float) -> "Series":
        return apply(np.add, other, self)

    def __sub__(self, other: "Series | float") -> "Series":
        return apply(np.subtract, self, other)

    def __rsub__(self, other: float) -> "Series":
        return apply(np.subtract, other, self)

    def __mul__(self, other: "Series | float") -> "Series":
        return apply(np.multiply, self, other)

    def __rmul__(self, other: float) -> "Series":
        return apply(np.multiply, other, self)

    def __truediv__(self, other: "Series | float") -> "Series":
        return apply(ratio, self, other)

    def __rtruediv__(self, other: float) -> "Series":
        return apply(ratio, other, self)

    def __neg__(self) -> "Series":
        return apply(np.negative, self)


@dataclass(frozen=True, slots=True)
class Bars:
    """Fields of the candles. `close` may be another series, to apply an indicator of closing prices to it."""

    close: Series = field(default_factory=lambda: Series(CandleField("close")))
    open: Series = field(default_factory=lambda: Series(CandleField("open")))
    high: Series = field(default_factory=lambda: Series(CandleField("high")))
    low: Series = field(default_factory=lambda: Series(CandleField("low")))
    volume: Series = field(default_factory=lambda: Series(CandleField("volume")))
    open_time: Series = field(default_factory=lambda: Series(CandleField("open_time")))

    @classmethod
    def of(cls, name: str) -> Self:
        """Returns the candles with one of their fields in place of the closing price."""
        return cls(close=Series(CandleField(name)))


def apply(function: Callable[..., Any], *inputs: Series | float) -> Series:
    """Returns the function of the values at the same place."""
    return Series(
        Pointwise(function), tuple(each if isinstance(each, Series) else Series(Constant(each)) for each in inputs)
    )


def window(function: Callable[[Floats], Floats], series: Series, length: int) -> Series:
    """Returns a function of the last `length` values."""
    return Series(Window(function, length), (series,))


def lag(series: Series, length: int = 1) -> Series:
    """Returns the value `length` places before."""
    return Series(Lag(length), (series,)) if length else series


def change(series: Series, length: int = 1) -> Series:
    """Returns the difference from the value `length` places before."""
    return series - lag(series, length)


def smooth(series: Series, length: int, weight: float) -> Series:
    """Returns the average of `Smooth`."""
    return Series(Smooth(length, weight), (series,))


def cumulative(series: Series) -> Series:
    """Returns the running sum."""
    return Series(Cumulative(), (series,))


def scan(
    machine: type[Machine],
    inputs: tuple[Series, ...],
    arguments: tuple[Any, ...] = (),
    columns: int = 1,
    leads: tuple[int, ...] = (),
) -> tuple[Series, ...]:
    """Returns the columns of a recursion; `leads` are the numbers of values before the first of each, else 0."""
    whole = Series(Scan(machine, arguments, columns), inputs)
    return tuple(
        Series(Pointwise(PickColumn(index), lead), (whole,)) for index, lead in enumerate(leads or (0,) * columns)
    )
