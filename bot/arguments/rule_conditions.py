"""Reader of conditions of alerts in the rule language: `1h when rsi(14) < 30 and close > sma(200)`.

`when` separates them from conditions of one figure. What ends them are the words of an alert that follow: `every`,
`cooldown 4h`, `for 7d`, `until 2026-12-31`, `note`.
"""

from bot.arguments.alert_options import ENDS, NOTES, PAUSES, REPEATS
from bot.arguments.durations import duration_span, minutes_of, spelled
from bot.arguments.symbols import is_symbol, symbol_span
from bot.context import Context
from bot.errors import NotAChoice
from pipeline.market import MINUTE_MS, Interval
from trading.alerts.condition_alerts import rule_condition
from trading.triggers.conditions import Condition

WHEN = frozenset(("when", "if", "조건"))
_ME = "me"
"""Beginning of `me when BTC goes above 70k`."""
_INTERVALS = {interval.ms // MINUTE_MS: interval for interval in Interval}


def rule_span(words: tuple[str, ...]) -> int:
    """Returns the number of words of the condition that they begin with; 0 if they begin with none."""
    front = _interval_span(words)
    if not words[front:] or words[front].casefold() not in WHEN:
        return 0
    for at in range(front + 1, len(words)):
        if _ends(words[at].casefold(), words[at + 1 : at + 3]):
            return at
    return len(words)


def is_rule_alert(words: tuple[str, ...], ctx: Context) -> bool:
    """Returns whether the words are a symbol and a condition of the rule language."""
    if not words or words[0].casefold() == _ME:
        return False
    name = symbol_span(words, ctx)
    return rule_span(words[name:]) > 0 and is_symbol(" ".join(words[:name]), ctx)


def read_rule_condition(text: str) -> Condition:
    """Returns the condition. Raises NotAChoice for an interval, and what `rule_condition` raises."""
    words = tuple(text.split())
    front = _interval_span(words)
    interval = spelled(" ".join(words[:front]), _INTERVALS) if front else Interval.H1
    if interval is None:
        raise NotAChoice(" ".join(words[:front]), tuple(Interval))
    return rule_condition(" ".join(words[front:]), interval)


def _interval_span(words: tuple[str, ...]) -> int:
    span = duration_span(words) if words else 0
    return span if span and minutes_of(" ".join(words[:span])) is not None else 0


def _ends(word: str, after: tuple[str, ...]) -> bool:
    if word in NOTES | PAUSES | REPEATS:
        return True
    return word in ENDS and (
        word != "for" or minutes_of(" ".join(after[: duration_span(after) if after else 0])) is not None
    )
