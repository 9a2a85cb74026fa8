"""Quality of forecasts: skill against the naive one and a rival, hits with their intervals, and the return of trades.

Outcomes of one time move together, and so do those of overlapping horizons, so entries are not counted as independent:
intervals and p-values come from resampling blocks of time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from ml.data.panel import Floats, Mask
from ml.data.time_blocks import blocks_of
from ml.forecast import MIN_BLOCKS, Estimate

RESAMPLES = 4999
SKILL_LEVEL = 0.002
"""Largest p-value at which a model that serves may claim skill. Five horizons are trained every night, so a level of
2.5 % would make a claim without ground every eighth night.
"""

_MIN_PER_SYMBOL = 200


@dataclass(frozen=True, slots=True)
class Score:
    """Score of a recipe at a horizon.

    `rmse_skill` and `mae_skill` are 1 minus the error over that of the naive forecast, `rival_skill` is 1 minus the
    RMSE over that of the trivial rival to beat. `hits` is the share of changed prices whose direction was right, None
    if the recipe forecasts none; `unchanged` is the share of outcomes that are exactly zero, which are neither right
    nor wrong. The p-values are one-sided: of no RMSE skill beside the naive forecast, beside the rival, and of a coin.
    """

    count: int
    blocks: int
    rmse_skill: Estimate
    rival_skill: Estimate
    mae_skill: float
    hits: Estimate | None
    unchanged: float
    skill_p: float
    rival_p: float
    hits_p: float


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades of the forecasts with the largest expectations.

    Their number, and the mean return of one before and after fees (as a share, 0.001 is a tenth of a percent).
    """

    count: int
    gross: float
    net: float


def score(
    expected: Floats,
    outcomes: Floats,
    rows: NDArray[np.int64],
    horizon: int,
    *,
    seed: int,
    rival: Floats | None = None,
) -> Score:
    """Compares with the naive forecast, which expects no move, and with the expectations of a rival.

    All values are log returns. Without a rival, the naive forecast is the rival.
    """
    numbers = blocks_of(rows, horizon)
    blocks = int(numbers.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), RESAMPLES)
    squares = _sums(numbers, blocks, (outcomes - expected) ** 2)
    naive = _sums(numbers, blocks, outcomes**2)
    skills = 1 - np.sqrt(_ratio(drawn @ squares, drawn @ naive))
    skill = float(1 - np.sqrt(_ratio(squares.sum(), naive.sum())))
    rivals = naive if rival is None else _sums(numbers, blocks, (outcomes - rival) ** 2)
    beyond = 1 - np.sqrt(_ratio(drawn @ squares, drawn @ rivals))
    mae = float(1 - _ratio(np.abs(outcomes - expected).sum(), np.abs(outcomes).sum()))
    hits, chances = _hits(expected, outcomes, numbers, drawn)
    return Score(
        len(outcomes),
        blocks,
        _interval(skill, skills),
        _interval(float(1 - np.sqrt(_ratio(squares.sum(), rivals.sum()))), beyond),
        mae,
        None if hits is None else _interval(hits, chances),
        float((outcomes == 0).mean()) if len(outcomes) else 0.0,
        _p_value(skills, 0.0, naive - squares),
        _p_value(beyond, 0.0, rivals - squares),
        1.0 if hits is None else _p_value(chances, 0.5, _lead(expected, outcomes, numbers, blocks)),
    )


def _hits(
    expected: Floats, outcomes: Floats, numbers: NDArray[np.int64], drawn: NDArray[np.int64]
) -> tuple[float | None, Floats]:
    """Returns the share of right directions and its resampled values; None if there are no moves to count.

    An outcome of exactly zero has no direction, and neither has a forecast of zero.
    """
    counted = (outcomes != 0) & (expected != 0)
    if not counted.any():
        return None, np.zeros(0)
    blocks = drawn.shape[1]
    right = _sums(numbers, blocks, counted & (np.sign(expected) == np.sign(outcomes)))
    moves = _sums(numbers, blocks, counted)
    return float(right.sum() / moves.sum()), _ratio(drawn @ right, drawn @ moves)


def _lead(expected: Floats, outcomes: Floats, numbers: NDArray[np.int64], blocks: int) -> Floats:
    """Returns half the number of right directions minus half that of wrong ones, in each block."""
    return _sums(numbers, blocks, np.sign(expected) * np.sign(outcomes) / 2)


def hit_share(expected: Floats, outcomes: Floats) -> float:
    """Returns the share of changed prices whose direction was right, NaN if there are none."""
    counted = (outcomes != 0) & (expected != 0)
    right = np.sign(expected[counted]) == np.sign(outcomes[counted])
    return float(right.mean()) if len(right) else float("nan")


def pinball(low: Floats, high: Floats, outcomes: Floats, *, coverage: float) -> float:
    """Returns the mean pinball loss of both ends of a central interval."""
    tail = (1 - coverage) / 2
    return float((_pinball(low, outcomes, tail) + _pinball(high, outcomes, 1 - tail)).mean() / 2)


def _pinball(quantile: Floats, outcomes: Floats, level: float) -> Floats:
    missed = outcomes - quantile
    return np.maximum(level * missed, (level - 1) * missed)


def trades(expected: Floats, outcomes: Floats, *, threshold: float, fee: float) -> Trades:
    """Buys or sells short each forecast beyond the threshold and closes at the horizon, with a fee on both fills."""
    taken: Mask = np.abs(expected) > threshold
    if not taken.any():
        return Trades(0, 0.0, 0.0)
    earned = np.sign(expected[taken]) * np.expm1(outcomes[taken])
    gross = float(earned.mean())
    return Trades(int(taken.sum()), gross, gross - 2 * fee)


def by_symbol(expected: Floats, outcomes: Floats, symbol_index: NDArray[np.int64], symbols: int) -> Floats:
    """Returns the RMSE skill of each symbol, NaN if there were too few forecasts."""
    squares = np.bincount(symbol_index, (outcomes - expected) ** 2, symbols)
    naive = np.bincount(symbol_index, outcomes**2, symbols)
    enough = (np.bincount(symbol_index, minlength=symbols) >= _MIN_PER_SYMBOL) & (naive > 0)
    found: Floats = np.where(enough, 1 - np.sqrt(_ratio(squares, naive)), np.nan)
    return found


def _ratio(over: Any, under: Any) -> Floats:
    """Returns the ratio, 1 if the denominator is not positive."""
    found: Floats = np.where(under > 0, over / np.where(under > 0, under, 1.0), 1.0)
    return found


def _p_value(drawn: Floats, none: float, gains: Floats) -> float:
    """Returns the p-value of gains in blocks of time, 1 with too few of them.

    It is the share of draws without a gain, of which the sample itself is one, or the p-value of the t-test of the
    blocks if that is larger: draws from a dozen blocks are more alike than other such dozens would be.
    """
    if len(gains) < MIN_BLOCKS:
        return 1.0
    spread = float(gains.std(ddof=1)) / np.sqrt(len(gains))
    test = float(t.sf(float(gains.mean()) / spread, len(gains) - 1)) if spread > 0 else 0.0
    return max(test, float((1 + (drawn <= none).sum()) / (1 + len(drawn))))


def _sums(numbers: NDArray[np.int64], blocks: int, values: Floats | Mask) -> Floats:
    return np.bincount(numbers, weights=values.astype(float), minlength=blocks).astype(np.float64)


def _interval(value: float, drawn: Floats) -> Estimate:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(value, float(low), float(high))
