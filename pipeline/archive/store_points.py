"""What of the points in `price_history` the candle archive has: pure functions. A point is archived when the candle of
its minute is."""

from collections.abc import Container, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.market import MINUTE_MS, Candle, Symbol

Points = NDArray[np.void]
"""With `time` (UTC ms, rising) and `price`, as `pipeline.store.codec.POINT`."""


def minutes_missing(points: Points, archived: Container[int]) -> list[int]:
    """The minutes (open times, rising) of the points whose candles are not archived.

    A point on the very end of an archived minute is that minute's close, put there from the archive.
    """
    own = points["time"] // MINUTE_MS * MINUTE_MS
    on_the_minute = points["time"] == own
    missing = {int(minute) for minute in np.unique(own[~on_the_minute]) if minute not in archived}
    for minute in map(int, own[on_the_minute]):
        if minute not in archived and minute - MINUTE_MS not in archived:
            missing.add(minute)
    return sorted(missing)


def candles_of(symbol: Symbol, points: Points, minutes: Sequence[int]) -> list[Candle]:
    """A candle of each of these minutes from its points. Without trades or volume, which no point tells, so that
    whatever the source states of the minute later takes its place."""
    own = points["time"] // MINUTE_MS * MINUTE_MS
    return [_candle(symbol, minute, points["price"][own == minute]) for minute in minutes]


def _candle(symbol: Symbol, minute: int, prices: NDArray[Any]) -> Candle:
    first, high, low, last = float(prices[0]), float(prices.max()), float(prices.min()), float(prices[-1])
    return Candle(symbol, minute, first, high, low, last, 0.0)
