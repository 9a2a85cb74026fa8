"""Canonical text of conditions: what the reader reads back to the same tree."""

from decimal import Decimal

from trading.indicators.definitions import Indicator, Value
from trading.indicators.registry import INDICATORS
from trading.rules.conditions import (
    And,
    Arithmetic,
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
from trading.rules.names import output_names

_SHOWN_WHOLE = 3
"""Number of parameters up to which all are shown."""
_PRODUCTS = ("*", "/")


def number_text(value: Decimal) -> str:
    """Returns the number without an exponent and without zeros behind."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def figure_text(figure: NamedFigure) -> str:
    """Returns the price or indicator: `rsi(14)@4h[1]`, `bollinger(20, 2).upper`."""
    text = figure.name
    if figure.name in INDICATORS:
        indicator = INDICATORS[figure.name]
        values = [figure.source] if figure.source else []
        values += [_value_text(each) for each in _shown(indicator, figure.arguments)]
        text += f"({', '.join(values)})" if values else ""
        names = output_names(indicator, named(figure, indicator))
        text += f".{figure.output}" if figure.output != names[0] or figure.output != figure.name else ""
    text += f"@{figure.interval}" if figure.interval else ""
    return text + (f"[{figure.lag}]" if figure.lag else "")


def named(figure: NamedFigure, indicator: Indicator) -> dict[str, Value]:
    """Returns the arguments of an indicator by the names of its parameters."""
    return {each.name: value for each, value in zip(indicator.parameters, figure.arguments, strict=True)}


def _shown(indicator: Indicator, values: tuple[Value, ...]) -> tuple[Value, ...]:
    count = len(values)
    if count > _SHOWN_WHOLE:
        other = (place for place in range(count, 1, -1) if values[place - 1] != indicator.parameters[place - 1].default)
        count = next(other, 1)
    return values[:count]


def _value_text(value: Value) -> str:
    return value if isinstance(value, str) else number_text(Decimal(str(value)))


def expression_text(expression: Expression) -> str:
    """Returns an expression with the parentheses it needs."""
    match expression:
        case Number(value):
            return number_text(value)
        case NamedFigure():
            return figure_text(expression)
        case Negative(of):
            inner = expression_text(of)
            return f"-({inner})" if isinstance(of, Arithmetic) else f"-{inner}"
        case Arithmetic(operator, left, right):
            return f"{_operand(left, operator, right=False)} {operator} {_operand(right, operator, right=True)}"


def _operand(operand: Expression | Percent, operator: str, *, right: bool) -> str:
    if isinstance(operand, Percent):
        return f"{number_text(operand.value)}%"
    text = expression_text(operand)
    if not isinstance(operand, Arithmetic):
        return text
    looser = operator in _PRODUCTS and operand.operator not in _PRODUCTS
    same = (operator in _PRODUCTS) == (operand.operator in _PRODUCTS)
    return f"({text})" if looser or (right and same) else text


def condition_text(condition: Condition) -> str:
    """Returns a condition with the parentheses it needs."""
    match condition:
        case Comparison(comparator, left, right):
            return f"{expression_text(left)} {comparator} {expression_text(right)}"
        case Crossing(above, left, right):
            way = "above" if above else "below"
            return f"{expression_text(left)} crosses {way} {expression_text(right)}"
        case Not(of):
            return f"not {_part(of, And, Or)}"
        case Within(of, bars):
            return f"{_part(of, And, Or, Not)} within {bars} bars"
        case And(parts):
            return " and ".join(_part(each, Or) for each in parts)
        case Or(parts):
            return " or ".join(condition_text(each) for each in parts)


def _part(condition: Condition, *looser: type) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, looser) else text
