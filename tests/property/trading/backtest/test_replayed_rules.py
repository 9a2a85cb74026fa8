"""Back-test and replay give the same trades for random candles, signals and protections, whatever leaps."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.candles import CandleColumns
from pipeline.market import Candle, Interval
from pipeline.replay.parquet_candles import read_candle_file
from tests.support.backtest_markets import RULES, random_candles
from tests.support.naive_backtest import PlainRule, RuleSizes
from tests.support.replayed_robots import BTC, record
from tests.support.replayed_rule import ReplayedRule
from tests.support.same_candles import joined
from trading.backtest.account import BookedExecution
from trading.backtest.engine import backtest
from trading.backtest.history import history_of
from trading.backtest.terms import BacktestTerms

D = Decimal
TERMS = BacktestTerms(replace(RULES, symbol=BTC, quote="USDT"), D(10_000), D("0.001"))
ENTRIES = st.sampled_from([RuleSizes(), RuleSizes("base", D(95)), RuleSizes("share", D("0.5"))])
EXITS = st.sampled_from([RuleSizes(), RuleSizes("share", D("0.5"))])
DISTANCES = st.none() | st.sampled_from([D("0.003"), D("0.01"), D("0.03")])
PROTECTED = st.builds(
    PlainRule, ENTRIES, EXITS, stop=DISTANCES, take_profit=DISTANCES, trailing=st.none() | st.sampled_from([D("0.01")])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PROTECTED, st.integers(0, 2**32), st.sampled_from([3.0, 30.0, 1e6]), st.sampled_from([0.0, 0.02, 0.2]))
def test_a_replay_gives_the_trades_of_the_back_test(
    tmp_path: Path, rule: PlainRule, seed: int, volume: float, exits: float
) -> None:
    random = np.random.default_rng(seed)
    columns = random_candles(random, 100, volume=volume, frozen=0)
    entry, exit_ = random.random(100) < 0.2, random.random(100) < exits

    def tested(candles: list[Candle]) -> list[BookedExecution]:
        history = history_of(BTC, CandleColumns.of(candles), Interval.M1)
        return list(backtest(rule, entry, exit_, history, TERMS).executions)

    candles = joined(columns.candles(BTC), tested)
    file = asyncio.run(read_candle_file(record(tmp_path / "candles.parquet", candles), lambda _: None))
    executions = [(each.time, each.execution) for each in tested(candles)]
    found = [(time, done.side, done.quantity, done.average_price) for time, done in executions]
    played = ReplayedRule(rule, TERMS).play(file, entry, exit_)
    last = candles[-1].open_time + Interval.M1.ms  # what the last close decides has no candle in the back-test
    assert [each for each in played if each[0] < last] == [each for each in found if each[0] < last]
