"""Bounds of the work and of the memory of a back-test, held against an estimate before it begins."""

from collections.abc import Sequence

from pipeline.market import Interval
from trading.backtest.errors import BacktestTooCostly
from trading.backtest.grids import SECONDS
from trading.backtest.look_ahead import CANDLES, CUTS
from trading.rules.costs import percent, rule_load
from trading.rules.rule import Rule

TEST_SECONDS = 8.0
"""Most work of the signals of one rule: its report, the hold-out, and the histories of the check for look-ahead."""

GRID_SECONDS = SECONDS
"""Most work of the signals of all rules of a grid, before its best one is checked."""

SERIES_BYTES = 400_000_000
"""Most memory of the arrays that are kept at once."""


def check_cost(rules: Sequence[Rule], interval: Interval, candles: int) -> int:
    """Refuses a test of rules over so many candles that would take too long, or too much memory. Returns the number of
    candles before the first signal of all of them.

    Raises BacktestTooCostly, RuleNeedsWiderInterval, RuleReachesTooFar.
    """
    loads = [rule_load(rule, interval) for rule in rules]
    alone = max(each.batch for each in loads) * tested_candles(candles) / 1e9 / TEST_SECONDS
    together = sum(each.batch for each in loads) * candles / 1e9 / GRID_SECONDS if len(loads) > 1 else 0.0
    kept = max(each.live for each in loads) * candles * 8 / SERIES_BYTES
    if (share := max(alone, together, kept)) > 1:
        raise BacktestTooCostly(percent(share, 1.0))
    return max(each.lead for each in loads)


def tested_candles(candles: int) -> int:
    """Returns the candles of all histories on which the signals of one rule are computed."""
    return 3 * candles + min(CUTS // 2 * candles, CANDLES)
