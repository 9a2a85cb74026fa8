"""Open times of recorded candles in any unit, converted to UTC milliseconds."""

import numpy as np
from numpy.typing import NDArray

from pipeline.market import LATEST_MS

IMPOSSIBLE = -1
"""Value for a time that is missing or outside 1970 to 2100."""

_SECONDS_BELOW = 10**11  # as milliseconds: March 1973
_MILLISECONDS_BELOW = 10**14
_MICROSECONDS_BELOW = 10**17
_PER_MS = {"ms": 1, "us": 1_000, "ns": 1_000_000}


def of_unit(times: NDArray[np.int64], unit: str) -> NDArray[np.int64]:
    """Converts times in `unit` (s, ms, us or ns) to UTC ms."""
    if unit == "s":
        return _bounded(np.where(np.abs(times) < _SECONDS_BELOW, times * 1_000, IMPOSSIBLE))
    return _bounded(times // _PER_MS[unit])


def integers_by_magnitude(times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Converts times in seconds, milliseconds, microseconds or nanoseconds, each by its magnitude, to UTC ms."""
    scaled = np.where(times < _MILLISECONDS_BELOW, times, times // 1_000)
    scaled = np.where(times < _MICROSECONDS_BELOW, scaled, times // 1_000_000)
    return _bounded(np.where(times < _SECONDS_BELOW, times * 1_000, scaled))


def floats_by_magnitude(times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Converts times as `integers_by_magnitude` does; NaN and infinity are IMPOSSIBLE."""
    times = np.where(np.isfinite(times) & (np.abs(times) < 2.0**62), times, float(IMPOSSIBLE))
    scale = np.select(
        [times < _SECONDS_BELOW, times < _MILLISECONDS_BELOW, times < _MICROSECONDS_BELOW], [1e3, 1.0, 1e-3], 1e-6
    )
    return _bounded(np.rint(times * scale).astype(np.int64))


def _bounded(times: NDArray[np.int64]) -> NDArray[np.int64]:
    bounded: NDArray[np.int64] = np.where((times >= 0) & (times < LATEST_MS), times, IMPOSSIBLE)
    return bounded


def outliers(times: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Finds times far from all others, which would make a replay run through empty years.

    An outlier is beyond the quartiles by more than 366 days and by more than ten times the range between them. If more
    than one in a hundred times would be an outlier, none is.
    """
    low, high = (int(found) for found in np.quantile(times, (0.25, 0.75), method="nearest"))
    reach = max(10 * (high - low), 366 * 86_400_000)
    found: NDArray[np.bool_] = (times < low - reach) | (times > high + reach)
    most = max(1, len(times) // 100)
    return found if np.count_nonzero(found) <= most else np.zeros(len(times), bool)


def number_to_milliseconds(number: float) -> int:
    """Converts one time to UTC ms by its magnitude; IMPOSSIBLE outside 1970 to 2100."""
    return int(floats_by_magnitude(np.array([number], np.float64))[0])
