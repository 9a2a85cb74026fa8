"""Reading of the rules that robots follow."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from core.errors import DeskError
from pipeline.archive.candle_history import MAX_CANDLES
from pipeline.market import Interval, Symbol
from trading.rules.costs import check_stream, percent, rule_load, stream_seconds
from trading.rules.errors import RuleReachesTooFar
from trading.rules.history import history
from trading.rules.rule import Rule, parse_rule
from trading.rules.signals import SignalStream, warm_up
from trading.strategies.errors import RobotsTooCostly

USER_SECONDS = 1.5
"""Most work of the rules of one user's robots on the candles that they read at once."""


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule on candles of an interval; `candles` are read before its first signal counts."""

    rule: Rule
    interval: Interval
    candles: int
    seconds: float
    """Estimated work of these candles."""

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
    candles = min(MAX_CANDLES, history(rule, interval))
    return ReadRule(rule, interval, candles, stream_seconds(rule_load(rule, interval), candles))


def robot_rule(text: str, interval: Interval) -> ReadRule:
    """Reads the rule of a new robot. Raises RuleTooCostly, and as `read_rule`."""
    read = read_rule(text, interval)
    check_stream(read.seconds)
    return read


def check_robots(followed: Iterable[tuple[Symbol, Interval, str]]) -> None:
    """Refuses robots of one user whose rules together take too long. A rule that several robots follow on the same
    candles is computed once. Raises RobotsTooCostly.
    """
    seconds = 0.0
    for _, interval, text in set(followed):
        with suppress(DeskError):  # a rule that this version can't read is not followed
            seconds += read_rule(text, interval).seconds
    if seconds > USER_SECONDS:
        raise RobotsTooCostly(percent(seconds, USER_SECONDS))
