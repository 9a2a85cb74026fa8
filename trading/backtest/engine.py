"""Back-test of a rule: from event to event, the orders of `trading.strategies.decisions` filled by the live matching.

Nothing is done at candles at which nothing can happen: the next signal and the next candle that can reach a protective
order are searched for in arrays.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from core.errors import DeskError
from pipeline.rules import TRADING
from trading.backtest.account import Cause, StrategyAccount
from trading.backtest.errors import BacktestStopped, TooManyTrades
from trading.backtest.history import History
from trading.backtest.market import CandleMarket
from trading.backtest.protections import Protections
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.matching.market_orders import Terms, match
from trading.matching.sizing import refuse_short, size_wanted
from trading.orders.types import BaseQuantity, Execution, Side
from trading.strategies.decisions import MarketRequest, TradedRule, all_of, decide, protection

Signal = NDArray[np.bool_]
ZERO = Decimal(0)

MAX_ORDERS = 15_000
"""Most purchases with their sales of a test, which bounds its time."""

MAX_STEPS = 2 * MAX_ORDERS
_BLOCK = 128
_WIDER = 1.0 + 1e-12
"""Widens what floats compare, so that no close is left out that decimals would count."""


def _never() -> bool:
    return False


def backtest(
    rule: TradedRule,
    entry: Signal,
    exit_: Signal,
    history: History,
    terms: BacktestTerms,
    *,
    stopped: Callable[[], bool] = _never,
) -> BacktestResult:
    """Returns what the rule would have traded. `entry[i]` and `exit_[i]` are its signals at the close of candle i. The
    test ends with BacktestStopped once `stopped` is True, which is asked at every step.

    An order that the market or the exchange's rules refuse is counted and not repeated. Raises ValueError if there are
    not as many signals as candles, TooManyTrades, BacktestStopped.
    """
    if not len(entry) == len(exit_) == len(history):
        raise ValueError(f"{len(entry)} and {len(exit_)} signals for {len(history)} candles")
    # The status is that of today; the symbol traded wherever there is a candle with volume.
    return _Backtest(rule, entry, exit_, history, replace(terms, rules=replace(terms.rules, status=TRADING))).run(
        stopped
    )


class _Backtest:
    def __init__(self, rule: TradedRule, entry: Signal, exit_: Signal, history: History, terms: BacktestTerms) -> None:
        self._rule = rule
        self._entry = entry
        self._exit = exit_
        self._history = history
        self._terms = terms
        self._count = len(history)
        self._entries = np.flatnonzero(entry).tolist()
        self._exits = np.flatnonzero(exit_).tolist()
        self._market = CandleMarket(history, terms)
        self._matching = Terms(terms.rules, terms.fee, terms.source, terms.max_slippage)
        self._account = StrategyAccount(terms.cash, terms.rules)
        self._protections = Protections(history, self._market, terms)
        self._protects = any(each is not None for each in (rule.stop, rule.take_profit, rule.trailing))
        self._refused: Counter[str] = Counter()
        self._waiting = False

    def run(self, stopped: Callable[[], bool]) -> BacktestResult:
        close: int | None = 0
        steps = 0
        while close is not None and close < self._count:
            steps += 1
            if steps > MAX_STEPS:
                raise TooManyTrades(MAX_ORDERS)
            if stopped():
                raise BacktestStopped
            close = self._in_position(close) if self._account.holds else self._flat(close)
        executions = tuple(self._account.executions)
        return BacktestResult(self._history, self._terms, executions, dict(self._refused), self._waiting)

    def _flat(self, close: int) -> int | None:
        """Buys at the first entry signal from a close on; returns the next close to decide at, or None."""
        signal = self._next(self._entries, close)
        if signal is None:
            return None
        request = self._decide(signal)
        if request is None:
            return signal + 1
        opens = self._history.next_traded.item(signal + 1)
        if opens > signal + 1:  # the market is frozen: an exit signal drops the purchase
            dropped = self._exit[signal + 1 : opens] & ~self._entry[signal + 1 : opens]
            if dropped.any():
                return signal + 2 + int(np.argmax(dropped))
        if opens >= self._count:
            self._waiting = True
            return None
        if self._trade(request, opens, Cause.ENTRY):
            self._protect(opens)
        return opens

    def _in_position(self, close: int) -> int | None:
        """Waits for the first exit or the first candle that can reach a protective order, and follows it."""
        signal = self._next_exit(close)
        event = self._protections.next_event(self._count if signal is None else signal + 1)
        if event is not None:
            self._protections.feed(event, self._account)
            return event
        if signal is None:
            return None
        request = self._decide(signal)
        if request is None:
            return signal + 1
        opens = self._history.next_traded.item(signal + 1)
        if opens >= self._count:
            self._waiting = True
            return None
        self._protections.cancel()
        self._trade(request, opens, Cause.EXIT)
        self._protect(opens)
        return opens

    def _decide(self, close: int) -> MarketRequest | None:
        price = self._market.close(close)
        entry, exit_ = self._entry.item(close), self._exit.item(close)
        return decide(self._rule, self._account.state(price), price, self._terms.rules, entry=entry, exit_=exit_)

    def _trade(self, request: MarketRequest, index: int, cause: Cause) -> bool:
        """Fills a market order at the open of a candle as the desk does; returns False if it is refused. A purchase of
        coins that costs more than the cash is one for all of it.
        """
        side, (base, funds) = request.side, self._account.balances()
        try:
            execution = self._filled(request, index)
            if side is Side.BUY and execution.quote_amount > funds.available:
                if not isinstance(request.size, BaseQuantity):
                    refuse_short(side, base, funds, execution.quantity, execution.quote_amount)
                execution = self._filled(replace(request, size=all_of(self._account.cash, self._terms.rules)), index)
        except DeskError as error:
            self._refused[type(error).__name__] += 1
            return False
        self._account.book(execution, index, self._market.time(index), cause)
        return True

    def _filled(self, request: MarketRequest, index: int) -> Execution:
        """Matches an order with what is displayed at an open, behind what the protection took of it at the close."""
        side = request.side
        wanted = size_wanted(side, request.size, self._terms.rules, *self._account.balances())
        taken = self._protections.taken(index) if side is Side.SELL else ZERO
        ladder = self._market.ladder(side, index, None if taken else wanted.size)
        return match(side, wanted, ladder, self._matching, taken)

    def _protect(self, index: int) -> None:
        """Places the protection of the position at the open of a candle, or leaves it if the market is beyond that."""
        entry_price = self._account.entry_price
        if not self._protects or entry_price is None or not self._account.holds:
            return
        price = self._market.open(index)
        request = protection(self._rule, self._account.quantity, entry_price, price, self._terms.rules)
        if isinstance(request, MarketRequest):
            self._trade(request, index, Cause.STOP if price <= entry_price else Cause.TAKE_PROFIT)
        elif request is not None:
            try:
                self._protections.place(request, self._account, index)
            except DeskError as error:
                self._refused[type(error).__name__] += 1

    def _next(self, places: list[int], begin: int) -> int | None:
        at = bisect_left(places, begin)
        return places[at] if at < len(places) else None

    def _next_exit(self, close: int) -> int | None:
        """Returns the first close from `close` on at which the rule leaves: an exit signal, or the stop or take profit
        of a rule that trails.
        """
        signal, rule, price = self._next(self._exits, close), self._rule, self._account.entry_price
        if rule.trailing is None or price is None or (rule.stop is None and rule.take_profit is None):
            return signal
        low = float("-inf") if rule.stop is None else float(price * (1 - rule.stop)) * _WIDER
        high = float("inf") if rule.take_profit is None else float(price * (1 + rule.take_profit)) / _WIDER
        begin, size, stop = close, _BLOCK, self._count if signal is None else signal
        while begin < stop:
            closes = self._history.candles.close[begin : min(begin + size, stop)]
            hits = np.flatnonzero((closes <= low) | (closes >= high))
            if hits.size:
                return begin + int(hits[0])
            begin, size = begin + size, 2 * size
        return signal
