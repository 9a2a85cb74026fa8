"""Definition of an indicator: its parameters with their bounds, what it reads and gives, and how to compute it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.candles import Floats
from trading.indicators.program import Program, SymbolPanel
from trading.indicators.series import Bars, Series
from trading.indicators.streaming import Stream

Outputs = Mapping[str, Series]
Value = int | float | str
MAX_PERIOD = 1_000


@dataclass(frozen=True, slots=True)
class InvalidParameter(ValueError):
    """A parameter that the indicator does not have, or a value outside its bounds."""

    indicator: str
    parameter: str
    value: object


@dataclass(frozen=True, slots=True)
class IndicatorParameter:
    """IndicatorParameter with its default and its bounds, both included. One with `choices` is one of these words."""

    name: str
    default: Value
    least: float = 1
    most: float = MAX_PERIOD
    choices: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Returns whether the value has the type of the default and is within the bounds."""
        if self.choices:
            return value in self.choices
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (isinstance(value, int) or isinstance(self.default, float)) and self.least <= value <= self.most


def period(name: str, default: int, least: int = 1, most: int = MAX_PERIOD) -> IndicatorParameter:
    """Returns a parameter that is a number of candles."""
    return IndicatorParameter(name, default, least, most)


def number(name: str, default: float, least: float, most: float) -> IndicatorParameter:
    """Returns a parameter that is a real number."""
    return IndicatorParameter(name, float(default), least, most)


def choice(name: str, *choices: str) -> IndicatorParameter:
    """Returns a parameter that is one of these words; the first is the default."""
    return IndicatorParameter(name, choices[0], choices=choices)


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """Technical indicator of closed candles.

    `compute` is the batch form, `stream` the step form of one symbol, `panel` that of many symbols. All use the same
    definition. A value that does not exist yet, or is undefined, is NaN in arrays and None in streams, never 0. The
    keyword arguments are those of `parameters`; others, and values outside their bounds, raise `InvalidParameter`.
    """

    name: str
    parameters: tuple[IndicatorParameter, ...]
    summary: str
    build: Callable[..., Outputs]

    def series(self, bars: Bars | None = None, /, **values: Value) -> Outputs:
        """Returns the outputs by name, as series over `bars`."""
        return self.build(bars or Bars(), **self.complete(values))

    def complete(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Returns the values of all parameters, the defaults for those that are not named."""
        allowed = {each.name: each for each in self.parameters}
        for name, value in values.items():
            if name not in allowed or not allowed[name].accepts(value):
                raise InvalidParameter(self.name, name, value)
        return {each.name: values.get(each.name, each.default) for each in self.parameters}

    def outputs(self, **values: Value) -> tuple[str, ...]:
        """Returns the names of the outputs; the first is the one meant when none is named."""
        return tuple(_compiled(self, tuple(values.items()))[1])

    def inputs(self, **values: Value) -> frozenset[str]:
        """Returns the fields of the candles that are read."""
        return _compiled(self, tuple(values.items()))[0].fields()

    def warm_up(self, **values: Value) -> dict[str, int]:
        """Returns the number of candles before the first value of each output."""
        return {name: each.lead for name, each in self.series(**values).items()}

    def compute(self, candles: Mapping[str, Floats], /, **values: Value) -> dict[str, Floats]:
        """Returns an array for each output, as long as those of the candles. Only the fields of `inputs` are read."""
        program, places = _compiled(self, tuple(values.items()))
        found = program.run(candles, places.values())
        return {name: found[place] for name, place in places.items()}

    def stream(self, **values: Value) -> Stream:
        """Returns the step form of one symbol, without a candle yet."""
        return Stream(self.series(**values))

    def panel(self, size: int, **values: Value) -> SymbolPanel:
        """Returns the step form of `size` symbols; its outputs are in the order of `outputs`."""
        program, places = _compiled(self, tuple(values.items()))
        return SymbolPanel(program, places.values(), size)


def define(*parameters: IndicatorParameter) -> Callable[[Callable[..., Any]], Indicator]:
    """Makes an indicator of a function from candles and parameters to its outputs, or to its only output.

    The name is that of the function, the summary the first line of its docstring.
    """

    def made(function: Callable[..., Any]) -> Indicator:
        def build(bars: Bars, **values: Value) -> Outputs:
            found = function(bars, **values)
            return found if isinstance(found, dict) else {function.__name__: found}

        summary = (function.__doc__ or "").partition("\n")[0]
        return Indicator(function.__name__, parameters, summary, build)

    return made


@lru_cache(maxsize=1024)
def _compiled(indicator: Indicator, values: tuple[tuple[str, Value], ...]) -> tuple[Program, dict[str, int]]:
    program = Program()
    return program, {name: program.add(each) for name, each in indicator.series(**dict(values)).items()}
