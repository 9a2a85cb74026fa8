"""Exact decimals: the only functions that convert text to money and that round money."""

import re
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from functools import cache

from core.errors import NotANumber

_Operation = Callable[[Decimal | int, Decimal | int], Decimal]


class DecimalOperations:
    """Operations of a context, each looked up once: a context takes as long to look one up as to run it."""

    __slots__ = ("add", "create_decimal", "divide", "fma", "multiply", "normalize", "scaleb", "subtract")

    def __init__(self, context: Context) -> None:
        self.add: _Operation = context.add
        self.subtract: _Operation = context.subtract
        self.multiply: _Operation = context.multiply
        self.divide: _Operation = context.divide
        self.scaleb: _Operation = context.scaleb
        self.fma: Callable[[Decimal, Decimal, Decimal], Decimal] = context.fma
        self.normalize: Callable[[Decimal], Decimal] = context.normalize
        self.create_decimal: Callable[[Decimal | str | float], Decimal] = context.create_decimal


EXACT = DecimalOperations(Context(prec=78, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact]))
"""Arithmetic that raises instead of rounding; wide enough for any product of two amounts."""

ROUNDING = Context(prec=78, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Arithmetic for divisions, whose result is then rounded by `down` or `up` where it is written."""

_PLAIN = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)


def is_plain(text: str) -> bool:
    """True if `parse_decimal` accepts the text."""
    return _PLAIN.fullmatch(text) is not None


def parse_decimal(text: str) -> Decimal:
    """Parses `0.25` to a Decimal; raises NotANumber for anything else (signs, NaN, 1e9, 1_000, full-width digits)."""
    if not is_plain(text):
        raise NotANumber(text)
    return Decimal(text)


def down(amount: Decimal, scale: int) -> Decimal:
    """Rounds towards minus infinity to `scale` decimals, for amounts that a user receives."""
    return amount.quantize(_unit(scale), ROUND_FLOOR, ROUNDING)


def up(amount: Decimal, scale: int) -> Decimal:
    """Rounds towards plus infinity to `scale` decimals, for amounts that a user pays."""
    return amount.quantize(_unit(scale), ROUND_CEILING, ROUNDING)


@cache
def _unit(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def down_to_step(amount: Decimal, step: Decimal) -> Decimal:
    """Returns the largest multiple of `step` not above `amount` (both positive)."""
    return EXACT.multiply(ROUNDING.divide_int(amount, step), step)


def up_to_step(amount: Decimal, step: Decimal) -> Decimal:
    """Returns the smallest multiple of `step` not below `amount` (both positive)."""
    floor = down_to_step(amount, step)
    return floor if floor == amount else EXACT.add(floor, step)


def is_multiple(amount: Decimal, step: Decimal) -> bool:
    """True if `amount` is a whole number of steps."""
    return ROUNDING.remainder(amount, step) == 0
