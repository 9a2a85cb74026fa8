"""Probabilities that a price rises, stays or falls, calibrated on forecasts that were made before their outcomes.

A price that ends where it began neither rose nor fell. Where the tick is coarse or trade is thin, many do, so the
probability of staying is a model of its own: a logistic line in the logarithm of the share of candles that stood still
lately. The rest is divided between rising and falling by a logistic curve through one half.

Outcomes of one time move together, and so do those of overlapping horizons. The slope of the curve is therefore shrunk
by its uncertainty over blocks of time, not over forecasts: an hour that was the same for 64 symbols is one observation.

The curve is flat beyond the expectation that a tenth of the forecasts exceed. Trees say most where they have seen
least, and a straight line through those few would say 62 % where 55 % came.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.data.features import STILL, Features
from ml.data.panel import Floats
from ml.forecast import MIN_BLOCKS
from ml.state_check import number

_PRIOR = 100.0
_STEPS = 25
_ENOUGH = 1e-7
_BINS = 10
_MIN_OUTCOMES = 200
_LONGEST = 2.0
_NEVER = -30.0
_FLOOR = 0.005
"""Share of still candles that is added to the measured one: without any in four hours it may still be one in 200."""

_BOUND = 1e3
_EXCEEDED = 0.9
"""Quantile of the sizes of expectations from which on a larger one makes a rise no likelier."""


@dataclass(frozen=True, slots=True)
class ProbabilityCalibration:
    """Curves of the probabilities.

    The log odds of rising rather than falling are `slope` times the expectation in sizes of moves, which counts as at
    most `largest`. Those of staying are `unchanged[0]` plus `unchanged[1]` times the logarithm of the share of still
    candles.
    """

    slope: float
    unchanged: tuple[float, float] = (_NEVER, 0.0)
    largest: float = _BOUND

    @classmethod
    def fit(
        cls, scaled: Floats, still: Floats, outcomes: Floats, blocks: NDArray[np.int64]
    ) -> "ProbabilityCalibration":
        """Fits both curves to known outcomes; `blocks` are the blocks of time (`ml.data.time_blocks`)."""
        moved = outcomes != 0
        largest = min(_BOUND, float(np.quantile(np.abs(scaled), _EXCEEDED))) if len(scaled) else _BOUND
        given = np.clip(scaled[moved], -largest, largest)
        slope = _slope(given, (outcomes[moved] > 0).astype(float), blocks[moved])
        return cls(slope, _line(_inputs(still), (~moved).astype(float)), largest)

    def prob_unchanged(self, still: Floats) -> Floats:
        """Returns the probabilities of ending at the price of the beginning."""
        return _logistic(_inputs(still) @ np.array(self.unchanged))

    def prob_up(self, scaled: Floats, still: Floats) -> Floats:
        """Returns the probabilities of rising, of all outcomes. The rest is that of staying and that of falling."""
        found: Floats = (1 - self.prob_unchanged(still)) * _logistic(
            self.slope * np.clip(scaled, -self.largest, self.largest)
        )
        return found

    def state(self) -> dict[str, object]:
        """Returns the values as plain numbers; the inverse of `from_state`."""
        return {"odds": self.slope, "unchanged": list(self.unchanged), "largest_expectation": self.largest}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Returns the calibration with this state. Raises KeyError, TypeError and ValueError for an invalid state.

        Models of earlier versions have a slope alone, or no bound.
        """
        first, second = state.get("unchanged", (_NEVER, 0.0))
        line = number(first, low=-_BOUND, high=_BOUND), number(second, low=-_BOUND, high=_BOUND)
        return cls(
            number(state["odds"], low=0), line, number(state.get("largest_expectation", _BOUND), low=0, high=_BOUND)
        )


def still_share(features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> Floats:
    """Returns the share of the last hours' candles that stood still, for each entry."""
    found: Floats = np.nan_to_num(features.named(STILL)[rows, symbol_index]).astype(np.float64)
    return found


def _slope(given: Floats, rises: Floats, blocks: NDArray[np.int64]) -> float:
    """Fits the slope by Newton's method, and shrinks it by its variance over blocks of time.

    The variance is the sandwich of Liang and Zeger (1986). The shrinkage is that of James and Stein (1961): an estimate
    within its own standard error of zero becomes zero, and so does one from too few blocks.
    """
    slope, curve = 0.0, 1.0
    for _ in range(_STEPS):
        said = _logistic(slope * given)
        curve = float((given**2 * said * (1 - said)).sum()) + 1 / _PRIOR
        step = (float(given @ (rises - said)) - slope / _PRIOR) / curve
        slope += step
        if abs(step) < _ENOUGH:
            break
    count = len(np.unique(blocks))
    if slope <= 0 or count < MIN_BLOCKS:
        return 0.0
    sums = np.bincount(blocks, given * (rises - _logistic(slope * given)))
    variance = float((sums**2).sum()) / curve**2 * count / (count - 2)
    return slope * max(0.0, 1 - variance / slope**2)


def _inputs(still: Floats) -> Floats:
    return np.column_stack([np.ones(len(still)), np.log(np.clip(still, 0, 1) + _FLOOR)])


def _line(given: Floats, stayed: Floats) -> tuple[float, float]:
    """Fits a logistic line by Newton's method, starting from the share that stayed."""
    if not len(stayed) or not stayed.any() or stayed.all():
        return (_NEVER, 0.0)
    share, center = float(stayed.mean()), float(given[:, 1].mean())
    given = given - [0.0, center]
    line = np.array([np.log(share / (1 - share)), 0.0])
    for _ in range(_STEPS):
        said = _logistic(given @ line)
        curve = given.T @ (given * (said * (1 - said))[:, None]) + np.eye(2) / _PRIOR
        step = np.linalg.solve(curve, given.T @ (stayed - said))
        line += step * min(1.0, _LONGEST / float(np.abs(step).max()))
        if float(np.abs(step).max()) < _ENOUGH:
            break
    first, second = np.clip([line[0] - line[1] * center, line[1]], -_BOUND, _BOUND)
    return float(first), float(second)


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """Bins of about equally many forecasts: mean predicted probability, share that rose, and number of forecasts."""

    predicted: Floats
    observed: Floats
    count: Floats

    @property
    def error(self) -> float:
        """Mean distance between predicted probability and share (expected calibration error)."""
        return float((np.abs(self.predicted - self.observed) * self.count).sum() / max(1.0, float(self.count.sum())))


def reliability_curve(prob_up: Floats, outcomes: Floats) -> ReliabilityCurve | None:
    """Returns the calibration over all outcomes; an unchanged price did not rise. None if there are too few.

    Forecasts with the same probability share a bin, so a probability that never changes has one bin.
    """
    if len(prob_up) < _MIN_OUTCOMES:
        return None
    edges = np.unique(np.quantile(prob_up, np.arange(1, _BINS) / _BINS))
    bins = np.searchsorted(edges, prob_up, side="left")
    counts = np.bincount(bins)
    used = counts > 0
    sums = (np.bincount(bins, values, len(counts))[used] for values in (prob_up, (outcomes > 0).astype(float)))
    predicted, observed = (each / counts[used] for each in sums)
    return ReliabilityCurve(predicted, observed, counts[used].astype(np.float64))


def _logistic(values: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return found
