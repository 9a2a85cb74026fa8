"""Hold-out: the last part of a history, which no figure and no choice sees before the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.candles import CandleColumns, Floats
from pipeline.market import Interval
from trading.backtest.engine import backtest
from trading.backtest.history import History, as_mapping, history_of
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.rules.rule import Rule
from trading.rules.signals import Signals, signals

SignalsOf = Callable[[Rule, Mapping[str, Floats], Interval], Signals]

SHARE = 0.2
"""Part of the candles that is held out."""

MIN_SEEN = 100
"""Fewest candles of a history of which a part is held out."""


@dataclass(frozen=True, slots=True, eq=False)
class SplitHistory:
    """History in two parts: `seen` is tested, `unseen` is held out (None if the history is too short)."""

    whole: CandleColumns
    seen: History
    unseen: History | None


def split_history(
    symbol: str, candles: CandleColumns, interval: Interval, *, warm_up: int = 0, share: float = SHARE
) -> SplitHistory:
    """Returns the history with its last part held out: a share of the candles after the first `warm_up`, at whose end
    the first signal is possible. Raises what `history_of` raises.
    """
    whole = history_of(symbol, candles, interval, warm_up=warm_up)
    usable = len(candles) - warm_up
    if usable < MIN_SEEN:
        return SplitHistory(candles, whole, None)
    cut = warm_up + round(usable * (1.0 - share))
    seen = history_of(symbol, candles.rows(0, cut), interval)
    return SplitHistory(candles, seen, history_of(symbol, candles.rows(cut, len(candles)), interval))


@dataclass(frozen=True, slots=True, eq=False)
class RuleTester:
    """Tester of rules on both parts of a history. `signals_of` computes the signals of a rule."""

    history: SplitHistory
    terms: BacktestTerms
    signals_of: SignalsOf = signals

    @property
    def interval(self) -> Interval:
        """Interval of the candles."""
        return self.history.seen.interval

    def seen(self, rule: Rule) -> BacktestResult:
        """Returns the test on the part that is seen: the candles after it are not there."""
        return self.on(rule, self.history.seen)

    def unseen(self, rule: Rule) -> BacktestResult | None:
        """Returns the test on the part that was held out, which begins with cash. The indicators know the candles
        before it.
        """
        unseen, cut = self.history.unseen, len(self.history.seen)
        if unseen is None:
            return None
        found = self.signals_of(rule, as_mapping(self.history.whole), self.interval)
        return backtest(rule, found.entry[cut:], found.exit[cut:], unseen, self.terms)

    def on(self, rule: Rule, history: History) -> BacktestResult:
        """Returns the test on a history alone."""
        found = self.signals_of(rule, as_mapping(history.candles), self.interval)
        return backtest(rule, found.entry, found.exit, history, self.terms)
