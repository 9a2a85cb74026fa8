"""Probability of back-test overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado
and Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance 20(4), 2017; draft of 2015).

The history is cut into S blocks in the order of time. Each choice of half of the blocks is one split: the rule with the
highest Sharpe ratio in the chosen half is looked up in the other half. A choice that is worth something is above the
median there; a choice that was fitted to noise is as often below it as above.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from pipeline.candles import Floats

BLOCKS = 16
"""Most blocks: 12,870 splits, as in the paper."""

MIN_BLOCK = 5
"""Fewest returns of a block."""

MIN_BLOCKS = 4
"""Fewest blocks, 6 splits."""

MAX_RULES = 400
"""Most rules that are compared."""

_CHUNK = 500
"""Splits that are computed at once: 400 rules take a few MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Overfitting:
    """Result of the cross-validation, in arrays of one element a split.

    `logits` are those of the relative rank, out of sample, of the rule that was the best in sample: negative below the
    median. `in_sample` and `out_of_sample` are the Sharpe ratios per return of that rule.
    """

    rules: int
    blocks: int
    logits: Floats
    in_sample: Floats
    out_of_sample: Floats

    @property
    def probability(self) -> float:
        """Share of the splits whose best rule was not above the median out of sample."""
        return float((self.logits <= 0).mean())

    @property
    def loss(self) -> float:
        """Share of the splits whose best rule lost money out of sample."""
        return float((self.out_of_sample < 0).mean())

    @property
    def degradation(self) -> float | None:
        """Slope of the Sharpe ratios out of sample on those in sample: negative where the better choice did worse.
        None if all are equal in sample.
        """
        inside, outside = self.in_sample - self.in_sample.mean(), self.out_of_sample - self.out_of_sample.mean()
        spread = float(inside @ inside)
        return float(inside @ outside) / spread if spread > 1e-18 * len(inside) else None


def block_count(returns: int) -> int:
    """Returns the largest even number of blocks up to BLOCKS of at least MIN_BLOCK returns; 0 below MIN_BLOCKS."""
    blocks = min(BLOCKS, returns // MIN_BLOCK) // 2 * 2
    return blocks if blocks >= MIN_BLOCKS else 0


def overfitting(returns: Floats, *, blocks: int | None = None) -> Overfitting | None:
    """Returns the cross-validation of returns (time, rules), all finite.

    Blocks differ by one return at most. A rule without variance in a half, such as one that never traded, has a Sharpe
    ratio of 0 there. Equal ratios share the mean of their ranks, and of equally good rules the first is chosen. None
    for fewer than two rules, or too few returns for MIN_BLOCKS. Raises ValueError for more than MAX_RULES, a value that
    is not finite, or a number of blocks that is odd or out of bounds.
    """
    count, rules = returns.shape
    if rules > MAX_RULES or not np.isfinite(returns).all():
        raise ValueError("the returns are not finite, or those of too many rules")
    parts = block_count(count) if blocks is None else blocks
    if rules < 2 or not parts:  # noqa: PLR2004
        return None
    if parts % 2 or not 1 < parts <= min(BLOCKS, count):
        raise ValueError(f"{parts} blocks of {count} returns")
    sums = _BlockSums.of(returns, parts)
    logits, inside, outside = (np.empty(comb(parts, parts // 2)) for _ in range(3))
    for start, chosen in _splits(parts):
        ratios, unseen = sums.sharpe(chosen), sums.sharpe(1.0 - chosen)
        best = ratios.argmax(axis=1)
        rows = np.arange(len(best))
        found = unseen[rows, best]
        below = (unseen < found[:, None]).sum(axis=1)
        equal = (unseen == found[:, None]).sum(axis=1)
        rank = below + (equal + 1) / 2
        place = slice(start, start + len(best))
        logits[place] = np.log(rank / (rules + 1 - rank))
        inside[place], outside[place] = ratios[rows, best], found
    return Overfitting(rules, parts, logits, inside, outside)


@dataclass(frozen=True, slots=True, eq=False)
class _BlockSums:
    """Sums of blocks (blocks, rules) of returns less their mean, of which those of any union of blocks follow."""

    counts: Floats
    means: Floats
    sums: Floats
    squares: Floats
    floor: Floats
    """Variances up to these are those of rounding errors."""

    @classmethod
    def of(cls, returns: Floats, blocks: int) -> "_BlockSums":
        edges = np.linspace(0, len(returns), blocks + 1).astype(int)
        means = returns.mean(axis=0)
        centred = returns - means
        floor = 1e-13 * np.maximum(np.square(returns).max(axis=0), np.finfo(float).tiny)
        return cls(
            np.diff(edges).astype(float),
            means,
            np.add.reduceat(centred, edges[:-1]),
            np.add.reduceat(centred**2, edges[:-1]),
            floor,
        )

    def sharpe(self, chosen: Floats) -> Floats:
        """Returns the Sharpe ratios (splits, rules) of the blocks that are 1 in `chosen` (splits, blocks)."""
        counts = (chosen @ self.counts)[:, None]
        sums = chosen @ self.sums
        variance = (chosen @ self.squares - sums**2 / counts) / (counts - 1.0)
        known = variance > self.floor
        ratios = (self.means + sums / counts) / np.sqrt(np.where(known, variance, 1.0))
        return np.where(known, ratios, 0.0)


def _splits(blocks: int) -> Iterator[tuple[int, Floats]]:
    """Yields the choices of half of the blocks in chunks, with the number of the first."""
    found = np.array(list(combinations(range(blocks), blocks // 2)))
    for start in range(0, len(found), _CHUNK):
        places = found[start : start + _CHUNK]
        chosen = np.zeros((len(places), blocks))
        np.put_along_axis(chosen, places, 1.0, axis=1)
        yield start, chosen
