"""Statistics of windows that end at each row, for values of times x symbols with NaN where one is missing."""

import numpy as np
from scipy.signal import lfilter

from ml.data.panel import Floats, Mask

TAIL = 4
"""Half-lives after which an exponential mean drops a value."""

_NO_WEIGHT = 1e-9


def shifted(values: Floats, rows: int) -> Floats:
    """Returns the values shifted down by `rows`; the first `rows` rows are NaN."""
    if rows == 0:
        return values
    moved: Floats = np.full_like(values, np.nan)
    moved[rows:] = values[:-rows]
    return moved


def placed(values: Floats, bottom: Floats, top: Floats) -> Floats:
    """Returns the position between bottom (0) and top (1), 0.5 if the two are equal."""
    height = top - bottom
    with np.errstate(invalid="ignore", divide="ignore"):
        place: Floats = (values - bottom) / height
    place[height == 0] = 0.5
    return place


def decayed(values: Floats, half_life: int) -> Floats:
    """Returns the exponentially weighted mean of the values of the last `TAIL` half-lives, NaN if there are none.

    Weights halve every `half_life` rows. Older values have zero weight, so that the mean of a row depends on a known
    number of earlier rows.
    """
    keep, window = 0.5 ** (1 / half_life), TAIL * half_life
    there = ~np.isnan(values)
    sums = _decayed_sums(np.where(there, values, 0.0), keep, window)
    weights = _decayed_weights(there, keep, window)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(weights > _NO_WEIGHT, sums / weights, np.nan)
    return means


def _decayed_weights(there: Mask, keep: float, window: int) -> Floats:
    """Uses a geometric series for columns without gaps, which are nearly all, and sums the weights of the others."""
    begun = int(there.any(axis=1).argmax())
    full = there[begun:].all(axis=0) & ~there[:begun].any(axis=0)
    ages = np.clip(np.arange(1, len(there) + 1) - begun, 0, window)
    series = ((1 - keep**ages) / (1 - keep))[:, None]
    if full.all():
        return series
    weights = np.repeat(series, there.shape[1], axis=1)
    weights[:, ~full] = _decayed_sums(there[:, ~full].astype(float), keep, window)
    return weights


def _decayed_sums(values: Floats, keep: float, window: int) -> Floats:
    sums: Floats = lfilter([1.0], [1.0, -keep], values, axis=0)
    if len(sums) <= window:
        return sums
    inside = sums.copy()
    inside[window:] -= keep**window * sums[:-window]
    return inside


def highest(values: Floats, span: int) -> Floats:
    """Returns the maximum of the values of the last `span` rows, NaN if there are none."""
    return _extreme(values, span, np.fmax)


def lowest(values: Floats, span: int) -> Floats:
    """Returns the minimum of the values of the last `span` rows, NaN if there are none."""
    return _extreme(values, span, np.fmin)


def _extreme(values: Floats, span: int, better: np.ufunc) -> Floats:
    """Combines windows of 1, 2, 4, ... rows until two of them overlap to the span."""
    found, width = values.copy(), 1
    while width < span:
        step = min(width, span - width)
        found[step:] = better(found[step:], found[:-step])
        width += step
    return found


def across(values: Floats) -> Floats:
    """Returns the mean of each row over the symbols with a value, as one column; NaN if there are none."""
    there = ~np.isnan(values)
    counts = there.sum(axis=1, keepdims=True)
    sums = np.where(there, values, 0.0).sum(axis=1, keepdims=True)
    means: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return means


def rolling_sum(values: Floats, window: int) -> Floats:
    """Returns the sum of the values of the last `window` rows, 0 if there are none.

    It is built from sums of 1, 2, 4, ... rows and depends on those rows alone, to the last bit: differences of running
    totals would keep the rounding of far larger values that have left the window.
    """
    part: Floats = np.where(np.isnan(values), 0.0, values)
    found, covered, width = np.zeros_like(part), 0, 1
    while True:
        if window & width:
            found += _later(part, covered)
            covered += width
        if covered == window:
            return found
        part = part + _later(part, width)
        width *= 2


def _later(values: Floats, rows: int) -> Floats:
    """Returns the values shifted down by `rows`; the first `rows` rows are 0."""
    moved: Floats = np.zeros_like(values)
    moved[rows:] = values[: max(0, len(values) - rows)]
    return moved


def rolling_mean(values: Floats, window: int) -> Floats:
    """Returns the mean of the values of the last `window` rows, NaN if there are none."""
    there = ~np.isnan(values)
    sums, counts = np.cumsum(np.where(there, values, 0.0), axis=0), np.cumsum(there, axis=0)
    sums[window:] = sums[window:] - sums[:-window]
    counts[window:] = counts[window:] - counts[:-window]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(counts > 0, sums / counts, np.nan)
    return found
