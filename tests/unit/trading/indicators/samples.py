"""Candles for the tests of indicators, in columns."""

from collections.abc import Iterator

import numpy as np

from pipeline.candles import Floats

FIELDS = ("open", "high", "low", "close", "volume", "open_time")
PRICES = FIELDS[:4]
SIX_HOURS_MS = 21_600_000.0

Columns = dict[str, Floats]


def random_candles(count: int, seed: int = 1) -> Columns:
    """A random walk with gaps between candles, candles without a range and candles without volume."""
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    opening = np.concatenate([close[:1], close[:-1]]) * np.exp(random.normal(0, 0.003, count))
    still = random.random(count) < 0.1
    close = np.where(still, opening, close)
    wide = np.where(still, 0.0, random.uniform(0, 0.01, (2, count)))
    volume = np.where(random.random(count) < 0.1, 0.0, random.uniform(1, 100, count))
    return {
        "open": opening,
        "high": np.maximum(opening, close) * (1 + wide[0]),
        "low": np.minimum(opening, close) * (1 - wide[1]),
        "close": close,
        "volume": volume,
        "open_time": 1_700_006_400_000.0 + SIX_HOURS_MS * np.arange(count),
    }


def constant_candles(count: int, price: float = 0.1, volume: float = 5.0) -> Columns:
    """A frozen market."""
    found = {name: np.full(count, price) for name in PRICES}
    return found | {
        "volume": np.full(count, volume),
        "open_time": 1_700_006_400_000.0 + SIX_HOURS_MS * np.arange(count),
    }


def rows(candles: Columns) -> Iterator[dict[str, float]]:
    """One candle after the other."""
    for row in zip(*(candles[name].tolist() for name in FIELDS), strict=True):
        yield dict(zip(FIELDS, row, strict=True))
