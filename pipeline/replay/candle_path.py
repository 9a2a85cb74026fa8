"""Path of the price inside a candle, for markets of which nothing but candles is known: replays and back-tests.

The path is open, low, high, close, each with a quarter of the volume: the worst comes first for who holds the coin, so
a candle that reaches both a stop and a take profit reaches the stop. The open is at the beginning of the candle, the
extremes are after a third and two thirds, the close in its last millisecond. To the open the price leaps; from there it
passes through every price on its way.
"""

from collections.abc import Iterator
from typing import NamedTuple

_POINTS = 4


class PathPoint(NamedTuple):
    """Point of a path: `quantity` (base asset) trades at `price`, to which the price came from `start`. At the open
    both are the same.
    """

    time: int
    start: float
    price: float
    quantity: float


def candle_path(
    open_time: int, width: int, prices: tuple[float, float, float, float], volume: float
) -> Iterator[PathPoint]:
    """Yields the points of the candle with these prices (open, high, low, close), which is `width` ms wide.

    Points after the open that are neighbours at one price are one point, at the time of the first. The open stays a
    point of its own: what is ordered at the close before it does not count it, but what follows.
    """
    opened, high, low, close = prices
    share = volume / _POINTS
    third = open_time + width // 3
    yield PathPoint(open_time, opened, opened, share)
    if low == high:
        yield PathPoint(third, opened, low, volume * 3 / _POINTS)
        return
    yield PathPoint(third, opened, low, share)
    two_thirds = open_time + 2 * width // 3
    if high == close:
        yield PathPoint(two_thirds, low, high, volume * 2 / _POINTS)
        return
    yield PathPoint(two_thirds, low, high, share)
    yield PathPoint(open_time + width - 1, high, close, share)
