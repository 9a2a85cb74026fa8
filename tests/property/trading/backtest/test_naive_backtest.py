"""The engine that leaves out candles trades as a naive walk through all of them does."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.market import Interval
from tests.support.backtest_markets import RULES, random_candles
from tests.support.naive_backtest import PlainRule, RuleSizes, naive_backtest
from trading.backtest.engine import backtest
from trading.backtest.history import history_of
from trading.backtest.terms import BacktestTerms

D = Decimal
SIZES = st.one_of(
    st.just(RuleSizes()),
    st.sampled_from(["0.1", "0.5", "1"]).map(lambda share: RuleSizes("share", D(share))),
    st.sampled_from(["1", "500", "20000"]).map(lambda amount: RuleSizes("quote", D(amount))),
    st.sampled_from(["0.0001", "3", "500"]).map(lambda amount: RuleSizes("base", D(amount))),
)
DISTANCES = st.none() | st.sampled_from([D("0.001"), D("0.01"), D("0.03"), D("0.1")])
PLAIN_RULES = st.builds(
    PlainRule, SIZES, SIZES, stop=DISTANCES, take_profit=DISTANCES, trailing=st.none() | st.sampled_from([D("0.02")])
)


@settings(max_examples=60, deadline=None)
@given(
    PLAIN_RULES,
    st.integers(0, 2**32),
    st.sampled_from([1.0, 100.0, 1e6]),
    st.sampled_from([0.0, 0.02, 0.3]),
    st.sampled_from([D(0), D(1), D(2)]),
)
def test_the_trades_are_those_of_a_naive_walk(
    rule: PlainRule, seed: int, volume: float, signals: float, costs: Decimal
) -> None:
    random = np.random.default_rng(seed)
    candles = random_candles(random, 200, volume=volume, frozen=0.3 if seed % 3 == 0 else 0.02)
    history = history_of("BTCUSDC", candles, Interval.M1)
    entry = random.random(len(history)) < max(signals, 0.01)
    exit_ = random.random(len(history)) < signals
    terms = BacktestTerms(RULES, D(10_000), D("0.001"), half_spread=D("0.0005"), cost_multiple=costs)
    found = backtest(rule, entry, exit_, history, terms)
    executions, refused = naive_backtest(rule, entry, exit_, history, terms)
    assert list(found.executions) == executions
    assert found.refused == refused
    for index, close in enumerate(candles.close.tolist()):
        cash, quantity = next(
            ((done.cash, done.quantity) for done in reversed(executions) if done.index <= index), (terms.cash, D(0))
        )
        assert (found.position[index], found.equity[index]) == (
            float(quantity),
            float(cash) + float(quantity) * close,
        )
