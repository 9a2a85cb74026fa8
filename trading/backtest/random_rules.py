"""Random rules: what chance earns with the same number of trades, the same holding times and the same costs.

Each random rule holds the coin as often and as long as the tested rule did, in a random order and at random times. A
rule that is no better than most of them has timed nothing: it earned what the market gave to anyone who was in it as
long.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from pipeline.candles import Floats, Integers

RANDOM_RULES = 1000
"""Random rules beside a tested one."""

FEWEST = 100
"""Random rules beside a rule with very many trades."""

_HOLDINGS = 5_000_000
"""Holdings of all random rules together, about a second of work."""

_ELEMENTS = 2_000_000
"""Holdings that are computed at once: some tens of MB."""


@dataclass(frozen=True, slots=True)
class RandomComparison:
    """Place of a rule among `count` random ones.

    `percentile` is the share of the random rules that earned less, equal ones counted half, with the interval of Wilson
    for the number of random rules. `median`, `bottom` and `top` are the returns of which half, 5 % and 95 % are below.
    """

    count: int
    percentile: float
    low: float
    high: float
    median: float
    bottom: float
    top: float


def rules_for(trades: int) -> int:
    """Returns the number of random rules beside a rule with so many trades: RANDOM_RULES up to 5,000 trades."""
    return max(FEWEST, min(RANDOM_RULES, _HOLDINGS // max(trades, 1)))


def random_returns(
    opens: ArrayLike,
    lengths: ArrayLike,
    invested: ArrayLike,
    *,
    cost: float,
    seed: int,
    rules: int = RANDOM_RULES,
) -> Floats:
    """Returns the total return, as a fraction, of each random rule.

    A holding of n candles is bought at the open of a candle and sold at that of the n-th after it; `opens` has one
    element more than there are candles, the price at which the last may be sold. `lengths` are the holdings of the
    tested rule, and `invested` the share of the equity that each was bought with; both are shuffled together. `cost` is
    the share of the amount that a purchase or a sale costs. Holdings do not overlap; between two of them is a candle,
    if there is room for it. The same seed gives the same rules. Raises ValueError if the holdings are longer than the
    history, or a price is not positive.
    """
    prices, held = np.asarray(opens, float), np.asarray(lengths, np.int64)
    shares = np.broadcast_to(np.asarray(invested, float), held.shape)
    free = len(prices) - 1 - int(held.sum())
    if free < 0 or (held < 1).any() or not (prices > 0).all():
        raise ValueError("the holdings are longer than the history, or a price is not positive")
    if not held.size:
        return np.zeros(rules)
    generator = np.random.default_rng(seed)
    chunk = max(1, _ELEMENTS // held.size)
    parts: list[Floats] = []
    for start in range(0, rules, chunk):
        order = generator.permuted(np.tile(np.arange(held.size), (min(chunk, rules - start), 1)), axis=1)
        bought = _starts(held[order], free, generator)
        growth = prices[bought + held[order]] / prices[bought] * ((1.0 - cost) * (1.0 - cost)) - 1.0
        with np.errstate(divide="ignore"):
            parts.append(np.expm1(np.log1p(shares[order] * growth).sum(axis=1)))
    return np.concatenate(parts)


def _starts(lengths: Integers, free: int, generator: np.random.Generator) -> Integers:
    """Returns the first candles of holdings (rules, holdings) among `free` candles between them: every arrangement is
    as likely as any other.
    """
    rules, count = lengths.shape
    gap = 1 if free >= count - 1 else 0
    room = free - gap * (count - 1)
    # Places among holdings and free candles, without repetition.
    places = [generator.choice(room + count, count, replace=False, shuffle=False) for _ in range(rules)]
    before = np.sort(np.array(places), axis=1) - np.arange(count)
    return np.asarray(before + gap * np.arange(count) + lengths.cumsum(axis=1) - lengths)


def compare(tested: float, others: Floats, *, level: float = 0.95) -> RandomComparison:
    """Returns the place of a return among those of random rules, at least one. Returns that differ by rounding alone
    are equal.
    """
    near = 1e-12 * (1.0 + abs(tested))
    below = float((others < tested - near).sum()) + 0.5 * float((np.abs(others - tested) <= near).sum())
    share, count = below / len(others), len(others)
    square = NormalDist().inv_cdf(0.5 + level / 2.0) ** 2
    centre = (share + square / (2 * count)) / (1.0 + square / count)
    half = math.sqrt(square * (share * (1.0 - share) / count + square / (4.0 * count**2))) / (1.0 + square / count)
    bottom, median, top = np.quantile(others, (0.05, 0.5, 0.95))
    return RandomComparison(
        count, share, max(0.0, centre - half), min(1.0, centre + half), float(median), float(bottom), float(top)
    )
