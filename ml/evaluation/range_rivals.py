"""Rivals of the volatility model: textbook forecasts of volatility that need nothing but closes.

Each of them is fitted to the returns that were known at a row, and gives the size of the move over a horizon at every
row. The multiple of the size that makes a range of it is learnt like that of our own model.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.signal import lfilter

from ml.data.panel import Floats, Mask
from ml.data.windows import rolling_mean
from ml.evaluation.garch import Garch
from ml.models.samples import TrainingWindow, moves

DECAYS = (0.94, 0.97, 0.985, 0.9925, 0.99625, 0.998)
"""Decay factors of the EWMA; the first is that of RiskMetrics (1996)."""

HAR_WINDOWS = (5, 30, 240, 1440)
"""Candles. On four recordings these forecast as well as windows of 1, 5 and 22 horizons, or better."""

_RECENT = 5000
_MOST = 400_000
_LEAST = 2e-5
_NO_WEIGHT = 1e-9

Rival = Callable[[TrainingWindow, int, int], Floats]
"""Returns sizes of the move over the window's horizon, rows x symbols, for all rows before the second number.

The rival knows the outcomes before the row that the first number names, and of each row only the closes until then. A
size is NaN where there is no return yet.
"""


def returns_of(log_close: Floats) -> Floats:
    """Returns the log return of each row, NaN where one of its closes is missing."""
    found: Floats = np.full_like(log_close, np.nan)
    found[1:] = log_close[1:] - log_close[:-1]
    return found


def ewma(ground: TrainingWindow, start: int, stop: int) -> Floats:
    """Exponentially weighted variance (RiskMetrics 1996), with that of `DECAYS` that explains the known moves best.

    The criterion is the likelihood of the sizes of the moves, which are exponentially distributed.
    """
    squares = returns_of(ground.features.log_close[:stop]) ** 2
    rows, places = ground.entries(0, start - ground.horizon, limit=_MOST)
    distances = np.abs(moves(ground.panel, ground.horizon, rows, places))
    best: Floats = squares
    lowest = np.inf
    for decay in DECAYS:
        sizes = _sizes(_weighted(squares, decay), ground.horizon)
        known = sizes[rows, places]
        loss = float(np.log(known).mean() + np.log((distances / known).mean())) if len(rows) else 0.0
        if loss < lowest:
            best, lowest = sizes, loss
    return best


def har(ground: TrainingWindow, start: int, stop: int) -> Floats:
    """Regression of log realised volatility on that of several windows (HAR of Corsi 2009, in logarithms)."""
    horizon = ground.horizon
    squares = returns_of(ground.features.log_close[:stop]) ** 2
    columns: list[Floats] = [np.ones(squares.shape)]
    for window in reversed(HAR_WINDOWS):
        found = np.log(_sizes(rolling_mean(squares, window), 1))
        columns.append(np.where(np.isnan(found), columns[-1] if len(columns) > 1 else np.nan, found))
    wanted = np.full(squares.shape, np.nan)
    wanted[:-horizon] = np.log(_sizes(rolling_mean(squares, horizon), 1))[horizon:]
    rows, places = ground.entries(0, start - horizon, limit=_MOST)
    given = np.column_stack([column[rows, places] for column in columns])
    slopes = np.linalg.lstsq(given, wanted[rows, places])[0]
    total = sum((slope * column for slope, column in zip(slopes, columns, strict=True)), np.zeros(squares.shape))
    sizes: Floats = np.exp(total) * np.sqrt(horizon)
    return sizes


@dataclass(frozen=True, slots=True)
class GarchRival:
    """GARCH(1,1) of each symbol, fitted to its last returns; the fits of a row serve every horizon."""

    fits: dict[int, tuple[Garch, ...]] = field(default_factory=dict)

    def __call__(self, ground: TrainingWindow, start: int, stop: int) -> Floats:
        """Returns the sizes, as described for `Rival`."""
        squares = returns_of(ground.features.log_close[:stop]) ** 2
        if start not in self.fits:
            known = squares[max(0, start - _RECENT) : start].T
            self.fits[start] = tuple(Garch.fit(series[~np.isnan(series)]) for series in known)
        found = [
            model.mean_variances(model.next_variances(series), ground.horizon)
            for model, series in zip(self.fits[start], squares.T, strict=True)
        ]
        return _sizes(np.stack(found, axis=1), 1)


def rivals() -> dict[str, Rival]:
    """Returns the rivals by name."""
    return {"ewma": ewma, "har": har, "garch": GarchRival()}


def _sizes(variances: Floats, horizon: int) -> Floats:
    found: Floats = np.maximum(np.sqrt(np.maximum(variances, 0)), _LEAST) * np.sqrt(horizon)
    return found


def _weighted(values: Floats, decay: float) -> Floats:
    """Returns the exponentially weighted mean of the values so far, without the missing ones."""
    there: Mask = ~np.isnan(values)
    sums = lfilter([1.0], [1.0, -decay], np.where(there, values, 0.0), axis=0)
    weights = lfilter([1.0], [1.0, -decay], there.astype(float), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(weights > _NO_WEIGHT, sums / weights, np.nan)
    return found
