"""Path of the price inside a candle, for markets of which nothing but candles is known: replays and back-tests.

The path is open, low, high, close, each with a quarter of the volume: the worst comes first for who holds the coin, so
a candle that reaches both a stop and a take profit reaches the stop. The open is at the beginning of the candle, the
extremes are after a third and two thirds, the close in its last millisecond. To the open the price leaps; from there it
passes through every price on its way.
"""

_POINTS = 4

PathPoint = tuple[int, float, float, float]
"""Time (UTC ms), the price from which the price came, the price of the point, and the quantity that trades there (base
asset). At the open both prices are the same.
"""


def candle_path(
    open_time: int, width: int, prices: tuple[float, float, float, float], volume: float
) -> tuple[PathPoint, ...]:
    """Returns the points of the candle with these prices (open, high, low, close), which is `width` ms wide.

    Points after the open that are neighbours at one price are one point, at the time of the first. The open stays a
    point of its own: what is ordered at the close before it does not count it, but what follows.
    """
    opened, high, low, close = prices
    share, third = volume / _POINTS, open_time + width // 3
    if low == high:
        return (open_time, opened, opened, share), (third, opened, low, volume * 3 / _POINTS)
    two_thirds = open_time + 2 * width // 3
    begins = ((open_time, opened, opened, share), (third, opened, low, share))
    if high == close:
        return *begins, (two_thirds, low, high, volume * 2 / _POINTS)
    return *begins, (two_thirds, low, high, share), (open_time + width - 1, high, close, share)
