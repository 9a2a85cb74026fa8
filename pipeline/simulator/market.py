"""Simulated exchange: a pure function of (seed, time), with a cache of the days in use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.candles import CandleColumns
from pipeline.market import DAY_MS, MINUTE_MS, Candle, Interval, OrderBook, Symbol, Tick, Trade
from pipeline.rolling_24h import DayMatrix, RollingDay
from pipeline.simulator.book import order_book
from pipeline.simulator.paths import DayPath, day_path
from pipeline.simulator.randomness import Seed
from pipeline.simulator.seconds import Minute, MinuteOhlc, minute_of
from pipeline.simulator.trades import traded_steps, trades_at
from pipeline.simulator.universe import SimulatedSymbol

MAX_CANDLES = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A UTC day of all trading symbols: their paths, and the rolling days that end on it."""

    day: int
    paths: tuple[DayPath, ...]
    rolling: RollingDay


class Market:
    """All symbols' prices. `prepare` is heavy (a tenth of a second a day) and may run in a thread; the rest is light.

    One caller at a time may prepare; `candles` may run in any thread, at any time.
    """

    def __init__(self, seed: Seed, listings: Sequence[SimulatedSymbol]) -> None:
        self.seed = seed
        self.listings = tuple(listings)
        self.trading = tuple(listing for listing in listings if listing.trading)
        self._places = {listing.symbol: place for place, listing in enumerate(self.trading)}
        self._sessions: dict[int, Session] = {}
        self._minutes: dict[int, Minute] = {}
        self._traded: dict[int, NDArray[np.int64]] = {}

    def ready(self, time: int) -> bool:
        """True if the day of `time` has been prepared."""
        return time // DAY_MS in self._sessions

    def prepare(self, time: int) -> None:
        """Generates the day of `time`, in addition to the days already there."""
        day = time // DAY_MS
        if day in self._sessions:
            return
        earlier = self._sessions.get(day - 1)
        before = earlier.paths if earlier else self._paths(day - 1)
        paths = self._paths(day)
        rolling = RollingDay.of(self._matrix(before), self._matrix(paths))
        self._sessions[day] = Session(day, paths, rolling)

    def forget(self, time: int) -> None:
        """Drops the days before the one of `time`."""
        for day in [day for day in self._sessions if day < time // DAY_MS]:
            del self._sessions[day]

    def ticks(self, time: int) -> tuple[Tick, ...]:
        """Returns every trading symbol's tick at `time`, whose day must be prepared."""
        return self._minute(time).ticks(time)

    def trades(self, after: int, time: int) -> Iterator[Trade]:
        """Yields the trades of every trading symbol in the minute of `time` (UTC ms), later than `after` and not later
        than `time`, oldest first. The day must be prepared.
        """
        begins = max(time // MINUTE_MS * MINUTE_MS, after // 1000 * 1000 + 1000)
        for second in range(begins, time + 1, 1000):
            yield from trades_at(self.trading, second, self._minute(second).price, self._steps(second))

    def closed_candles(self, open_time: int) -> Iterator[Candle]:
        """Yields the 1-minute candle of every trading symbol that begins at `open_time`, whose day must be
        prepared.
        """
        session = self._sessions[open_time // DAY_MS]
        slot = open_time % DAY_MS // MINUTE_MS
        for listing, path in zip(self.trading, session.paths, strict=True):
            yield from path.minutes(slot, slot + 1).columns(listing, open_time).candles(listing.symbol)

    def candles(self, symbol: Symbol, interval: Interval, start: int, end: int, now: int) -> list[Candle]:
        """Returns candles as `MarketSource.candles` does, closed at `now`; [] for a symbol that does not trade."""
        place = self._places.get(symbol)
        start = max(start, 0)
        end = min(end, now, start + MAX_CANDLES * interval.ms)
        if place is None or end <= start:
            return []
        candles: list[Candle] = []
        for day in range(start // DAY_MS, (end - 1) // DAY_MS + 1):
            wide = self._columns(place, day).aggregate(interval, now)
            candles += wide.between(start, end).candles(symbol)
        return candles

    def order_book(self, symbol: Symbol, time: int) -> OrderBook:
        """Returns the book at `time`, whose day must be prepared; without levels for a symbol that does not trade."""
        place = self._places.get(symbol)
        if place is None:
            return OrderBook(symbol, time, (), ())
        return order_book(self.seed, self.trading[place], self._minute(time).top(place, time), time)

    def _paths(self, day: int) -> tuple[DayPath, ...]:
        return tuple(day_path(self.seed, listing, day) for listing in self.trading)

    def _columns(self, place: int, day: int) -> CandleColumns:
        listing, session = self.trading[place], self._sessions.get(day)
        path = session.paths[place] if session else day_path(self.seed, listing, day)
        return path.columns(listing, day * DAY_MS)

    def _matrix(self, paths: Sequence[DayPath]) -> DayMatrix:
        scales = [10 ** -(listing.price_scale + listing.step_scale) for listing in self.trading]
        return DayMatrix(
            open=np.stack([path.open for path in paths]),
            high=np.stack([path.high for path in paths]),
            low=np.stack([path.low for path in paths]),
            value=np.stack([path.volume * path.close * scale for path, scale in zip(paths, scales, strict=True)]),
        )

    def _steps(self, time: int) -> NDArray[np.int64]:
        number = time // MINUTE_MS
        if number not in self._traded:
            slot = time % DAY_MS // MINUTE_MS
            volume = np.array([path.volume[slot] for path in self._sessions[time // DAY_MS].paths])
            steps = traded_steps(self.seed, number, self._minute(time).price, volume)
            self._traded = {**dict(list(self._traded.items())[-1:]), number: steps}
        return self._traded[number]

    def _minute(self, time: int) -> Minute:
        number = time // MINUTE_MS
        if number not in self._minutes:
            session = self._sessions[time // DAY_MS]
            slot = time % DAY_MS // MINUTE_MS
            ohlc = MinuteOhlc(
                *(
                    np.array([side[slot] for side in sides])
                    for sides in zip(*((p.open, p.high, p.low, p.close) for p in session.paths), strict=True)
                )
            )
            minute = minute_of(self.seed, self.trading, number, ohlc, session.rolling.at(slot))
            self._minutes = {**dict(list(self._minutes.items())[-1:]), number: minute}
        return self._minutes[number]
