"""Honest back-test of a rule or a grid: in sample, checked for look-ahead, beside random rules, and at last on candles
that were held out. Pure and CPU-bound.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns, Floats
from trading.backtest.account import Cause, RoundTrip
from trading.backtest.grids import SECONDS, GridRun, run_grid
from trading.backtest.history import MIN_CANDLES, as_mapping
from trading.backtest.hold_out import RuleTester
from trading.backtest.look_ahead import Decisions, KnownAt, LookAhead, look_ahead
from trading.backtest.random_rules import RandomComparison, compare, random_returns, rules_for
from trading.backtest.report import BacktestReport, buy_and_hold, cost_of_order
from trading.backtest.result import BacktestResult
from trading.backtest.trials import ReturnSample, RuleTrial, TrialCount, deflated, return_sample, trial
from trading.backtest.verdict import Conclusion, Evidence, conclude
from trading.orders.types import Side
from trading.rules.rule import Rule

_FILL_CUTS, _FILL_CANDLES = 4, 20_000
"""Histories on which fills are computed again, and the candles of the longest."""


@dataclass(frozen=True, slots=True, eq=False)
class HonestTest:
    """Test of one rule, the best one of a grid.

    `report` is that in sample, `unseen` and `unseen_hold` are the hold-out of the rule and of buying and holding (None
    if the history is too short). `peek` is the close at which a decision was made that knows later candles, UTC ms.
    `random` is None without a trade. `grid` is None for a rule without ranges. `trials` are all rules that were tested.
    """

    report: BacktestReport
    unseen: BacktestResult | None
    unseen_hold: BacktestResult | None
    look_ahead: LookAhead
    peek: int | None
    random: RandomComparison | None
    grid: GridRun | None
    trials: tuple[RuleTrial, ...]

    @property
    def end(self) -> int:
        """Close of the last candle, UTC ms, that of the hold-out if there is one."""
        last = self.unseen.history.candles.open_time[-1] if self.unseen else None
        return self.report.end if last is None else int(last) + self.report.interval.ms

    @property
    def sample(self) -> ReturnSample:
        """Returns in sample, of which the scores are."""
        return return_sample(self.report.result)


@dataclass(frozen=True, slots=True)
class Verified:
    """Conclusion on a test, with the deflated Sharpe ratio and the trials that it counts."""

    conclusion: Conclusion
    deflated: float | None
    trials: TrialCount


def honest_test(
    rules: Sequence[Rule], tester: RuleTester, *, seed: int, clock: Callable[[], float], seconds: float = SECONDS
) -> HonestTest:
    """Tests a rule, or all rules of a grid, of which the best in sample is checked further.

    `clock` gives the time in seconds. Raises GridTooSlow if a grid takes longer than `seconds`.
    """
    grid = run_grid(rules, tester.seen, clock, seconds=seconds) if len(rules) > 1 else None
    rule = rules[grid.best if grid else 0]
    report, checked = tester.report(rule), check_rule(rule, tester, seed=seed)
    scores = [row.score for row in grid.rows] if grid else [return_sample(report.result).score]
    return HonestTest(
        report,
        tester.unseen(rule),
        buy_and_hold(tester.history.unseen, tester.terms) if tester.history.unseen else None,
        checked,
        None if checked.changed is None else tester.closes_at(checked.changed),
        beside_random(report.result, seed=seed),
        grid,
        tuple(
            trial(each.text, tester.interval, report.start, report.end, found)
            for each, found in zip(rules, scores, strict=True)
        ),
    )


def verify(test: HonestTest, trials: TrialCount) -> Verified:
    """Judges a test. `trials` count those of the test too."""
    result = test.report.result
    above = deflated(test.sample.returns, trials)
    overfitted = test.grid.overfitting if test.grid else None
    evidence = Evidence(
        peeks=test.look_ahead.peeks,
        trades=len(result.all_trades),
        net=result.net_return,
        gross=test.report.costs[0].net_return,
        above_random=test.random.low if test.random else None,
        deflated=above,
        overfitting=overfitted.probability if overfitted else None,
        unseen=test.unseen.net_return if test.unseen else None,
        unseen_trades=len(test.unseen.all_trades) if test.unseen else 0,
    )
    return Verified(conclude(evidence), above, trials)


def check_rule(rule: Rule, tester: RuleTester, *, seed: int) -> LookAhead:
    """Checks the signals of a rule, and the fills of the first candles, for look-ahead. Returns what failed first."""
    history = tester.history
    known = as_mapping(history.candles.rows(0, history.first + len(history.seen)))

    def decide(candles: Mapping[str, Floats]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        found = tester.signals_of(rule, candles, tester.interval)
        return found.entry, found.exit

    found = look_ahead(decide, known, seed=seed)
    if found.peeks:
        return found
    most = history.first + _FILL_CANDLES
    fills = look_ahead(
        fills_at_open(rule, tester),
        {name: values[:most] for name, values in known.items()},
        seed=seed,
        known=KnownAt.OPEN,
        cuts=_FILL_CUTS,
        budget=2 * _FILL_CUTS * most,
    )
    return fills if fills.peeks else LookAhead(found.cuts + fills.cuts)


def fills_at_open(rule: Rule, tester: RuleTester) -> Decisions:
    """Returns the function from candles to the quantity that signals bought (sold: negative) at each open."""
    first = tester.history.first

    def decide(candles: Mapping[str, Floats]) -> tuple[Floats]:
        quantities = np.zeros(len(candles["close"]))
        if len(quantities) >= first + MIN_CANDLES:
            for each in tester.on(rule, columns_of(candles)).executions:
                if each.cause in (Cause.ENTRY, Cause.EXIT):
                    done = each.execution
                    quantities[first + each.index] += float(done.quantity) * (1 if done.side is Side.BUY else -1)
        return (quantities,)

    return decide


def columns_of(candles: Mapping[str, Floats]) -> CandleColumns:
    """Returns arrays by field as columns; what the matching does not read is 0."""
    nothing = np.zeros(len(candles["close"]))
    return CandleColumns(
        open_time=candles["open_time"].astype(np.int64),
        open=candles["open"],
        high=candles["high"],
        low=candles["low"],
        close=candles["close"],
        volume=candles["volume"],
        quote_volume=nothing,
        trades=nothing.astype(np.int64),
    )


def beside_random(result: BacktestResult, *, seed: int) -> RandomComparison | None:
    """Returns the place of a result among random rules with its holdings and average costs; None without a trade."""
    trades, cost = result.all_trades, cost_of_order(result)
    if not trades or cost is None:
        return None
    candles = result.history.candles
    opens = np.append(candles.open, candles.close[-1])
    lengths = np.array([_length(each, len(candles)) for each in trades], np.int64)
    others = random_returns(opens, lengths, _invested(result), cost=cost, seed=seed, rules=rules_for(len(trades)))
    return compare(result.net_return, others)


def _length(trade: RoundTrip, candles: int) -> int:
    """Returns the candles that a position was held. One that a protective order ended was held in its last candle."""
    if trade.exit_index is None:
        return candles - trade.entry_index
    return max(1, trade.exit_index - trade.entry_index + (trade.cause is not Cause.EXIT))


def _invested(result: BacktestResult) -> Floats:
    """Returns the share of the equity that each position was bought with."""
    before = np.concatenate([[float(result.terms.cash)], result.equity])
    spent = np.array([float(each.spent) for each in result.all_trades])
    worth = before[[each.entry_index for each in result.all_trades]]
    return np.asarray(np.clip(np.divide(spent, worth, out=np.ones_like(spent), where=worth > 0), 0.0, 1.0))
