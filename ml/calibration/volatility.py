"""Expected size of a move, the unit of forecasts and of the intervals around them.

The mean size of a move is the exponential of a line through the logarithms of volatilities over several half-lives (the
cascade of Corsi, 2009, in logarithms), fitted by the exponential likelihood, which is convex. Unlike the volatility of
the last hour alone, it models that a storm calms down.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.data.features import MARKET_VOLATILITY, Features
from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.state_check import array

MIN_ROWS = 2000
KNOWN_SHARE = 0.9
"""Share of the sizes in a symbol's training data that counts as known ground.

On folds before the test, shares from 0.8 to no bound at all differed by less than their standard errors, so a cautious
value is used.
"""

_NAMES = ("volatility", "volatility_short", "volatility_long", MARKET_VOLATILITY)
_SURPRISE = 8.0
_FAR = 30.0
_MAX_SLOPE = 1e6
_PART = 100_000
_STEPS = 30
_ENOUGH = 1e-6
_SMALLEST = 1e-9
_MIN_PER_SYMBOL = 200


def inputs(features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64]) -> Floats:
    """Returns the inputs of the fit, entries x 5: a one and four logarithms of volatilities."""
    columns = [np.nan_to_num(features.named(name)[rows, symbol_index]) for name in _NAMES]
    return np.column_stack([np.ones(len(rows)), *columns]).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True)
class VolatilityModel:
    """Coefficients of the line (`slopes`) and, for each symbol, the largest size on known ground (`known`)."""

    slopes: Floats
    known: Floats

    @classmethod
    def fit(
        cls, given: Floats, moved: Floats, symbol_index: NDArray[np.int64], symbols: int, horizon: int
    ) -> "VolatilityModel":
        """Fits the line and the known sizes to `moved`, the log returns over the horizon. Raises NoTrainingData."""
        if len(moved) < MIN_ROWS:
            raise NoTrainingData(len(moved), MIN_ROWS)
        slopes = _fitted(given, np.abs(moved) / np.sqrt(horizon))
        sizes = _sizes(given, slopes, horizon)
        known = np.full(symbols, np.quantile(sizes, KNOWN_SHARE))
        for place in range(symbols):
            own = sizes[symbol_index == place]
            if len(own) >= _MIN_PER_SYMBOL:
                known[place] = np.quantile(own, KNOWN_SHARE)
        return cls(slopes, known)

    def state(self) -> dict[str, object]:
        """Returns the values as plain numbers; the inverse of `from_state`."""
        return {"slopes": self.slopes.tolist(), "known": self.known.tolist()}

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Returns the spread with this state. Raises KeyError, TypeError and ValueError for an invalid state."""
        slopes = array(state["slopes"], np.float64, low=-_MAX_SLOPE, high=_MAX_SLOPE)
        known = array(state["known"], np.float64, low=0)
        if slopes.shape != (1 + len(_NAMES),) or known.ndim != 1:
            raise ValueError("one slope for each input, and a size for each symbol")
        return cls(slopes, known)

    def sizes(
        self, features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64], horizon: int
    ) -> Floats:
        """Returns the expected absolute log return over the horizon of each entry."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), _PART):
            part = slice(start, start + _PART)
            found[part] = _sizes(inputs(features, rows[part], symbol_index[part]), self.slopes, horizon)
        return found

    def signal_scale(self, sizes: Floats, symbol_index: NDArray[np.int64]) -> Floats:
        """Returns the scale of the expectation of each entry.

        The scale is the size on known ground; beyond it, it falls in inverse proportion to the size. The cost of a
        wrong expectation in squared error grows with expectation times move. Beyond known ground there is no evidence
        that the expectation is right, so no time there may cost more than the wildest time in the training data.
        """
        known = self.known[symbol_index]
        found: Floats = np.where(sizes > known, known**2 / sizes, sizes)
        return found


def _sizes(given: Floats, slopes: Floats, horizon: int) -> Floats:
    found: Floats = np.exp(np.clip(given @ slopes, -_FAR, _FAR)) * np.sqrt(horizon)
    return found


def _fitted(given: Floats, sizes: Floats) -> Floats:
    """Minimises mean(x b + y exp(-x b)), which is convex in b, by Newton's method."""
    slopes = np.zeros(given.shape[1])
    slopes[0], slopes[1] = 0.0, 1.0
    slopes[0] = np.log(max(float(np.mean(sizes)), _SMALLEST) / float(np.mean(np.exp(given @ slopes))))
    for _ in range(_STEPS):
        surprise = np.minimum(sizes * np.exp(np.clip(-(given @ slopes), -_FAR, _FAR)), _SURPRISE)
        downhill = given.T @ (surprise - 1)
        curve = given.T @ (given * surprise[:, None]) + _SMALLEST * len(given) * np.eye(given.shape[1])
        step = np.linalg.solve(curve, downhill)
        slopes = slopes + step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return slopes
