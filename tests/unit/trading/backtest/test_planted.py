"""Planted back-tests: the report says so each time, of a rule that peeks, one that was fitted to noise, and the best of
a thousand random rules. A rule with an edge of its own is not refused.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from pipeline.candles import CandleColumns, Floats
from pipeline.market import Interval
from tests.support.backtest_markets import RULES, TERMS, columns, flat_candles, random_candles
from trading.backtest.grids import GridTooSlow
from trading.backtest.history import as_mapping
from trading.backtest.hold_out import RuleTester, SignalsOf, split_history
from trading.backtest.honesty import HonestTest, Verified, beside_random, honest_test, verify
from trading.backtest.look_ahead import look_ahead
from trading.backtest.random_rules import random_returns
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.backtest.trials import TrialCount, score
from trading.backtest.verdict import BacktestVerdict, Doubt
from trading.rules.grids import parse_grid
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import BoolArray, Signals, signals

DEEP = 1e9
"""Volume in which no order moves the price."""

FREE = replace(TERMS, fee_rate=Decimal(0))
RULE = parse_rule("when rsi(14) < 30 buy max when rsi(14) > 55 sell max")
GRID = parse_grid("when rsi(5..9) < 45 buy max when rsi(5..9) > 55 sell max")


def noise(seed: int, count: int = 1800) -> CandleColumns:
    return random_candles(np.random.default_rng(seed), count, frozen=0, volume=DEEP)


def made_tester(candles: CandleColumns, terms: BacktestTerms = TERMS, signals_of: SignalsOf = signals) -> RuleTester:
    return RuleTester(split_history(RULES.symbol, [RULE], candles, Interval.M1), terms, signals_of)


def reported(rules: tuple[Rule, ...], tester: RuleTester) -> tuple[HonestTest, Verified]:
    """The test and its verdict for a user who tried nothing else."""
    found = honest_test(rules, tester, seed=1, clock=time.process_time)
    scores = [each.score for each in found.trials]
    count = TrialCount(len(scores), float(np.var(scores, ddof=1)) if len(scores) > 1 else 0.0)
    return found, verify(found, count)


# -- a rule that peeks ---------------------------------------------------------------------------------


def next_close(_rule: Rule, candles: Mapping[str, Floats], _interval: Interval) -> Signals:
    """Buys before a rise and sells before a fall."""
    rises = np.diff(candles["close"], append=candles["close"][-1]) > 0
    return Signals(rises, ~rises)


def best_of_sample(_rule: Rule, candles: Mapping[str, Floats], _interval: Interval) -> Signals:
    """Buys in the lowest tenth of the whole sample."""
    close = candles["close"]
    return Signals(close <= np.quantile(close, 0.1), close >= np.quantile(close, 0.5))


def same_close(rule: Rule, candles: Mapping[str, Floats], interval: Interval) -> Signals:
    """Trades at the open of the candle whose close gives the signal."""
    found = signals(rule, candles, interval)
    return Signals(np.append(found.entry[1:], False), np.append(found.exit[1:], False))


@pytest.mark.parametrize("peeking", [next_close, best_of_sample, same_close])
@pytest.mark.parametrize("seed", range(3))
def test_a_rule_that_peeks(peeking: SignalsOf, seed: int) -> None:
    found, report = reported((RULE,), made_tester(noise(seed), FREE, peeking))
    assert report.conclusion.verdict is BacktestVerdict.PEEKS
    assert found.look_ahead.changed is not None


def test_fills_that_know_their_candle_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Honest signals, but fills one candle too early: at the open of the candle whose close gives the signal."""
    honest = RuleTester.on

    def hasty(tester: RuleTester, rule: Rule, candles: CandleColumns) -> BacktestResult:
        return honest(replace(tester, signals_of=same_close), rule, candles)

    monkeypatch.setattr(RuleTester, "on", hasty)
    assert not look_ahead(honest_signals, as_mapping(noise(1)), seed=1).peeks
    assert reported((RULE,), made_tester(noise(1)))[1].conclusion.verdict is BacktestVerdict.PEEKS


def honest_signals(candles: Mapping[str, Floats]) -> tuple[BoolArray, BoolArray]:
    found = signals(RULE, candles, Interval.M1)
    return found.entry, found.exit


# -- a rule that was fitted to noise -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_a_rule_fitted_to_noise(seed: int) -> None:
    found, report = reported(GRID.rules, made_tester(noise(seed), FREE))
    assert found.grid is not None
    assert found.grid.rows[found.grid.best].score == max(row.score for row in found.grid.rows)
    assert found.report.rule == GRID.rules[found.grid.best]
    assert len(found.trials) == 25
    if found.report.result.net_return > 0:
        assert report.conclusion.verdict is BacktestVerdict.LUCK
        assert Doubt.OVERFITTING in report.conclusion.doubts
    else:
        assert report.conclusion.verdict is BacktestVerdict.LOSES


def test_noise_after_costs_is_eaten_by_them() -> None:
    verdicts = [reported(GRID.rules[:1], made_tester(noise(seed)))[1].conclusion.verdict for seed in range(4)]
    assert BacktestVerdict.COSTS in verdicts
    assert BacktestVerdict.SURVIVES not in verdicts


# -- a thousand tries of random rules ------------------------------------------------------------------


TRIES = 1000
CANDLES = 1000


def coin_flips(rule: Rule, candles: Mapping[str, Floats], _interval: Interval) -> Signals:
    """Signals that know nothing: the text of the rule is their seed."""
    in_market = np.random.default_rng(int(rule.text)).random(CANDLES)[: len(candles["close"])] < 0.5
    return Signals(in_market, ~in_market)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_a_thousand_random_rules(seed: int) -> None:
    """Each open is the close before it, so what a rule earns without costs follows from its flips. The best is tested,
    in a market that goes nowhere in sample.
    """
    steps = np.random.default_rng(100 + seed).normal(0, 0.01, CANDLES)
    walk = np.round(100 * np.exp((steps - steps[14:803].mean()).cumsum()), 2)
    tester = made_tester(flat_candles(*walk, volume=DEEP), FREE, coin_flips)
    seen = slice(tester.history.first, tester.history.first + len(tester.history.seen))
    flips = np.array([np.random.default_rng(each).random(CANDLES)[seen] < 0.5 for each in range(TRIES)])
    returns = np.zeros(flips.shape)
    returns[:, 1:] = flips[:, :-1] * (walk[seen][1:] / walk[seen][:-1] - 1)
    scores = np.array([score(each) for each in returns])
    best = replace(RULE, text=str(int(scores.argmax())))
    found = honest_test((best,), tester, seed=1, clock=time.process_time)
    assert found.trials[0].score == pytest.approx(scores.max(), rel=0.02)
    alone = verify(found, TrialCount(1, 0.0))
    assert alone.conclusion.verdict in (BacktestVerdict.SURVIVES, BacktestVerdict.FADES)
    among = verify(found, TrialCount(TRIES, float(scores.var(ddof=1))))
    assert among.conclusion.verdict is BacktestVerdict.LUCK
    assert among.conclusion.doubts == (Doubt.TRIALS,)


# -- a rule with an edge -------------------------------------------------------------------------------


def waves(seed: int, count: int = 4000) -> CandleColumns:
    """Prices that return to their mean, with a little noise: something can be earned in them."""
    draws = np.random.default_rng(seed).normal(0, 1, count)
    close = 100 * np.exp(0.05 * np.sin(np.arange(count) / 6) + 0.003 * draws)
    opened = np.concatenate([close[:1], close[:-1]])
    return columns(opened, np.maximum(opened, close), np.minimum(opened, close), close)


def test_an_edge_survives() -> None:
    rules = parse_grid("when rsi(5..8) > 55 buy max when rsi(14) < 45 sell max").rules
    found, report = reported(rules, made_tester(waves(1)))
    assert report.conclusion.verdict is BacktestVerdict.SURVIVES
    assert found.unseen is not None
    assert found.unseen.net_return > 0
    assert found.random is not None
    assert found.random.percentile > 0.99


# -- the parts -----------------------------------------------------------------------------------------


def test_the_hold_out_changes_nothing_before_it() -> None:
    candles = noise(3)
    other = noise(4)
    history = made_tester(candles).history
    cut = history.first + len(history.seen)
    assert (history.first, cut) == (14, 14 + 1429)
    mixed = CandleColumns(
        candles.open_time,
        *(
            np.concatenate([getattr(candles, name)[:cut], getattr(other, name)[cut:]])
            for name in ("open", "high", "low", "close", "volume", "quote_volume", "trades")
        ),
    )
    first, second = (made_tester(each) for each in (candles, mixed))
    assert (first.seen(RULE).equity == second.seen(RULE).equity).all()
    unseen = first.unseen(RULE)
    assert unseen is not None
    assert len(unseen.equity) == 357
    assert unseen.net_return != second.unseen(RULE).net_return  # type: ignore[union-attr]


def test_a_short_history_has_no_hold_out() -> None:
    tester = made_tester(noise(1, 90))
    assert tester.unseen(RULE) is None
    assert len(tester.history.seen) == 76


def test_random_rules_with_the_holdings_of_the_rule_earn_what_it_earned() -> None:
    """In the same places they are the rule: the costs and shares are those of the engine."""
    half = parse_rule("when rsi(14) < 40 buy 50% when rsi(14) > 55 sell max")
    for rule in (RULE, half):
        result = made_tester(noise(6)).seen(rule)
        opens = np.append(result.history.candles.open, result.history.candles.close[-1])
        cost = float((result.fees + result.slippage) / result.turnover)
        share = 1.0 if rule is RULE else 0.5
        growth = 1.0
        for each in result.all_trades:
            end = len(result.history) if each.exit_index is None else each.exit_index
            held = random_returns(opens[[each.entry_index, end]], [1], share, cost=cost, seed=0, rules=1)
            growth *= 1.0 + float(held[0])
        assert growth - 1 == pytest.approx(result.net_return, abs=2e-3)
        assert beside_random(result, seed=1) == beside_random(result, seed=1)


def test_a_rule_without_trades_is_idle() -> None:
    _, report = reported((parse_rule("when rsi(14) < 0 buy max"),), made_tester(noise(1)))
    assert report.conclusion.verdict is BacktestVerdict.IDLE


def test_a_grid_that_takes_too_long_says_how_far_it_came() -> None:
    clock = iter(np.arange(0.0, 100.0, 3.0))
    with pytest.raises(GridTooSlow) as caught:
        honest_test(GRID.rules, made_tester(noise(1, 300)), seed=1, clock=lambda: float(next(clock)))
    assert (caught.value.done, caught.value.rules, caught.value.seconds) == (3, 25, 10)
