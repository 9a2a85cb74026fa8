"""The time-weighted return knows nothing of deposits, contributions are the whole, and rates solve their equation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.performance.attribution import linked_contributions
from trading.performance.drawdowns import current, drawdown_series, drawdowns, wealth
from trading.performance.money_weighted import money_weighted_return
from trading.performance.returns import time_weighted_return

moves = st.lists(st.floats(-0.9, 3.0), min_size=1, max_size=30)
deposits = st.lists(st.floats(0.0, 1e6), min_size=31, max_size=31)


@given(moves, deposits, deposits)
def test_the_return_does_not_change_with_the_size_or_date_of_deposits(
    returns: list[float], some: list[float], others: list[float]
) -> None:
    whole = math.prod(1 + each for each in returns) - 1
    for flows in (some, others):
        before, after, value = [0.0], [100.0 + flows[0]], 100.0 + flows[0]
        for move, flow in zip(returns, flows[1:], strict=False):
            before.append(value * (1 + move))
            value = before[-1] + flow
            after.append(value)
        found = time_weighted_return(before, after)
        assert found == pytest.approx(whole, rel=1e-9, abs=1e-9)


@given(st.lists(st.tuples(*[st.floats(-30, 60) for _ in range(3)], st.floats(0, 500)), min_size=1, max_size=30))
def test_contributions_add_up_to_the_whole(steps: list[tuple[float, float, float, float]]) -> None:
    """Three coins and any flows between the sub-periods."""
    before, after, starts = [0.0], [100.0], []
    for *profits, flow in steps:
        starts.append(after[-1])
        before.append(after[-1] + sum(profits))
        after.append(max(before[-1], 0.0) + flow)
        before[-1] = max(before[-1], 0.0)
        if before[-1] == 0:
            return  # what was lost is more than there was
    found = linked_contributions({str(at): [step[at] for step in steps] for at in range(3)}, starts)
    assert sum(found.values()) == pytest.approx(time_weighted_return(before, after), rel=1e-9, abs=1e-9)


@given(st.lists(st.floats(1.0, 1000.0), min_size=1, max_size=10), st.floats(-0.95, 20.0))
def test_a_money_weighted_return_is_the_rate_that_was_earned(paid: list[float], rate: float) -> None:
    span = len(paid)
    final = sum(each * (1 + rate) ** ((span - at) / span) for at, each in enumerate(paid))
    found = money_weighted_return([*(-each for each in paid), final], list(range(span + 1)))
    assert found == pytest.approx(rate, rel=1e-6, abs=1e-9)


@given(moves)
def test_drawdowns_cover_exactly_the_time_below_a_peak(returns: list[float]) -> None:
    values = wealth(returns)
    under = set(np.flatnonzero(drawdown_series(values) < 0).tolist())
    found = drawdowns(values)
    covered = {
        place
        for each in found
        for place in range(each.peak + 1, len(values) if each.recovered is None else each.recovered)
    }
    assert covered == under
    assert (current(found) is None) == (len(values) - 1 not in under)
