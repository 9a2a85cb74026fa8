"""Report on a back-test: the figures of the rule after costs, buy and hold, and what other costs would have left.

The figures are those of `trading.performance`. Ratios use whole days (UTC) between two known closes, as for accounts.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from pipeline.candles import Floats
from pipeline.market import DAY_MS, Interval
from trading.backtest.engine import backtest
from trading.backtest.errors import TooFewCandles
from trading.backtest.history import MIN_CANDLES, History
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.performance.drawdowns import drawdown_series
from trading.performance.returns import PERIODS_PER_YEAR, annualised, daily_returns
from trading.performance.trades import TradeStatistics, trade_statistics
from trading.reports.performance import RatioFigures, SharpeUncertainty
from trading.reports.performance_figures import ratio_figures, sharpe_uncertainty
from trading.rules.rule import EVERYTHING, Rule, Size
from trading.rules.signals import Signals

MULTIPLES = (0, 1, 2)
"""Multiples of the costs that a report shows."""

_YEAR_MS = PERIODS_PER_YEAR * DAY_MS


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Rule that buys once with all the money and never sells."""

    entry_size: Size = EVERYTHING
    exit_size: Size = EVERYTHING
    stop: Decimal | None = None
    take_profit: Decimal | None = None
    trailing: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CostReturn:
    """Return of the same rule at a multiple of the costs."""

    multiple: int
    net_return: float
    trades: int


@dataclass(frozen=True, eq=False)
class BacktestReport:
    """Back-test of a rule: `result` at the costs of the desk, `hold` of buying at its first possible open and holding,
    both over the same candles. `needed` is the number of closed candles before its first possible signal.

    `break_even` is the cost of one order, as a fraction of its value, at which nothing would have been gained; None if
    the rule gained nothing without costs, or did not trade.
    """

    rule: Rule
    interval: Interval
    result: BacktestResult
    hold: BacktestResult
    costs: tuple[CostReturn, ...]
    break_even: float | None
    needed: int

    @property
    def history(self) -> History:
        """Candles of the test."""
        return self.result.history

    @property
    def start(self) -> int:
        """Open of the first candle, UTC ms."""
        return int(self.history.candles.open_time[0])

    @property
    def end(self) -> int:
        """Close of the last candle, UTC ms."""
        return int(self.history.candles.open_time[-1]) + self.interval.ms

    @cached_property
    def ratios(self) -> RatioFigures:
        """Ratios of the daily returns; only their number if there are too few."""
        return ratio_figures(day_returns(self.result))

    @cached_property
    def uncertainty(self) -> SharpeUncertainty:
        """Uncertainty of the Sharpe ratio of one trial."""
        return sharpe_uncertainty(day_returns(self.result), 1)

    @property
    def annual_return(self) -> float | None:
        """Return of a year, compounded; None for less than a year (GIPS 2020, 2.A.12)."""
        span = self.end - self.start
        return annualised(self.result.net_return, span / _YEAR_MS) if span >= _YEAR_MS else None

    @cached_property
    def underwater(self) -> Floats:
        """Drawdown at the close of every candle, from the cash at the start on."""
        return drawdown_series(np.concatenate([[float(self.result.terms.cash)], self.result.equity]))[1:]

    @property
    def max_drawdown(self) -> float:
        """Depth of the deepest drawdown, a negative fraction or 0."""
        return float(self.underwater.min())

    @cached_property
    def trades(self) -> TradeStatistics:
        """Figures of the closed trades."""
        return trade_statistics([trade.profit for trade in self.result.trades])

    @property
    def cost_of_order(self) -> float | None:
        """Mean cost of an order, fee, spread and slippage, as a fraction of its value; None without one."""
        return cost_of_order(self.result)


def first_candle(history: History, needed: int, since: int) -> int:
    """Returns the index of the first candle of a test: the first at `since` at which the rule can signal. Raises
    TooFewCandles if none follows it.
    """
    first = max(int(np.searchsorted(history.candles.open_time, since)), needed)
    if len(history) - first < MIN_CANDLES:
        raise TooFewCandles(needed + MIN_CANDLES, len(history))
    return first


def report_of(
    rule: Rule,
    known: Signals,
    history: History,
    terms: BacktestTerms,
    needed: int,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> BacktestReport:
    """Returns the report on signals that are known."""

    def run(multiple: Decimal) -> BacktestResult:
        scaled = replace(terms, cost_multiple=multiple)
        return backtest(rule, known.entry, known.exit, history, scaled, stopped=stopped)

    results = [run(Decimal(multiple)) for multiple in MULTIPLES]
    result = results[MULTIPLES.index(1)]
    costs = [
        CostReturn(multiple, each.net_return, len(each.all_trades))
        for multiple, each in zip(MULTIPLES, results, strict=True)
    ]
    return BacktestReport(
        rule=rule,
        interval=history.interval,
        result=result,
        hold=buy_and_hold(history, terms),
        costs=tuple(costs),
        break_even=_break_even(result, costs),
        needed=needed,
    )


def buy_and_hold(history: History, terms: BacktestTerms) -> BacktestResult:
    """Returns what a purchase for all the money at the second open would have become, costs included."""
    entry, never = np.zeros(len(history), np.bool_), np.zeros(len(history), np.bool_)
    entry[0] = True
    return backtest(HoldRule(), entry, never, history, terms)


def day_returns(result: BacktestResult) -> Floats:
    """Returns the daily returns of the equity, by UTC day; NaN where a day is missing, and without the first day and an
    unfinished last one.
    """
    history = result.history
    ends = history.candles.open_time + history.interval.ms
    days = (ends - 1) // DAY_MS
    last = np.flatnonzero(np.append(np.diff(days) != 0, ends[-1] % DAY_MS == 0))
    if last.size < 2:  # noqa: PLR2004
        return np.empty(0)
    closes = np.full(int(days[last[-1]] - days[last[0]]) + 1, np.nan)
    closes[days[last] - days[last[0]]] = result.equity[last]
    return daily_returns(closes)


def cost_of_order(result: BacktestResult) -> float | None:
    """Returns fees and slippage over the value of all orders; None without an order."""
    return float((result.fees + result.slippage) / result.turnover) if result.turnover else None


def _break_even(result: BacktestResult, costs: Sequence[CostReturn]) -> float | None:
    """Returns the cost of an order at which the return is zero.

    The logarithm of the growth falls almost linearly with the costs: between the multiples that were tested it is
    interpolated, beyond them continued.
    """
    cost = cost_of_order(result)
    grown = [math.log1p(max(each.net_return, -0.999999)) for each in costs]
    if not cost or grown[0] <= 0:
        return None
    place = next((place for place, value in enumerate(grown) if value <= 0), len(grown) - 1)
    before, after = costs[place - 1].multiple, costs[place].multiple
    fall = (grown[place - 1] - grown[place]) / (after - before)
    return cost * (before + grown[place - 1] / fall) if fall > 0 else None
