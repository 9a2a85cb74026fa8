"""Proper scores of ranges, which reward both coverage and sharpness. Lower is better for each of them.

A range is given by its centre and its reach, half the width of the central interval. Where a score needs a whole
distribution, it is the Laplace distribution with that interval: the sizes of moves are fitted by the exponential
likelihood (`ml.calibration.volatility`), which is that of a Laplace distribution. The normal distribution with the same
interval shows whether a comparison depends on this choice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ml.calibration.intervals import COVERAGE, REGIMES
from ml.data.panel import Floats, Mask

OVERALL = "all"


@dataclass(frozen=True, slots=True)
class RangeScore:
    """Scores of the ranges of one regime, or of `OVERALL`.

    `spans` is the number of spans of the horizon's length that the `count` forecasts begin in: only their outcomes do
    not overlap. `crps`, `normal_crps` and `interval_score` are means, in the unit of the outcomes. All of them are NaN
    without forecasts.
    """

    regime: str
    count: int
    spans: int
    coverage: float
    crps: float
    normal_crps: float
    interval_score: float


def interval_scores(low: Floats, high: Floats, outcomes: Floats, *, coverage: float = COVERAGE) -> Floats:
    """Returns the interval score of each central interval (Winkler 1972; Gneiting and Raftery 2007, equation 43).

    It is the width plus `2 / (1 - coverage)` times the distance by which the outcome was missed, and 4 / (1 -
    coverage) times the mean pinball loss of both ends (`ml.evaluation.metrics.pinball`).
    """
    missed = np.maximum(low - outcomes, 0) + np.maximum(outcomes - high, 0)
    found: Floats = (high - low) + 2 / (1 - coverage) * missed
    return found


def laplace_crps(center: Floats, reach: Floats, outcomes: Floats, *, coverage: float = COVERAGE) -> Floats:
    """Returns the CRPS of each Laplace distribution with this central interval (Jordan, Krueger and Lerch 2019)."""
    scale = reach / -np.log1p(-coverage)
    distance = np.abs(outcomes - center) / scale
    found: Floats = scale * (distance + np.exp(-distance) - 0.75)
    return found


def normal_crps(center: Floats, reach: Floats, outcomes: Floats, *, coverage: float = COVERAGE) -> Floats:
    """Returns the CRPS of each normal distribution with this central interval (Gneiting and Raftery 2007)."""
    scale = reach / ndtri((1 + coverage) / 2)
    distance = (outcomes - center) / scale
    density = np.exp(-(distance**2) / 2) / np.sqrt(2 * np.pi)
    found: Floats = scale * (distance * (2 * ndtr(distance) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    return found


def score_ranges(
    center: Floats,
    reach: Floats,
    outcomes: Floats,
    *,
    regimes: NDArray[np.int64],
    rows: NDArray[np.int64],
    horizon: int,
) -> tuple[RangeScore, ...]:
    """Returns the scores of `OVERALL` and of each of `REGIMES`, in this order.

    Arrays have one entry for each forecast with an outcome. `regimes` are indices in `REGIMES`; `rows` are the times of
    the forecasts, counted in candles like the horizon.
    """
    scores = (
        np.abs(outcomes - center) <= reach,
        laplace_crps(center, reach, outcomes),
        normal_crps(center, reach, outcomes),
        interval_scores(center - reach, center + reach, outcomes),
    )
    parts: list[tuple[str, Mask]] = [(OVERALL, np.ones(len(rows), bool))]
    parts += [(name, regimes == number) for number, name in enumerate(REGIMES)]
    return tuple(
        RangeScore(
            name,
            int(own.sum()),
            len(np.unique(rows[own] // horizon)),
            *(float(each[own].mean()) if own.any() else float("nan") for each in scores),
        )
        for name, own in parts
    )
