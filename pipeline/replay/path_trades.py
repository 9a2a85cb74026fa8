"""Trades along the path of a candle, for recordings without trades.

The path is open, low, high, close if the candle rose, and open, high, low, close if it fell. Each of the four has a
quarter of the volume; neighbours at the same price are one trade. They are spread over the candle: the open at its
beginning, the extremes after a third and two thirds, the close in its last millisecond.
"""

from collections.abc import Iterator
from decimal import Decimal

from core.decimals import ROUNDING
from pipeline.market import Symbol, Trade

_POINTS = 4
_MAX_DECIMALS = 18
_SMALLEST = Decimal(1).scaleb(-_MAX_DECIMALS)


def path_trades(
    symbol: Symbol, open_time: int, width: int, prices: tuple[float, float, float, float], volume: float
) -> Iterator[Trade]:
    """Yields the trades of the candle with these prices (open, high, low, close), which is `width` ms wide. None if it
    has no volume. The id of a trade is its time (UTC ms).
    """
    if volume <= 0:
        return
    opened, high, low, close = prices
    path = (opened, low, high, close) if close >= opened else (opened, high, low, close)
    offsets = (0, width // 3, 2 * width // 3, width - 1)
    place = 0
    while place < _POINTS:
        price, time, after = path[place], open_time + offsets[place], place + 1
        while after < _POINTS and path[after] == price:
            after += 1
        quantity = plain_text(volume * (after - place) / _POINTS)
        if quantity.strip("0."):
            yield Trade(symbol, time, plain_text(price), quantity, time)
        place = after


def plain_text(number: float) -> str:
    """Returns the shortest decimal text that parses to `number`, without exponent: 5.0 is 5, 1e-05 is 0.00001.

    Rounded to the 18 decimals that a tick may have.
    """
    text = repr(number)
    if "e" in text or len(text) > _MAX_DECIMALS:
        exact = Decimal(text)
        if -int(exact.as_tuple().exponent) > _MAX_DECIMALS:
            exact = exact.quantize(_SMALLEST, context=ROUNDING).normalize(ROUNDING)
        text = format(exact, "f")
    return text.removesuffix(".0")
