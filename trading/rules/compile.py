"""Series of a rule: its tree, composed from the indicators of the desk."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.market import Interval
from trading.indicators.operators import Constant
from trading.indicators.registry import INDICATORS
from trading.indicators.series import Bars, Series, apply, lag
from trading.rules import logic
from trading.rules.conditions import (
    And,
    Arithmetic,
    Comparator,
    Comparison,
    Condition,
    Crossing,
    Expression,
    NamedFigure,
    Negative,
    Not,
    Number,
    Or,
    Percent,
    Within,
)
from trading.rules.errors import RuleNeedsWiderInterval, RuleReachesTooFar
from trading.rules.limits import MAX_WARM_UP
from trading.rules.rule import Rule, parse_condition
from trading.rules.text import named
from trading.rules.wider import wider

_TESTS = {
    Comparator.BELOW: logic.is_below,
    Comparator.AT_MOST: logic.is_at_most,
    Comparator.ABOVE: logic.is_above,
    Comparator.AT_LEAST: logic.is_at_least,
}
_OPERATORS: dict[str, Callable[[Series, Series], Series]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def compile_condition(condition: Condition, interval: Interval) -> Series:
    """Returns a series that is 1 where the condition is true, 0 where it is false and NaN where it is not known.

    Raises RuleNeedsWiderInterval for a figure of narrower candles than these, RuleReachesTooFar for one that needs more
    than MAX_WARM_UP candles.
    """
    return _checked(_Compiler(interval).condition(condition))


@lru_cache(maxsize=256)
def compile_text(text: str, interval: Interval) -> Series:
    """Returns the series of a condition that is given as text. Raises RuleSyntaxError, and as `compile_condition`."""
    return compile_condition(parse_condition(text), interval)


def compile_rule(rule: Rule, interval: Interval) -> dict[str, Series]:
    """Returns the series of `entry` and, if the rule has one, `exit`, as `compile_condition` does."""
    compiler = _Compiler(interval)
    conditions = {"entry": rule.entry} | ({"exit": rule.exit} if rule.exit is not None else {})
    return {name: _checked(compiler.condition(each)) for name, each in conditions.items()}


def _checked(series: Series) -> Series:
    if series.lead > MAX_WARM_UP:
        raise RuleReachesTooFar(series.lead, MAX_WARM_UP)
    return series


@dataclass(slots=True)
class _Compiler:
    interval: Interval
    _figures: dict[NamedFigure, Series] = field(default_factory=dict)

    def condition(self, condition: Condition) -> Series:
        match condition:
            case Comparison(comparator, left, right):
                return apply(_TESTS[comparator], self._sides(left, right))
            case Crossing(above, left, right):
                sides = self._sides(left, right)
                now, before = (logic.is_above, logic.is_at_most) if above else (logic.is_below, logic.is_at_least)
                return apply(logic.both, apply(now, sides), apply(before, lag(sides)))
            case Not(of):
                return apply(logic.negated, self.condition(of))
            case Within(of, bars):
                return logic.recent(self.condition(of), bars)
            case And(parts) | Or(parts):
                joined = logic.both if isinstance(condition, And) else logic.either
                first, *rest = [self.condition(each) for each in parts]
                for each in rest:
                    first = apply(joined, first, each)
                return first

    def _sides(self, left: Expression, right: Expression) -> Series:
        return logic.compare(self._expression(left), self._expression(right))

    def _expression(self, expression: Expression) -> Series:
        match expression:
            case Number(value):
                return Series(Constant(float(value)))
            case NamedFigure():
                if expression not in self._figures:
                    self._figures[expression] = self._figure(expression)
                return self._figures[expression]
            case Negative(of):
                return -self._expression(of)
            case Arithmetic(sign, left, Percent(value)):
                share = float(value / 100)
                return self._expression(left) * {"+": 1.0 + share, "-": 1.0 - share, "*": share}[sign]
            case Arithmetic(sign, left, Number() | NamedFigure() | Negative() | Arithmetic() as right):
                return _OPERATORS[sign](self._expression(left), self._expression(right))
        raise AssertionError(expression)

    def _figure(self, figure: NamedFigure) -> Series:
        if figure.name in INDICATORS:
            indicator = INDICATORS[figure.name]
            bars = Bars.of(figure.source) if figure.source else Bars()
            series = indicator.series(bars, **named(figure, indicator))[figure.output]
        else:
            series = getattr(Bars(), figure.name)
        series = lag(series, figure.lag)
        if figure.interval is None or figure.interval is self.interval:
            return series
        if figure.interval.ms < self.interval.ms:
            raise RuleNeedsWiderInterval(str(figure.interval), str(self.interval))
        return wider(series, self.interval, figure.interval)
