"""Number of candles that a rule reads, so that its figures do not depend on where the candles begin."""

from math import ceil

from pipeline.market import Interval
from trading.indicators.operators import Cumulative, Scan, Smooth
from trading.indicators.series import Series
from trading.rules.compile import compile_rule
from trading.rules.limits import MAX_WARM_UP
from trading.rules.rule import Rule
from trading.rules.wider import Wider

_FORGETS = 12.0
"""Time constants of an average after which its beginning counts for less than a hundred thousandth, e^-12."""

_RECURSION = 500
"""Candles after which other recursions, such as stops that follow the price, are taken to have forgotten theirs."""


def history(rule: Rule, interval: Interval) -> int:
    """Returns the number of closed candles that a rule needs for its figures, at most MAX_WARM_UP.

    With these, averages are settled. Sums without an end, such as those of the on-balance volume, begin with the first.
    Raises RuleNeedsWiderInterval, RuleReachesTooFar.
    """
    return max(settled(each) for each in compile_rule(rule, interval).values())


def settled(series: Series) -> int:
    """Returns the number of candles after which a series does not depend on where they begin, at most MAX_WARM_UP."""
    return min(_settled(series, {}), MAX_WARM_UP)


def _settled(series: Series, known: dict[int, int]) -> int:
    if id(series) not in known:
        before = max((_settled(each, known) for each in series.inputs), default=1)
        match series.operator:
            case Smooth(weight=weight) as smooth:
                own = max(smooth.lead, ceil(_FORGETS / weight) if weight < 1 else 0)
            case Scan() | Cumulative():
                own = _RECURSION
            case Wider(series=wide, base=base, interval=interval):
                own = (_settled(wide, known) + 1) * (interval.ms // base.ms)
            case operator:
                own = operator.lead
        known[id(series)] = before + own
    return known[id(series)]
