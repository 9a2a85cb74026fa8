"""Prices that a condition compares with: 57000 in `close < 57000 and rsi(14) > 70`."""

from decimal import Decimal

from trading.indicators import moving_averages
from trading.indicators.definitions import Indicator
from trading.rules.conditions import (
    And,
    Comparison,
    Condition,
    Crossing,
    Expression,
    NamedFigure,
    Not,
    Number,
    Or,
    Within,
)

_PRICES = frozenset(("open", "high", "low", "close"))
_AVERAGES = frozenset(each.name for each in vars(moving_averages).values() if isinstance(each, Indicator))
_BANDS = frozenset(("bollinger", "keltner", "donchian"))
_SIDES = frozenset(("upper", "middle", "lower"))


def price_levels(condition: Condition) -> tuple[Decimal, ...]:
    """Returns the numbers that stand beside a price, an average of prices or a band around them, in their order."""
    match condition:
        case Comparison(_, left, right) | Crossing(_, left, right):
            sides = ((left, right), (right, left))
            return tuple(level.value for figure, level in sides if isinstance(level, Number) and _is_price(figure))
        case Not(of) | Within(of, _):
            return price_levels(of)
        case And(parts) | Or(parts):
            return tuple(level for part in parts for level in price_levels(part))


def _is_price(figure: Expression) -> bool:
    if not isinstance(figure, NamedFigure) or figure.source not in {"", *_PRICES}:
        return False
    banded = figure.name in _BANDS and figure.output in _SIDES
    return figure.name in _PRICES or figure.name in _AVERAGES or banded
