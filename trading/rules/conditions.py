"""Tree of a condition: figures, arithmetic, comparisons and logic. Immutable and comparable; built by the reader."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pipeline.market import Interval
from trading.indicators.definitions import Value


@dataclass(frozen=True, slots=True)
class Number:
    """Constant."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Percent:
    """Share of the figure before it, in per cent; only on the right of `+`, `-` and `*`."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """Price or indicator.

    A price has a `name` of `PRICES`, no output and no arguments. The `arguments` of an indicator are all its
    parameters in their order. `source` is the field that takes the place of the close ("": none). `interval` is that
    of its candles (None: that of the rule). `lag` counts these candles.
    """

    name: str
    output: str = ""
    arguments: tuple[Value, ...] = ()
    source: str = ""
    interval: Interval | None = None
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Negative:
    """NamedFigure with its sign changed."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum, difference, product or quotient. With a `Percent` on the right: `a + 2%` is 1.02 a, `a * 2%` is 0.02 a."""

    operator: str
    left: "Expression"
    right: "Expression | Percent"


Expression = Number | NamedFigure | Negative | Arithmetic


class Comparator(StrEnum):
    """Order of two figures."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Comparison:
    """True where the two figures are in this order."""

    comparator: Comparator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Crossing:
    """True at the candle where `left` is above (below) `right`, and was not at the candle before."""

    above: bool
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """True where the condition is false. Where it is not known, this is not known either."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class _Several:
    parts: tuple["Condition", ...]

    @classmethod
    def of(cls, *conditions: "Condition") -> Self:
        """Joins conditions; the parts of one of the same kind become parts of this one."""
        parts: list[Condition] = []
        for each in conditions:
            parts += each.parts if isinstance(each, cls) else (each,)
        return cls(tuple(parts))


@dataclass(frozen=True, slots=True)
class And(_Several):
    """True where all are."""


@dataclass(frozen=True, slots=True)
class Or(_Several):
    """True where one is."""


@dataclass(frozen=True, slots=True)
class Within:
    """True where the condition was true at one of the last `bars` candles, this one included."""

    of: "Condition"
    bars: int


Condition = Comparison | Crossing | Not | And | Or | Within


def count_nodes(node: Condition | Expression | Percent) -> int:
    """Returns the number of figures, numbers, operators and words of a tree."""
    match node:
        case Comparison(_, left, right) | Crossing(_, left, right) | Arithmetic(_, left, right):
            return 1 + count_nodes(left) + count_nodes(right)
        case And(parts) | Or(parts):
            return len(parts) - 1 + sum(map(count_nodes, parts))
        case Not(of) | Negative(of) | Within(of, _):
            return 1 + count_nodes(of)
        case _:
            return 1
