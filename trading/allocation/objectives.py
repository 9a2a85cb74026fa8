"""Allocations: equal weight, minimum variance, maximum Sharpe ratio, equal risk contribution, hierarchical risk parity
and minimum conditional value at risk.

Every function returns the weights, and raises NoAllocation (`errors`) if none meet the request.
"""

import numpy as np

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds
from trading.allocation.errors import CoinStandsStill, NoAllocation, NothingAboveRiskFree
from trading.allocation.quadratic import least_variance
from trading.risk.covariance import cluster_linkage, correlation_of
from trading.risk.series import tail_probability

_SWEEPS = 1_000
_TOLERANCE = 1e-13
_CALM = 1e-12
"""Variance, as a share of the mean one, below which a coin does not move: risk cannot be shared equally with it."""


def equal_weight(bounds: Bounds) -> Floats:
    """Returns equal weights, as far as the bounds allow."""
    bounds.check()
    return bounds.filled(np.ones(len(bounds.low)))


def minimum_variance(covariance: Floats, bounds: Bounds) -> Floats:
    """Returns the weights with the lowest variance (H. Markowitz, "Portfolio Selection", 1952)."""
    return least_variance(covariance, bounds)


def maximum_sharpe(mean: Floats, covariance: Floats, bounds: Bounds, risk_free: float = 0.0) -> Floats:
    """Returns the weights with the highest (mean - risk_free) / standard deviation (W. Sharpe, 1966).

    They lie on the efficient frontier, where lambda of w' C w / 2 - lambda mean' w is the variance over the excess
    return. Raises NothingAboveRiskFree if no weights within the bounds have a mean above the risk-free rate.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - heavy, as in trading.risk.covariance

    bounds.check()
    excess = np.asarray(mean, dtype=np.float64) - risk_free
    if excess @ _best_mean(excess, bounds) <= 0.0:
        raise NothingAboveRiskFree
    scale = float(np.trace(covariance)) / len(excess) / float(np.abs(excess).max())
    weights: Floats | None = None

    def balance(exponent: float) -> float:
        nonlocal weights
        tilt = scale * float(np.exp(exponent))
        weights = least_variance(covariance, bounds, tilt * excess, weights)
        return tilt * float(excess @ weights) - float(weights @ covariance @ weights)

    lowest, highest = -30.0, 0.0
    while balance(highest) <= 0.0 and highest < -lowest:
        highest += 2.0
    exponent = brentq(balance, lowest, highest, xtol=1e-14, rtol=1e-14) if balance(lowest) < 0.0 else lowest
    return least_variance(covariance, bounds, scale * float(np.exp(exponent)) * excess, weights)


def equal_risk_contribution(covariance: Floats, bounds: Bounds) -> Floats:
    """Returns the weights whose contributions to the variance are equal; a weight at its cap contributes less, the
    others equally.

    S. Maillard, T. Roncalli and J. Teiletche, "The Properties of Equally Weighted Risk Contribution Portfolios", 2010;
    with caps J.-C. Richard and T. Roncalli, "Constrained Risk Budgeting Portfolios", 2019: cyclical coordinate descent
    on w' C w / 2 - kappa sum(ln w). Lower bounds other than 0 are not supported. Raises CoinStandsStill if a coin does
    not move.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - as above

    bounds.check()
    _check_moving(covariance)
    matrix = covariance / np.diag(covariance).mean()

    free = _log_barrier(matrix, 1.0, np.full(len(matrix), np.inf))
    free /= free.sum()  # without a cap in force, kappa only scales the weights
    if (free <= bounds.high).all():
        return np.asarray(free)

    def excess(exponent: float) -> float:
        return float(_log_barrier(matrix, float(np.exp(exponent)), bounds.high).sum()) - 1.0

    lowest, highest = -40.0, 5.0
    if excess(highest) <= 0.0:
        return np.asarray(bounds.high / bounds.high.sum())
    weights = _log_barrier(matrix, float(np.exp(brentq(excess, lowest, highest, xtol=1e-13))), bounds.high)
    return np.asarray(weights / weights.sum())


def hierarchical_risk_parity(covariance: Floats, bounds: Bounds, correlation: Floats | None = None) -> Floats:
    """Returns the weights of hierarchical risk parity: coins are ordered by single linkage of their correlations, and
    halves of the order share money inversely to their variances.

    M. Lopez de Prado, "Building Diversified Portfolios that Outperform Out of Sample", 2016. A cap cuts weights off in
    favour of the others. `correlation` is that of the covariance unless it was estimated on other days. Raises
    CoinStandsStill if a coin does not move.
    """
    bounds.check()
    _check_moving(covariance)
    weights = np.ones(len(covariance))
    groups = [_leaves(correlation_of(covariance) if correlation is None else correlation)]
    while groups:
        group = groups.pop()
        if len(group) == 1:
            continue
        halves = group[: len(group) // 2], group[len(group) // 2 :]
        first, second = (_inverse_variance_risk(covariance[np.ix_(half, half)]) for half in halves)
        weights[halves[0]] *= second / (first + second)
        weights[halves[1]] *= first / (first + second)
        groups += halves
    return bounds.filled(weights)


def minimum_cvar(returns: Floats, bounds: Bounds, confidence: float = 0.95) -> Floats:
    """Returns the weights with the lowest mean loss beyond the VaR over the returns (periods, assets).

    R. T. Rockafellar and S. Uryasev, "Optimization of Conditional Value-at-Risk", 2000, as a linear program for HiGHS.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - as above
    from scipy.sparse import csr_array, hstack, identity  # noqa: PLC0415

    bounds.check()
    periods, assets = returns.shape
    if not periods:
        raise NoAllocation
    tail = tail_probability(confidence)
    costs = np.concatenate([np.zeros(assets), [1.0], np.full(periods, 1.0 / (tail * periods))])
    losses = hstack([csr_array(-returns), csr_array(-np.ones((periods, 1))), -identity(periods, format="csr")])
    sums = csr_array(np.concatenate([np.ones(assets), np.zeros(1 + periods)])[None, :])
    limits = [*zip(bounds.low, bounds.high, strict=True), (None, None), *[(0.0, None)] * periods]
    solved = linprog(costs, losses, np.zeros(periods), sums, [1.0], limits, method="highs")
    if not solved.success:
        raise NoAllocation
    return np.asarray(np.clip(solved.x[:assets], bounds.low, bounds.high))


def conditional_value_at_risk(weights: Floats, returns: Floats, confidence: float = 0.95) -> float:
    """Returns the objective of `minimum_cvar`: the mean loss of the worst 1 - confidence of the periods, of which the
    last counts in part.
    """
    losses = np.sort(-(returns @ weights))[::-1]
    cases = tail_probability(confidence) * len(losses)
    parts = np.clip(cases - np.arange(len(losses)), 0.0, 1.0)
    return float(losses @ parts / cases)


def _check_moving(covariance: Floats) -> None:
    """Raises CoinStandsStill if risk cannot be shared with a coin, because it does not move."""
    variances = np.diag(covariance)
    still = variances <= _CALM * variances.mean()
    if still.any():
        raise CoinStandsStill(tuple(int(asset) for asset in np.flatnonzero(still)))


def _best_mean(excess: Floats, bounds: Bounds) -> Floats:
    """Returns the weights with the highest mean: caps are filled from the best asset on."""
    weights, left = bounds.low.copy(), 1.0 - float(bounds.low.sum())
    for asset in np.argsort(-excess):
        taken = min(left, float(bounds.high[asset] - weights[asset]))
        weights[asset] += taken
        left -= taken
    return weights


def _log_barrier(matrix: Floats, kappa: float, caps: Floats) -> Floats:
    """Returns the minimum of w' M w / 2 - kappa sum(ln w) below the caps, one weight after another."""
    weights = np.minimum(np.sqrt(kappa / np.diag(matrix)), caps)
    for _ in range(_SWEEPS):
        moved = 0.0
        for asset in range(len(weights)):
            own = matrix[asset, asset]
            others = float(matrix[asset] @ weights - own * weights[asset])
            root = (-others + np.sqrt(others**2 + 4.0 * own * kappa)) / (2.0 * own)
            after = min(root, caps[asset])
            moved = max(moved, abs(after - weights[asset]) / after)
            weights[asset] = after
        if moved <= _TOLERANCE:
            break
    return weights


def _leaves(correlation: Floats) -> list[int]:
    if len(correlation) == 1:
        return [0]
    from scipy.cluster.hierarchy import leaves_list  # noqa: PLC0415 - heavy, as in trading.risk.covariance

    return [int(leaf) for leaf in leaves_list(cluster_linkage(correlation))]


def _inverse_variance_risk(covariance: Floats) -> float:
    """Returns the variance of a group whose weights are inverse to the variances."""
    weights = 1.0 / np.diag(covariance)
    weights /= weights.sum()
    return float(weights @ covariance @ weights)
