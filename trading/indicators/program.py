"""Computation of series: over whole arrays, or candle by candle for many symbols at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from pipeline.candles import Floats
from trading.indicators.operators import (
    CandleField,
    ComputationStopped,
    Constant,
    Interruptible,
    Operator,
    Pointwise,
    Scan,
    Stopped,
    never,
)
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

    def run(
        self, candles: Mapping[str, Floats], outputs: Collection[int], *, stopped: Stopped = never
    ) -> dict[int, Floats]:
        """Returns the values of `outputs`, by index, over whole arrays of equal length.

        Every other series is freed after its last reader. Raises ComputationStopped once `stopped` is True, which is
        asked between series and during long ones.
        """
        length = len(next(iter(candles.values())))
        values: dict[int, Floats] = {}
        with np.errstate(all="ignore"):
            for place, read in enumerate(self._last_read(outputs)):
                if stopped():
                    raise ComputationStopped
                values[place] = self._value(self.instructions[place], values, candles, length, stopped)
                for each in read:
                    del values[each]
        return values

    def _value(
        self,
        each: _Instruction,
        values: Mapping[int, Floats],
        candles: Mapping[str, Floats],
        length: int,
        stopped: Stopped,
    ) -> Floats:
        if isinstance(each.operator, CandleField):
            return np.asarray(candles[each.operator.name], float)
        known = [values[place] for place in each.inputs]
        if isinstance(each.operator, Constant | Pointwise):
            found = each.operator.batch(*known)
            if found.ndim:
                found[: each.lead] = np.nan
            return found
        starts = min(each.starts, length)
        later = [array[starts:] for array in known]
        if isinstance(each.operator, Interruptible):
            part = each.operator.batch(*later, stopped=stopped)
        else:
            part = each.operator.batch(*later)
        if not starts:
            return part
        found = np.full((length, *part.shape[1:]), np.nan)
        found[starts:] = part
        return found

    def most_live(self, outputs: Collection[int]) -> int:
        """Returns the number of arrays that `run` keeps at once at most; a recursion has one for each column."""
        live = most = 0
        for place, read in enumerate(self._last_read(outputs)):
            live += self._columns(place)
            most = max(most, live)
            live -= sum(self._columns(each) for each in read)
        return most

    def _columns(self, place: int) -> int:
        kind = self.instructions[place].operator
        return kind.columns if isinstance(kind, Scan) else 0 if isinstance(kind, CandleField | Constant) else 1

    def _last_read(self, outputs: Collection[int]) -> list[list[int]]:
        """Returns, for each instruction, the series that nothing reads after it."""
        last = {place: place for place in range(len(self.instructions))}
        for place, each in enumerate(self.instructions):
            last.update(dict.fromkeys(each.inputs, place))
        found: list[list[int]] = [[] for _ in self.instructions]
        for place, reader in last.items():
            if place not in outputs:
                found[reader].append(place)
        return found


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
