"""SMA 10/30 on GOOG under the conventions of backtesting.py: all in, whole units, long and short, at the next open.

The desk trades long only. The long legs are the rule's own back-test; the short ones are sold and bought by the same
matching, and both are booked and valued by the same account.
"""

from decimal import Decimal

import numpy as np
import pytest

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, Interval, Symbol
from pipeline.rules import LotSize, SymbolRules
from tests.published import PUBLISHED, needs_published, published
from tests.support.naive_backtest import PlainRule
from trading.backtest.account import Cause, StrategyAccount
from trading.backtest.engine import Signal, backtest
from trading.backtest.history import History, as_mapping, history_of
from trading.backtest.market import CandleMarket
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.indicators.registry import INDICATORS
from trading.matching.market_orders import RequestedSize, Terms, match
from trading.orders.types import BaseQuantity, QuoteAmount, Side
from trading.performance.drawdowns import max_drawdown
from trading.performance.returns import annualised, daily_returns
from trading.performance.trades import trade_statistics

D = Decimal
UNITS = SymbolRules(Symbol("GOOGUSD"), "GOOG", "USD", tick_size=D("0.01"), lot=LotSize(D(1), D(0), D(1)))
FREE = BacktestTerms(UNITS, D(10_000), D(0), cost_multiple=D(0))

pytestmark = needs_published


def goog() -> History:
    path = PUBLISHED / "backtest_GOOG.csv"
    days = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=0, dtype="datetime64[D]")
    opened, high, low, close, volume = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=range(1, 6)).T
    times = days.astype(np.int64) * DAY_MS
    columns = CandleColumns(times, opened, high, low, close, volume, volume * close, np.ones(len(times), np.int64))
    return history_of("GOOGUSD", columns, Interval.D1)


def crosses(history: History) -> tuple[Signal, Signal]:
    """Returns where SMA 10 crosses above SMA 30, and below it."""
    candles = as_mapping(history.candles)
    fast, slow = (INDICATORS["sma"].compute(candles, length=length)["sma"] for length in (10, 30))
    above, below = fast > slow, fast < slow
    up, down = np.zeros(len(fast), bool), np.zeros(len(fast), bool)
    up[1:], down[1:] = above[1:] & below[:-1], below[1:] & above[:-1]
    return up, down


def long_and_short(history: History) -> BacktestResult:
    up, down = crosses(history)
    market, account, matching = (
        CandleMarket(history, FREE),
        StrategyAccount(FREE.cash, UNITS),
        Terms(UNITS, D(0), FREE.source),
    )

    def trade(side: Side, size: BaseQuantity | QuoteAmount, index: int, cause: Cause) -> None:
        execution = match(side, RequestedSize(size), market.ladder(side, index), matching)
        account.book(execution, index, market.time(index), cause)

    def close(index: int) -> None:
        if account.quantity:
            side = Side.SELL if account.quantity > 0 else Side.BUY
            trade(side, BaseQuantity(abs(account.quantity)), index, Cause.EXIT)

    for signal in np.flatnonzero(up | down):
        index = int(signal) + 1
        if index == len(history):
            break
        close(index)
        if up[signal]:
            trade(Side.BUY, QuoteAmount(account.cash), index, Cause.ENTRY)
        else:
            trade(Side.SELL, BaseQuantity(account.cash // market.open(index)), index, Cause.ENTRY)
    last = len(history) - 1  # what is open at the end is closed at the last open: `finalize_trades`
    close(last)
    return BacktestResult(history, FREE, tuple(account.executions), {})


def test_the_published_figures_come_out() -> None:
    expected, history = published("backtest")["sma_10_30_goog"], goog()
    result = long_and_short(history)
    closes = history.candles.close  # buy and hold begins with the first close that has both averages
    gains = [100 * trade.gain for trade in result.trades]
    statistics = trade_statistics(gains)
    years = (history.candles.open_time[-1] - history.candles.open_time[0]) / DAY_MS / 365.25
    drawdown = max_drawdown(daily_returns(np.concatenate([[10_000.0], result.equity])))
    assert len(result.trades) == expected["trades"]
    assert result.equity[-1] == pytest.approx(expected["equity_final"], abs=1e-8)
    assert 100 * result.net_return == pytest.approx(expected["return_pct"], abs=1e-8)
    assert drawdown is not None
    assert 100 * drawdown == pytest.approx(expected["max_drawdown_pct"], abs=1e-8)
    assert statistics.win_rate == pytest.approx(expected["win_rate_pct"] / 100, abs=1e-12)
    assert statistics.profit_factor == pytest.approx(expected["profit_factor"], rel=1e-9)
    assert 100 * result.exposure == pytest.approx(expected["exposure_pct"], abs=1e-9)
    assert 100 * (closes[-1] / closes[29] - 1) == pytest.approx(expected["buy_hold_pct"], abs=1e-9)
    assert annualised(result.net_return, years) == pytest.approx(expected["cagr_pct"] / 100, abs=2e-4)


def test_the_long_legs_are_the_back_test_of_the_rule() -> None:
    history = goog()
    result = backtest(PlainRule(), *crosses(history), history, FREE)
    legs = [trade for trade in long_and_short(history).trades if trade.quantity > 0]
    both = zip(legs, result.all_trades, strict=True)
    assert all(
        (leg.entry_index, leg.entry_price) == (trade.entry_index, trade.entry_price)
        and (trade.exit_index is None or (leg.exit_index, leg.exit_price) == (trade.exit_index, trade.exit_price))
        for leg, trade in both
    )
    assert len(result.all_trades) == 33
