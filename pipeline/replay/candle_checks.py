"""Checks of recorded candles: figures outside any market's range, and figures far from their neighbours'."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import LATEST_MS, MAX_PRICE, MAX_VOLUME, MIN_PRICE

MAX_TURNOVER = 1e15
"""Largest turnover of one candle, in the quote asset."""

FAR = 100.0
"""A price this many times beyond the prices before and after it is a mistake."""

LONGEST = 60
"""A stretch of at most so many candles that is far from both its sides is a mistake."""

LONGEST_AT_END = 2
"""The same at the beginning or the end of a symbol, where it has one side only."""

_PASSES = 20

Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


def possible(c: CandleColumns) -> Mask:
    """Returns the mask of candles whose figures are possible: low <= open, close <= high, and all within the bounds."""
    with np.errstate(invalid="ignore", over="ignore"):
        prices = (c.low >= MIN_PRICE) & (c.low <= np.minimum(c.open, c.close))
        prices &= (np.maximum(c.open, c.close) <= c.high) & (c.high <= MAX_PRICE)
        volumes = (c.volume >= 0) & (c.volume <= MAX_VOLUME) & (c.volume * c.close <= MAX_TURNOVER)
        volumes &= (c.quote_volume >= 0) & (c.quote_volume <= MAX_TURNOVER) & (c.trades >= 0)
        found: Mask = prices & volumes & (c.open_time >= 0) & (c.open_time < LATEST_MS)
        return found


def far_off(c: CandleColumns, starts: Rows) -> Mask:
    """Returns the mask of candles whose prices are 100 times beyond the market's before and after them.

    Opens and closes are divided into stretches where one is 100 times the price before it. A stretch of at most 60
    candles that is above both its sides, or below both, is a mistake; so is one of at most 2 candles at the beginning
    or the end that is shorter than the stretch beside it. A price that stays, after a crash or a split, is none. Then a
    high or low is far off if it is 100 times beyond the close before it and the open after it. The open and the low of
    a symbol's first candle may be far below: such is a listing.

    Rows are sorted by symbol and time and all of them are `possible`; `starts` are the symbols' first rows.
    """
    found = np.zeros(len(c), bool)
    if len(c) == 0:
        return found
    kept, firsts = np.arange(len(c)), np.zeros(len(c), bool)
    firsts[starts] = True
    prices = np.stack((c.open, c.close), axis=1)
    for _ in range(_PASSES):
        bad = _strays(prices[kept], _first_of(firsts, kept))
        if not len(bad):
            break
        found[kept[bad]] = True
        kept = np.delete(kept, bad)
        if not len(kept):
            return found
    found[kept[_wicks(c.take(kept) if found.any() else c, _first_of(firsts, kept))]] = True
    return found


def _first_of(firsts: Mask, kept: Rows) -> Rows:
    """Returns the first rows of the symbols among the kept ones; a symbol without a kept row has none."""
    symbols = np.cumsum(firsts)[kept]
    return np.flatnonzero(np.diff(symbols, prepend=0))


def _strays(prices: NDArray[np.float64], starts: Rows) -> Rows:
    """Returns the rows of stretches that are mistakes; those at an end only if there are no others.

    `prices` are opens and closes, shape (rows, 2).
    """
    points = prices.reshape(-1)
    jumps = np.empty(len(points), np.int8)
    jumps[0] = 0
    jumps[1:] = (points[1:] >= FAR * points[:-1]).astype(np.int8) - (points[1:] * FAR <= points[:-1])
    jumps[2 * starts] = 0
    at = np.flatnonzero(jumps)
    if not len(at):
        return np.empty(0, np.intp)
    bounds = np.append(2 * starts, len(points))
    symbol = np.searchsorted(bounds, at, side="right") - 1
    begin, end = bounds[symbol], bounds[symbol + 1]
    same = symbol[1:] == symbol[:-1]
    inner = same & (jumps[at[1:]] == -jumps[at[:-1]]) & (np.diff(at) <= 2 * LONGEST)
    first, stop = at[:-1][inner], at[1:][inner]
    if not len(first):
        before = np.append(at[0] - begin[0], np.where(same, np.diff(at), (at - begin)[1:]))
        after = np.append(np.where(same, np.diff(at), (end - at)[:-1]), end[-1] - at[-1])
        listing = (before == 1) & (jumps[at] > 0)
        opening = np.append(True, ~same) & (before <= 2 * LONGEST_AT_END) & (before < after) & ~listing
        closing = np.append(~same, True) & (after <= 2 * LONGEST_AT_END) & (after < before)
        first = np.append(begin[opening], at[closing])
        stop = np.append(at[opening], end[closing])
    depth = np.zeros(len(points) + 1, np.int32)  # how many stretches a point is in; they may overlap
    np.add.at(depth, first, 1)
    np.add.at(depth, stop, -1)
    return np.flatnonzero((np.cumsum(depth[:-1], dtype=np.int32) > 0).reshape(-1, 2).any(axis=1))


def _wicks(c: CandleColumns, starts: Rows) -> Mask:
    """Returns the mask of candles whose high or low is far off. The first candle's high is compared with its own open,
    and the last one's high and low with its own close.
    """
    before = np.roll(c.close, 1)
    after = np.roll(c.open, -1)
    lasts = np.append(starts[1:], len(c)) - 1
    after[lasts] = c.close[lasts]
    before[starts] = c.open[starts]
    low = c.low * FAR < np.minimum(before, after)
    low[starts] = False
    found: Mask = low | (c.high / FAR > np.maximum(before, after))
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
