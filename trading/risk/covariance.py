"""Covariance and correlation of coins, shrunk where many coins have few days, and their order by similarity."""

from typing import Literal

import numpy as np

from pipeline.candles import Floats

Linkage = Literal["single", "complete", "average", "ward"]


def sample_covariance(returns: Floats, *, ddof: int = 1) -> Floats:
    """Returns the covariance matrix of returns (periods, coins); NaN with `ddof` periods or fewer."""
    centred = _centred(returns)
    count = len(centred) - ddof
    return np.asarray(centred.T @ centred / count) if count > 0 else np.full((centred.shape[1],) * 2, np.nan)


def ledoit_wolf(returns: Floats) -> tuple[Floats, float]:
    """Returns the covariance (divided by n) shrunk towards the mean variance on the diagonal, and the weight of that
    target, 0 to 1.

    O. Ledoit and M. Wolf, "A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices", 2004. The figures
    are those of sklearn.covariance.ledoit_wolf, which takes a second to import where nothing else needs it.
    """
    centred = _centred(returns)
    count, coins = centred.shape
    if not count or not coins:
        return np.full((coins, coins), np.nan), 1.0
    covariance = centred.T @ centred / count
    level = np.trace(covariance) / coins
    spread = ((covariance - level * np.eye(coins)) ** 2).sum()
    squares = centred**2
    noise = ((squares.T @ squares).sum() / count - (covariance**2).sum()) / count
    weight = min(noise / spread, 1.0) if spread > 0 and noise > 0 else 0.0
    return (1.0 - weight) * covariance + weight * level * np.eye(coins), float(weight)


def shrunk_covariance(returns: Floats) -> tuple[Floats, float]:
    """Returns the covariance with the sample's own variances (ddof = 1) and correlations shrunk by `ledoit_wolf`, and
    the weight of the target, which is no correlation at all.

    Shrinking correlations rather than covariances leaves a stable coin as calm as it is. A single period tells nothing:
    NaN.
    """
    deviations = np.sqrt(np.diag(sample_covariance(returns)))
    if not np.isfinite(deviations).all():
        return np.full((len(deviations),) * 2, np.nan), 1.0
    moving = deviations > 0
    standard = _centred(returns) / np.where(moving, deviations, 1.0)
    shrunk, weight = ledoit_wolf(standard[:, moving]) if moving.any() else (np.empty((0, 0)), 1.0)
    correlation = np.eye(len(deviations))
    correlation[np.ix_(moving, moving)] = correlation_of(shrunk)
    return np.asarray(correlation * np.outer(deviations, deviations)), weight


def correlation_of(covariance: Floats) -> Floats:
    """Returns the correlation matrix. A coin that does not move is correlated with itself only."""
    deviations = np.sqrt(np.diag(covariance))
    products = np.outer(deviations, deviations)
    correlation = np.divide(covariance, products, out=np.zeros_like(covariance), where=products > 0)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(np.clip(correlation, -1.0, 1.0))


def cluster_linkage(correlation: Floats, method: Linkage = "single") -> Floats:
    """Returns scipy's linkage matrix of two coins or more under the distance √((1 - correlation) / 2).

    R. N. Mantegna, "Hierarchical Structure in Financial Markets", 1999; M. Lopez de Prado, "Building Diversified
    Portfolios that Outperform Out of Sample", 2016.
    """
    from scipy.cluster.hierarchy import linkage  # noqa: PLC0415 - heavy, and needed by pictures and one allocation
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    distance = np.sqrt(np.clip((1.0 - correlation) / 2.0, 0.0, 1.0))
    np.fill_diagonal(distance, 0.0)
    return np.asarray(linkage(squareform(distance, checks=False), method))


def cluster_order(correlation: Floats, method: Linkage = "average") -> list[int]:
    """Returns the coins in an order that puts similar ones side by side."""
    coins = len(correlation)
    if coins < 3:  # noqa: PLR2004 - one or two coins have one order
        return list(range(coins))
    from scipy.cluster.hierarchy import leaves_list  # noqa: PLC0415 - as above

    return [int(leaf) for leaf in leaves_list(cluster_linkage(correlation, method))]


def _centred(returns: Floats) -> Floats:
    """Returns the returns less the mean of each coin. Raises ValueError for gaps (`gaps.fill_gaps` closes them)."""
    returns = np.asarray(returns, dtype=np.float64)
    if not np.isfinite(returns).all():
        raise ValueError("the returns have gaps")
    return returns - returns.mean(axis=0) if len(returns) else returns
