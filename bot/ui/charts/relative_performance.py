"""Relative performance of symbols since a common start, in fractions."""

from collections.abc import Mapping, Sequence

from bot.ui.charts.ports import RelativeSeries
from pipeline.market import Candle


def ways_of(candles: Mapping[str, Sequence[Candle]], prices: Mapping[str, float], now: int) -> list[RelativeSeries]:
    """Returns the series by name, from the first moment at which all of them have a candle.

    A value is an opening price relative to the first one since the start. The last value is the price at `now` (UTC
    ms), or the last close if the price is unknown. Names without a candle since the start are left out.
    """
    there = {name: found for name, found in candles.items() if found}
    start = max((found[0].open_time for found in there.values()), default=0)
    ways = (_way(name, found, start, prices.get(name), now) for name, found in there.items())
    return [way for way in ways if way is not None]


def _way(name: str, candles: Sequence[Candle], start: int, price: float | None, now: int) -> RelativeSeries | None:
    since = [candle for candle in candles if candle.open_time >= start]
    if not since or since[0].open <= 0:
        return None
    base, last = since[0].open, since[-1]
    times = (*(candle.open_time for candle in since), max(now, last.open_time + 1))
    values = (*(candle.open for candle in since), last.close if price is None else price)
    return RelativeSeries(name, times, tuple(value / base - 1 for value in values))
