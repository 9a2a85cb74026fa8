"""Candles of one coin on an even grid."""

from collections.abc import Mapping, Sequence

import numpy as np

from pipeline.candles import CandleColumns, Floats
from pipeline.market import DAY_MS, Candle, Interval
from trading.mood.market_days import PEGGED_BELOW

FIELDS = ("open", "high", "low", "close", "volume")


def candle_grid(candles: Sequence[Candle], interval: Interval, end: int, count: int) -> Mapping[str, Floats]:
    """Returns the last `count` candles that closed by `end` (UTC ms, a multiple of the interval), an array for each of
    FIELDS; NaN where there is none.
    """
    columns = CandleColumns.of(candles)
    places = (columns.open_time - (end - count * interval.ms)) // interval.ms
    there = (places >= 0) & (places < count)
    grid = {name: np.full(count, np.nan) for name in FIELDS}
    for name, values in grid.items():
        values[places[there]] = getattr(columns, name)[there]
    return grid


def is_pegged(candles: Mapping[str, Floats], interval: Interval) -> bool:
    """Tells whether a coin moves like a currency: see `market_days`. One without returns does, too."""
    close = candles["close"]
    moves = np.diff(np.log(np.where(close > 0, close, np.nan)))
    moves = moves[np.isfinite(moves)]
    return not len(moves) or float(np.sqrt((moves**2).mean() * DAY_MS / interval.ms)) < PEGGED_BELOW
