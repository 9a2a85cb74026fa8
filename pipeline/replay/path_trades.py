"""Trades along the path of a candle (`pipeline.replay.candle_path`), for recordings without trades."""

from collections.abc import Iterator
from decimal import Decimal

from core.decimals import ROUNDING
from pipeline.market import Symbol, Trade
from pipeline.replay.candle_path import candle_path

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
    came, size, before = "", "", -1.0
    for time, _, price, quantity in candle_path(open_time, width, prices, volume):
        if quantity != before:
            size, before = plain_text(quantity), quantity
        text = plain_text(price)
        if size.strip("0."):
            yield Trade(symbol, time, text, size, time, came or text)
        came = text


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
