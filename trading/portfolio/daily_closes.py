"""Daily closes of coins as a matrix, from the candles of a market: what risk and performance are measured on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.candles import Floats
from pipeline.errors import MarketUnavailable, NoCandles, UnknownSymbol
from pipeline.market import DAY_MS, Candle, Interval, Symbol

CONCURRENT_READS = 4

ReadCandles = Callable[[Symbol, Interval, int], Awaitable[list[Candle]]]


@dataclass(frozen=True, slots=True)
class DailyCloses:
    """Closes at successive UTC midnights `ends` (ms), and the first, highest and lowest prices and the volumes (in
    units of the coin) of the days that they end, each of the shape (midnights, symbols); NaN where none is known.
    """

    ends: tuple[int, ...]
    symbols: tuple[Symbol, ...]
    closes: Floats
    opens: Floats
    highs: Floats
    lows: Floats
    volumes: Floats

    def column(self, symbol: Symbol) -> Floats:
        """Returns the closes of one symbol; all NaN if it was not read."""
        if symbol not in self.symbols:
            return np.full(len(self.ends), np.nan)
        return np.asarray(self.closes[:, self.symbols.index(symbol)])

    def last_known(self) -> Floats:
        """Returns the newest known close of every symbol; NaN if there is none."""
        known = np.isfinite(self.closes)
        rows = np.where(known, np.arange(len(self.ends))[:, None], -1).max(axis=0)
        picked = self.closes[rows, np.arange(len(self.symbols))]
        return np.where(rows >= 0, picked, np.nan)


async def load_daily_closes(read: ReadCandles, symbols: Sequence[Symbol], now: int, days: int) -> DailyCloses:
    """Loads `days` + 1 closes up to the last UTC midnight before `now` (ms of the market's clock), a few symbols at a
    time. Raises MarketUnavailable.
    """
    last = now // DAY_MS * DAY_MS
    ends = tuple(last - (days - day) * DAY_MS for day in range(days + 1))
    prices = np.full((5, len(ends), len(symbols)), np.nan)
    places = iter(range(len(symbols)))
    failed: list[MarketUnavailable] = []

    async def work(mine: Iterator[int]) -> None:
        for place in mine:
            try:
                candles = await read(symbols[place], Interval.D1, days + 1)
            except (NoCandles, UnknownSymbol):
                continue
            except MarketUnavailable as error:
                failed.append(error)
                return
            for candle in candles:
                row = (candle.open_time + DAY_MS - ends[0]) // DAY_MS
                if 0 <= row < len(ends):
                    figures = (candle.close, candle.open, candle.high, candle.low, candle.volume)
                    prices[:, row, place] = figures

    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENT_READS):
            group.create_task(work(places))
    if failed:
        raise failed[0]
    return DailyCloses(ends, tuple(symbols), *prices)
