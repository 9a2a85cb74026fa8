"""How good forecasts were: skill against the naive one, hits with honest intervals, coverage.

Outcomes of one time move together, and those of overlapping horizons too, so nothing here counts entries as if they
were independent: intervals come from resampling blocks of time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.panel import Floats

RESAMPLES = 1000
_LEAST_BLOCK = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """`rmse_skill`, `mae_skill`: 1 minus the error over that of the naive forecast; `hits`: the share of moves whose
    direction was right, None where the recipe names none; `p_value`: of having no skill at all, one-sided."""

    count: int
    rmse_skill: Interval
    mae_skill: float
    hits: Interval | None
    p_value: float


def blocks_of(rows: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    """The block of each entry: an hour, or as long as four horizons."""
    length = max(_LEAST_BLOCK, 4 * horizon)
    _, numbers = np.unique(rows // length, return_inverse=True)
    return numbers


def score(expected: Floats, outcomes: Floats, rows: NDArray[np.int64], horizon: int, *, seed: int) -> Score:
    """Compares with the naive forecast, which expects no move. `expected` and `outcomes` are log returns."""
    numbers = blocks_of(rows, horizon)
    blocks = int(numbers.max()) + 1
    drawn = _draws(blocks, seed)
    squares = _sums(numbers, blocks, (outcomes - expected) ** 2)
    naive = _sums(numbers, blocks, outcomes**2)
    skills = 1 - np.sqrt(squares[drawn].sum(axis=1) / naive[drawn].sum(axis=1))
    skill = float(1 - np.sqrt(squares.sum() / naive.sum()))
    mae = float(1 - np.abs(outcomes - expected).sum() / np.abs(outcomes).sum())
    return Score(
        len(outcomes),
        _interval(skill, skills),
        mae,
        _hits(expected, outcomes, numbers, drawn),
        float((skills <= 0).mean()),
    )


def _hits(expected: Floats, outcomes: Floats, numbers: NDArray[np.int64], drawn: NDArray[np.int64]) -> Interval | None:
    """Of the moves: an outcome of exactly zero has no direction, and neither has such a forecast."""
    counted = (outcomes != 0) & (expected != 0)
    if not counted.any():
        return None
    blocks = int(numbers.max()) + 1
    right = _sums(numbers, blocks, counted & (np.sign(expected) == np.sign(outcomes)))
    moves = _sums(numbers, blocks, counted)
    return _interval(
        float(right.sum() / moves.sum()), right[drawn].sum(axis=1) / np.maximum(moves[drawn].sum(axis=1), 1)
    )


def pinball(low: Floats, high: Floats, outcomes: Floats, *, coverage: float) -> float:
    """The mean pinball loss of both ends of a central interval."""
    tail = (1 - coverage) / 2
    return float((_pinball(low, outcomes, tail) + _pinball(high, outcomes, 1 - tail)).mean() / 2)


def _pinball(quantile: Floats, outcomes: Floats, level: float) -> Floats:
    missed = outcomes - quantile
    return np.maximum(level * missed, (level - 1) * missed)


def _draws(blocks: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, blocks, (RESAMPLES, blocks))


def _sums(numbers: NDArray[np.int64], blocks: int, values: NDArray[np.floating] | NDArray[np.bool_]) -> Floats:
    return np.bincount(numbers, weights=values.astype(float), minlength=blocks).astype(np.float64)


def _interval(value: float, drawn: Floats) -> Interval:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(value, float(low), float(high))
