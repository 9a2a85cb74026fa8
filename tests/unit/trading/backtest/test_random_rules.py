"""Random rules trade as often and as long as the tested one, at the same costs, and every arrangement is as likely."""

from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.candles import Floats
from trading.backtest.random_rules import compare, random_returns, rules_for

UNIT = 1e-5
"""Logarithmic growth of the first candle; that of each next one is twice as large, so a return tells what was held."""


def telling_prices(candles: int) -> Floats:
    growth = np.concatenate([[0.0], UNIT * 2.0 ** np.arange(candles)])
    return np.asarray(np.exp(growth.cumsum()))


def held_in(returns: Floats, candles: int) -> list[str]:
    """The candles that each rule held, as a string of ones."""
    return [f"{round(float(np.log1p(each)) / UNIT):0{candles}b}"[::-1] for each in returns]


@given(
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    free=st.integers(0, 6),
    seed=st.integers(0, 2**32 - 1),
)
def test_each_holds_as_often_and_as_long(lengths: list[int], free: int, seed: int) -> None:
    candles = min(sum(lengths) + free, 16)
    lengths = lengths if sum(lengths) <= candles else lengths[:1]
    found = held_in(random_returns(telling_prices(candles), lengths, 1.0, cost=0, seed=seed, rules=20), candles)
    for held in found:
        assert held.count("1") == sum(lengths)
        if candles - sum(lengths) >= len(lengths) - 1:
            assert sorted(map(len, held.replace("0", " ").split())) == sorted(lengths)


def test_every_arrangement_is_as_likely() -> None:
    lengths, candles, rules = (1, 2), 6, 6_000
    found = Counter(
        held_in(random_returns(telling_prices(candles), lengths, 1.0, cost=0, seed=1, rules=rules), candles)
    )
    free = candles - sum(lengths)
    expected = {
        "0" * first + "1" * one + "0" * (second - first + 1) + "1" * two + "0" * (free - 1 - second)
        for one, two in permutations(lengths)
        for first, second in [(a, b - 1) for a, b in combinations(range(free + 1), 2)]
    }
    assert set(found) == expected
    for held in expected:
        assert found[held] == pytest.approx(rules / len(expected), rel=0.12)


def test_costs_are_paid_twice_a_holding_on_what_was_invested() -> None:
    flat = np.full(101, 7.0)
    for invested, factor in ((1.0, 0.998**2), (0.25, 1 + 0.25 * (0.998**2 - 1))):
        found = random_returns(flat, [5, 3, 9], invested, cost=0.002, seed=1, rules=7)
        assert found == pytest.approx(np.full(7, factor**3 - 1))


def test_shares_stay_with_their_holdings() -> None:
    """Without a free candle the order alone is random: both holdings of one candle are seen by their growth."""
    prices = [100.0, 110.0, 132.0]
    found = random_returns(prices, [1, 1], [0.0, 1.0], cost=0, seed=2, rules=200)
    assert {round(float(each), 12) for each in found} == {0.1, 0.2}


def test_the_seed_decides_and_many_holdings_are_computed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = np.exp(np.random.default_rng(1).normal(0, 0.01, 301).cumsum())
    found = random_returns(prices, [3] * 20, 1.0, cost=0.001, seed=5)
    assert (found == random_returns(prices, [3] * 20, 1.0, cost=0.001, seed=5)).all()
    assert (found != random_returns(prices, [3] * 20, 1.0, cost=0.001, seed=6)).any()
    monkeypatch.setattr("trading.backtest.random_rules._ELEMENTS", 300)
    parts = random_returns(prices, [3] * 20, 1.0, cost=0.001, seed=5)
    assert parts.shape == (1000,)
    assert np.median(parts) == pytest.approx(np.median(found), abs=0.02)


def test_very_many_holdings_have_fewer_random_rules() -> None:
    assert [rules_for(each) for each in (0, 1, 5_000, 10_000, 10**6)] == [1000, 1000, 1000, 500, 100]


def test_a_rule_without_trades_and_impossible_ones() -> None:
    assert (random_returns([1.0, 2.0], [], [], cost=0.1, seed=1, rules=3) == 0).all()
    for prices, lengths in (([1.0, 2.0], [2]), ([1.0, 2.0], [0]), ([1.0, 0.0, 1.0], [1])):
        with pytest.raises(ValueError, match="longer than the history"):
            random_returns(prices, lengths, 1.0, cost=0, seed=1)


def test_a_percentile_has_the_interval_of_wilson() -> None:
    others = np.arange(1000.0)
    found = compare(949.5, others)
    assert (found.count, found.percentile) == (1000, 0.95)
    assert (found.bottom, found.median, found.top) == pytest.approx((49.95, 499.5, 949.05))
    assert (found.low, found.high) == pytest.approx((0.934686, 0.961869), abs=2e-6)
    assert compare(-1, others).percentile == 0
    assert compare(-1, others).low == 0
    assert compare(7.0, np.full(10, 7.0)).percentile == 0.5


def test_rules_that_are_random_themselves_are_anywhere_among_the_others() -> None:
    prices = np.exp(np.random.default_rng(3).normal(0, 0.01, 1001).cumsum())
    tested = random_returns(prices, [9] * 12, 1.0, cost=0.001, seed=10, rules=200)
    others = random_returns(prices, [9] * 12, 1.0, cost=0.001, seed=11)
    places = np.sort([compare(float(each), others).percentile for each in tested])
    assert np.abs(places - (np.arange(200) + 0.5) / 200).max() < 0.11
