"""Reading of the candles that a condition measures, and its figure now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

from pipeline.errors import NoCandles
from pipeline.market import MINUTE_MS, Candle, Interval, Quote, Symbol
from pipeline.ports import MarketReader
from trading.triggers.conditions import Condition, Measure
from trading.triggers.gauges import Gauge, split


async def read_candles(
    market: MarketReader, symbol: Symbol, interval: Interval, count: int
) -> tuple[list[Candle], list[Candle]]:
    """Returns the last `count` closed candles, and the minutes of the one that has not closed. Both are empty if the
    symbol has none. Raises MarketUnavailable.
    """
    open_minutes = market.now() % interval.ms // MINUTE_MS + 2
    minutes = [] if interval is Interval.M1 else await _known(market, symbol, Interval.M1, open_minutes)
    return await _known(market, symbol, interval, count), minutes


async def _known(market: MarketReader, symbol: Symbol, interval: Interval, count: int) -> list[Candle]:
    try:
        return await market.candles(symbol, interval, count)
    except NoCandles:
        return []


@dataclass(frozen=True, slots=True)
class Figure:
    """Figure of a condition, NaN if it is not known, what it was measured against, and the number of closed candles
    that are known of those that it needs.
    """

    value: float
    base: float = nan
    known: int = 0

    @property
    def is_known(self) -> bool:
        """True if the figure exists."""
        return isfinite(self.value)


async def figure_now(condition: Condition, quote: Quote, market: MarketReader) -> Figure:
    """Returns the figure at the price of a quote. Raises MarketUnavailable."""
    price = float(quote.price)
    if condition.measure is Measure.ORDER:
        return Figure(price)
    if condition.of_the_day:
        change = quote.change_24h
        return Figure(nan) if change is None else Figure(float(change), float(quote.open_24h or 0))
    found = await read_candles(market, quote.symbol, condition.interval, condition.warm_up)
    return await asyncio.to_thread(_measured, condition, *split(quote.symbol, condition.interval, *found), price)


def _measured(condition: Condition, candles: Sequence[Candle], minutes: Sequence[Candle], price: float) -> Figure:
    gauge = Gauge(condition)
    for candle in candles:
        gauge.add(candle)
    for minute in minutes:
        gauge.form(minute.high, minute.low)
    return Figure(*gauge.at(price), known=len(candles))
