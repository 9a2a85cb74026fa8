"""Calendar periods of candles, UTC: numbers that change where a new hour, day, week (Monday) or month begins."""

import numpy as np

from pipeline.candles import Floats
from trading.indicators.series import Bars, Series, apply

_HOUR_MS = 3_600_000.0
_DAY_MS = 24 * _HOUR_MS
_FIRST_MONDAY = 4
"""Days from the epoch, a Thursday, to the first Monday."""


def bucket(bars: Bars, name: str) -> Series:
    """Returns the number of the period in which each candle opens: "hour", "day", "week", "month", or "all"."""
    return apply(_BUCKETS[name], bars.open_time)


def _hour(times: Floats) -> Floats:
    return np.floor(times / _HOUR_MS)


def _day(times: Floats) -> Floats:
    return np.floor(times / _DAY_MS)


def _week(times: Floats) -> Floats:
    return np.floor((_day(times) - _FIRST_MONDAY) / 7)


def _month(times: Floats) -> Floats:
    months = np.nan_to_num(times).astype("datetime64[ms]").astype("datetime64[M]").astype(float)
    return np.asarray(np.where(np.isnan(times), np.nan, months))


def _all(times: Floats) -> Floats:
    return times * 0.0


_BUCKETS = {"hour": _hour, "day": _day, "week": _week, "month": _month, "all": _all}
