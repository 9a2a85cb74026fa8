"""Computation of series: over whole arrays, or candle by candle for many symbols at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from pipeline.candles import Floats
from trading.indicators.operators import CandleField, Constant, Operator, Pointwise
from trading.indicators.series import Series


@dataclass(frozen=True, slots=True)
class _Instruction:
    operator: Operator
    inputs: tuple[int, ...]
    starts: int
    """Index of the first candle at which all inputs have a value."""
    lead: int


@dataclass(slots=True)
class Program:
    """Series in the order in which they are computed. What several of them have in common is computed once."""

    instructions: list[_Instruction] = field(default_factory=list)
    _places: dict[tuple[Operator, tuple[int, ...]], int] = field(default_factory=dict)

    def add(self, series: Series) -> int:
        """Adds a series and returns its index."""
        inputs = tuple(self.add(each) for each in series.inputs)
        key = series.operator, inputs
        if key not in self._places:
            starts = max((each.lead for each in series.inputs), default=0)
            self.instructions.append(_Instruction(series.operator, inputs, starts, series.lead))
            self._places[key] = len(self.instructions) - 1
        return self._places[key]

    def fields(self) -> frozenset[str]:
        """Returns the fields of the candles that are read."""
        return frozenset(each.operator.name for each in self.instructions if isinstance(each.operator, CandleField))

    def run(self, candles: Mapping[str, Floats]) -> list[Floats]:
        """Returns the values of all instructions over whole arrays of equal length."""
        length = len(next(iter(candles.values())))
        values: list[Floats] = []
        with np.errstate(all="ignore"):
            for each in self.instructions:
                if isinstance(each.operator, CandleField):
                    values.append(np.asarray(candles[each.operator.name], float))
                    continue
                known = [values[place] for place in each.inputs]
                if isinstance(each.operator, Constant | Pointwise):
                    found = each.operator.batch(*known)
                    if found.ndim:
                        found[: each.lead] = np.nan
                else:
                    starts = min(each.starts, length)
                    part = each.operator.batch(*(array[starts:] for array in known))
                    found = np.full((length, *part.shape[1:]), np.nan)
                    found[starts:] = part
                values.append(found)
        return values


class SymbolPanel:
    """Series followed candle by candle, for `size` symbols that begin with the same candle.

    A symbol that joins later belongs in a panel of its own. A candle that a symbol lacks is NaN in all fields.
    """

    def __init__(self, program: Program, outputs: Iterable[int], size: int) -> None:
        self._outputs = tuple(outputs)
        self._unknown = np.full(size, np.nan)
        self._unknown.flags.writeable = False
        self._values: list[Floats] = [
            np.asarray(each.operator.value) if isinstance(each.operator, Constant) else self._unknown
            for each in program.instructions
        ]
        self._leads = [each.lead for each in program.instructions]
        self._fields = [
            (place, each.operator.name)
            for place, each in enumerate(program.instructions)
            if isinstance(each.operator, CandleField)
        ]
        self._steps = [
            (place, each.operator.stepper(size), each.inputs, each.starts)
            for place, each in enumerate(program.instructions)
            if not isinstance(each.operator, CandleField | Constant)
        ]
        self._count = 0

    def update(self, candle: Mapping[str, Floats]) -> list[Floats]:
        """Takes the next closed candle of each symbol, an array for each field; returns an array for each output."""
        values = self._values
        for place, name in self._fields:
            values[place] = candle[name]
        with np.errstate(all="ignore"):
            for place, step, inputs, starts in self._steps:
                if self._count >= starts:
                    values[place] = step(*[values[each] for each in inputs])
        self._count += 1
        return [values[each] if self._count > self._leads[each] else self._unknown for each in self._outputs]
