"""The disposition effect, with the figures of Odean (1998), table I, all accounts and the whole year."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.checkup.disposition import disposition

COUNT = st.integers(0, 10_000)


def test_the_published_figures_come_out() -> None:
    found = disposition(13_883, 79_658, 11_930, 110_348)
    assert found is not None
    assert round(found.gains_realised, 3) == 0.148
    assert round(found.losses_realised, 3) == 0.098
    assert round(found.t) == 35


def test_without_gains_or_without_losses_there_is_nothing_to_compare() -> None:
    assert disposition(0, 0, 3, 4) is None
    assert disposition(3, 4, 0, 0) is None


def test_all_of_one_and_none_of_the_other_is_certain() -> None:
    found = disposition(9, 0, 0, 9)
    assert found is not None
    assert (found.difference, found.t) == (1.0, math.inf)


@given(COUNT, COUNT, COUNT, COUNT)
def test_gains_and_losses_exchanged_turn_the_sign(sold: int, held: int, lost: int, kept: int) -> None:
    one, other = disposition(sold, held, lost, kept), disposition(lost, kept, sold, held)
    if one is None or other is None:
        assert one is other
        return
    assert -1 <= one.difference <= 1
    assert one.difference == -other.difference
    if one.difference:
        assert one.t == pytest.approx(-other.t)
