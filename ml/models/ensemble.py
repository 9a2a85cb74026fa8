"""Weighted sum of several recipes, with weights fitted to forecasts whose outcomes came later.

Weights are not negative and their sum is at most one; the rest is the weight of the naive forecast. They are also
shrunk, because recipes with the same features are much alike, and least squares alone would give them large weights of
opposite sign.
"""

import numpy as np
from scipy.optimize import minimize

from ml.data.panel import Floats
from ml.models.targets import CLIP

NAME = "ensemble"
MEMBERS = ("ridge", "logistic", "xgb")
_SHRINK = 0.1
"""Share of the members' mean square that is added to the penalty of every weight."""


def weights(scaled: Floats, wanted: Floats) -> Floats:
    """Returns the weights that minimise the squared error of the weighted sum plus a penalty on squared weights.

    `scaled` is entries x members, `wanted` the outcomes, both in sizes of a move.
    """
    bounded = np.clip(wanted, -CLIP, CLIP)
    size = max(1, len(wanted))
    inner, outer = scaled.T @ scaled / size, scaled.T @ bounded / size
    count = scaled.shape[1]
    inner += _SHRINK * max(float(np.trace(inner)) / count, 1e-12) * np.eye(count)
    scale = max(float(np.trace(inner)), 1e-12)

    found = minimize(
        lambda w: float(w @ inner @ w - 2 * w @ outer) / scale,
        np.full(count, 1 / (2 * count)),
        jac=lambda w: 2 * (inner @ w - outer) / scale,
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "ineq", "fun": lambda w: 1 - w.sum(), "jac": lambda _: -np.ones(count)},
        method="SLSQP",
        options={"maxiter": 200, "ftol": 1e-12},
    )
    clipped: Floats = np.clip(found.x, 0, 1)
    return clipped / max(1.0, float(clipped.sum()))
