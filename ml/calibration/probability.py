"""The probability of rising, calibrated on forecasts that were made before their outcomes."""

from dataclasses import dataclass

import numpy as np

from ml.data.panel import Floats

_PRIOR = 100.0
_STEPS = 25
_BINS = 10
_MIN_OUTCOMES = 200


@dataclass(frozen=True, slots=True)
class ProbabilityCalibration:
    """Logistic curve through one half: the log odds of rising are `slope` times the expectation in sizes of moves."""

    slope: float

    @classmethod
    def fit(cls, scaled: Floats, outcomes: Floats) -> "ProbabilityCalibration":
        """Fits the slope by Newton's method, starting from zero. A slope below zero is set to zero."""
        moved = outcomes != 0
        given, rises = scaled[moved], (outcomes[moved] > 0).astype(float)
        slope = 0.0
        for _ in range(_STEPS):
            said = _logistic(slope * given)
            gradient = float(given @ (rises - said)) - slope / _PRIOR
            slope += gradient / (float((given**2 * said * (1 - said)).sum()) + 1 / _PRIOR)
        return cls(max(0.0, slope))

    def prob_up(self, scaled: Floats) -> Floats:
        """Returns the probabilities of rising, between 0 and 1."""
        return _logistic(self.slope * scaled)


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """Bins of equally many forecasts: mean predicted probability, share that rose, and number of forecasts."""

    predicted: Floats
    observed: Floats
    count: Floats

    @property
    def error(self) -> float:
        """Mean distance between predicted probability and share (expected calibration error)."""
        return float((np.abs(self.predicted - self.observed) * self.count).sum() / max(1.0, float(self.count.sum())))


def reliability_curve(prob_up: Floats, outcomes: Floats) -> ReliabilityCurve | None:
    """Returns the calibration over the forecasts whose price moved.

    None if there are too few moves or if all predicted probabilities are equal.
    """
    moved = outcomes != 0
    said, rose = prob_up[moved], outcomes[moved] > 0
    if len(said) < _MIN_OUTCOMES or np.ptp(said) == 0:
        return None
    parts = np.array_split(np.argsort(said, kind="stable"), _BINS)
    return ReliabilityCurve(
        np.array([said[part].mean() for part in parts]),
        np.array([rose[part].mean() for part in parts]),
        np.array([float(len(part)) for part in parts]),
    )


def _logistic(values: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return found
