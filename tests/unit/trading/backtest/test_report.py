"""Report on a back-test: figures after costs, buy and hold, other costs and the break-even cost."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Interval
from tests.support.backtest_markets import START, TERMS, columns, flat_candles
from trading.backtest.engine import backtest
from trading.backtest.errors import TooFewCandles
from trading.backtest.history import as_mapping, history_of
from trading.backtest.hold_out import RuleTester, split_history
from trading.backtest.report import BacktestReport, day_returns
from trading.backtest.terms import BacktestTerms
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import signals

D = Decimal
RULE = parse_rule("when close > sma(3) buy max when close < sma(3) sell max")


def waves(count: int = 2000, *, interval: Interval = Interval.H1) -> CandleColumns:
    time = np.arange(count)
    close = np.round(100 * np.exp(0.2 * np.sin(time / 20) + 0.0001 * time), 2)
    return flat_candles(*close.tolist(), interval=interval, volume=1e6)


def report_on(
    rule: Rule, candles: CandleColumns, interval: Interval, terms: BacktestTerms, *, since: int = 0
) -> BacktestReport:
    """Returns the report on all candles from `since` on, none of which is held out."""
    history = split_history("BTCUSDC", [rule], candles, interval, since=since, share=0.0)
    return RuleTester(history, terms).report(rule)


def test_the_report_is_the_back_test_of_its_signals() -> None:
    candles = waves()
    report = report_on(RULE, candles, Interval.H1, TERMS)
    first = report.needed
    history = history_of("BTCUSDC", candles.rows(first, len(candles)), Interval.H1)
    known = signals(RULE, as_mapping(candles), Interval.H1)
    alone = backtest(RULE, known.entry[first:], known.exit[first:], history, TERMS)
    assert report.result.executions == alone.executions
    assert len(report.result.trades) > 10
    assert report.costs[1].net_return == report.result.net_return
    assert report.costs[0].net_return > report.costs[1].net_return > report.costs[2].net_return
    values = [float(TERMS.cash), *report.result.equity.tolist()]
    falls = [value / max(values[: place + 1]) - 1 for place, value in enumerate(values)]
    assert report.max_drawdown == pytest.approx(min(falls))


def test_buy_and_hold_begins_where_the_rule_may() -> None:
    candles = waves(200)
    report = report_on(RULE, candles, Interval.H1, replace(TERMS, cost_multiple=D(1)))
    assert len(report.hold.executions) == 1
    bought = report.hold.executions[0]
    assert bought.time == int(candles.open_time[report.needed + 1])
    expected = 0.999 * candles.close[-1] / candles.open[report.needed + 1] - 1
    assert report.hold.net_return == pytest.approx(expected, abs=1e-4)


def test_since_leaves_earlier_candles_to_warm_up() -> None:
    candles = waves()
    since = int(candles.open_time[700])
    report = report_on(RULE, candles, Interval.H1, TERMS, since=since)
    assert report.start == since
    whole = report_on(RULE, candles, Interval.H1, TERMS)
    later = {each.time for each in whole.result.executions if each.time > since + 30 * Interval.H1.ms}
    assert later <= {each.time for each in report.result.executions}
    with pytest.raises(TooFewCandles):
        report_on(RULE, candles, Interval.H1, TERMS, since=int(candles.open_time[-1]))
    with pytest.raises(TooFewCandles):
        report_on(RULE, candles.rows(0, 3), Interval.H1, TERMS)


@pytest.mark.parametrize("fee", ["0.0005", "0.001", "0.01"])
def test_at_the_break_even_cost_nothing_is_gained(fee: str) -> None:
    terms = replace(TERMS, fee_rate=D(fee))
    report = report_on(RULE, waves(), Interval.H1, terms)
    assert report.break_even is not None
    at_it = replace(terms, fee_rate=D(f"{report.break_even:.9f}"))
    again = report_on(RULE, waves(), Interval.H1, at_it)
    assert abs(again.result.net_return) < 0.02 * report.costs[0].net_return


def test_what_gains_nothing_without_costs_has_no_break_even() -> None:
    falling = flat_candles(*np.round(100 * 0.999 ** np.arange(300), 2).tolist(), interval=Interval.H1)
    lost = report_on(parse_rule("when close > 0 buy max"), falling, Interval.H1, TERMS)
    assert lost.break_even is None
    idle = report_on(parse_rule("when close < 0 buy max"), falling, Interval.H1, TERMS)
    assert (idle.break_even, idle.result.executions, idle.trades.count) == (None, (), 0)


def test_daily_returns_are_those_of_whole_days() -> None:
    candles = waves(24 * 40 + 5)
    report = report_on(RULE, candles, Interval.H1, TERMS)
    equity = report.result.equity
    ends = report.history.candles.open_time + Interval.H1.ms
    at = {int(end): float(value) for end, value in zip(ends, equity, strict=True)}
    midnights = [START + day * DAY_MS for day in range(1, 41)]
    expected = [at[b] / at[a] - 1 for a, b in pairwise(midnights)]
    assert day_returns(report.result) == pytest.approx(expected)
    assert report.ratios.sharpe is not None
    assert report.uncertainty.interval is not None
    assert report.annual_return is None
    short = report_on(RULE, candles.rows(0, 24 * 20), Interval.H1, TERMS)
    assert short.ratios.sharpe is None
    gap = np.delete(np.arange(len(candles)), slice(24 * 10, 24 * 12))
    missing = day_returns(report_on(RULE, candles.take(gap), Interval.H1, TERMS).result)
    assert np.isnan(missing).sum() == 3


def test_a_year_has_an_annual_return() -> None:
    report = report_on(RULE, waves(400, interval=Interval.D1), Interval.D1, TERMS)
    assert report.annual_return is not None
    assert (1 + report.annual_return) ** ((400 - report.needed) / 365) == pytest.approx(1 + report.result.net_return)


def test_scaling_all_prices_changes_no_return() -> None:
    candles = waves(500)
    small = columns(
        *(getattr(candles, name) * 1e-4 for name in ("open", "high", "low", "close")),
        candles.volume * 1e4,
        interval=Interval.H1,
    )
    fine = replace(TERMS.rules, tick_size=D("0.00000001"))
    free = BacktestTerms(fine, TERMS.cash, TERMS.fee_rate)
    one = report_on(RULE, candles, Interval.H1, free)
    other = report_on(RULE, small, Interval.H1, free)
    assert [t.entry_index for t in one.result.trades] == [t.entry_index for t in other.result.trades]
    assert one.result.net_return == pytest.approx(other.result.net_return, rel=1e-3)
