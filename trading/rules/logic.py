"""Operators of conditions on series: 1 is true, 0 is false, NaN is not known (the logic of three values of S. Kleene).

Each function takes arrays, or numbers in a stream.
"""

from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np

from pipeline.candles import Floats
from trading.indicators.operators import Step
from trading.indicators.series import Series, apply

EQUAL = 1e-9
"""Figures closer to each other than this, as a fraction of the greater one, are equal.

Their last digits depend on the order of additions and on the unit of price.
"""


def side(left: Any, right: Any) -> Any:
    """Returns 1 where left is greater, -1 where it is less, 0 where they are equal, NaN where one is not known."""
    if isinstance(left, float) and isinstance(right, float):
        if abs(left - right) <= EQUAL * max(abs(left), abs(right)):
            return 0.0
        return 1.0 if left > right else -1.0 if left < right else nan
    difference = np.subtract(left, right)
    near = np.abs(difference) <= EQUAL * np.maximum(np.abs(left), np.abs(right))
    return np.where(near, 0.0, np.sign(difference))


def is_below(sides: Any) -> Any:
    """True where the side is -1."""
    return _test(sides, sides < 0)


def is_at_most(sides: Any) -> Any:
    """True where the side is -1 or 0."""
    return _test(sides, sides <= 0)


def is_above(sides: Any) -> Any:
    """True where the side is 1."""
    return _test(sides, sides > 0)


def is_at_least(sides: Any) -> Any:
    """True where the side is 1 or 0."""
    return _test(sides, sides >= 0)


def _test(sides: Any, found: Any) -> Any:
    if isinstance(sides, float):
        return nan if isnan(sides) else float(found)
    return np.where(np.isnan(sides), np.nan, found)


def both(one: Any, other: Any) -> Any:
    """And: false where one is false, whatever the other is."""
    if isinstance(one, float) and isinstance(other, float):
        return 0.0 if one == 0 or other == 0 else one * other
    return np.where((np.equal(one, 0)) | (np.equal(other, 0)), 0.0, np.multiply(one, other))


def negated(one: Any) -> Any:
    """Not."""
    return 1.0 - one


def either(one: Any, other: Any) -> Any:
    """Or: true where one is true, whatever the other is."""
    return negated(both(negated(one), negated(other)))


@dataclass(frozen=True, slots=True)
class Recent:
    """True where the input was true at one of the last `length` places, false where it was false at all of them."""

    length: int
    lead: int = 0

    def batch(self, *values: Floats) -> Floats:
        """Returns the results for a whole series."""
        (series,) = values
        places = np.arange(len(series))
        true = np.maximum.accumulate(np.where(series == 1, places, -self.length - 1))
        unknown = np.maximum.accumulate(np.where(np.isnan(series), places, -1))
        return np.where(places - true < self.length, 1.0, np.where(places - unknown < self.length, np.nan, 0.0))

    def stepper(self, size: int) -> Step:
        """Returns a function that keeps how long ago each was true, and not known."""
        since_true = np.full(size, float(self.length))
        since_unknown = np.zeros(size)

        def step(values: Floats) -> Floats:
            nonlocal since_true, since_unknown
            since_true = np.where(values == 1, 0.0, since_true + 1)
            since_unknown = np.where(np.isnan(values), 0.0, since_unknown + 1)
            return np.where(since_true < self.length, 1.0, np.where(since_unknown < self.length, np.nan, 0.0))

        return step


def recent(series: Series, length: int) -> Series:
    """Returns whether a condition was true at one of the last `length` candles."""
    return Series(Recent(length), (series,))


def compare(left: Series, right: Series) -> Series:
    """Returns the side of each place."""
    return apply(side, left, right)
