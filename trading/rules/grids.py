"""Grids of rules: one line with ranges of numbers, such as `rsi(5..20 step 5)`, as all the rules that it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from trading.rules.cursor import NumberRange
from trading.rules.errors import RuleProblem, RuleSyntaxError
from trading.rules.limits import MAX_RULES
from trading.rules.rule import Rule, read_rule


@dataclass(frozen=True, slots=True)
class GridAxis:
    """Range of a grid: where it begins in the text, what is typed there, and its numbers."""

    position: int
    text: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class RuleGrid:
    """Rules of a line with ranges. `rules` has one for each combination; the last axis changes fastest.

    A line without ranges has no axes and one rule.
    """

    text: str
    axes: tuple[GridAxis, ...]
    rules: tuple[Rule, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return tuple(len(each.values) for each in self.axes)


def parse_grid(text: str) -> RuleGrid:
    """Reads a rule that may have ranges of numbers. Raises RuleSyntaxError, also for more than MAX_RULES rules."""
    ranges = _Ranges(text)
    first = read_rule(text, ranges.begin)
    axes = tuple(GridAxis(each.position, text[each.position : each.end], each.values) for each in ranges.found)
    if not axes:
        return RuleGrid(text, axes, (first,))
    choices = product(*(each.values for each in axes))
    return RuleGrid(text, axes, tuple(read_rule(text, _Chosen(each).pick) for each in choices))


class _Ranges:
    """Ranges of a text in their order, of which the first number is picked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.found: list[NumberRange] = []

    def begin(self, numbers: NumberRange) -> Decimal:
        self.found.append(numbers)
        if prod(each.count for each in self.found) > MAX_RULES:
            raise RuleSyntaxError(
                numbers.position,
                self._text[numbers.position : numbers.end],
                (str(MAX_RULES),),
                RuleProblem.RULES,
                self._text,
            )
        return numbers.first


class _Chosen:
    """Numbers of one rule of a grid, one for each range."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        self._values = iter(values)

    def pick(self, numbers: NumberRange) -> Decimal:
        del numbers
        return next(self._values)
