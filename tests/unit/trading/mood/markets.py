"""Markets made of seeds."""

import numpy as np

from pipeline.candles import Floats
from pipeline.market import DAY_MS, Symbol
from trading.mood.market_days import MarketDays

START = 1_577_836_800_000 // DAY_MS * DAY_MS


def random_days(seed: int, days: int = 500, coins: int = 8) -> MarketDays:
    """Returns coins that follow a common factor and chance; the first is Bitcoin."""
    random = np.random.default_rng(seed)
    moves = 0.03 * (random.standard_normal((days, 1)) + 0.7 * random.standard_normal((days, coins)))
    return days_of(100.0 * np.exp(np.cumsum(moves, axis=0)), random.uniform(1e5, 1e6, (days, coins)))


def days_of(closes: Floats, volumes: Floats | None = None, *, unit: float = 1.0) -> MarketDays:
    """Returns the days of these closes, with highs and lows around them; `unit` scales all prices."""
    closes = unit * closes
    values = np.full_like(closes, 1e6) if volumes is None else volumes
    ends = tuple(START + day * DAY_MS for day in range(1, len(closes) + 1))
    names = ("BTC", *(f"C{number}" for number in range(1, closes.shape[1])))
    symbols = tuple(Symbol(f"{name}USDC") for name in names)
    return MarketDays(ends, symbols, closes, closes * 1.01, closes * 0.99, values, 0)


def until(days: MarketDays, count: int) -> MarketDays:
    """Returns the first `count` days."""
    parts = (each[:count] for each in (days.closes, days.highs, days.lows, days.values))
    return MarketDays(days.ends[:count], days.symbols, *parts, days.leader)
