"""Expected size of a move, the unit of forecasts and of the intervals around them.

The mean size of a move is the exponential of a line through the logarithms of volatilities: of returns and of ranges of
candles over several half-lives (the cascade of Corsi, 2009, in logarithms; ranges after Garman and Klass, 1980), of the
symbol and of the market, and of the market at this time of the day before. It is fitted by the exponential likelihood,
which is convex. Unlike the volatility of the last hour alone, it models that a storm calms down, and it sees one begin
in the first candles.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ml.data.features import MARKET_VOLATILITY, Features
from ml.data.panel import Floats
from ml.data.volatility_inputs import MARKET_INPUTS, SYMBOL_INPUTS
from ml.errors import NoTrainingData
from ml.state_check import array, texts

MIN_ROWS = 2000
KNOWN_SHARE = 0.9
"""Share of the sizes in a symbol's training data that counts as known ground.

On folds before the test, shares from 0.8 to no bound at all differed by less than their standard errors, so a cautious
value is used.
"""

FIRST_NAMES = ("volatility", "volatility_short", "volatility_long", MARKET_VOLATILITY)
"""Inputs of models that were stored without the names of their inputs."""

NAMES = (*FIRST_NAMES, *SYMBOL_INPUTS, *MARKET_INPUTS)
_BEFORE = (1.0, 1 / 3, -1 / 3)
"""First slopes before any evidence; the others are zero. They make the mean of the logarithms of three volatilities.

The mean of their variances would keep ranges too wide for hours after a storm.
"""

PRIOR = 3.0
"""Weight of the slopes before the evidence, in spans of time that count as one observation each."""

_SPAN = 15
_OFFSET_SPANS = 20
"""Spans in which a symbol has to differ from the others until half of the difference is believed."""

_SMALLEST_RATIO = 0.1
_MAX_OFFSET = 10.0
_MAX_STEP = 0.5
_SURPRISE = 8.0
_FAR = 30.0
_MAX_SLOPE = 1e6
_PART = 100_000
_STEPS = 30
_ENOUGH = 1e-6
_SMALLEST = 1e-9
_MIN_PER_SYMBOL = 200


def inputs(
    features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64], names: tuple[str, ...] = NAMES
) -> Floats:
    """Returns the inputs of the fit, entries x (1 + names): a one and the values of the names."""
    found = np.ones((len(rows), 1 + len(names)))
    for place, name in enumerate(names, 1):
        found[:, place] = np.nan_to_num(features.named(name)[rows, symbol_index])
    return found


@dataclass(frozen=True, slots=True)
class VolatilityModel:
    """Coefficients of the line, and what is known of each symbol.

    `slopes` are those of a one and of the inputs `names`. A symbol's line is shifted by its `offsets`, and `known` is
    its largest size on known ground. `first_slopes` are those of a line through `FIRST_NAMES` alone, by which processes
    of the version before serve the model.
    """

    slopes: Floats
    known: Floats
    offsets: Floats
    first_slopes: Floats
    names: tuple[str, ...] = NAMES

    @classmethod
    def fit(
        cls,
        given: Floats,
        moved: Floats,
        *,
        rows: NDArray[np.int64],
        symbol_index: NDArray[np.int64],
        symbols: int,
        horizon: int,
    ) -> "VolatilityModel":
        """Fits the line and what is known of the symbols to `moved`, the log returns over the horizon.

        Outcomes that overlap or share a time are no independent evidence, so spans of the rows are counted. Raises
        NoTrainingData.
        """
        if len(moved) < MIN_ROWS:
            raise NoTrainingData(len(moved), MIN_ROWS)
        spans = np.unique(rows // max(_SPAN, horizon), return_inverse=True)[1]
        wanted = np.abs(moved) / np.sqrt(horizon)
        prior = PRIOR / (int(spans.max()) + 1)
        slopes, first = (_fitted(each, wanted, prior) for each in (given, given[:, : 1 + len(FIRST_NAMES)]))
        offsets = _offsets(_surprises(given, slopes, wanted), spans, symbol_index, symbols)
        sizes = _sizes(given, slopes, offsets[symbol_index], horizon)
        known = np.full(symbols, np.quantile(sizes, KNOWN_SHARE))
        for place in range(symbols):
            own = sizes[symbol_index == place]
            if len(own) >= _MIN_PER_SYMBOL:
                known[place] = np.quantile(own, KNOWN_SHARE)
        return cls(slopes, known, offsets, first)

    def state(self) -> dict[str, object]:
        """Returns the values as plain numbers and texts; the inverse of `from_state`."""
        return {
            "slopes": self.first_slopes.tolist(),
            "known": self.known.tolist(),
            "line": {
                "names": list(self.names),
                "slopes": self.slopes.tolist(),
                "offsets": self.offsets.tolist(),
            },
        }

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """Returns the model with this state. Raises KeyError, TypeError and ValueError for an invalid state.

        A state without a line is that of the version before: a model of `FIRST_NAMES`, which treats all symbols alike.
        """
        first = array(state["slopes"], np.float64, low=-_MAX_SLOPE, high=_MAX_SLOPE)
        known = array(state["known"], np.float64, low=0)
        before = {"names": FIRST_NAMES, "slopes": state["slopes"], "offsets": [0.0] * len(known)}
        line = state.get("line", before)
        names = texts(line["names"], limit=len(NAMES))
        slopes = array(line["slopes"], np.float64, low=-_MAX_SLOPE, high=_MAX_SLOPE)
        offsets = array(line["offsets"], np.float64, low=-_MAX_OFFSET, high=_MAX_OFFSET)
        if (
            first.shape != (1 + len(FIRST_NAMES),)
            or slopes.shape != (1 + len(names),)
            or known.ndim != 1
            or offsets.shape != known.shape
        ):
            raise ValueError("one slope for each input, and a size and an offset for each symbol")
        if not set(names) <= set(NAMES):
            raise ValueError("inputs that are not known")
        return cls(slopes, known, offsets, first, names)

    def sizes(
        self, features: Features, rows: NDArray[np.int64], symbol_index: NDArray[np.int64], horizon: int
    ) -> Floats:
        """Returns the expected absolute log return over the horizon of each entry."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), _PART):
            part = slice(start, start + _PART)
            given = inputs(features, rows[part], symbol_index[part], self.names)
            found[part] = _sizes(given, self.slopes, self.offsets[symbol_index[part]], horizon)
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


def _sizes(given: Floats, slopes: Floats, offsets: Floats, horizon: int) -> Floats:
    found: Floats = np.exp(np.clip(given @ slopes + offsets, -_FAR, _FAR)) * np.sqrt(horizon)
    return found


def _surprises(given: Floats, slopes: Floats, sizes: Floats) -> Floats:
    """Returns sizes in units of those expected; a single one counts as `_SURPRISE` at most."""
    found: Floats = np.minimum(sizes * np.exp(np.clip(-(given @ slopes), -_FAR, _FAR)), _SURPRISE)
    return found


def _fitted(given: Floats, sizes: Floats, prior: float) -> Floats:
    """Minimises mean(x b + y exp(-x b)) + prior |b - before|^2 / 2, which is convex in b, by Newton's method.

    The constant is free. Steps are bounded, because the curvature far from the minimum is that of an exponential.
    """
    means = np.concatenate([[0.0], given[:, 1:].mean(axis=0)])
    given = given - means
    before = np.zeros(given.shape[1])
    before[1 : 1 + len(_BEFORE)] = _BEFORE
    weights = np.full(given.shape[1], prior)
    weights[0] = 0.0
    slopes = before.copy()
    slopes[0] = np.log(max(float(np.mean(sizes)), _SMALLEST) / float(np.mean(np.exp(given @ slopes))))
    for _ in range(_STEPS):
        surprise = _surprises(given, slopes, sizes)
        downhill = given.T @ (surprise - 1) / len(given) - weights * (slopes - before)
        curve = given.T @ (given * surprise[:, None]) / len(given) + np.diag(weights + _SMALLEST)
        step = np.linalg.solve(curve, downhill)
        step *= min(1.0, _MAX_STEP / max(float(np.abs(step).max()), _SMALLEST))
        slopes = slopes + step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    slopes[0] -= means @ slopes
    return slopes


def _offsets(surprises: Floats, spans: NDArray[np.int64], symbol_index: NDArray[np.int64], symbols: int) -> Floats:
    """Returns the logarithm of each symbol's mean surprise, shrunk to zero where it was seen in few spans."""
    found = np.zeros(symbols)
    for place in range(symbols):
        own = symbol_index == place
        if own.any():
            count = len(np.unique(spans[own]))
            ratio = max(float(surprises[own].mean()), _SMALLEST_RATIO)
            found[place] = count / (count + _OFFSET_SPANS) * np.log(ratio)
    return found
