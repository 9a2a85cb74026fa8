"""ARIMA for each symbol, a forecast from the symbol's own past returns alone.

Returns are in standard deviations of their time, as in the features, because the likelihood assumes a constant
variance. The order of each symbol is the one with the least BIC among a few. Needs the extra `arima` (statsmodels).
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.data.panel import Floats
from ml.errors import NoTrainingData
from ml.models.base import Model, TrainingResources
from ml.models.samples import Sample
from ml.models.targets import CLIP

ORDERS = ((1, 0), (0, 1), (2, 0), (1, 1))
"""Orders of autoregression and moving average. Logarithms of prices are differenced once, which gives the returns."""

MAX_RETURNS = 10_000
"""Last returns of a symbol that its model is fitted to; the limit bounds the time, as the limit of steps does."""

_STEPS = 30
_RETURNS = "return_0"
_SETTLED = 300
_MIN_RETURNS = 500


@dataclass(frozen=True, slots=True)
class Arima:
    """ARIMA(p, 1, q) on the logarithms of prices, without drift."""

    name: str = "arima"

    def fit(self, sample: Sample, means: TrainingResources) -> Model:  # noqa: ARG002 - nothing random
        """Fits a model for each symbol with enough returns. Raises NoTrainingData."""
        from statsmodels.tsa.arima.model import ARIMA  # noqa: PLC0415 - an extra that most desks do without

        if not len(sample):
            raise NoTrainingData(0, _MIN_RETURNS)
        scaled = _scaled(sample, max(0, int(sample.rows.max()) + 1 - MAX_RETURNS), int(sample.rows.max()) + 1)
        fitted = {}
        for place in np.unique(sample.symbol_index).tolist():
            returns = scaled[:, place]
            if np.isfinite(returns).sum() >= _MIN_RETURNS and np.nanvar(returns) > 0:
                fitted[place] = _fitted(ARIMA, returns)
        return ArimaModel(fitted)


@dataclass(frozen=True, slots=True)
class ArimaModel:
    """Fitted results of statsmodels by place."""

    fitted: dict[int, Any]

    def expect(self, sample: Sample) -> Floats:
        """Returns the expected log return, zero for symbols without a model."""
        found = np.zeros(len(sample))
        if not len(sample):
            return found
        start, stop = max(0, int(sample.rows.min()) - _SETTLED), int(sample.rows.max()) + 1
        scaled = _scaled(sample, start, stop)
        for place in np.unique(sample.symbol_index).tolist():
            if place in self.fitted:
                own = sample.symbol_index == place
                found[own] = _sums(self.fitted[place], scaled[:, place], sample.horizon)[sample.rows[own] - start]
        return found * sample.features.volatility[sample.rows, sample.symbol_index]


def _scaled(sample: Sample, start: int, stop: int) -> Floats:
    """Returns the scaled returns, times x symbols, NaN if a return is missing."""
    found: Floats = np.clip(sample.features.named(_RETURNS)[start:stop].astype(np.float64), -CLIP, CLIP)
    return found


def _fitted(arima: Any, returns: Floats) -> Any:
    """Returns the best fit by BIC; the warnings of statsmodels about fits that reach the limit of steps are ignored."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tried = [
            arima(returns, order=(p, 0, q), trend="n").fit(
                method_kwargs={"maxiter": _STEPS, "disp": 0}, cov_type="none", low_memory=True
            )
            for p, q in ORDERS
        ]
    return min(tried, key=lambda each: each.bic)


def _sums(fitted: Any, returns: Floats, horizon: int) -> Floats:
    """Returns the expected sum of the next `horizon` returns at each time, in standard deviations.

    The filter gives the state at each time. The state some steps later is a power of the transition times it (Durbin
    and Koopman, 2012, chapter 4), so one matrix gives the whole sum.
    """
    filtered = fitted.apply(returns, refit=False).filter_results
    transition: NDArray[np.float64] = filtered.transition[:, :, 0]
    step, total = np.eye(len(transition)), np.zeros_like(transition)
    for _ in range(horizon):
        step = transition @ step
        total += step
    found: Floats = (filtered.design[:, :, 0] @ total @ filtered.filtered_state)[0]
    return found
