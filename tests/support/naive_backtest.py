"""Naive back-test: every candle in its order, every protective order fed with every candle's path."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import DeskError
from trading.backtest.account import BookedExecution, Cause, StrategyAccount
from trading.backtest.engine import Signal
from trading.backtest.history import History
from trading.backtest.market import CandleMarket
from trading.backtest.protections import Protections
from trading.backtest.terms import BacktestTerms
from trading.matching.market_orders import Terms, match
from trading.matching.sizing import size_wanted
from trading.orders.types import BaseQuantity, Execution, QuoteAmount, Side
from trading.strategies.decisions import MarketRequest, TradedRule, decide, protection


@dataclass(frozen=True)
class RuleSizes:
    """Size of an order of a rule under test."""

    kind: str = "max"
    amount: Decimal | None = None


@dataclass(frozen=True)
class PlainRule:
    """A rule under test, of which only what it does with its signals matters."""

    entry_size: RuleSizes = RuleSizes()
    exit_size: RuleSizes = RuleSizes()
    stop: Decimal | None = None
    take_profit: Decimal | None = None
    trailing: Decimal | None = None


def naive_backtest(
    rule: TradedRule, entry: Signal, exit_: Signal, history: History, terms: BacktestTerms
) -> tuple[list[BookedExecution], Counter[str]]:
    """Returns the executions and the refusals, by the name of their error."""
    walk = _Walk(rule, history, replace(terms, rules=replace(terms.rules, status="TRADING")))
    for index in range(len(history)):
        if history.traded[index]:
            walk.open(index)
        walk.close(index, entry=bool(entry[index]), exit_=bool(exit_[index]))
    return walk.account.executions, walk.refused


class _Walk:
    def __init__(self, rule: TradedRule, history: History, terms: BacktestTerms) -> None:
        self.rule = rule
        self.terms = terms
        self.account = StrategyAccount(terms.cash, terms.rules)
        self.market = CandleMarket(history, terms)
        self.resting = Protections(history, self.market, terms)
        self.refused = Counter[str]()
        self.waiting: MarketRequest | None = None

    def open(self, index: int) -> None:
        """Trades what waits, and feeds the path of the candle to what rests."""
        request, self.waiting = self.waiting, None
        if request is not None:
            buys, before = request.side is Side.BUY, len(self.account.executions)
            if not buys:
                self.resting.cancel()
            self._trade(request, index, Cause.ENTRY if buys else Cause.EXIT)
            if not buys or len(self.account.executions) > before:
                self._protect(index)
        if self.resting.active:
            self.resting.feed(index, self.account)

    def close(self, index: int, *, entry: bool, exit_: bool) -> None:
        """Decides, unless a decision waits; an exit signal drops a purchase that waits."""
        price = self.market.close(index)
        if self.waiting is None:
            state = self.account.state(price)
            self.waiting = decide(self.rule, state, price, self.terms.rules, entry=entry, exit_=exit_)
        elif self.waiting.side is Side.BUY and exit_ and not entry:
            self.waiting = None

    def _trade(self, request: MarketRequest, index: int, cause: Cause) -> None:
        """Trades; a purchase of coins that costs more than the cash is one for all of it."""
        quote, size, cash = self.market.opening(index), request.size, self.account.cash
        coins = request.side is Side.BUY and isinstance(size, BaseQuantity)
        everything = QuoteAmount(cash.quantize(Decimal("1e-8"), "ROUND_FLOOR"))
        try:
            if coins and size.amount * quote.ask > cash:
                size = everything
            execution = self._matched(request.side, size, index)
            if request.side is Side.BUY and execution.quote_amount > cash:
                if not coins:
                    self.refused["InsufficientFunds"] += 1
                    return
                execution = self._matched(request.side, everything, index)
        except DeskError as error:
            self.refused[type(error).__name__] += 1
            return
        self.account.book(execution, index, self.market.time(index), cause)

    def _matched(self, side: Side, size: BaseQuantity | QuoteAmount, index: int) -> Execution:
        rules = self.terms.rules
        matching = Terms(rules, self.terms.fee, self.terms.source, self.terms.max_slippage)
        wanted = size_wanted(side, size, rules, *self.account.balances())
        taken = self.resting.taken(index) if side is Side.SELL else Decimal(0)
        return match(side, wanted, self.market.ladder(side, index), matching, taken)

    def _protect(self, index: int) -> None:
        price, entry_price = self.market.open(index), self.account.entry_price
        if not self.account.holds or entry_price is None:
            return
        request = protection(self.rule, self.account.quantity, entry_price, price, self.terms.rules)
        if isinstance(request, MarketRequest):
            self._trade(request, index, Cause.STOP if price <= entry_price else Cause.TAKE_PROFIT)
        elif request is not None:
            try:
                self.resting.place(request, self.account, index)
            except DeskError as error:
                self.refused[type(error).__name__] += 1
