"""Reading of the rules that robots follow."""

from dataclasses import dataclass

from pipeline.archive.candle_history import MAX_CANDLES
from pipeline.market import Interval
from trading.rules.errors import RuleReachesTooFar
from trading.rules.history import history
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import SignalStream, warm_up


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule on candles of an interval; `candles` are read before its first signal counts."""

    rule: Rule
    interval: Interval
    candles: int

    def stream(self) -> SignalStream:
        """Returns its signals from a first candle on."""
        return SignalStream(self.rule, self.interval)


def read_rule(text: str, interval: Interval) -> ReadRule:
    """Reads the canonical text of a rule. Raises RuleSyntaxError, RuleNeedsWiderInterval, and RuleReachesTooFar for a
    rule that needs more candles than the archive gives at once.
    """
    rule = parse_rule(text)
    needed = warm_up(rule, interval) + 1
    if needed > MAX_CANDLES:
        raise RuleReachesTooFar(needed, MAX_CANDLES)
    return ReadRule(rule, interval, min(MAX_CANDLES, history(rule, interval)))
