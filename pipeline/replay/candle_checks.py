"""Checks of recorded candles: figures outside any market's range, and figures far from their neighbours'."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import LATEST_MS, MAX_PRICE, MAX_VOLUME, MIN_PRICE

MAX_TURNOVER = 1e15
"""Largest turnover of one candle, in the quote asset."""

FAR = 100.0
"""A price this many times beyond the close before it and the open after it is a mistake."""

Mask = NDArray[np.bool_]


def possible(c: CandleColumns) -> Mask:
    """Returns the mask of candles whose figures are possible: low <= open, close <= high, and all within the bounds."""
    with np.errstate(invalid="ignore", over="ignore"):
        prices = (c.low >= MIN_PRICE) & (c.low <= np.minimum(c.open, c.close))
        prices &= (np.maximum(c.open, c.close) <= c.high) & (c.high <= MAX_PRICE)
        volumes = (c.volume >= 0) & (c.volume <= MAX_VOLUME) & (c.volume * c.close <= MAX_TURNOVER)
        volumes &= (c.quote_volume >= 0) & (c.quote_volume <= MAX_TURNOVER) & (c.trades >= 0)
        found: Mask = prices & volumes & (c.open_time >= 0) & (c.open_time < LATEST_MS)
        return found


def far_off(c: CandleColumns, starts: NDArray[np.intp]) -> Mask:
    """Returns the mask of candles whose high or low is 100 times beyond both neighbours: the close before it and the
    open after it.

    Rows are sorted by symbol and time and all of them are `possible`; `starts` are the symbols' first rows. A symbol's
    first candle is never far off, because a listing candle has nothing to be compared with. The last one is compared
    with its own close.
    """
    if len(c) == 0:
        return np.zeros(0, bool)
    before = np.roll(c.close, 1)
    after = np.roll(c.open, -1)
    lasts = np.append(starts[1:], len(c)) - 1
    after[lasts] = c.close[lasts]
    found = (c.high / FAR > np.maximum(before, after)) | (c.low * FAR < np.minimum(before, after))
    found[starts] = False
    return found


def flaw(c: CandleColumns, row: int) -> str:
    """Returns the figure that shows why a candle is impossible or far off, such as `high 3.4e+38`."""
    figures: dict[str, Any] = {
        name: float(getattr(c, name)[row]) for name in ("open", "high", "low", "close", "volume", "quote_volume")
    }
    if not 0 <= int(c.open_time[row]) < LATEST_MS:
        return "open_time"
    bounds = {**dict.fromkeys(("open", "high", "low", "close"), (MIN_PRICE, MAX_PRICE)), "volume": (0, MAX_VOLUME)}
    for name, (least, most) in (bounds | {"quote_volume": (0, MAX_TURNOVER)}).items():
        if not least <= figures[name] <= most:
            return f"{name} {figures[name]:g}"
    return ", ".join(f"{name} {figures[name]:g}" for name in ("open", "high", "low", "close", "volume"))
