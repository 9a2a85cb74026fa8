"""GARCH(1,1), the volatility model of Bollerslev (1986), fitted to one series by Gaussian maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.signal import lfilter

from ml.data.panel import Floats

MIN_RETURNS = 200
_MAX_STEPS = 60
_TYPICAL = (1.0, 0.97, 0.1)
_BOUNDS = ((0.01, 20.0), (0.01, 0.9999), (0.001, 0.999))
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Garch:
    """Variance `h` of the next return: h = long_run (1 - persistence) + alpha r^2 + beta h, of the last return and h.

    `persistence` is alpha + beta, and `share` is alpha's share of it. In this form bounds of each parameter suffice for
    a stationary process.
    """

    long_run: float
    persistence: float
    share: float

    @classmethod
    def of(cls, omega: float, alpha: float, beta: float) -> "Garch":
        """Returns the model with the parameters of the textbooks."""
        persistence = alpha + beta
        return cls(omega / (1 - persistence), persistence, alpha / persistence)

    @classmethod
    def fit(cls, squares: Floats) -> "Garch":
        """Fits the model to squared returns without gaps by L-BFGS-B with bounds.

        Fewer than `MIN_RETURNS` of them determine the long-run variance only, and the rest is typical.
        """
        mean = max(float(squares.mean()), _SMALLEST) if len(squares) else _SMALLEST
        found = np.array(_TYPICAL)
        if len(squares) >= MIN_RETURNS and mean > _SMALLEST:
            found = minimize(
                _loss,
                _TYPICAL,
                (squares / mean,),
                "L-BFGS-B",
                jac=True,
                bounds=_BOUNDS,
                options={"maxiter": _MAX_STEPS},
            ).x
        return cls(mean * float(found[0]), float(found[1]), float(found[2]))

    @property
    def alpha(self) -> float:
        """Weight of the last squared return."""
        return self.persistence * self.share

    @property
    def beta(self) -> float:
        """Weight of the last variance."""
        return self.persistence * (1 - self.share)

    def next_variances(self, squares: Floats, before: float | None = None) -> Floats:
        """Returns the variance of the return that follows each squared return.

        `before` is the variance of the first return, the long-run variance by default. A missing return counts as one
        of the long-run variance.
        """
        first = self.long_run if before is None else before
        given = np.where(np.isnan(squares), self.long_run, squares)
        driven = self.long_run * (1 - self.persistence) + self.alpha * given
        found: Floats = lfilter([1.0], [1.0, -self.beta], driven, zi=[self.beta * first])[0]
        return found

    def mean_variances(self, following: Floats, horizon: int) -> Floats:
        """Returns the variances of the sums of the next `horizon` returns; `following` are those of the first ones."""
        reverting = (1 - self.persistence**horizon) / (1 - self.persistence)
        found: Floats = horizon * self.long_run + (following - self.long_run) * reverting
        return found


def _loss(parameters: Floats, squares: Floats) -> tuple[float, Floats]:
    """Returns the mean negative log likelihood, without its constant, and its gradient."""
    long_run, persistence, share = parameters
    beta = persistence * (1 - share)
    last, count = squares[:-1], len(squares)
    variances, slopes = np.empty(count), np.zeros((3, count))
    variances[0], slopes[0, 0] = long_run, 1.0
    driven = long_run * (1 - persistence) + persistence * share * last
    variances[1:] = lfilter([1.0], [1.0, -beta], driven, zi=[beta * long_run])[0]
    slopes[0, 1:] = 1 - persistence
    slopes[1, 1:] = share * last + (1 - share) * variances[:-1] - long_run
    slopes[2, 1:] = persistence * (last - variances[:-1])
    slopes = lfilter([1.0], [1.0, -beta], slopes, axis=1)
    surprise = (1 - squares / variances) / variances
    return float((np.log(variances) + squares / variances).mean()), slopes @ surprise / count
