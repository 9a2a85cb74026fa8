"""Hold-out: the last part of a history, which no figure and no choice sees before the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.candles import CandleColumns, Floats
from pipeline.market import Interval
from trading.backtest.engine import backtest
from trading.backtest.history import History, as_mapping, history_of
from trading.backtest.report import BacktestReport, first_candle, report_of
from trading.backtest.result import BacktestResult
from trading.backtest.terms import BacktestTerms
from trading.rules.rule import Rule
from trading.rules.signals import Signals, signals, warm_up

SignalsOf = Callable[[Rule, Mapping[str, Floats], Interval], Signals]

SHARE = 0.2
"""Part of the candles that is held out."""

MIN_CANDLES = 100
"""Fewest candles of a test of which a part is held out."""


@dataclass(frozen=True, slots=True, eq=False)
class SplitHistory:
    """History in two parts: `seen` is tested, `unseen` is held out (None if the test is too short).

    `candles` are those of both parts and `first` candles before them, which warm up the indicators; a rule needs at
    most `needed` closed candles before its first signal.
    """

    candles: CandleColumns
    first: int
    needed: int
    seen: History
    unseen: History | None


def split_history(
    symbol: str,
    rules: Sequence[Rule],
    candles: CandleColumns,
    interval: Interval,
    *,
    since: int = 0,
    share: float = SHARE,
) -> SplitHistory:
    """Returns the history of a test of rules over the candles that open at `since` (UTC ms) or later, with its last
    part held out. All rules are tested on the same candles.

    Raises OtherCandles, TooFewCandles, UnexplainedJump, RuleNeedsWiderInterval, RuleReachesTooFar.
    """
    needed = max(warm_up(rule, interval) for rule in rules)
    whole = history_of(symbol, candles, interval, warm_up=needed)
    first, count = first_candle(whole, needed, since), len(candles)
    cut = count if count - first < MIN_CANDLES else first + round((count - first) * (1.0 - share))
    seen = history_of(symbol, candles.rows(first, cut), interval)
    unseen = history_of(symbol, candles.rows(cut, count), interval) if cut < count else None
    return SplitHistory(candles, first, needed, seen, unseen)


@dataclass(frozen=True, slots=True, eq=False)
class RuleTester:
    """Tester of rules on both parts of a history. `signals_of` computes the signals of a rule. Every test ends with
    BacktestStopped once `stopped` is True.
    """

    history: SplitHistory
    terms: BacktestTerms
    signals_of: SignalsOf = signals
    stopped: Callable[[], bool] = lambda: False

    @property
    def interval(self) -> Interval:
        """Interval of the candles."""
        return self.history.seen.interval

    def seen(self, rule: Rule) -> BacktestResult:
        """Returns the test on the part that is seen: the candles after it are not there."""
        found = self._signals(rule)
        return backtest(rule, found.entry, found.exit, self.history.seen, self.terms, stopped=self.stopped)

    def report(self, rule: Rule) -> BacktestReport:
        """Returns the report on the part that is seen."""
        return report_of(
            rule, self._signals(rule), self.history.seen, self.terms, self.history.needed, stopped=self.stopped
        )

    def unseen(self, rule: Rule) -> BacktestResult | None:
        """Returns the test on the part that was held out, which begins with cash. The indicators know the candles
        before it.
        """
        if self.history.unseen is None:
            return None
        found = self.signals_of(rule, as_mapping(self.history.candles), self.interval)
        cut = self.history.first + len(self.history.seen)
        return backtest(
            rule, found.entry[cut:], found.exit[cut:], self.history.unseen, self.terms, stopped=self.stopped
        )

    def on(self, rule: Rule, candles: CandleColumns) -> BacktestResult:
        """Returns the test on candles that begin as those of the history do, and end earlier."""
        symbol, first = self.terms.rules.symbol, self.history.first
        history = history_of(symbol, candles.rows(first, len(candles)), self.interval, jump_factor=float("inf"))
        found = self.signals_of(rule, as_mapping(candles), self.interval)
        return backtest(rule, found.entry[first:], found.exit[first:], history, self.terms, stopped=self.stopped)

    def closes_at(self, place: int) -> int:
        """Returns the close of a candle, counted from the first that is known, UTC ms."""
        return int(self.history.candles.open_time[place]) + self.interval.ms

    def _signals(self, rule: Rule) -> Signals:
        first = self.history.first
        candles = self.history.candles.rows(0, first + len(self.history.seen))
        found = self.signals_of(rule, as_mapping(candles), self.interval)
        return Signals(found.entry[first:], found.exit[first:])
