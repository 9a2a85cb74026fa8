"""Functions of the last values of a series: windows of shape (m, n), oldest first, in, one figure for each out.

Deviations are taken from a value of the window itself, so that a constant price gives an exact zero at any scale.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats


def mean(windows: Floats) -> Floats:
    """Arithmetic mean."""
    first = windows[:, 0]
    return np.asarray(first + (windows - first[:, None]).mean(axis=1))


def total(windows: Floats) -> Floats:
    """Sum."""
    return np.asarray(windows.sum(axis=1))


def highest(windows: Floats) -> Floats:
    """Maximum."""
    return np.asarray(windows.max(axis=1))


def lowest(windows: Floats) -> Floats:
    """Minimum."""
    return np.asarray(windows.min(axis=1))


def since_highest(windows: Floats) -> Floats:
    """Number of values after the maximum; after the first of equal ones."""
    return np.asarray(windows.shape[1] - 1.0 - windows.argmax(axis=1))


def since_lowest(windows: Floats) -> Floats:
    """Number of values after the minimum; after the first of equal ones."""
    return np.asarray(windows.shape[1] - 1.0 - windows.argmin(axis=1))


def deviation(windows: Floats) -> Floats:
    """Population standard deviation."""
    return np.asarray((windows - windows[:, :1]).std(axis=1))


def z_score(windows: Floats) -> Floats:
    """Last value in standard deviations from the mean; NaN where all values are equal."""
    moves = windows - windows[:, -1:]
    return _ratio(-moves.mean(axis=1), moves.std(axis=1))


def mean_distance(windows: Floats) -> Floats:
    """Mean absolute distance from the mean."""
    moves = windows - windows[:, :1]
    return np.asarray(np.abs(moves - moves.mean(axis=1)[:, None]).mean(axis=1))


def mean_relative_distance(windows: Floats) -> Floats:
    """Mean absolute distance from the mean, each as a fraction of its value."""
    moves = windows - windows[:, :1]
    return np.asarray((np.abs(moves - moves.mean(axis=1)[:, None]) / windows).mean(axis=1))


def commodity_channel(windows: Floats) -> Floats:
    """Distance of the last value from the mean in units of 0.015 mean distances; NaN where all values are equal."""
    moves = windows - windows[:, -1:]
    middle = moves.mean(axis=1)
    return _ratio(-middle, 0.015 * np.abs(moves - middle[:, None]).mean(axis=1))


def slope(windows: Floats) -> Floats:
    """Slope of the least-squares line, in units of the values for each place."""
    places = _places(windows)
    return np.asarray((windows - windows[:, :1]) @ places / max(float(places @ places), 1.0))


def line_end(windows: Floats) -> Floats:
    """Last point of the least-squares line."""
    return np.asarray(mean(windows) + slope(windows) * (windows.shape[1] - 1) / 2)


def fit(windows: Floats) -> Floats:
    """Coefficient of determination of the least-squares line; NaN where all values are equal."""
    moves, places = windows - windows[:, :1], _places(windows)
    moves = moves - moves.mean(axis=1)[:, None]
    return _ratio((moves @ places) ** 2, (moves**2).sum(axis=1) * float(places @ places))


def ulcer(windows: Floats) -> Floats:
    """Root mean square of the drawdowns from the highest value before, in per cent."""
    highs = np.maximum.accumulate(windows, axis=1)
    return np.asarray(np.sqrt(((100.0 * (windows / highs - 1.0)) ** 2).mean(axis=1)))


def percent_rank(windows: Floats) -> Floats:
    """Share of the values before the last that are smaller, in per cent."""
    return np.asarray(100.0 * (windows[:, :-1] < windows[:, -1:]).mean(axis=1))


@dataclass(frozen=True, slots=True)
class Weighted:
    """Mean with fixed weights, oldest first."""

    weights: tuple[float, ...]

    def __call__(self, windows: Floats) -> Floats:
        """Returns the weighted means."""
        weights = np.array(self.weights)
        first = windows[:, 0]
        return np.asarray(first + (windows - first[:, None]) @ (weights / weights.sum()))


def _places(windows: Floats) -> Floats:
    places = np.arange(windows.shape[1], dtype=float)
    return np.asarray(places - places.mean())


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below != 0)
