"""Exact operations: the results of their context, and an error instead of a rounded result."""

from decimal import Context, Decimal, Inexact

import pytest

from core.decimals import EXACT

WIDEST = Decimal("1" * 78)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "scaleb"])
def test_operations_are_those_of_a_context(name: str) -> None:
    plain = Context(prec=78)
    for left, right in (("0.00000001", "4"), ("99999.99", "-8"), ("-12.50", "2")):
        found = getattr(EXACT, name)(Decimal(left), Decimal(right))
        assert found.as_tuple() == getattr(plain, name)(Decimal(left), Decimal(right)).as_tuple()


def test_a_result_that_would_be_rounded_is_refused() -> None:
    small = Decimal("0.1")
    for inexact in (
        lambda: EXACT.add(WIDEST, small),
        lambda: EXACT.subtract(WIDEST, small),
        lambda: EXACT.multiply(WIDEST, Decimal("1.1")),
        lambda: EXACT.divide(Decimal(1), Decimal(3)),
        lambda: EXACT.fma(WIDEST, Decimal(1), small),
        lambda: EXACT.normalize(Decimal("1" * 79)),
        lambda: EXACT.create_decimal("1" * 79),
    ):
        with pytest.raises(Inexact):
            inexact()


def test_a_sum_of_products_is_exact_in_one_step() -> None:
    price, quantity, before = Decimal("99999.99"), Decimal("0.00001"), Decimal("12.5")
    assert EXACT.fma(price, quantity, before) == EXACT.add(EXACT.multiply(price, quantity), before)
