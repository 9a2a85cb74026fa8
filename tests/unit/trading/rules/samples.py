"""Candles for the tests of rules: a random walk with gaps in time, undefined figures and ties."""

from collections.abc import Iterator

import numpy as np

from pipeline.candles import Floats
from pipeline.market import Candle, Interval, Symbol

Columns = dict[str, Floats]
FIELDS = ("open_time", "open", "high", "low", "close", "volume")


def walk(count: int, seed: int = 1, interval: Interval = Interval.H1, *, gaps: bool = True) -> Columns:
    """Candles of whole cents that begin in the middle of a day; one in ten does not move, one in ten is missing."""
    random = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(random.normal(0, 0.01, count))), 2)
    opening = np.where(random.random(count) < 0.1, close, np.concatenate([close[:1], close[:-1]]))
    wide = np.where(opening == close, 0.0, random.uniform(0, 0.5, (2, count)).round(2))
    steps = np.where(gaps & (random.random(count) < 0.1), random.integers(2, 40, count), 1)
    return {
        "open_time": 1_700_013_600_000.0 + interval.ms * np.cumsum(steps),
        "open": opening,
        "high": np.maximum(opening, close) + wide[0],
        "low": np.minimum(opening, close) - wide[1],
        "close": close,
        "volume": np.where(random.random(count) < 0.1, 0.0, random.uniform(1, 100, count)),
    }


def candles_of(columns: Columns) -> Iterator[Candle]:
    """One candle after the other."""
    for time, *prices in zip(*(columns[name].tolist() for name in FIELDS), strict=True):
        yield Candle(Symbol("BTCUSDC"), int(time), *prices)


def scaled(columns: Columns, factor: float) -> Columns:
    """The same candles in another unit of price."""
    return {name: each * (factor if name in ("open", "high", "low", "close") else 1) for name, each in columns.items()}


def part(columns: Columns, start: int, stop: int) -> Columns:
    """Candles start <= i < stop."""
    return {name: each[start:stop] for name, each in columns.items()}
