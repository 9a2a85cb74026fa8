"""Walk-forward test of an allocation: what its rule would have earned on days that it had not seen.

At each re-estimation the rule gets the trailing window of returns, and nothing later. Its weights are bought at that
close and drift with the prices until the next one. What is bought and sold pays the fee.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds
from trading.allocation.errors import NoAllocation
from trading.allocation.rules import Rule
from trading.performance.drawdowns import max_drawdown
from trading.performance.ratios import annualised_return, sharpe_ratio, volatility
from trading.performance.returns import PERIODS_PER_YEAR
from trading.risk.gaps import MIN_COMMON, fill_gaps, simple_returns

WINDOW = 90
"""Days of returns behind an estimation."""

EVERY = 30
"""Days between estimations."""

MIN_RETURNS = 30
"""Fewest daily returns of which a Sharpe ratio is told."""


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Figures of a walk-forward test over `days` daily returns, after fees; None without a day.

    `turnover` is what was bought and sold in a year, over the value; the first purchase counts. `estimations` were
    made, of which `refused` gave no weights: the money was cash until the next one.
    """

    days: int
    annual_return: float | None
    volatility: float | None
    sharpe: float | None
    drawdown: float | None
    turnover: float | None
    estimations: int
    refused: int


def walk_forward(
    closes: Floats, rule: Rule, *, fee_rate: float, cap: float = 1.0, window: int = WINDOW, every: int = EVERY
) -> OutOfSample:
    """Tests a rule on daily closes (days, coins), NaN where unknown.

    Cash earns nothing. A coin whose price becomes unknown keeps the last one until it is sold at the next estimation.
    """
    returns, growth = simple_returns(closes), _growth(closes)
    held, cash = np.zeros(closes.shape[1]), 1.0
    made: list[float] = []
    traded, estimations, refused = 0.0, 0, 0
    for day in range(window, len(returns)):
        before = cash + float(held.sum())
        if not (day - window) % every and before > 0.0:
            weights = _weights(returns[day - window : day], rule, cap)
            estimations += 1
            refused += not weights.any()
            moved = float(np.abs(weights * before - held).sum())
            traded += moved / before
            after = before - fee_rate * moved
            held, cash = weights * after, after * (1.0 - float(weights.sum()))
        held = held * growth[day]
        made.append((cash + float(held.sum())) / before - 1.0 if before > 0.0 else 0.0)
    return OutOfSample(
        len(made),
        annualised_return(made),
        volatility(made),
        sharpe_ratio(made) if len(made) >= MIN_RETURNS else None,
        max_drawdown(made),
        traded / len(made) * PERIODS_PER_YEAR if made else None,
        estimations,
        refused,
    )


def usable(returns: Floats) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Returns which coins can be allocated to: those with MIN_COMMON known returns, the newest among them."""
    known = np.isfinite(returns)
    return np.asarray((known.sum(axis=0) >= MIN_COMMON) & known[-1])


def _weights(returns: Floats, rule: Rule, cap: float) -> Floats:
    """Returns the weights of all coins, 0 of all where the rule refuses."""
    weights, chosen = np.zeros(returns.shape[1]), usable(returns)
    try:
        bounds = Bounds.of(int(chosen.sum()), cap=cap)
        weights[chosen] = rule(fill_gaps(returns[:, chosen]).returns, bounds)
    except NoAllocation:
        return np.zeros(returns.shape[1])
    return weights


def _growth(closes: Floats) -> Floats:
    """Returns the factors by which the last known closes grow, one row fewer; 1 where none is known or it is 0."""
    last = np.array(closes, dtype=np.float64)
    for day in range(1, len(last)):
        last[day] = np.where(np.isfinite(last[day]), last[day], last[day - 1])
    before, after = last[:-1], last[1:]
    known = np.isfinite(before) & np.isfinite(after) & (before > 0)
    return np.divide(after, before, out=np.ones_like(before), where=known)
