"""Grids: many rules on the same candles, the best of them, and the probability that it was fitted to noise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import Refused
from trading.backtest.overfitting import Overfitting, overfitting
from trading.backtest.result import BacktestResult
from trading.backtest.trials import return_sample
from trading.rules.rule import Rule

SECONDS = 10.0
"""Longest time of a grid."""


@dataclass(eq=False)
class GridTooSlow(Refused):
    """The rules of a grid took too long: `done` of them were tested in `seconds`."""

    done: int
    rules: int
    seconds: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """Rule of a grid with its figures in sample. `score` is its Sharpe ratio times the square root of the returns."""

    trades: int
    net_return: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class GridRun:
    """Rows in the order of the rules, and the place of the best: the highest score, of equal ones the first.

    `overfitting` is None if there are too few returns.
    """

    rows: tuple[GridRow, ...]
    best: int
    overfitting: Overfitting | None

    def ranked(self) -> list[int]:
        """Returns the places of the rows, the best first."""
        return sorted(range(len(self.rows)), key=lambda place: -self.rows[place].score)


def run_grid(
    rules: Sequence[Rule],
    run: Callable[[Rule], BacktestResult],
    clock: Callable[[], float],
    *,
    seconds: float = SECONDS,
) -> GridRun:
    """Tests all rules, at least one, with `run`, on the same candles in sample.

    `clock` gives the time in seconds. Raises GridTooSlow if the tests take longer than `seconds`.
    """
    begun, rows, columns = clock(), [], []
    for place, rule in enumerate(rules):
        if clock() - begun > seconds:
            raise GridTooSlow(place, len(rules), round(seconds))
        result = run(rule)
        sample = return_sample(result)
        columns.append(sample.returns)
        rows.append(GridRow(len(result.all_trades), result.net_return, sample.score))
    best = int(np.argmax([row.score for row in rows]))
    return GridRun(tuple(rows), best, overfitting(np.column_stack(columns)))
