"""Allocations as rules: weights from past returns alone, with a shrunk covariance and shrunk means."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from pipeline.candles import Floats
from trading.allocation.bounds import Bounds
from trading.allocation.objectives import (
    equal_risk_contribution,
    equal_weight,
    hierarchical_risk_parity,
    maximum_sharpe,
    minimum_cvar,
    minimum_variance,
)
from trading.risk.covariance import shrunk_covariance

Rule = Callable[[Floats, Bounds], Floats]
"""Weights from returns (periods, coins) without gaps. Raises NoAllocation."""


class Objective(StrEnum):
    """Objective of an allocation."""

    MINIMUM_VARIANCE = "minvar"
    MAXIMUM_SHARPE = "sharpe"
    EQUAL_RISK = "parity"
    HIERARCHICAL = "hrp"
    MINIMUM_CVAR = "cvar"


def rule_of(objective: Objective) -> Rule:
    """Returns the rule of an objective. The risk-free rate is 0: cash earns nothing here."""

    def weights(returns: Floats, bounds: Bounds) -> Floats:
        if objective is Objective.MINIMUM_CVAR:
            return minimum_cvar(returns, bounds)
        covariance, _ = shrunk_covariance(returns)
        match objective:
            case Objective.MINIMUM_VARIANCE:
                return minimum_variance(covariance, bounds)
            case Objective.MAXIMUM_SHARPE:
                return maximum_sharpe(shrunk_means(returns, covariance), covariance, bounds)
            case Objective.EQUAL_RISK:
                return equal_risk_contribution(covariance, bounds)
            case Objective.HIERARCHICAL:
                return hierarchical_risk_parity(covariance, bounds)

    return weights


def equal_rule(returns: Floats, bounds: Bounds) -> Floats:  # noqa: ARG001 - the shape of every rule
    """Returns equal weights, whatever the returns were."""
    return equal_weight(bounds)


def shrunk_means(returns: Floats, covariance: Floats) -> Floats:
    """Returns the mean returns of the coins, shrunk towards the mean of the portfolio with the least variance.

    P. Jorion, "Bayes-Stein Estimation for Portfolio Analysis", 1986, equations 14 and 17: the weight of the target is
    (n + 2) / (n + 2 + t d' S^-1 d) for n coins, t periods, and the distances d of the means from it. Coins that do not
    move have no part in it.
    """
    means = returns.mean(axis=0)
    periods, coins = returns.shape
    inverse = np.linalg.pinv(covariance, hermitian=True)
    whole = float(inverse.sum())
    target = float(inverse.sum(axis=0) @ means) / whole if whole > 0 else float(means.mean())
    distances = means - target
    weight = (coins + 2.0) / (coins + 2.0 + periods * max(float(distances @ inverse @ distances), 0.0))
    return np.asarray(means - weight * distances)
