"""Comparison of the points in `price_history` with the candle archive: pure functions. A point is archived if the
candle of its minute is.
"""

from collections.abc import Container, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS, Candle, Symbol

Points = NDArray[np.void]
"""Array with `time` (UTC ms, rising) and `price`, as `pipeline.store.codec.POINT`."""


def minutes_missing(points: Points, archived: Container[int]) -> list[int]:
    """Returns the minutes (open times, rising) of the points whose candles are not archived.

    A point exactly at the end of an archived minute is that minute's close, copied from the archive.
    """
    own = points["time"] // MINUTE_MS * MINUTE_MS
    on_the_minute = points["time"] == own
    missing = {int(minute) for minute in np.unique(own[~on_the_minute]) if minute not in archived}
    for minute in map(int, own[on_the_minute]):
        if minute not in archived and minute - MINUTE_MS not in archived:
            missing.add(minute)
    return sorted(missing)


def candles_of(symbol: Symbol, points: Points, minutes: Sequence[int]) -> list[Candle]:
    """Builds a candle of each of these minutes from its points. The candles have no trades or volume, which points do
    not carry, so the source's own candle of the minute later replaces them.
    """
    own = points["time"] // MINUTE_MS * MINUTE_MS
    return [_candle(symbol, minute, points["price"][own == minute]) for minute in minutes]


def _candle(symbol: Symbol, minute: int, prices: NDArray[Any]) -> Candle:
    first, high, low, last = float(prices[0]), float(prices.max()), float(prices.min()), float(prices[-1])
    return Candle(symbol, minute, first, high, low, last, 0.0)
