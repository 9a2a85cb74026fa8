"""Figures of risk and of stress tests from quantities and daily candles alone: plain loops, nothing of the product.

The methods are those that docs/adr/0022-risk.md states.
"""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NORMAL = statistics.NormalDist()
Candle = tuple[float, float, float, float]
"""Open, high, low, close."""


@dataclass
class Coin:
    """Share of the account, and the daily candles, the oldest first."""

    weight: float
    candles: list[Candle]

    @property
    def returns(self) -> list[float]:
        closes = [close for *_, close in self.candles]
        return [after / before - 1 for before, after in itertools.pairwise(closes)]


def quantile(ordered: Sequence[float], tail: float) -> float:
    """Type 7 of Hyndman and Fan."""
    place = (len(ordered) - 1) * tail
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def variances(returns: Sequence[float]) -> list[float]:
    """EWMA variances expected before each day, and last that of tomorrow."""
    found = [statistics.fmean([each**2 for each in returns])]
    for each in returns:
        found.append(0.94 * found[-1] + 0.06 * each**2)
    return found


def portfolio(coins: Sequence[Coin]) -> list[float]:
    return [sum(part) for part in zip(*([coin.weight * each for each in coin.returns] for coin in coins), strict=True)]


def empirical(returns: Sequence[float], confidence: float, days: int) -> tuple[float, float]:
    """VaR and expected shortfall of the returns as they were."""
    ordered, root = sorted(returns), math.sqrt(days)
    edge = quantile(ordered, 1 - confidence)
    beyond = [each for each in ordered if each <= edge]
    return -edge * root, -statistics.fmean(beyond) * root


def filtered(returns: Sequence[float], confidence: float, days: int) -> tuple[float, float]:
    *before, ahead = variances(returns)
    scaled = [each * math.sqrt(ahead / own) for each, own in zip(returns, before, strict=True)]
    return empirical(scaled, confidence, days)


def gaussian(returns: Sequence[float], confidence: float, days: int) -> tuple[float, float]:
    mean, spread = statistics.fmean(returns) * days, statistics.stdev(returns) * math.sqrt(days)
    z = NORMAL.inv_cdf(1 - confidence)
    return -mean - z * spread, -mean + spread * NORMAL.pdf(z) / (1 - confidence)


def cornish_fisher(returns: Sequence[float], confidence: float, days: int) -> tuple[float, float]:
    """NaN outside of the domain in which the expansion is a quantile."""
    mean, spread = statistics.fmean(returns), statistics.pstdev(returns)
    skew = statistics.fmean([((each - mean) / spread) ** 3 for each in returns]) / math.sqrt(days)
    tails = (statistics.fmean([((each - mean) / spread) ** 4 for each in returns]) - 3) / days
    grid = [place / 100 for place in range(-2000, 2001)]
    slope = [1 + z * skew / 3 + (3 * z**2 - 3) * tails / 24 - (6 * z**2 - 5) * skew**2 / 36 for z in grid]
    if min(slope) < 0:
        return math.nan, math.nan
    z = NORMAL.inv_cdf(1 - confidence)
    edge = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * tails / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
    series = 1 + edge**3 * skew / 6 + (edge**4 - 2 * edge**2 - 1) * tails / 24
    series += (edge**6 - 9 * edge**4 + 9 * edge**2 + 3) * skew**2 / 72
    beyond = max(NORMAL.pdf(edge) / (1 - confidence) * series, -edge)
    mean, spread = mean * days, spread * math.sqrt(days)
    return -mean - edge * spread, -mean + beyond * spread


METHODS = (empirical, gaussian, cornish_fisher, filtered)


def shares(coins: Sequence[Coin]) -> list[float]:
    """Share of each coin in the loss of the days beyond the 95 % quantile."""
    whole = portfolio(coins)
    edge = quantile(sorted(whole), 0.05)
    days = [day for day, each in enumerate(whole) if each <= edge]
    losses = [-sum(coin.weight * coin.returns[day] for day in days) for coin in coins]
    return [loss / sum(losses) for loss in losses]


def yearly_volatility(returns: Sequence[float]) -> float:
    return math.sqrt(variances(returns)[-1] * 365)


def range_volatility(candles: Sequence[Candle]) -> float:
    """Garman and Klass, over the last 30 candles."""
    terms = [
        math.log(high / low) ** 2 / 2 - (2 * math.log(2) - 1) * math.log(close / opened) ** 2
        for opened, high, low, close in candles[-30:]
    ]
    return math.sqrt(statistics.fmean(terms) * 365)


def effective(coins: Sequence[Coin]) -> float:
    invested = sum(coin.weight for coin in coins)
    return 1 / sum((coin.weight / invested) ** 2 for coin in coins)


def beta(returns: Sequence[float], market: Sequence[float]) -> float:
    return statistics.covariance(returns, market) / statistics.variance(market)


def shrunk_correlations(coins: Sequence[Coin]) -> tuple[list[list[float]], float]:
    """Correlations shrunk by Ledoit and Wolf (2004) towards none, and the weight of that."""
    standard = []
    for coin in coins:
        mean, spread = statistics.fmean(coin.returns), statistics.stdev(coin.returns)
        standard.append([(each - mean) / spread for each in coin.returns])
    count, size = len(standard[0]), len(standard)
    sample = [
        [sum(mine * other for mine, other in zip(one, two, strict=True)) / count for two in standard]
        for one in standard
    ]
    level = sum(sample[place][place] for place in range(size)) / size
    spread = sum((sample[i][j] - level * (i == j)) ** 2 for i in range(size) for j in range(size))
    noise = 0.0
    for day in range(count):
        for i in range(size):
            for j in range(size):
                noise += (standard[i][day] * standard[j][day] - sample[i][j]) ** 2 / count**2
    weight = min(noise / spread, 1.0)
    shrunk = [[(1 - weight) * sample[i][j] + weight * level * (i == j) for j in range(size)] for i in range(size)]
    return [[shrunk[i][j] / math.sqrt(shrunk[i][i] * shrunk[j][j]) for j in range(size)] for i in range(size)], weight


def sold(quantity: float, levels: Sequence[tuple[float, float]]) -> float:
    """Proceeds of a sale into levels of price and quantity, the best first; the rest finds no buyer."""
    got = 0.0
    for price, there in levels:
        part = min(quantity, there)
        got += part * price
        quantity -= part
    return got


def resampled(daily: list[float]) -> tuple[float, float]:
    """The middle 95 % of the Sharpe ratios of 2,000 samples of blocks of days, which wrap around at the end."""
    count = len(daily)
    length = round(count ** (1 / 3))
    starts = np.random.default_rng(20_210_401).integers(0, count, (2000, math.ceil(count / length), 1))
    found = []
    for draw in starts[:, :, 0].tolist():
        days = [daily[(start + step) % count] for start in draw for step in range(length)][:count]
        found.append(statistics.fmean(days) / statistics.stdev(days) * math.sqrt(365))
    found.sort()
    low, high = (quantile(found, tail) for tail in (0.025, 0.975))
    return low, high
